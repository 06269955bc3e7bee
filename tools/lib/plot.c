// SPDX-License-Identifier: GPL-2.0
/*
 * RTTs as a picture for a terminal: over time, their distribution, and what was lost.
 * However long a run is, it is kept in the same memory: cells are merged in pairs.
 */
#include "lib/plot.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "lib/text.h"
#include "lib/units.h"

#define ROWS 8
#define LABEL 11		/* columns in front of a row */
#define COLUMNS_MIN 40
#define COLUMNS_MAX 200
#define HISTOGRAM_ROWS 12

/**
 * plot_bin - the bin of an RTT: eight an octave
 * @ns: the RTT
 *
 * Return: its number.
 */
unsigned int plot_bin(uint64_t ns)
{
	unsigned int octave, part;

	if (ns < 8)
		return ns;
	octave = 63 - __builtin_clzll(ns);
	part = ns >> (octave - 3) & 7;
	return (octave - 2) * 8 + part;
}

/**
 * plot_bin_ns - where a bin begins
 * @bin: its number
 *
 * Return: the least RTT in it.
 */
uint64_t plot_bin_ns(unsigned int bin)
{
	if (bin < 8)
		return bin;
	return (uint64_t)(8 + bin % 8) << (bin / 8 - 1);
}

static void widen(struct plot *p)
{
	for (unsigned int i = 0; i < PLOT_CELLS / 2; i++) {
		const struct plot_cell *a = &p->cell[2 * i], *b = a + 1;

		p->cell[i] = (struct plot_cell){
			.answered = a->answered + b->answered,
			.lost = a->lost + b->lost,
			.sum_ns = a->sum_ns + b->sum_ns,
		};
	}
	memset(p->cell + PLOT_CELLS / 2, 0, sizeof(p->cell) / 2);
	p->used = (p->used + 1) / 2;
	p->width *= 2;
}

/**
 * plot_add - what became of a probe
 * @p: the plot
 * @seq: its number, from 1; in any order
 * @answered: a reply came in time
 * @rtt_ns: its RTT
 */
void plot_add(struct plot *p, uint64_t seq, bool answered, uint64_t rtt_ns)
{
	struct plot_cell *cell;

	if (!seq)
		return;
	if (!p->width)
		p->width = 1;
	while ((seq - 1) / p->width >= PLOT_CELLS)	/* 53 times at most */
		widen(p);
	cell = &p->cell[(seq - 1) / p->width];
	if (cell - p->cell >= p->used)
		p->used = cell - p->cell + 1;
	if (!answered) {
		cell->lost++;
		return;
	}
	if (!p->max_ns || rtt_ns < p->min_ns)
		p->min_ns = rtt_ns;
	if (rtt_ns > p->max_ns)
		p->max_ns = rtt_ns;
	cell->answered++;
	cell->sum_ns += rtt_ns;
	p->bin[plot_bin(rtt_ns)]++;
}

/**
 * plot_style - find out how to draw
 * @style: the result
 * @file: what it is drawn to
 *
 * Colour is for terminals, and for those who have not set NO_COLOR.
 */
void plot_style(struct plot_style *style, FILE *file)
{
	const char *no_colour = getenv("NO_COLOR"), *columns = getenv("COLUMNS");
	bool terminal = isatty(fileno(file));
	struct winsize size;

	*style = (struct plot_style){
		.columns = columns ? strtoul(columns, NULL, 10) : 80,
		.unicode = text_terminal_utf8(),
		.colour = terminal && !(no_colour && *no_colour),
	};
	if (!columns && terminal && !ioctl(fileno(file), TIOCGWINSZ, &size) && size.ws_col)
		style->columns = size.ws_col;
	if (style->columns < COLUMNS_MIN)
		style->columns = COLUMNS_MIN;
	if (style->columns > COLUMNS_MAX)
		style->columns = COLUMNS_MAX;
}

/* A column of the picture: several cells, or a part of one. */
static struct plot_cell column(const struct plot *p, unsigned int i, unsigned int n)
{
	unsigned int from = (uint64_t)i * p->used / n, to = (uint64_t)(i + 1) * p->used / n;
	struct plot_cell sum = { .lost = 0 };

	for (unsigned int k = from; k < to || k == from; k++) {
		sum.answered += p->cell[k].answered;
		sum.lost += p->cell[k].lost;
		sum.sum_ns += p->cell[k].sum_ns;
	}
	return sum;
}

/* The lower eighths of a block, 0 to 8. */
static const char *eighths(const struct plot_style *style, unsigned int n)
{
	static const char *const unicode[] = {
		" ", "\342\226\201", "\342\226\202", "\342\226\203", "\342\226\204",
		"\342\226\205", "\342\226\206", "\342\226\207", "\342\226\210",
	};
	static const char *const ascii[] = { " ", ".", ".", ".", ":", ":", ":", "#", "#" };

	return style->unicode ? unicode[n] : ascii[n];
}

