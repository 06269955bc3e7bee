/* SPDX-License-Identifier: GPL-2.0 */
/* RTTs as a picture for a terminal: over time, their distribution, and what was lost. */
#ifndef ICMPCTL_PLOT_H
#define ICMPCTL_PLOT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define PLOT_CELLS 2048
/* Eight bins an octave. */
#define PLOT_BINS (64 * 8)

/**
 * struct plot_cell - some probes, one after the other
 * @answered: how many had a reply in time
 * @lost: how many had none
 * @sum_ns: of the RTTs
 */
struct plot_cell {
	uint64_t answered, lost, sum_ns;
};

/**
 * struct plot - the probes of a run, in bounded memory; all zeroes is none
 * @cell: they go on from number 1, @width in each
 * @width: a power of two, grows with the run
 * @used: cells in use
 * @bin: RTTs, by eighths of an octave
 * @min_ns: least of them
 * @max_ns: greatest
 */
struct plot {
	struct plot_cell cell[PLOT_CELLS];
	uint64_t width;
	unsigned int used;
	uint64_t bin[PLOT_BINS];
	uint64_t min_ns, max_ns;
};

/**
 * struct plot_style - how it is drawn
 * @columns: width of the terminal
 * @unicode: it can show block elements
 * @colour: it shows colours, and they are wanted
 */
struct plot_style {
	unsigned int columns;
	bool unicode, colour;
};

/**
 * struct plot_row - what is drawn in one row
 * @number: of the hop, the host, the monitor
 * @rtt_ns: its RTTs, in ascending order
 * @n: how many
 * @lost: probes without a reply
 */
struct plot_row {
	unsigned int number;
	const uint64_t *rtt_ns;
	unsigned int n, lost;
};

unsigned int plot_bin(uint64_t ns);
uint64_t plot_bin_ns(unsigned int bin);
void plot_add(struct plot *p, uint64_t seq, bool answered, uint64_t rtt_ns);
void plot_style(struct plot_style *style, FILE *file);
void plot_print(FILE *file, const struct plot *p, const struct plot_style *style);
void plot_rows(FILE *file, const struct plot_row *rows, unsigned int n,
	       const struct plot_style *style);

#endif
