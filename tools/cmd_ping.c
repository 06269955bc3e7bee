// SPDX-License-Identifier: GPL-2.0
/* icmpctl ping: echo requests to one or many hosts, timed in the kernel. */
#include <errno.h>
#include <netlink/msg.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "command.h"
#include "lib/client.h"
#include "lib/loop.h"
#include "lib/report.h"
#include "lib/rname.h"
#include "lib/units.h"
#include "out.h"
#include "ping_options.h"
#include "ping_ways.h"

/* Names known by the time of the first answer look better than half of them. */
#define NAMES_HEAD_START_MS 100
/* After SESSION_STOP the last statistics are due at once, or at least something. */
#define STOP_PATIENCE_NS (3 * NSEC_PER_SEC)

/* How the loop ended; its errors are negative. */
enum {
	END_DONE = 1,		/* the module said so */
	END_SILENCE,		/* it did not, and the user wants to go */
	END_NO_READER,		/* nobody reads what we print */
	END_NO_OUTPUT,		/* it cannot be written: main() tells the user */
};

struct ping {
	struct ping_config config;
	struct target *targets;
	unsigned int n;
	struct session_stats *stats;
	struct budget_way *ways;
	struct hwstamp hw;
	struct nlc nlc;
	struct loop loop;
	struct out_run run;
	struct out out;
	struct out_log log;
	struct out_pcap pcap;
	struct out_plot plot;
	bool end_wanted;	/* an error answered a run with a deadline */
	bool stopping;		/* SESSION_STOP was sent */
	bool heard;		/* the module has told something since */
};

static int on_record(void *arg, const struct icmpctl_record *r)
{
	struct ping *p = arg;

	p->out.ops->record(&p->out, r);
	/* ping(8) of -w: until the deadline "or for some error notification". */
	if (r->status == ICMPCTL_STATUS_ERROR && p->config.deadline.value && p->n == 1)
		p->end_wanted = true;
	return 0;
}

static int on_stats(void *arg, uint32_t target, const struct session_stats *s)
{
	struct ping *p = arg;

	if (target < p->n)
		p->stats[target] = *s;
	return 0;
}

static int on_event(void *arg, const struct nlmsghdr *nlh)
{
	const struct genlmsghdr *ghdr = nlmsg_data(nlh);
	struct ping *p = arg;
	struct session_info info = p->run.info;

	if (session_info_parse(&info, nlh) || info.id != p->run.info.id)
		return 0;
	p->run.info = info;
	p->heard = true;
	switch (ghdr->cmd) {
	case ICMPCTL_CMD_PROBES_EVENT:
		session_records(nlh, on_record, p);
		return 0;
	case ICMPCTL_CMD_STATS_EVENT:
		session_targets(nlh, on_stats, p);
		return 0;
	case ICMPCTL_CMD_DONE_EVENT:
		return END_DONE;
	}
	return 0;
}

static int on_silence(void *arg)
{
	struct ping *p = arg;

	/* Where our own output is slow, much may be waiting before the end. */
	if (p->heard) {
		p->heard = false;
		return loop_on_timer(&p->loop, STOP_PATIENCE_NS, on_silence, p);
	}
	report("the module did not tell how the session ended");
	return END_SILENCE;
}

/* Asks for the end; the statistics and DONE come as events. */
static int stop(struct ping *p)
{
	int err;

	if (p->stopping)
		return 0;
	p->stopping = true;
	p->heard = false;
	err = nlc_send(&p->nlc, session_msg(&p->nlc, ICMPCTL_CMD_SESSION_STOP,
					    p->run.info.id, 0));
	return err ? err : loop_on_timer(&p->loop, STOP_PATIENCE_NS, on_silence, p);
}

static int on_readable(void *arg, uint32_t events)
{
	struct ping *p = arg;
	int result;

	(void)events;
	result = nlc_read(&p->nlc);
	p->out.ops->flush(&p->out);
	if (ferror(p->out.file))
		return END_NO_OUTPUT;
	if (!result && p->end_wanted)
		result = stop(p);
	return result;
}

