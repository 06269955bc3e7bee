// SPDX-License-Identifier: GPL-2.0
/* Plots: what is drawn of which probes, and that a long run takes no more memory. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "lib/plot.h"

static char *drawn(const struct plot *p, bool unicode)
{
	struct plot_style style = { .columns = 40, .unicode = unicode };
	size_t size;
	char *text;
	FILE *f = open_memstream(&text, &size);

	plot_print(f, p, &style);
	fclose(f);
	return text;
}

static void check_drawn(const struct plot *p, bool unicode, const char *expected,
			const char *what)
{
	char *text = drawn(p, unicode);

	check_text(text, expected, "plot: %s", what);
	free(text);
}

void test_plot(void)
{
	struct plot *p = calloc(1, sizeof(*p));
	uint64_t answered = 0, lost = 0, sum = 0;

	check_drawn(p, true, "", "nothing of no probe");
	plot_add(p, 2, false, 0);
	check_drawn(p, false, "\n     lost   #\n", "a lost probe");
	plot_add(p, 1, true, 1000000);
	plot_add(p, 3, true, 2000000);
	check_drawn(p, false,
		    "\nrtt in ms, mean of 1 probe a column\n"
		    "     2.000   #\n"
		    "             #\n             #\n             #\n             #\n"
		    "             #\n             #\n"
		    "     1.000 . #\n"
		    "     lost   # \n"
		    "\nrtt in ms, and how many\n"
		    "     0.983 to 1.049          1 #######\n"
		    "     1.049 to 1.180          0 \n"
		    "     1.180 to 1.311          0 \n"
		    "     1.311 to 1.442          0 \n"
		    "     1.442 to 1.573          0 \n"
		    "     1.573 to 1.704          0 \n"
		    "     1.704 to 1.835          0 \n"
		    "     1.835 to 1.966          0 \n"
		    "     1.966 to 2.097          1 #######\n", "three probes in ASCII");
	memset(p, 0, sizeof(*p));
	for (uint64_t seq = 100000; seq; seq--)
		plot_add(p, seq, seq % 10, seq * 1000);
	for (unsigned int i = 0; i < p->used; i++) {
		answered += p->cell[i].answered;
		lost += p->cell[i].lost;
		sum += p->cell[i].sum_ns;
	}
	check(p->used <= PLOT_CELLS && p->width == 64 && answered == 90000 && lost == 10000 &&
	      sum == 4500000000000, "plot: cells are merged and nothing is lost");
	plot_add(p, UINT64_MAX, true, UINT64_MAX);
	plot_add(p, 0, true, 1);
	plot_add(p, 1, true, 0);
	check(p->used <= PLOT_CELLS && p->max_ns == UINT64_MAX && !p->min_ns,
	      "plot: the ends of the range");
	free(drawn(p, true));
	free(p);
}
