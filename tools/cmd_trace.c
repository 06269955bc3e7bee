// SPDX-License-Identifier: GPL-2.0
/*
 * icmpctl trace: the routers on the way to a host, all asked at once. They are asked by
 * lib/path_run.c; here it is told what came of it, as soon as all of a hop is known.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "command.h"
#include "lib/flows_run.h"
#include "lib/now.h"
#include "lib/path_run.h"
#include "lib/probes_loop.h"
#include "lib/report.h"
#include "lib/rname.h"
#include "lib/units.h"
#include "out_trace.h"
#include "trace_options.h"
#include "way_options.h"

/* Lines are held back for the names in them, so long in all. */
#define NAMES_PATIENCE_NS (500 * NSEC_PER_MSEC)
#define NAMES_POLL_NS (10 * NSEC_PER_MSEC)

struct trace {
	struct trace_config config;
	struct target target;
	struct probes probes;
	struct path_run hops;
	struct flows_run flows;
	bool started;
	uint64_t started_ns, names_until_ns;
	const char *unsent;	/* why nothing leaves this host */
	struct out_run run;
	struct out_trace out;
	struct out_trace_keep keep;
};

static void look_up(struct trace *t, const struct path_answer *a)
{
	int family = t->target.family;

	if (t->run.name_of && a->known)
		t->run.name_of(family, a->from,
			       address_is_link_local(family, a->from) ? t->target.scope : 0);
}

/* Has the name of whoever answered looked up; true if there is nothing to wait for. */
static bool names_known(struct trace *t, unsigned int ttl)
{
	const struct path *path = &t->hops.path;
	const struct path_hop *hop = &path->hop[ttl];

	if (!t->run.name_of)
		return true;
	for (unsigned int i = 0; i < path->queries; i++)
		look_up(t, &hop->answers[i]);
	return !rname_pending();
}

static void start(struct trace *t)
{
	if (t->started || !t->probes.info.set)
		return;
	t->started = true;
	t->started_ns = now_ns(CLOCK_MONOTONIC);
	t->run.info = t->probes.info;
	t->out.ops->start(&t->out);
	fflush(t->out.file);
}

static void told(struct trace *t, unsigned int ttl, unsigned int flow,
		 const struct icmpctl_record *r, bool heard)
{
	start(t);
	t->out.ops->record(&t->out, ttl, flow, r);
	/* Nothing leaves this host: that is no fault of the path. */
	if (r->status == ICMPCTL_STATUS_SEND_FAILED && r->error && !heard)
		t->unsent = out_send_error(r);
}

static void on_record(void *arg, unsigned int ttl, const struct icmpctl_record *r, bool news)
{
	struct trace *t = arg;

	told(t, ttl, PATH_FLOW, r, t->hops.path.rtt_max_ns);
	if (news)
		names_known(t, ttl);
}

static void on_flow_record(void *arg, const struct flows_item *item,
			   const struct icmpctl_record *r, bool news)
{
	const struct flows *f;
	struct trace *t = arg;

	f = &t->flows.flows;
	told(t, item->ttl, item->flow, r, f->rtt_max_ns);
	if (news && flows_node_of(f, item->ttl, item->flow) != FLOWS_SILENCE)
		look_up(t, &f->hop[item->ttl].node[flows_node_of(f, item->ttl, item->flow)].answer);
}

/* Prints the hops of which all is known, in order; true if that is all of them. */
static bool tell(struct trace *t, uint64_t now_ns)
{
	struct path *p = &t->hops.path;
	unsigned int ttl;

	for (ttl = p->closed ? p->closed + 1 : p->first; ttl <= path_last(p); ttl++) {
		if (!path_settled(p, &t->hops.rule, ttl, now_ns))
			return false;
		if (!names_known(t, ttl)) {
			if (!t->names_until_ns)
				t->names_until_ns = now_ns + NAMES_PATIENCE_NS;
			if (now_ns < t->names_until_ns)
				return false;
		}
		p->closed = ttl;
		t->out.ops->hop(&t->out, ttl);
	}
	return true;
}

static int refused(const struct trace *t, const struct probes_refusal *refusal)
{
	way_refused(trace_options, &t->target, &refusal->why, refusal->attr, refusal->of_target);
	return PROBES_REFUSED;
}

