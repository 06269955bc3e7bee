/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a trace has to tell: start, record by record, hop by hop, and the end.
 * As with struct out_ops, who calls and who prints do not know each other.
 */
#ifndef ICMPCTL_OUT_TRACE_H
#define ICMPCTL_OUT_TRACE_H

#include "lib/flows.h"
#include "lib/path.h"
#include "out.h"

/**
 * struct out_trace - a trace to be printed
 * @ops: how
 * @file: where to
 * @run: what is known of it all; one target, and @info of the first session
 * @path: what is known of the path; of many flows no more than what is asked
 * @flows: what is known of many flows, NULL if one is followed
 * @rule: how it is asked
 * @packet_bytes: length of the probes, IP header included
 * @extensions: what routers append is told in text, too
 * @interrupted: it was ended before its time
 * @elapsed_ns: how long it took, at its end
 * @state: of the encoder
 */
struct out_trace {
	const struct out_trace_ops *ops;
	FILE *file;
	const struct out_run *run;
	const struct path *path;
	const struct flows *flows;
	const struct path_rule *rule;
	unsigned int packet_bytes;
	bool extensions;
	bool interrupted;
	uint64_t elapsed_ns;
	void *state;
};

/**
 * struct out_trace_ops - an encoder
 * @start: the first probes are on their way
 * @record: something happened to a probe, the @r->seq-th of the hop @ttl, of the flow @flow
 * @hop: all is known of a hop that will be
 * @summary: the end
 */
struct out_trace_ops {
	void (*start)(struct out_trace *out);
	void (*record)(struct out_trace *out, unsigned int ttl, unsigned int flow,
		       const struct icmpctl_record *r);
	void (*hop)(struct out_trace *out, unsigned int ttl);
	void (*summary)(struct out_trace *out);
};

/**
 * struct out_trace_keep - the state of out_trace_keep
 * @shown: the encoder that it hands on to, set by the caller
 * @log: what is logged to, opened by the caller; without path none
 * @capture: likewise
 * @plot: a picture is drawn at the end
 */
struct out_trace_keep {
	struct out_trace shown;
	struct logfile log;
	struct capture capture;
	bool plot;
};

extern const struct out_trace_ops out_trace_keep;
extern const struct out_trace_ops out_trace_text;
extern const struct out_trace_ops out_trace_json;
extern const struct out_trace_ops out_flows_text;

/* out_trace_text.c */
void out_trace_address(const struct out_trace *out, const struct path_answer *a);
void out_trace_record(struct out_trace *out, unsigned int ttl, unsigned int flow,
		      const struct icmpctl_record *r);
void out_trace_marks(const struct out_trace *out, unsigned int marks, unsigned int loop,
		     bool limits);
void out_trace_extension(const struct out_trace *out, const struct path_answer *a);

#endif
