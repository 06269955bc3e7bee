// SPDX-License-Identifier: GPL-2.0
/*
 * icmpctl trace: the routers on the way to a host, all asked at once.
 *
 * Each time that hops are asked is a session of its own, a *pass*. Passes run on, so
 * that an answer is taken whenever it comes, while the next ones are under way. What
 * is asked next is decided in lib/path_next.c.
 */
#include <errno.h>
#include <netlink/msg.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "command.h"
#include "lib/client.h"
#include "lib/loop.h"
#include "lib/report.h"
#include "lib/rname.h"
#include "lib/units.h"
#include "out_trace.h"
#include "trace_options.h"

/* Lines are held back for the names in them, so long in all. */
#define NAMES_PATIENCE_NS (500 * NSEC_PER_MSEC)
#define NAMES_POLL_NS (10 * NSEC_PER_MSEC)
/* Sessions at once: one more, and the oldest is ended. */
#define PASSES 16

/* How the loop ended; its errors are negative. */
enum {
	END_DONE = 1,		/* all is known that will be */
	END_INTERRUPTED,	/* by a signal */
	END_NO_READER,		/* nobody reads what we print */
	END_NO_OUTPUT,		/* it cannot be written: main() tells the user */
	END_FAILED,		/* and the user was told why */
};

/* A session: which hops it asks, and which of their probes. */
struct pass {
	uint32_t session;	/* 0: none */
	bool repeat;
	unsigned int n;
	uint8_t ttl[PATH_HOPS];
	unsigned int sent_before[PATH_HOPS];
};

struct trace {
	struct trace_config config;
	struct target target;
	struct path path;
	struct path_rule rule;
	struct session_params params;
	struct pass passes[PASSES];
	unsigned int newest;
	bool started;
	uint64_t started_ns, names_until_ns;
	const char *failure;	/* why a session ended, or nothing was sent */
	bool unsent;
	struct nlc nlc;
	struct loop loop;
	struct out_run run;
	struct out_trace out;
	struct out_trace_keep keep;
};

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * NSEC_PER_SEC + now.tv_nsec;
}

/* Has the name of whoever answered looked up; true if there is nothing to wait for. */
static bool names_known(struct trace *t, unsigned int ttl)
{
	const struct path_hop *hop = &t->path.hop[ttl];

	if (!t->run.name_of)
		return true;
	for (unsigned int i = 0; i < t->path.queries; i++) {
		const struct path_answer *a = &hop->answers[i];

		if (a->known)
			t->run.name_of(t->path.family, a->from,
				       address_is_link_local(t->path.family, a->from) ?
				       t->target.scope : 0);
	}
	return !rname_pending();
}

struct record_call {
	struct trace *t;
	struct pass *pass;
};

static int on_record(void *arg, const struct icmpctl_record *r,
		     const struct icmpctl_extension *extension)
{
	const struct record_call *call = arg;
	struct pass *pass = call->pass;
	struct trace *t = call->t;
	struct icmpctl_record told = *r;
	unsigned int ttl;

	if (r->target >= pass->n)
		return 0;
	ttl = pass->ttl[r->target];
	told.target = 0;
	told.seq = pass->sent_before[r->target] + r->seq;
	t->out.ops->record(&t->out, ttl, &told);
	if (path_record_extended(&t->path, ttl, r, extension,
				 pass->repeat ? PATH_QUERIES : r->seq - 1))
		names_known(t, ttl);
	/* Nothing leaves this host: that is no fault of the path. */
	if (r->status == ICMPCTL_STATUS_SEND_FAILED && r->error && !t->path.rtt_max_ns) {
		t->failure = out_send_error(r);
		t->unsent = true;
	}
	return 0;
}