static int advance(void *arg, uint64_t now_ns, uint64_t *at_ns)
{
	struct trace *t = arg;
	bool all;

	if (t->unsent)
		return PROBES_FAILED;
	if (path_run_advance(&t->hops, now_ns, at_ns))
		return refused(t, &t->hops.refusal);
	start(t);
	all = tell(t, now_ns);
	fflush(t->out.file);
	if (ferror(t->out.file) || (all && t->hops.done))
		return PROBES_DONE;
	if ((t->hops.done || t->names_until_ns > now_ns) && *at_ns > now_ns + NAMES_POLL_NS)
		*at_ns = now_ns + NAMES_POLL_NS;
	return 0;
}

/* Which flow is asked where hangs on what others found: nothing is told before the end. */
static int advance_flows(void *arg, uint64_t now_ns, uint64_t *at_ns)
{
	struct trace *t = arg;
	int err;

	if (t->unsent)
		return PROBES_FAILED;
	err = flows_run_advance(&t->flows, now_ns, at_ns);
	if (err == -ENOMEM && t->flows.flows.no_memory) {
		report("not enough memory");
		return PROBES_REFUSED;
	}
	if (err)
		return refused(t, &t->flows.refusal);
	start(t);
	fflush(t->out.file);
	if (ferror(t->out.file))
		return PROBES_DONE;
	if (!t->flows.done)
		return 0;
	if (t->run.name_of && rname_pending() && !t->names_until_ns)
		t->names_until_ns = now_ns + NAMES_PATIENCE_NS;
	if (!t->run.name_of || !rname_pending() || now_ns >= t->names_until_ns)
		return PROBES_DONE;
	*at_ns = now_ns + NAMES_POLL_NS;
	return 0;
}

static bool limits(const struct trace *t, unsigned int ttl)
{
	if (t->out.flows)
		return flows_limits(t->out.flows, ttl);
	return path_limits(t->out.path, ttl);
}

/* Did it answer only when it was asked again, for whatever reason? */
static bool hesitates(const struct trace *t, unsigned int ttl)
{
	const struct path *p = t->out.path;

	if (t->out.flows)
		return t->out.flows->hop[ttl].again_answered && !limits(t, ttl);
	for (unsigned int i = 0; i < p->queries && !path_limits(p, ttl); i++)
		if (p->hop[ttl].answers[i].known && p->hop[ttl].answers[i].again)
			return true;
	return false;
}

static bool unsettled(const struct trace *t, unsigned int ttl)
{
	if (t->out.flows)
		return t->out.flows->hop[ttl].waiting;
	return ttl > t->out.path->closed && !path_complete(t->out.path, ttl);
}

/* Of many flows: what lies there nobody knows, so that no confidence is meant. */
static bool nobody(const struct trace *t, unsigned int ttl)
{
	return t->out.flows && flows_nobody(t->out.flows, ttl);
}

static unsigned int last_hop(const struct trace *t)
{
	return t->out.flows ? flows_last(t->out.flows) : path_last(t->out.path);
}

/* "hop 3" or "hops 1-4, 7" of which something is true; "" if it is of none. */
static const char *hops_text(char *buf, size_t size, const struct trace *t,
			     bool (*is)(const struct trace *t, unsigned int ttl))
{
	unsigned int n = 0, last = last_hop(t);
	size_t used = 0;

	buf[0] = '\0';
	for (unsigned int ttl = t->out.path->first; ttl <= last && used < size - 16; ttl++) {
		unsigned int begin = ttl;

		if (!is(t, ttl))
			continue;
		while (ttl < last && is(t, ttl + 1))
			ttl++;
		n += ttl - begin + 1;
		used += snprintf(buf + used, size - used, "%s%u", used ? ", " : "", begin);
		if (ttl > begin)
			used += snprintf(buf + used, size - used, "-%u", ttl);
	}
	if (n) {
		memmove(buf + (n > 1 ? 5 : 4), buf, used + 1);
		memcpy(buf, n > 1 ? "hops " : "hop ", n > 1 ? 5 : 4);
	}
	return buf;
}

