/* SPDX-License-Identifier: GPL-2.0 */
/* What `icmpctl export` reads: cmd_export.c serves it, export_read.c gets it. */
#ifndef ICMPCTL_EXPORT_H
#define ICMPCTL_EXPORT_H

#include "out_metrics.h"

#define EXPORT_TROUBLE_LEN 640

/**
 * struct export_reader - what is remembered from one reading to the next
 * @an_octave: classic buckets an octave
 * @started_unix_ns: since when this process runs
 * @trouble: why the module did not answer last time, "" if it did
 */
struct export_reader {
	unsigned int an_octave;
	uint64_t started_unix_ns;
	char trouble[EXPORT_TROUBLE_LEN];
};

void export_begin(struct export_reader *r, unsigned int an_octave);
void export_read(struct export_reader *r, struct metrics_scrape *s);
void export_free(struct metrics_scrape *s);
int export_text(struct export_reader *r, enum metrics_format format, bool serving, char **text,
		size_t *len);
int export_file(struct export_reader *r, const char *path);
int export_drop_rights(bool writes);

#endif