static int on_event(void *arg, const struct nlmsghdr *nlh)
{
	const struct genlmsghdr *ghdr = nlmsg_data(nlh);
	struct session_info info = { .set = 0 };
	struct record_call call = { .t = arg };
	struct trace *t = arg;

	if (session_info_parse(&info, nlh))
		return 0;
	for (unsigned int i = 0; i < PASSES && !call.pass; i++)
		if (t->passes[i].session && t->passes[i].session == info.id)
			call.pass = &t->passes[i];
	if (!call.pass)
		return 0;
	switch (ghdr->cmd) {
	case ICMPCTL_CMD_PROBES_EVENT:
		session_extended(nlh, on_record, &call);
		return 0;
	case ICMPCTL_CMD_DONE_EVENT:
		call.pass->session = 0;
		if (info.reason == ICMPCTL_REASON_NAMESPACE)
			t->failure = "the session ended because its network namespace went away";
		else if (info.reason == ICMPCTL_REASON_UNLOAD)
			t->failure = "the session ended because the icmpctl module was unloaded";
		else if (info.reason == ICMPCTL_REASON_STOPPED)
			t->failure = "the session was stopped by another process";
		return 0;
	}
	return 0;
}

static int on_started(void *arg, const struct nlmsghdr *nlh)
{
	struct session_info *info = arg;

	session_info_parse(info, nlh);
	return 0;
}

/* The option or the host that a refusal is about, NULL if that is not known. */
static const char *blamed(struct trace *t, const struct nl_msg *msg,
			  const struct nlc_refusal *why, char *buf, size_t size)
{
	const struct opt *o;

	if (session_blamed_target(msg, why->offset) >= 0)
		return t->target.given;
	o = options_of_attr(trace_options, session_attr_at(msg, why->offset));
	if (!o)
		return NULL;
	snprintf(buf, size, "-%c", o->letter);
	return buf;
}

static int start_session(struct trace *t, const struct pass *pass, unsigned int queries,
			 struct session_info *info)
{
	struct session_hop hops[PATH_HOPS];
	struct nlc_refusal why;
	struct nl_msg *msg;
	char option[8];
	int err;

	for (unsigned int i = 0; i < pass->n; i++)
		hops[i] = (struct session_hop){ .ttl = pass->ttl[i], .flow = TRACE_FLOW };
	trace_params_of_pass(&t->params, pass->n, queries);
	msg = session_path_msg(&t->nlc, &t->params, &t->target, hops, pass->n);
	if (msg)
		nlmsg_get(msg);
	err = nlc_call(&t->nlc, msg, on_started, info, &why);
	if (err)
		client_report(&why, msg ? blamed(t, msg, &why, option, sizeof(option)) : NULL,
			      "probing");
	if (msg)
		nlmsg_free(msg);
	return err;
}

/* Asks some hops; what comes of them is told as events. */
static int ask(struct trace *t, const struct path_step *step)
{
	bool repeat = step->what == PATH_REPEAT;
	unsigned int queries = repeat ? 1 : t->path.queries;
	struct session_info info = { .set = 0 };
	struct pass *pass = &t->passes[t->newest];

	t->newest = (t->newest + 1) % PASSES;
	if (pass->session)
		nlc_send(&t->nlc, session_msg(&t->nlc, ICMPCTL_CMD_SESSION_STOP,
					      pass->session, 0));
	*pass = (struct pass){ .repeat = repeat, .n = step->n };
	memcpy(pass->ttl, step->ttl, sizeof(pass->ttl));
	for (unsigned int i = 0; i < pass->n; i++)
		pass->sent_before[i] = t->path.hop[pass->ttl[i]].asked;
	/* What happens to the first probes may be told before the answer. */
	nlc_hold(&t->nlc);
	if (start_session(t, pass, queries, &info))
		return END_FAILED;
	pass->session = info.id;
	if (!t->started) {
		t->started = true;
		t->started_ns = now_ns();
		t->run.info = info;
		t->run.params = t->params;
		t->out.ops->start(&t->out);
		fflush(t->out.file);
	}
	for (unsigned int i = 0; i < pass->n; i++)
		path_asked(&t->path, pass->ttl[i], queries, now_ns());
	return nlc_release(&t->nlc);
}