static int on_output_gone(void *arg, uint32_t events)
{
	(void)arg;
	return events & (EPOLLERR | EPOLLHUP) ? END_NO_READER : 0;
}

struct status_call {
	struct ping *p;
	uint32_t next;
};

static int on_status_target(void *arg, uint32_t target, const struct session_stats *s)
{
	struct status_call *call = arg;

	if (target < call->p->n) {
		out_text_status(stderr, &call->p->run, target, s);
		call->next = target + 1;
	}
	return 0;
}

static int on_status_reply(void *arg, const struct nlmsghdr *nlh)
{
	session_targets(nlh, on_status_target, arg);
	return 0;
}

/* SIGQUIT: where does it stand? As many requests as the targets need. */
static int status(struct ping *p)
{
	struct status_call call = { .p = p };
	struct nlc_refusal why;
	uint32_t first;
	int result;

	fflush(stdout);
	do {
		first = call.next;
		result = nlc_call(&p->nlc,
				  session_msg(&p->nlc, ICMPCTL_CMD_SESSION_GET,
					      p->run.info.id, first),
				  on_status_reply, &call, &why);
	} while (!result && call.next > first && call.next < p->n);
	p->out.ops->flush(&p->out);
	/* A session that ended meanwhile is no failure: DONE is on its way. */
	return result > 0 ? result : 0;
}

static int on_signal(void *arg, int number)
{
	struct ping *p = arg;

	if (number == SIGQUIT)
		return status(p);
	if (p->stopping && !p->end_wanted)
		return END_SILENCE;
	/* Had the run been about to end by itself, the user is in no hurry yet. */
	p->end_wanted = false;
	return stop(p);
}

/* The option that a refusal is about, NULL if that is not known. */
static const char *blamed(const struct nl_msg *msg, const struct nlc_refusal *why, char *buf,
			  size_t size)
{
	const struct opt *o = options_of_attr(ping_options, session_attr_at(msg, why->offset));

	if (!o)
		return NULL;
	if (o->letter)
		snprintf(buf, size, "-%c", o->letter);
	else
		snprintf(buf, size, "--%s", o->name);
	return buf;
}

static int on_started(void *arg, const struct nlmsghdr *nlh)
{
	struct ping *p = arg;

	session_info_parse(&p->run.info, nlh);
	return 0;
}

static int start(struct ping *p)
{
	struct nl_msg *msg = session_start_msg(&p->nlc, &p->run.params, p->targets, p->n);
	struct nlc_refusal why;
	char option[32];
	int target;

	/* What happens to the first probes may be told before the answer. */
	nlc_hold(&p->nlc);
	if (msg)
		nlmsg_get(msg);
	if (!nlc_call(&p->nlc, msg, on_started, p, &why)) {
		nlmsg_free(msg);
		return 0;
	}
	target = msg ? session_blamed_target(msg, why.offset) : -1;
	if (target >= 0 && target < (int)p->n)
		client_report_host(&why, p->targets[target].given, p->targets[target].family);
	else
		client_report(&why, msg ? blamed(msg, &why, option, sizeof(option)) : NULL,
			      "probing");
	if (msg)
		nlmsg_free(msg);
	return -1;
}

static int open_loop(struct ping *p)
{
	int err;

	err = loop_open(&p->loop);
	if (!err)
		err = loop_on_end(&p->loop, SIGQUIT, on_signal, p);
	if (!err)
		err = loop_watch(&p->loop, nlc_fd(&p->nlc), EPOLLIN, on_readable, p);
	if (err) {
		report("cannot wait for events: %s", strerror(-err));
		return -1;
	}
	/* Fails for a file, which nobody closes behind our back. */
	loop_watch(&p->loop, STDOUT_FILENO, 0, on_output_gone, p);
	return 0;
}

