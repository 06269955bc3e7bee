// SPDX-License-Identifier: GPL-2.0
/* Times, kept one by one, so that percentiles are exact. */
#include "lib/sample.h"

#include <errno.h>
#include <stdlib.h>

/**
 * sample_add - one time more
 * @s: the times
 * @ns: the time
 *
 * Return: 0 or -ENOMEM.
 */
int sample_add(struct sample *s, int64_t ns)
{
	if (s->n == s->room) {
		size_t room = s->room ? 2 * s->room : 256;
		int64_t *more = realloc(s->ns, room * sizeof(*more));

		if (!more)
			return -ENOMEM;
		s->ns = more;
		s->room = room;
	}
	s->ns[s->n++] = ns;
	return 0;
}

static int compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/**
 * sample_sort - all times are there: sort them, as sample_rank() needs it
 * @s: the times
 */
void sample_sort(struct sample *s)
{
	if (s->n)
		qsort(s->ns, s->n, sizeof(*s->ns), compare);
}

/**
 * sample_rank - a percentile, by the nearest rank
 * @s: the times, sorted and not none
 * @percent: 0 for the least, 100 for the greatest
 *
 * Return: the least time that so many percent of all do not exceed.
 */
int64_t sample_rank(const struct sample *s, unsigned int percent)
{
	size_t rank = (s->n * percent + 99) / 100;

	return s->ns[rank ? rank - 1 : 0];
}

/**
 * sample_free - give back the memory
 * @s: the times; empty afterwards
 */
void sample_free(struct sample *s)
{
	free(s->ns);
	*s = (struct sample){ .ns = NULL };
}
