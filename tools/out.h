/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a measurement has to tell, as a stream of calls: start, record by
 * record, summary. Commands make the calls, encoders turn them into text or
 * JSON. Neither knows the other, and an encoder needs no kernel: tests feed it
 * with records of their own.
 */
#ifndef ICMPCTL_OUT_H
#define ICMPCTL_OUT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "lib/budget.h"
#include "lib/logfile.h"
#include "lib/plot.h"
#include "lib/session.h"
#include "lib/target.h"
#include "out_capture.h"

/**
 * struct out_run - what all encoders may know of a run
 * @command: the command's name
 * @targets: whom it asks
 * @n_targets: how many they are
 * @params: what was asked of the module
 * @device: interface the probes are bound to, NULL for none
 * @ways: by which interface each target is reached, and what is known of it;
 *	NULL if nobody asked
 * @info: what the module told of the session, at its start and at its end
 * @name_of: the name of an address if known by now, else NULL
 * @verbose: more about each probe and at the end
 * @quiet: nothing but start and summary
 * @flood: a dot for each probe
 * @adaptive: the pace follows the answers, so it is a result
 * @outstanding: tell of probes not answered when the next one is sent
 * @stamped: each line begins with the time
 */
struct out_run {
	const char *command;
	const struct target *targets;
	unsigned int n_targets;
	struct session_params params;
	const char *device;
	const struct budget_way *ways;
	struct session_info info;
	const char *(*name_of)(int family, const uint8_t *addr, uint32_t scope);
	bool verbose, quiet, flood, adaptive, outstanding, stamped;
};

struct out;

/**
 * struct out_ops - an encoder
 * @open: prepares @state, returns 0 or a negative errno; may be NULL
 * @start: the session runs; once a target
 * @record: something happened to a probe
 * @summary: the end of a target, with the module's statistics
 * @flush: everything that was told is to be seen now
 * @close: frees @state; may be NULL
 */
struct out_ops {
	int (*open)(struct out *out);
	void (*start)(struct out *out, unsigned int target);
	void (*record)(struct out *out, const struct icmpctl_record *r);
	void (*summary)(struct out *out, unsigned int target,
			const struct session_stats *s);
	void (*flush)(struct out *out);
	void (*close)(struct out *out);
};

/**
 * struct out - an encoder at work
 * @ops: which
 * @run: what it is of
 * @file: where it prints to
 * @all: every record is told, whatever the user wants to see
 * @state: its own
 */
struct out {
	const struct out_ops *ops;
	const struct out_run *run;
	FILE *file;
	bool all;
	void *state;
};

/**
 * struct out_log - the state of out_log
 * @shown: the encoder that it hands on to, set by the caller
 * @file: what is logged to, opened by the caller
 * @lines: the encoder that prints there
 * @ended: a summary was told: what comes now is no run of its own
 */
struct out_log {
	struct out shown;
	struct logfile file;
	struct out lines;
	bool ended;
};

/**
 * struct out_pcap - the state of out_pcap
 * @shown: the encoder that it hands on to, set by the caller
 * @capture: what is written, opened and closed by the caller
 */
struct out_pcap {
	struct out shown;
	struct capture capture;
};

/**
 * struct out_plot - the state of out_plot
 * @shown: the encoder that it hands on to, set by the caller
 * @plots: one a target
 */
struct out_plot {
	struct out shown;
	struct plot *plots;
};

extern const struct out_ops out_text;
extern const struct out_ops out_json;
extern const struct out_ops out_log;
extern const struct out_ops out_pcap;
extern const struct out_ops out_plot;

/* out.c: what both encoders have to work out in the same way. */
uint64_t out_unix_ns(const struct out_run *run, uint64_t monotonic_ns);
uint64_t out_sent_ns(const struct icmpctl_record *r);
const char *out_send_error(const struct icmpctl_record *r);
const char *out_cause_key(unsigned int cause);
const char *out_cause_text(unsigned int cause);
uint64_t out_answered(const struct session_stats *s, enum stats_part part, bool of_hop);
bool out_is_answer(const struct icmpctl_record *r, bool of_hop);
bool out_loss(const struct session_stats *s, double *ratio);
bool out_part_loss(const struct session_stats *s, enum stats_part part, bool of_hop,
		   double *ratio);
uint64_t out_transmitted(const struct session_stats *s);
bool out_has_answer(const struct icmpctl_record *r);
bool out_has_rtt(const struct icmpctl_record *r);
const char *out_kind_name(uint32_t kind);
const char *out_stamps_name(enum icmpctl_timestamps stamps);
bool out_budget(const struct out_run *run, unsigned int target,
		const struct session_stats *s, struct budget *b);

struct json_object;

/* out_json.c */
struct json_object *out_json_probe(const struct out_run *run, const struct icmpctl_record *r);

/* out_extension_json.c */
void out_json_extension(struct json_object *answer, uint8_t state,
			const struct icmpctl_extension *e);

/* out_budget.c */
#define BUDGET_TEXT 400

const char *out_text_budget(char buf[BUDGET_TEXT], const struct budget *b, const char *name);
struct json_object *out_json_budget(const struct budget *b);

/* out_text_summary.c */
void out_text_also(FILE *file, uint64_t n, const char *what);
void out_text_jitter(FILE *file, const struct session_stats *s, const char *prefix);
void out_text_causes(FILE *file, const struct session_stats *s, const char *prefix, bool of_hop);
void out_text_summary(struct out *out, unsigned int target, const struct session_stats *s);
void out_text_status(FILE *file, const struct out_run *run, unsigned int target,
		     const struct session_stats *s);
const char *out_text_prefix(const struct out_run *run, unsigned int target, char *buf,
			    size_t size);

#endif