/* Has the targets' own names looked up, so that the first line has them. */
static void head_start(struct ping *p)
{
	bool wanted = false;

	if (!p->run.name_of || p->config.quiet)
		return;
	for (unsigned int i = 0; i < p->n; i++) {
		const struct target *t = &p->targets[i];

		if (t->numeric)
			continue;
		p->run.name_of(t->family, t->addr,
			       address_is_link_local(t->family, t->addr) ? t->scope : 0);
		wanted = true;
	}
	if (wanted)
		rname_wait(NAMES_HEAD_START_MS);
}

/* As ping: no reply is a failure, and so are too few before a deadline. */
static int verdict(const struct ping *p)
{
	for (unsigned int i = 0; i < p->n; i++) {
		uint64_t received = stats_get(&p->stats[i], ICMPCTL_STATS_A_RECEIVED);

		if (!received || received < p->run.params.replies)
			return STATUS_NO;
	}
	return STATUS_OK;
}

static int finish(struct ping *p)
{
	for (unsigned int i = 0; i < p->n; i++)
		p->out.ops->summary(&p->out, i, &p->stats[i]);
	p->out.ops->flush(&p->out);
	switch (p->run.info.reason) {
	case ICMPCTL_REASON_NAMESPACE:
		report("the session ended because its network namespace went away");
		return STATUS_FAILED;
	case ICMPCTL_REASON_UNLOAD:
		report("the session ended because the icmpctl module was unloaded");
		return STATUS_FAILED;
	case ICMPCTL_REASON_STOPPED:
		if (!p->stopping)
			report("the session was stopped by another process");
		break;
	}
	return verdict(p);
}

/* What only who asks for it is told, or what has to be switched on. */
static void prepare(struct ping *p)
{
	if (p->config.verbose || p->config.json ||
	    p->run.params.timestamps == ICMPCTL_TIMESTAMPS_HARDWARE)
		p->ways = ping_ways(&p->run.params, p->targets, p->n, &p->hw);
	p->run.ways = p->ways;
}

static int measure(struct ping *p)
{
	int result;

	prepare(p);
	head_start(p);
	if (start(p))
		return STATUS_FAILED;
	for (unsigned int i = 0; i < p->n; i++)
		p->out.ops->start(&p->out, i);
	p->out.ops->flush(&p->out);
	result = nlc_release(&p->nlc);
	p->out.ops->flush(&p->out);
	if (!result && p->end_wanted)
		result = stop(p);
	if (!result)
		result = loop_run(&p->loop);
	if (result == END_DONE && !ferror(p->out.file))
		return finish(p);
	if (result == END_NO_READER) {
		/* The end that any other command has in a broken pipe. */
		raise(SIGPIPE);
	} else if (result < 0) {
		report("cannot read what the module tells: %s", strerror(-result));
	}
	return STATUS_FAILED;
}

static int resolve(struct ping *p, char **hosts)
{
	for (unsigned int i = 0; i < p->n; i++)
		if (sender_resolve(&p->config.from, &p->targets[i], hosts[i]))
			return -1;
	return ping_check_targets(&p->config, p->targets, p->n);
}

static void describe(struct ping *p)
{
	const struct ping_config *c = &p->config;

	p->run.command = "ping";
	p->run.targets = p->targets;
	p->run.n_targets = p->n;
	p->run.device = c->from.device;
	/* In JSON names would be a matter of luck, so it has addresses alone. */
	p->run.name_of = c->numeric || c->flood || c->json ? NULL : rname_get;
	p->run.verbose = c->verbose;
	p->run.quiet = c->quiet;
	p->run.flood = c->flood;
	p->run.adaptive = c->adaptive;
	p->run.outstanding = c->outstanding;
	p->run.stamped = c->stamped;
	ping_params(c, p->targets, p->n, &p->run.params);
	p->out = (struct out){
		.ops = c->json ? &out_json : &out_text,
		.run = &p->run,
		.file = stdout,
	};
	/* Each sees what is told, and hands it on. */
	if (c->plot) {
		p->plot.shown = p->out;
		p->out.ops = &out_plot;
		p->out.state = &p->plot;
	}
	keep_logfile(&c->keep, &p->log.file);
	p->pcap.capture.path = c->keep.pcap;
	if (c->keep.log) {
		p->log.shown = p->out;
		p->out.ops = &out_log;
		p->out.state = &p->log;
	}
	if (c->keep.pcap) {
		p->pcap.shown = p->out;
		p->out.ops = &out_pcap;
		p->out.state = &p->pcap;
	}
}

