/* SPDX-License-Identifier: GPL-2.0 */
/* Monitors for Prometheus. */
#ifndef ICMPCTL_OUT_METRICS_H
#define ICMPCTL_OUT_METRICS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "lib/info.h"
#include "lib/metrics.h"
#include "lib/monitor.h"

/**
 * struct metrics_scrape - what there is to be told
 * @up: the module answered; if not, only the exporter itself is told of
 * @module: release, limits, and what is in use
 * @monitors: all monitors, their RTTs' distribution included
 * @serving: the scraper asks this process, whose own figures are told as well; who reads a
 *	file has those names for itself
 * @read_ns: how long it took to read them
 * @cpu_ns: what this process has used of CPUs
 * @memory_bytes: what it takes of memory
 * @started_unix_ns: since when it runs
 * @an_octave: classic buckets an octave: 0, 1, 2, 4 or 8
 */
struct metrics_scrape {
	bool up, serving;
	struct module_info module;
	struct monitors monitors;
	uint64_t read_ns, cpu_ns, memory_bytes, started_unix_ns;
	unsigned int an_octave;
};

int out_metrics(FILE *file, enum metrics_format format, const struct metrics_scrape *s);

#endif
