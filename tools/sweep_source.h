/* SPDX-License-Identifier: GPL-2.0 */
/* Where the addresses of a sweep come from: the command line, a file, a pipe. */
#ifndef ICMPCTL_SWEEP_SOURCE_H
#define ICMPCTL_SWEEP_SOURCE_H

#include "lib/ranges.h"
#include "sweep_options.h"
#include "sweep_words.h"

struct nlc_refusal;

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
 * @unknown: names without an address, lines that are no target, and what the module refuses
 * @names: those given on the command line
 * @n_names: how many
 * @range: what is to be asked next, in one request
 * @n: how many ranges that are; 0: there is nothing right now
 * @done: nothing more will come behind these
 * @failed: what was to be asked could not be had to its end, which was told
 */
struct sweep_source {
	const struct sweep_config *config;
	uint32_t ifindex;
	uint64_t total;
	uint64_t unknown;
	struct sweep_name *names;
	size_t n_names;
	const struct range *range;
	size_t n;
	bool done, failed;
	/* private: */
	struct range_list given;
	size_t next;
	/* Read and not handed on, from @at on; so many were before. */
	struct range_list ready;
	size_t at;
	uint64_t handed;
	/* What a file calls them: the first is the @word of the ranges that have it. */
	char **words;
	size_t n_words;
	uint32_t word;
	/* By which word @ifindex was given; NULL: by -I, or by none. */
	const char *bound;
	uint64_t until_ns;
	uint64_t public;
	struct words file;
	bool paused, begun;
};

int source_open(struct sweep_source *s, const struct sweep_config *c, char **operands, int n);
int source_next(struct sweep_source *s);
void source_handed(struct sweep_source *s);
int source_refused(struct sweep_source *s, size_t which, const struct nlc_refusal *why);
void source_close(struct sweep_source *s);

#endif