static void label(FILE *file, uint64_t ns)
{
	fprintf(file, "%*.3f ", LABEL - 1, ns / 1e6);
}

static void series(FILE *file, const struct plot *p, const struct plot_style *style,
		   unsigned int n)
{
	uint64_t least = UINT64_MAX, most = 0;
	uint64_t mean[COLUMNS_MAX];

	for (unsigned int i = 0; i < n; i++) {
		struct plot_cell c = column(p, i, n);

		mean[i] = c.answered ? c.sum_ns / c.answered : 0;
		if (!c.answered)
			continue;
		least = mean[i] < least ? mean[i] : least;
		most = mean[i] > most ? mean[i] : most;
	}
	fprintf(file, "rtt in ms, mean of %s%llu probe%s a column\n", p->used > n ? "about " : "",
		(unsigned long long)((p->used * p->width + n - 1) / n),
		(p->used * p->width + n - 1) / n == 1 ? "" : "s");
	for (unsigned int row = ROWS; row--;) {
		if (row == ROWS - 1)
			label(file, most);
		else if (!row)
			label(file, least);
		else
			fprintf(file, "%*s", LABEL, "");
		for (unsigned int i = 0; i < n; i++) {
			/* The least is seen as well: one eighth. */
			unsigned int level = !mean[i] ? 0 : most == least ? 4 * ROWS :
				1 + (mean[i] - least) * (8.0 * ROWS - 1) / (most - least);

			fputs(eighths(style, level <= 8 * row ? 0 :
					     level >= 8 * row + 8 ? 8 : level - 8 * row), file);
		}
		fputc('\n', file);
	}
}

static void losses(FILE *file, const struct plot *p, const struct plot_style *style,
		   unsigned int n)
{
	fprintf(file, "%*s", LABEL, "lost  ");
	if (style->colour)
		fputs("\033[31m", file);
	for (unsigned int i = 0; i < n; i++) {
		struct plot_cell c = column(p, i, n);
		uint64_t all = c.lost + c.answered;

		/* One lost probe of many is seen. */
		fputs(eighths(style, c.lost ? (8 * c.lost + all - 1) / all : 0), file);
	}
	fputs(style->colour ? "\033[0m\n" : "\n", file);
}

/* The left eighths of a block. */
static const char *bar_end(const struct plot_style *style, unsigned int n)
{
	static const char *const unicode[] = {
		"", "\342\226\217", "\342\226\216", "\342\226\215", "\342\226\214",
		"\342\226\213", "\342\226\212", "\342\226\211",
	};

	if (!style->unicode)
		return n >= 4 ? "#" : "";
	return unicode[n];
}

static void histogram(FILE *file, const struct plot *p, const struct plot_style *style)
{
	unsigned int first = plot_bin(p->min_ns), last = plot_bin(p->max_ns), step;
	uint64_t most = 0;

	step = (last - first) / HISTOGRAM_ROWS + 1;
	for (unsigned int pass = 0; pass < 2; pass++) {
		for (unsigned int bin = first; bin <= last; bin += step) {
			unsigned int width = style->columns - 2 * LABEL - 11;
			uint64_t sum = 0, long_ns, end;

			for (unsigned int i = bin; i < bin + step && i < PLOT_BINS; i++)
				sum += p->bin[i];
			if (!pass) {
				most = sum > most ? sum : most;
				continue;
			}
			end = bin + step < PLOT_BINS ? plot_bin_ns(bin + step) : UINT64_MAX;
			fprintf(file, "%*.3f to %-*.3f%9llu ", LABEL - 1, plot_bin_ns(bin) / 1e6,
				LABEL - 4, end / 1e6, (unsigned long long)sum);
			long_ns = (double)sum * width * 8 / most;
			for (unsigned int i = 0; i < long_ns / 8; i++)
				fputs(style->unicode ? "\342\226\210" : "#", file);
			fprintf(file, "%s\n", sum && !long_ns ? bar_end(style, 1) :
							       bar_end(style, long_ns % 8));
		}
	}
}

/**
 * plot_print - draw
 * @file: where to
 * @p: the plot
 * @style: how
 */
void plot_print(FILE *file, const struct plot *p, const struct plot_style *style)
{
	unsigned int n = style->columns - LABEL;

	if (!p->used)
		return;
	fputc('\n', file);
	/* A column is not wider than a probe. */
	if (n > p->used)
		n = p->used;
	if (p->max_ns)
		series(file, p, style, n);
	losses(file, p, style, n);
	if (!p->max_ns)
		return;
	fprintf(file, "\nrtt in ms, and how many\n");
	histogram(file, p, style);
}