static int ping(const struct command *self, int argc, char **argv)
{
	struct ping p = { .hw = HWSTAMP_NONE };
	int first, status_of_options, result = STATUS_FAILED;

	status_of_options = command_options(self, &p.config, argc, argv, &first);
	if (status_of_options >= 0)
		return status_of_options;
	if (first == argc) {
		report("no host was given; `icmpctl ping --help` tells how");
		return STATUS_FAILED;
	}
	if (ping_check(&p.config))
		return STATUS_FAILED;
	p.n = argc - first;
	p.targets = calloc(p.n, sizeof(*p.targets));
	p.stats = calloc(p.n, sizeof(*p.stats));
	p.loop = (struct loop){ .epoll = -1, .signals = -1, .timer = -1 };
	if (!p.targets || !p.stats) {
		report("not enough memory for %u hosts", p.n);
		goto out;
	}
	if (resolve(&p, argv + first))
		goto out;
	describe(&p);
	if ((p.config.keep.log && logfile_open(&p.log.file)) || capture_open(&p.pcap.capture))
		goto out;
	if (client_open(&p.nlc, on_event, &p) || open_loop(&p))
		goto out;
	if (p.out.ops->open && p.out.ops->open(&p.out))
		report("not enough memory for %u hosts", p.n);
	else
		result = measure(&p);
	if (p.out.ops->close)
		p.out.ops->close(&p.out);
	if (p.log.file.failed || p.pcap.capture.failed)
		result = STATUS_FAILED;
out:
	logfile_close(&p.log.file);
	capture_close(&p.pcap.capture);
	loop_close(&p.loop);
	nlc_close(&p.nlc);
	if (hwstamp_restore(&p.hw))
		report("warning: hardware stamps could not be put back to what they were");
	for (unsigned int i = 0; p.targets && i < p.n; i++)
		target_free(&p.targets[i]);
	free(p.targets);
	free(p.stats);
	free(p.ways);
	return result;
}

static const struct command_example examples[] = {
	{ "icmpctl ping -c 5 example.com", "Five probes, a second apart" },
	{ "icmpctl ping -i 1ms -c 10000 -q 192.0.2.1",
	  "Ten thousand probes, a thousand a second, and the statistics alone" },
	{ "icmpctl ping -v -c 3 192.0.2.1", "Where the time of each round trip went" },
	{ "icmpctl ping --json -c 100 a.example b.example",
	  "Two hosts at once, as JSON Lines" },
	{ 0 }
};

static const struct command_exit exits[] = {
	{ STATUS_OK, "every host answered at least once; with -c and -w: so often" },
	{ STATUS_NO, "a host did not" },
	{ STATUS_FAILED, "anything else, and stderr says what" },
	{ 0 }
};

const struct command command_ping = {
	.name = "ping",
	.summary = "send echo requests to hosts and time the answers",
	.operands = "HOST...",
	.options = ping_options,
	.note = "TIME is 0.2, 200ms, 10us or 1m; a bare number is seconds.",
	.run = ping,
	.about = "The kernel module sends ICMP or ICMPv6 echo requests by an absolute schedule, "
		 "stamps them where the driver takes them, and stamps what answers them where it "
		 "comes in. Scheduling, wake-ups, ARP and local queues are not in the round-trip "
		 "times; -v shows them beside it.\n\n"
		 "Letters and output are those of ping. Several hosts are probed at once. Every "
		 "probe that got no reply says why, as far as this host can know; the statistics "
		 "are the kernel's own and complete even where the reader is slow.",
	.examples = examples,
	.exits = exits,
	.see_also = "ping(8)",
};
