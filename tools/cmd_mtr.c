// SPDX-License-Identifier: GPL-2.0
/*
 * icmpctl mtr: every hop on the way to a host, round after round; a report at the end, or
 * a live view.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <unistd.h>

#include "command.h"
#include "lib/client.h"
#include "lib/now.h"
#include "lib/report.h"
#include "lib/rname.h"
#include "lib/units.h"
#include "mtr.h"

/* A report waits no longer for names that are still being looked up. */
#define NAMES_PATIENCE_MS 500

/* Whoever answers may have a name: it is known by the time it is printed. */
static void look_up_names(const struct mtr *m)
{
	const struct hops *h = &m->hops;

	for (unsigned int ttl = h->first; m->out.name_of && ttl <= hops_last(h); ttl++) {
		const struct hops_hop *hop = &h->hop[ttl];

		for (unsigned int i = 0; i < hop->addresses && i < HOPS_ADDRESSES; i++)
			m->out.name_of(h->family, hop->address[i],
				       address_is_link_local(h->family, hop->address[i]) ?
				       m->target.scope : 0);
	}
}

static int on_event(void *arg, const struct nlmsghdr *nlh)
{
	struct mtr *m = arg;

	return mtr_event(&m->engine, nlh);
}

/* A report: what is to be done now, and when to look again. */
static int advance(void *arg)
{
	struct mtr *m = arg;
	struct mtr_engine *e = &m->engine;
	uint64_t now = now_ns(CLOCK_MONOTONIC), deadline;

	if (e->failure || (e->unsent && !m->hops.rtt_max_ns))
		return MTR_FAILED;
	if (mtr_ended(e))
		return MTR_DONE;
	if (e->stopping)
		return 0;
	if (mtr_follow(e))
		return MTR_REFUSED;
	look_up_names(m);
	deadline = mtr_deadline_ns(e);
	if (now >= deadline || hops_complete(&m->hops, e->cycles))
		return mtr_stop(e);
	return loop_on_timer(&m->loop, deadline - now, advance, m);
}

static int on_readable(void *arg, uint32_t events)
{
	struct mtr *m = arg;
	int result;

	(void)events;
	result = nlc_read(&m->nlc);
	out_mtr_keep_flush(&m->keep);
	return result ? result : advance(m);
}

static int on_output_gone(void *arg, uint32_t events)
{
	(void)arg;
	return events & (EPOLLERR | EPOLLHUP) ? MTR_NO_READER : 0;
}

static int on_signal(void *arg, int number)
{
	struct mtr *m = arg;

	m->signal = number;
	return MTR_INTERRUPTED;
}

static int open_loop(struct mtr *m)
{
	int err;

	err = loop_open(&m->loop);
	if (!err)
		err = loop_on_end(&m->loop, 0, on_signal, m);
	if (!err)
		err = loop_watch(&m->loop, nlc_fd(&m->nlc), EPOLLIN, on_readable, m);
	if (err) {
		report("cannot wait for events: %s", strerror(-err));
		return -1;
	}
	/* Fails for a file, which nobody closes behind our back. */
	loop_watch(&m->loop, STDOUT_FILENO, 0, on_output_gone, m);
	return 0;
}

/* The end that the signal has by itself: nothing half done is printed. */
static void die_of(int number)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, number);
	signal(number, SIG_DFL);
	raise(number);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

static void print_report(struct mtr *m)
{
	m->out.started_unix_ns = m->engine.started_unix_ns;
	m->out.elapsed_ns = now_ns(CLOCK_MONOTONIC) - m->engine.started_ns;
	m->hops.over = true;
	hops_judge(&m->hops);
	look_up_names(m);
	if (m->out.name_of)
		rname_wait(NAMES_PATIENCE_MS);
	m->report(&m->out);
}

/* Return: MTR_* or a negative errno. */
static int report_at_end(struct mtr *m)
{
	int result;

	if (open_loop(m))
		return MTR_TOLD;
	result = mtr_start(&m->engine) ? MTR_REFUSED : advance(m);
	if (!result)
		result = loop_run(&m->loop);
	if (result == MTR_DONE)
		print_report(m);
	return result;
}

static int measure(struct mtr *m)
{
	int result = m->config.report ? report_at_end(m) : mtr_live(m);

	hops_judge(&m->hops);
	out_mtr_keep_end(&m->keep, now_ns(CLOCK_MONOTONIC) - m->engine.started_ns);
	switch (result) {
	case MTR_TOLD:
		break;
	case MTR_DONE:
		return hops_reached(&m->hops) ? STATUS_OK : STATUS_NO;
	case MTR_REFUSED:
		mtr_tell_refusal(&m->engine);
		break;
	case MTR_FAILED:
		if (m->engine.failure)
			report("%s", m->engine.failure);
		else
			report("the probes were not sent: %s", m->engine.unsent);
		break;
	case MTR_INTERRUPTED:
		die_of(m->signal);
		break;
	case MTR_NO_READER:
		/* The end that any other command has in a broken pipe. */
		raise(SIGPIPE);
		break;
	default:
		report("cannot read what the module tells: %s", strerror(-result));
	}
	return STATUS_FAILED;
}

