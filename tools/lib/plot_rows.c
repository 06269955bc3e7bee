// SPDX-License-Identifier: GPL-2.0
/* RTTs of several hops, hosts or monitors side by side: a row each, one logarithmic axis. */
#include <math.h>
#include <string.h>

#include "lib/plot.h"

/* "  12   123.456 " in front of a row, " 255 of 255 lost" behind it. */
#define HEAD 15
#define TAIL 17
#define AXIS_MAX 200

/* What is in a column of a row. */
enum { NOTHING, BETWEEN, RTT };

static const char *mark(const struct plot_style *style, unsigned char what)
{
	switch (what) {
	case RTT:
		return style->unicode ? "\342\227\217" : "o";
	case BETWEEN:
		return style->unicode ? "\342\224\200" : "-";
	}
	return " ";
}

/* A column of the axis; its ends are whole steps of 1, 2, 5. */
struct axis {
	double from, to;
	unsigned int width;
};

static double step(double x, bool up)
{
	static const double steps[] = { 1, 2, 5, 10 };
	double decade = pow(10, floor(log10(x)));

	for (unsigned int i = 0; i < 4; i++) {
		/* What is a step but for rounding is one. */
		if (up && steps[i] * decade >= x * (1 - 1e-9))
			return steps[i] * decade;
		if (!up && steps[i] * decade > x * (1 + 1e-9))
			return steps[i - 1] * decade;
	}
	return 10 * decade;
}

static unsigned int place(const struct axis *a, double ns)
{
	double share = log(ns / a->from) / log(a->to / a->from);

	if (share < 0)
		return 0;
	return share > 1 ? a->width - 1 : lrint(share * (a->width - 1));
}

static bool find_axis(struct axis *a, const struct plot_row *rows, unsigned int n)
{
	uint64_t least = UINT64_MAX, most = 0;

	for (unsigned int i = 0; i < n; i++)
		for (unsigned int k = 0; k < rows[i].n; k++) {
			uint64_t ns = rows[i].rtt_ns[k];

			least = ns < least ? ns : least;
			most = ns > most ? ns : most;
		}
	if (!most)
		return false;
	a->from = step(least ? least : 1, false);
	a->to = step(most, true);
	if (a->to <= a->from)
		a->to = step(2 * a->from, true);
	return true;
}

/* Its numbers, where there is room for them. */
static void print_axis(FILE *file, const struct axis *a)
{
	char line[AXIS_MAX + 1], text[24];
	unsigned int used = 0;

	memset(line, ' ', a->width);
	for (double at = a->from; at <= a->to * (1 + 1e-9); at = step(at * 1.5, true)) {
		unsigned int left = place(a, at), len;

		len = snprintf(text, sizeof(text), "%.6g", at / 1e6);
		if (left + len > a->width)
			left = a->width - len;
		if (used && left < used + 2)
			continue;
		memcpy(line + left, text, len);
		used = left + len;
	}
	while (used && line[used - 1] == ' ')
		used--;
	line[used] = '\0';
	fprintf(file, "%*s%s\n", HEAD, "hop  median ms ", line);
}

static void print_row(FILE *file, const struct axis *a, const struct plot_row *row,
		      const struct plot_style *style)
{
	unsigned char what[AXIS_MAX] = { NOTHING };
	unsigned int least = a->width, most = 0;

	fprintf(file, "%3u ", row->number);
	if (row->n)
		fprintf(file, "%10.3f ", row->rtt_ns[(row->n - 1) / 2] / 1e6);
	else
		fprintf(file, "%10s ", row->lost ? "*" : "-");
	for (unsigned int i = 0; i < row->n; i++) {
		unsigned int at = place(a, row->rtt_ns[i]);

		what[at] = RTT;
		least = at < least ? at : least;
		most = at > most ? at : most;
	}
	for (unsigned int i = 0; i < a->width && (row->lost || i <= most) && (row->n || row->lost);
	     i++) {
		if (what[i] == NOTHING && i > least && i < most)
			what[i] = BETWEEN;
		fputs(mark(style, what[i]), file);
	}
	if (row->lost)
		fprintf(file, "%s %u of %u lost%s", style->colour ? "\033[31m" : "", row->lost,
			row->n + row->lost, style->colour ? "\033[0m" : "");
	fputc('\n', file);
}

/**
 * plot_rows - draw
 * @file: where to
 * @rows: the rows
 * @n: how many
 * @style: how
 */
void plot_rows(FILE *file, const struct plot_row *rows, unsigned int n,
	       const struct plot_style *style)
{
	struct axis axis = { .width = style->columns - HEAD - TAIL };

	if (axis.width > AXIS_MAX)
		axis.width = AXIS_MAX;
	if (!find_axis(&axis, rows, n))
		return;
	fputc('\n', file);
	print_axis(file, &axis);
	for (unsigned int i = 0; i < n; i++)
		print_row(file, &axis, &rows[i], style);
}