/* What a `*` or its absence cannot say; on stderr, where no reader trips over it. */
static void notes(const struct trace *t)
{
	const struct flows *f = t->out.flows;
	unsigned int last = last_hop(t);
	char hops[1200];

	if (t->out.interrupted && *hops_text(hops, sizeof(hops) - 8, t, unsettled))
		report("interrupted: %s had not yet been asked for long enough", hops);
	if (*hops_text(hops, sizeof(hops) - 8, t, limits))
		report("%s limited the answers, and had to be asked again, 1.1 s apart", hops);
	if (*hops_text(hops, sizeof(hops) - 8, t, hesitates))
		report("%s did not answer every probe, and had to be asked again", hops);
	if (*hops_text(hops, sizeof(hops) - 8, t, nobody))
		report("%s said nothing: of what lies there no confidence is meant", hops);
	if (f && f->moved)
		report("another process took source ports of %u flows meanwhile: their links "
		       "may be wrong", f->moved);
	for (unsigned int ttl = t->out.path->first; ttl <= last; ttl++) {
		unsigned int loop, marks = f ? flows_marks(f, ttl, &loop) :
					       path_marks(t->out.path, ttl, &loop);

		if (!(marks & PATH_MARK_LOOP))
			continue;
		report("hop %u answers with an address of hop %u: the path has a loop", ttl,
		       loop);
		break;
	}
}

/* The hops that are still to be told. */
static void tell_rest(struct trace *t)
{
	struct path *p = &t->hops.path;
	unsigned int ttl = p->closed ? p->closed + 1 : p->first, last = last_hop(t);

	/* What nobody has answered yet is not worth a line. */
	if (t->out.flows)
		last = t->out.interrupted ? flows_reach(t->out.flows) : last;
	while (!t->out.flows && !p->end && last > p->closed && !p->hop[last].answered)
		last--;
	for (; ttl <= last; ttl++)
		t->out.ops->hop(&t->out, ttl);
}

static int finish(struct trace *t)
{
	if (t->out.interrupted || t->out.flows)
		tell_rest(t);
	t->out.elapsed_ns = now_ns(CLOCK_MONOTONIC) - t->started_ns;
	t->out.ops->summary(&t->out);
	fflush(t->out.file);
	notes(t);
	if (t->out.flows)
		return flows_reached(t->out.flows) ? STATUS_OK : STATUS_NO;
	return path_reached(t->out.path) ? STATUS_OK : STATUS_NO;
}

static int measure(struct trace *t)
{
	int result = probes_loop(&t->probes, t->out.flows ? advance_flows : advance, t);

	switch (result) {
	case PROBES_DONE:
	case PROBES_INTERRUPTED:
		/* What cannot be written main() tells the user. */
		if (ferror(t->out.file))
			break;
		t->out.interrupted = result == PROBES_INTERRUPTED;
		return finish(t);
	case PROBES_NO_READER:
		/* The end that any other command has in a broken pipe. */
		raise(SIGPIPE);
		break;
	case PROBES_FAILED:
		if (t->unsent) {
			report("the probes were not sent: %s", t->unsent);
			break;
		}
		t->out.interrupted = true;
		finish(t);
		report("%s", t->probes.failure);
		break;
	}
	return STATUS_FAILED;
}

static void describe_flows(struct trace *t, const struct path_rule *rule)
{
	const struct trace_config *c = &t->config;

	t->flows.probes = &t->probes;
	t->flows.target = &t->target;
	t->flows.params = t->run.params;
	t->flows.rule = *rule;
	t->flows.on_record = on_flow_record;
	t->flows.arg = t;
	flows_init(&t->flows.flows, t->target.family, t->target.addr, c->first.value,
		   c->max.value, c->flows.value, c->confidence / 100);
}

