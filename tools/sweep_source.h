/* SPDX-License-Identifier: GPL-2.0 */
/* Where the addresses of a sweep come from: the command line, a file, a pipe. */
#ifndef ICMPCTL_SWEEP_SOURCE_H
#define ICMPCTL_SWEEP_SOURCE_H

#include "lib/ranges.h"
#include "sweep_options.h"

/* Ranges in one request. A pipe that pauses has sent what it had. */
#define SOURCE_CHUNK 2048

/**
 * struct sweep_name - a name that the user gave, and its address
 * @name: as given
 * @family: 4 or 6
 * @addr: its address
 */
struct sweep_name {
	const char *name;
	int family;
	uint8_t addr[16];
};

/**
 * struct sweep_source - all that is to be asked, piece by piece
 * @config: the options
 * @ifindex: interface of link-local addresses, 0 for none
 * @total: addresses, if there is no file
 * @unknown: names without an address, and lines that are no target
 * @names: those given on the command line
 * @n_names: how many
 * @done: nothing more will come
 */
struct sweep_source {
	const struct sweep_config *config;
	uint32_t ifindex;
	uint64_t total;
	uint64_t unknown;
	struct sweep_name *names;
	size_t n_names;
	bool done;
	/* private: */
	struct range_list given;
	size_t next;
	uint64_t public;
	int fd;
	char *buf;
	size_t len;
	uint64_t line;
	bool skipping, eof, begun;
};

int source_open(struct sweep_source *s, const struct sweep_config *c, char **operands, int n);
int source_chunk(struct sweep_source *s, struct range_list *chunk);
void source_close(struct sweep_source *s);

#endif