static void describe(struct mtr *m)
{
	const struct mtr_config *c = &m->config;
	uint32_t flow_base = 0;
	uint8_t source[16];

	/* Others may go other ways; without a random number they go this one. */
	if (getrandom(&flow_base, sizeof(flow_base), 0) != sizeof(flow_base))
		flow_base = 0;
	if (gethostname(m->local, sizeof(m->local) - 1))
		strcpy(m->local, "localhost");
	m->engine.nlc = &m->nlc;
	m->engine.target = &m->target;
	m->engine.cycles = c->cycles.value;
	m->engine.hops = &m->hops;
	mtr_params(c, m->target.family, flow_base, &m->engine.params);
	hops_init(&m->hops, m->target.family, c->first.value, c->max.value,
		  m->engine.params.interval_ns, m->engine.params.timeout_ns);
	m->out = (struct out_mtr){
		.file = stdout,
		.hops = &m->hops,
		.target = &m->target,
		.local = m->local,
		.device = c->from.device,
		.fields = c->order ? c->order : MTR_FIELDS_DEFAULT,
		.name_of = c->numeric ? NULL : rname_get,
		.both = c->both,
		.wide = c->wide,
		.extensions = c->mpls,
		.cycles = c->cycles.value,
		.packet_bytes = c->packet_bytes,
		.tos = c->tos.value,
	};
	if (*m->target.source)
		strcpy(m->out.source, m->target.source);
	else if (!target_source(&m->target, c->from.ifindex, source))
		address_text(m->out.source, m->target.family, source, m->target.scope);
	keep_logfile(&c->keep, &m->keep.log);
	m->keep.capture.path = c->keep.pcap;
	m->keep.out = &m->out;
	m->keep.run = (struct out_run){
		.command = "mtr",
		.targets = &m->target,
		.n_targets = 1,
		.params = m->engine.params,
		.device = c->from.device,
	};
	m->engine.keep = &m->keep;
	m->report = c->json ? out_mtr_json : c->csv ? out_mtr_csv : out_mtr_text;
}

static int mtr(const struct command *self, int argc, char **argv)
{
	int first, status_of_options, result = STATUS_FAILED;
	struct mtr *m = calloc(1, sizeof(*m));

	if (!m) {
		report("not enough memory");
		return STATUS_FAILED;
	}
	m->loop = (struct loop){ .epoll = -1, .signals = -1, .timer = -1 };
	status_of_options = command_options(self, &m->config, argc, argv, &first);
	if (status_of_options >= 0) {
		result = status_of_options;
		goto out;
	}
	if (first == argc)
		report("no host was given; `icmpctl mtr --help` tells how");
	else if (argc - first > 1)
		report("%s: one host is enough", argv[first + 1]);
	else if (!mtr_check(&m->config) &&
		 !sender_resolve(&m->config.from, &m->target, argv[first]) &&
		 !mtr_check_target(&m->config, &m->target)) {
		describe(m);
		if (!(m->config.keep.log && logfile_open(&m->keep.log)) &&
		    !capture_open(&m->keep.capture) && !client_open(&m->nlc, on_event, m))
			result = measure(m);
		logfile_close(&m->keep.log);
		capture_close(&m->keep.capture);
		if (m->keep.log.failed || m->keep.capture.failed)
			result = STATUS_FAILED;
	}
out:
	loop_close(&m->loop);
	nlc_close(&m->nlc);
	target_free(&m->target);
	free(m);
	return result;
}

static const struct command_example examples[] = {
	{ "icmpctl mtr example.com", "Every hop on the way, live; ? tells the keys, q ends it" },
	{ "icmpctl mtr -r -c 100 -i 0.1 example.com", "A report of 100 rounds, after 10 s" },
	{ "icmpctl mtr -n -o 'LS NAW59P' example.com", "Other columns: percentiles" },
	{ 0 }
};

static const struct command_exit exits[] = {
	{ STATUS_OK, "the host was reached" },
	{ STATUS_NO, "it was not" },
	{ STATUS_FAILED, "anything else, and stderr says what" },
	{ 0 }
};

const struct command command_mtr = {
	.name = "mtr",
	.summary = "watch every hop on the way to a host",
	.operands = "HOST",
	.options = mtr_options,
	.note = "TIME is 0.2, 200ms or 1m; a bare number is seconds.",
	.run = mtr,
	.about = "All hops are asked once a round, by probes of one flow, so that routers which "
		 "balance send them one way. A round takes the interval, however many hops there "
		 "are. What is counted is counted in the kernel: a slow terminal falsifies "
		 "nothing.\n\n"
		 "Loss at a hop that does not reach those behind it is no loss. Where it is more "
		 "than chance allows for, the hop limits its answers, and \"limited\" stands in "
		 "place of a number; \"silent\" where a hop never answers and others behind it do. "
		 "The plain numbers are in JSON and CSV.",
	.examples = examples,
	.exits = exits,
	.see_also = "mtr(8) traceroute(8)",
};