static void describe(struct trace *t)
{
	const struct trace_config *c = &t->config;
	struct path_rule rule;
	uint32_t flow_base = 0;

	/* Other traces may go other ways; without a random number they go this one. */
	if (getrandom(&flow_base, sizeof(flow_base), 0) != sizeof(flow_base))
		flow_base = 0;
	t->run = (struct out_run){
		.command = "trace",
		.targets = &t->target,
		.n_targets = 1,
		.device = c->from.device,
		/* In JSON names would be a matter of luck, so it has addresses alone. */
		.name_of = c->numeric || c->json ? NULL : rname_get,
		.verbose = c->verbose,
	};
	t->out = (struct out_trace){
		.ops = c->json ? &out_trace_json : c->flows.given ? &out_flows_text :
		       &out_trace_text,
		.file = stdout,
		.run = &t->run,
		.path = &t->hops.path,
		.flows = c->flows.given ? &t->flows.flows : NULL,
		.rule = &t->hops.rule,
		.packet_bytes = c->packet_bytes,
		.extensions = c->extensions,
	};
	keep_logfile(&c->keep, &t->keep.log);
	t->keep.capture.path = c->keep.pcap;
	t->keep.plot = c->plot;
	if (c->keep.log || c->keep.pcap || c->plot) {
		t->keep.shown = t->out;
		t->out.ops = &out_trace_keep;
		t->out.state = &t->keep;
	}
	trace_rule(c, &rule);
	trace_params(c, t->target.family, flow_base, &t->run.params);
	path_run_init(&t->hops, &t->probes, &t->target, &t->run.params, &rule, c->max.value,
		      c->queries.value);
	t->hops.path.first = c->first.value;
	t->hops.on_record = on_record;
	t->hops.arg = t;
	if (c->flows.given)
		describe_flows(t, &rule);
}

static int trace(const struct command *self, int argc, char **argv)
{
	int first, status_of_options, result = STATUS_FAILED;
	struct trace *t = calloc(1, sizeof(*t));

	if (!t) {
		report("not enough memory");
		return STATUS_FAILED;
	}
	status_of_options = command_options(self, &t->config, argc, argv, &first);
	if (status_of_options >= 0) {
		result = status_of_options;
		goto out;
	}
	if (first == argc)
		report("no host was given; `icmpctl trace --help` tells how");
	else if (argc - first > 2)
		report("%s: nothing is expected behind the length of the packets",
		       argv[first + 2]);
	else if (!trace_check(&t->config) &&
		 !sender_resolve(&t->config.from, &t->target, argv[first]) &&
		 !trace_check_target(&t->config, &t->target, argv[first + 1])) {
		describe(t);
		if ((t->config.keep.log && logfile_open(&t->keep.log)) ||
		    capture_open(&t->keep.capture))
			goto out;
		if (!probes_open(&t->probes))
			result = measure(t);
		logfile_close(&t->keep.log);
		capture_close(&t->keep.capture);
		if (t->keep.log.failed || t->keep.capture.failed)
			result = STATUS_FAILED;
	}
out:
	logfile_close(&t->keep.log);
	capture_close(&t->keep.capture);
	if (t->probes.nlc.sk)
		probes_close(&t->probes);
	flows_free(&t->flows.flows);
	target_free(&t->target);
	free(t);
	return result;
}

static const struct command_example examples[] = {
	{ "icmpctl trace example.com", "The routers on the way, three probes each" },
	{ "icmpctl trace -n -q 1 -m 12 2001:db8::1", "Faster: one probe a hop, no names" },
	{ "icmpctl trace --flows 256 -U example.com",
	  "All ways that routers balance over, by UDP" },
	{ 0 }
};

static const struct command_exit exits[] = {
	{ STATUS_OK, "the host was reached" },
	{ STATUS_NO, "it was not" },
	{ STATUS_FAILED, "anything else, and stderr says what" },
	{ 0 }
};

const struct command command_trace = {
	.name = "trace",
	.summary = "show the routers on the way to a host",
	.operands = "HOST [BYTES]",
	.options = trace_options,
	.note = "BYTES is the packets' length. TIME is 5, 200ms or 1m; a bare number is seconds.",
	.run = trace,
	.about = "A window of hops is asked at once, and the trace is done in about one round "
		 "trip. All probes are of one flow, so that routers which balance send them one "
		 "way. A router that limits its answers is asked again, well apart, and that is "
		 "said: a * is a hop that stayed silent.\n"
		 "\n"
		 "-v marks what is odd: '-5' behind an address whose answer came back over 5 hops, "
		 "and not over as many as led there; several addresses at one hop; a loop; a private "
		 "address behind a public one; the target's address, but as a router.",
	.examples = examples,
	.exits = exits,
	.see_also = "traceroute(8)",
};