/* Prints the hops of which all is known, in order; true if that is all of them. */
static bool tell(struct trace *t)
{
	struct path *p = &t->path;
	unsigned int ttl;

	for (ttl = p->closed ? p->closed + 1 : p->first; ttl <= path_last(p); ttl++) {
		if (!path_settled(p, &t->rule, ttl, now_ns()))
			return false;
		if (!names_known(t, ttl)) {
			if (!t->names_until_ns)
				t->names_until_ns = now_ns() + NAMES_PATIENCE_NS;
			if (now_ns() < t->names_until_ns)
				return false;
		}
		p->closed = ttl;
		t->out.ops->hop(&t->out, ttl);
	}
	return true;
}

static int advance(void *arg)
{
	struct path_step step;
	struct trace *t = arg;
	bool told;
	int err;

	for (;;) {
		uint64_t now = now_ns(), wait;

		if (t->failure)
			return END_FAILED;
		told = tell(t);
		fflush(t->out.file);
		if (ferror(t->out.file))
			return END_NO_OUTPUT;
		path_next(&t->path, &t->rule, now, &step);
		switch (step.what) {
		case PATH_ASK:
		case PATH_REPEAT:
			err = ask(t, &step);
			if (err)
				return err;
			continue;
		case PATH_DONE:
			if (told)
				return END_DONE;
			step.at_ns = now + NAMES_POLL_NS;
			break;
		case PATH_WAIT:
			break;
		}
		wait = step.at_ns > now ? step.at_ns - now : 1;
		if (t->names_until_ns > now && wait > NAMES_POLL_NS)
			wait = NAMES_POLL_NS;
		return loop_on_timer(&t->loop, wait, advance, t);
	}
}

static int on_readable(void *arg, uint32_t events)
{
	struct trace *t = arg;
	int result;

	(void)events;
	result = nlc_read(&t->nlc);
	return result ? result : advance(t);
}

static int on_output_gone(void *arg, uint32_t events)
{
	(void)arg;
	return events & (EPOLLERR | EPOLLHUP) ? END_NO_READER : 0;
}

static int on_signal(void *arg, int number)
{
	(void)arg, (void)number;
	return END_INTERRUPTED;
}

static int open_loop(struct trace *t)
{
	sigset_t set;
	int err;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	if (signal(SIGHUP, SIG_DFL) == SIG_IGN)
		signal(SIGHUP, SIG_IGN);
	else
		sigaddset(&set, SIGHUP);
	err = loop_open(&t->loop);
	if (!err)
		err = loop_on_signals(&t->loop, &set, on_signal, t);
	if (!err)
		err = loop_watch(&t->loop, nlc_fd(&t->nlc), EPOLLIN, on_readable, t);
	if (err) {
		report("cannot wait for events: %s", strerror(-err));
		return -1;
	}
	/* Fails for a file, which nobody closes behind our back. */
	loop_watch(&t->loop, STDOUT_FILENO, 0, on_output_gone, t);
	return 0;
}

static bool limits(const struct path *p, unsigned int ttl)
{
	return path_limits(p, ttl);
}

/* Did it answer only when it was asked again, for whatever reason? */
static bool hesitates(const struct path *p, unsigned int ttl)
{
	for (unsigned int i = 0; i < p->queries && !path_limits(p, ttl); i++)
		if (p->hop[ttl].answers[i].known && p->hop[ttl].answers[i].again)
			return true;
	return false;
}

static bool unsettled(const struct path *p, unsigned int ttl)
{
	return ttl > p->closed && !path_complete(p, ttl);
}

