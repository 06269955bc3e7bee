/* SPDX-License-Identifier: GPL-2.0 */
/* Times, kept one by one, so that percentiles are exact. */
#ifndef ICMPCTL_SAMPLE_H
#define ICMPCTL_SAMPLE_H

#include <stddef.h>
#include <stdint.h>

/* All zeros is an empty one. Times are signed: stamps may be out of order by a hair. */
struct sample {
	int64_t *ns;
	size_t n, room;
};

int sample_add(struct sample *s, int64_t ns);
void sample_sort(struct sample *s);
int64_t sample_rank(const struct sample *s, unsigned int percent);
void sample_free(struct sample *s);

#endif
