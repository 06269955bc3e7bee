/* SPDX-License-Identifier: GPL-2.0 */
/* A file that lines are appended to, for months: it is rotated, and a cut does no harm. */
#ifndef ICMPCTL_LOGFILE_H
#define ICMPCTL_LOGFILE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "lib/options.h"

#define LOGFILE_KEEP_MAX 1000u

/**
 * struct logfile - the file
 * @path: its name
 * @size_max: it is rotated when it has so many bytes, 0 for never
 * @age_max_ns: it is rotated when it is so old, 0 for never
 * @keep: so many rotated files are kept: @path.1 is the youngest
 * @file: to print to, NULL before logfile_open() and after a failure
 * @regular: it is an ordinary file, which can be rotated
 * @born_ns: since when there is the file, CLOCK_REALTIME
 * @synced_ns: when it was last written to disk, CLOCK_MONOTONIC
 * @failed: something could not be written, and the user was told
 */
struct logfile {
	const char *path;
	uint64_t size_max, age_max_ns;
	unsigned int keep;
	FILE *file;
	bool regular;
	uint64_t born_ns, synced_ns;
	bool failed;
};

int logfile_open(struct logfile *log);
bool logfile_flush(struct logfile *log);
int logfile_rotate(struct logfile *log);
void logfile_close(struct logfile *log);

#endif