/* "hop 3" or "hops 1-4, 7" of which something is true; "" if it is of none. */
static const char *hops_text(char *buf, size_t size, const struct path *p,
			     bool (*is)(const struct path *p, unsigned int ttl))
{
	size_t used = 0;
	unsigned int n = 0;

	buf[0] = '\0';
	for (unsigned int ttl = p->first; ttl <= path_last(p) && used < size - 16; ttl++) {
		unsigned int begin = ttl;

		if (!is(p, ttl))
			continue;
		while (ttl < path_last(p) && is(p, ttl + 1))
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
	const struct path *p = &t->path;
	char hops[1200];

	if (t->out.interrupted && *hops_text(hops, sizeof(hops) - 8, p, unsettled))
		report("interrupted: %s had not yet been asked for long enough", hops);
	if (*hops_text(hops, sizeof(hops) - 8, p, limits))
		report("%s limited the answers, and had to be asked again, 1.1 s apart", hops);
	if (*hops_text(hops, sizeof(hops) - 8, p, hesitates))
		report("%s did not answer every probe, and had to be asked again", hops);
	for (unsigned int ttl = p->first; ttl <= path_last(p); ttl++) {
		unsigned int loop;

		if (!(path_marks(p, ttl, &loop) & PATH_MARK_LOOP))
			continue;
		report("hop %u answers with an address of hop %u: the path has a loop", ttl,
		       loop);
		break;
	}
}

/* The end: what there is still to be told. */
static int finish(struct trace *t)
{
	struct path *p = &t->path;

	if (t->out.interrupted) {
		unsigned int last = path_last(p);

		/* What nobody has answered yet is not worth a line. */
		while (!p->end && last > p->closed && !p->hop[last].answered)
			last--;
		for (unsigned int ttl = p->closed ? p->closed + 1 : p->first; ttl <= last; ttl++)
			t->out.ops->hop(&t->out, ttl);
	}
	t->out.elapsed_ns = now_ns() - t->started_ns;
	t->out.ops->summary(&t->out);
	fflush(t->out.file);
	notes(t);
	return path_reached(p) ? STATUS_OK : STATUS_NO;
}

static int measure(struct trace *t)
{
	int result = advance(t);

	if (!result)
		result = loop_run(&t->loop);
	if ((result == END_DONE || result == END_INTERRUPTED) && !ferror(t->out.file)) {
		t->out.interrupted = result == END_INTERRUPTED;
		return finish(t);
	}
	if (t->failure) {
		if (t->unsent) {
			report("the probes were not sent: %s", t->failure);
		} else {
			t->out.interrupted = true;
			finish(t);
			report("%s", t->failure);
		}
		return STATUS_FAILED;
	}
	if (result == END_NO_READER) {
		/* The end that any other command has in a broken pipe. */
		raise(SIGPIPE);
	} else if (result < 0) {
		report("cannot read what the module tells: %s", strerror(-result));
	}
	return STATUS_FAILED;
}

static void describe(struct trace *t)
{
	const struct trace_config *c = &t->config;
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
		.ops = c->json ? &out_trace_json : &out_trace_text,
		.file = stdout,
		.run = &t->run,
		.path = &t->path,
		.rule = &t->rule,
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
	path_init(&t->path, t->target.family, t->target.addr, c->first.value, c->max.value,
		  c->queries.value);
	trace_rule(c, &t->rule);
	trace_params(c, t->target.family, flow_base, &t->params);
}

static int trace(const struct command *self, int argc, char **argv)
{
	int first, status_of_options, result = STATUS_FAILED;
	struct trace *t = calloc(1, sizeof(*t));

	if (!t) {
		report("not enough memory");
		return STATUS_FAILED;
	}
	t->loop = (struct loop){ .epoll = -1, .signals = -1, .timer = -1 };
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
		 !target_resolve(&t->target, argv[first], sender_family(&t->config.from)) &&
		 !trace_check_target(&t->config, &t->target, argv[first + 1])) {
		describe(t);
		if ((t->config.keep.log && logfile_open(&t->keep.log)) ||
		    capture_open(&t->keep.capture))
			goto out;
		if (!client_open(&t->nlc, on_event, t) && !open_loop(t))
			result = measure(t);
		logfile_close(&t->keep.log);
		capture_close(&t->keep.capture);
		if (t->keep.log.failed || t->keep.capture.failed)
			result = STATUS_FAILED;
	}
out:
	logfile_close(&t->keep.log);
	capture_close(&t->keep.capture);
	loop_close(&t->loop);
	nlc_close(&t->nlc);
	target_free(&t->target);
	free(t);
	return result;
}

static const struct command_example examples[] = {
	{ "icmpctl trace example.com", "The routers on the way, three probes each" },
	{ "icmpctl trace -n -q 1 -m 12 2001:db8::1", "Faster: one probe a hop, no names" },
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
		 "said: a * is a hop that stayed silent.",
	.examples = examples,
	.exits = exits,
	.see_also = "traceroute(8)",
};
