// SPDX-License-Identifier: GPL-2.0
/* icmpctl sweep: which of these hosts are alive. */
#include <errno.h>
#include <netlink/msg.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "command.h"
#include "lib/addrset.h"
#include "lib/client.h"
#include "lib/loop.h"
#include "lib/now.h"
#include "lib/report.h"
#include "lib/units.h"
#include "out_capture.h"
#include "out_sweep.h"
#include "sweep_options.h"
#include "sweep_source.h"

/* While something is to be fed: so often it is tried. */
#define FEED_NS		(10 * NSEC_PER_MSEC)
/* Else: so often lines that wait for names are looked at. */
#define TICK_NS		(100 * NSEC_PER_MSEC)
#define PROGRESS_NS	(300 * NSEC_PER_MSEC)
/* After SESSION_STOP the last statistics are due at once, or at least something: in 3 s. */
#define STOP_TICKS	30
/* Records that may wait in the module: 1.3 MiB. */
#define RECORDS		8192

/* As fping's exit status. */
enum {
	SWEEP_ALL_UP = 0,
	SWEEP_SOME_DOWN = 1,
	SWEEP_UNKNOWN = 2,
	SWEEP_USAGE = 3,
	SWEEP_FAILED = 4,
};

/* How the loop ended; its errors are negative. */
enum {
	END_DONE = 1,
	END_SILENCE,
	END_NO_READER,
	END_TOLD,		/* the user was told why */
};

struct sweep {
	struct sweep_config config;
	struct sweep_source source;
	struct sweep_run run;
	const struct sweep_out *out;
	struct nlc nlc;
	struct loop loop;
	struct session_params params;
	struct logfile log;
	struct capture capture;
	/* With -b: who was told. */
	struct addrset seen;
	bool fed, fed_some, stopping, progress, heard;
	unsigned int silent_ticks;
	uint64_t progress_ns;
};

/* What the log is told is told to nobody else, and whatever is shown. */
static void log_begin(struct sweep *s)
{
	s->run.file = s->log.file;
	s->run.all = true;
}

static void log_end(struct sweep *s)
{
	s->run.file = stdout;
	s->run.all = false;
}

static void log_start(struct sweep *s)
{
	log_begin(s);
	if (s->log.file)
		out_sweep_json.start(&s->run);
	log_end(s);
}

/* One line of what is shown, and of the log. */
static void tell(struct sweep *s, const struct icmpctl_record *r)
{
	s->out->host(&s->run, r);
	log_begin(s);
	if (s->log.file)
		out_sweep_json.host(&s->run, r);
	log_end(s);
}

static void capture(struct sweep *s, const struct icmpctl_record *r)
{
	const struct capture_probe probe = {
		.params = &s->params,
		.scope = s->source.ifindex,
		.size = session_size(&s->params),
		.port = out_sweep_probe(&s->config, r)->port,
	};

	capture_record(&s->capture, &probe, r);
}

/*
 * Who answered a broadcast or multicast address is told by its own, and once, whatever
 * other probes it answers.
 */
static int tell_once(struct sweep *s, const struct icmpctl_record *r)
{
	bool group = r->flags & ICMPCTL_RECORD_F_GROUP;
	struct icmpctl_record who = *r;
	int is_new;

	if (group) {
		memcpy(who.to, r->from, sizeof(who.to));
		memcpy(who.from, r->to, sizeof(who.from));
		if (range_list_has(&s->config.excluded, who.family, who.to))
			return 0;
	}
	is_new = addrset_add(&s->seen, who.family, who.to);
	if (is_new < 0) {
		report("not enough memory for so many hosts");
		return END_TOLD;
	}
	if (group)
		s->run.found += is_new;
	else if (!is_new && s->run.found)
		s->run.found--;
	if (is_new)
		tell(s, &who);
	return 0;
}

/* A host that answered a broadcast or multicast address is up, whatever else it is silent to. */
static void overrule(struct sweep *s, const struct icmpctl_record *r)
{
	switch (r->status) {
	case ICMPCTL_STATUS_ERROR:
		s->run.overruled[ICMPCTL_SWEEP_A_ERRORS]++;
		break;
	case ICMPCTL_STATUS_SEND_FAILED:
		s->run.overruled[ICMPCTL_SWEEP_A_NOT_SENT]++;
		break;
	default:
		s->run.overruled[ICMPCTL_SWEEP_A_DOWN]++;
	}
	s->run.overruled[ICMPCTL_SWEEP_A_HOSTS]++;
}

static int on_record(void *arg, const struct icmpctl_record *r)
{
	struct sweep *s = arg;

	/* What became of addresses is told by others. */
	if (r->flags & ICMPCTL_RECORD_F_TRY) {
		capture(s, r);
		return 0;
	}
	if (s->config.broadcast && out_sweep_answered(r))
		return tell_once(s, r);
	if (addrset_has(&s->seen, r->family, r->to)) {
		overrule(s, r);
		return 0;
	}
	tell(s, r);
	return 0;
}

static int on_stats(void *arg, uint32_t target, const struct session_stats *stats)
{
	struct sweep *s = arg;

	if (target < 2)
		s->run.stats[target] = *stats;
	return 0;
}

static int on_event(void *arg, const struct nlmsghdr *nlh)
{
	const struct genlmsghdr *ghdr = nlmsg_data(nlh);
	struct sweep *s = arg;
	struct session_info info = s->run.info;

	if (session_info_parse(&info, nlh) || info.id != s->run.info.id)
		return 0;
	s->run.info = info;
	s->heard = true;
	switch (ghdr->cmd) {
	case ICMPCTL_CMD_PROBES_EVENT:
		return session_records(nlh, on_record, s);
	case ICMPCTL_CMD_STATS_EVENT:
		session_targets(nlh, on_stats, s);
		return 0;
	case ICMPCTL_CMD_DONE_EVENT:
		session_sweep_parse(&s->run.sweep, nlh);
		return END_DONE;
	}
	return 0;
}

static int on_told(void *arg, const struct nlmsghdr *nlh)
{
	struct sweep *s = arg;

	session_sweep_parse(&s->run.sweep, nlh);
	session_targets(nlh, on_stats, s);
	return 0;
}

/* What the module says of it right now. */
static int look(struct sweep *s)
{
	struct nlc_refusal why;
	int result = nlc_call(&s->nlc, session_msg(&s->nlc, ICMPCTL_CMD_SESSION_GET,
						   s->run.info.id, 0), on_told, s, &why);

	/* A session that ended meanwhile is no failure: DONE is on its way. */
	return result > 0 ? result : 0;
}

/* It goes on to DONE: what was found until then is told, and where to go on. */
static int stop(struct sweep *s)
{
	if (s->stopping)
		return 0;
	s->stopping = true;
	s->run.stopped = true;
	s->heard = false;
	return nlc_send(&s->nlc, session_msg(&s->nlc, ICMPCTL_CMD_SESSION_STOP,
					     s->run.info.id, 0));
}

/*
 * Hands on what is next. What the module refuses of a file is left out of it; @later: it takes
 * no more for now.
 */
static int hand_over(struct sweep *s, bool *later)
{
	struct sweep_source *source = &s->source;
	struct nlc_refusal why;
	int blamed, result;
	struct nl_msg *msg;

	msg = session_feed_msg(&s->nlc, s->run.info.id, source->range, source->n, source->done);
	if (msg)
		nlmsg_get(msg);
	result = nlc_call(&s->nlc, msg, NULL, NULL, &why);
	blamed = result < 0 && msg ? session_blamed_range(msg, why.offset) : -1;
	if (msg)
		nlmsg_free(msg);
	if (!result) {
		s->fed = source->done;
		s->fed_some = true;
		source_handed(source);
		return 0;
	}
	if (result > 0)
		return result;
	if (blamed >= 0 && !source_refused(source, blamed, &why))
		return 0;
	/* Enough waits, or the sweep has ended meanwhile, and DONE is on its way. */
	*later = why.error == EAGAIN || why.error == ENOENT;
	if (*later)
		return 0;
	if (blamed < 0)
		client_report(&why, NULL, "probing");
	source->failed = true;
	/* Nobody was asked yet: that sentence is all there is to be told. */
	return s->fed_some ? stop(s) : END_TOLD;
}

/* Hands on what there is, until the module has enough for now, or others must have their turn. */
static int feed(struct sweep *s)
{
	uint64_t until_ns = now_ns(CLOCK_MONOTONIC) + TICK_NS;

	while (!s->fed && !s->stopping) {
		bool later = false;
		int result;

		if (source_next(&s->source)) {
			s->source.failed = true;
			return stop(s);
		}
		if (!s->source.n && !s->source.done)
			return 0;
		result = hand_over(s, &later);
		if (result || later || now_ns(CLOCK_MONOTONIC) >= until_ns)
			return result;
	}
	return 0;
}

/* Ctrl-C ends a whole pipeline: that the reader is gone is no news then. */
static bool is_stopped(const struct sweep *s)
{
	sigset_t pending;

	sigpending(&pending);
	return s->stopping || sigismember(&pending, SIGINT) == 1 ||
	       sigismember(&pending, SIGTERM) == 1 || sigismember(&pending, SIGHUP) == 1;
}

/* Sees that what was printed is written; a full disk stops the sweep, and main() tells of it. */
static int write_out(struct sweep *s)
{
	if ((!fflush(stdout) && !ferror(stdout)) || is_stopped(s))
		return 0;
	if (command_reader_gone())
		return END_NO_READER;
	s->source.failed = true;
	return stop(s);
}

static int on_tick(void *arg)
{
	struct sweep *s = arg;
	uint64_t now = now_ns(CLOCK_MONOTONIC);
	int result = feed(s);

	if (!result && s->out->flush)
		s->out->flush(&s->run, false);
	if (!result && s->progress && now >= s->progress_ns) {
		s->progress_ns = now + PROGRESS_NS;
		result = look(s);
		if (!result)
			out_sweep_progress(&s->run);
	}
	s->silent_ticks = s->stopping && !s->heard ? s->silent_ticks + 1 : 0;
	s->heard = false;
	if (!result && s->silent_ticks > STOP_TICKS) {
		report("the module did not tell how the sweep ended");
		return END_SILENCE;
	}
	if (!result)
		result = write_out(s);
	return result ? result : loop_on_timer(&s->loop, s->fed || s->stopping ? TICK_NS : FEED_NS,
					       on_tick, s);
}

static int on_readable(void *arg, uint32_t events)
{
	struct sweep *s = arg;
	int result;

	(void)events;
	result = nlc_read(&s->nlc);
	capture_flush(&s->capture);
	/* Each file says for itself what it is of; the end is in the same as the last of it. */
	if (logfile_flush(&s->log) && result != END_DONE && !logfile_rotate(&s->log))
		log_start(s);
	return result ? result : write_out(s);
}

static int on_output_gone(void *arg, uint32_t events)
{
	return events & (EPOLLERR | EPOLLHUP) && !is_stopped(arg) ? END_NO_READER : 0;
}

static int on_signal(void *arg, int number)
{
	struct sweep *s = arg;
	int result;

	if (number == SIGQUIT) {
		result = look(s);
		if (!result)
			out_sweep_progress(&s->run);
		return result;
	}
	return s->stopping ? END_SILENCE : stop(s);
}

static int open_loop(struct sweep *s)
{
	int err;

	err = loop_open(&s->loop);
	if (!err)
		err = loop_on_end(&s->loop, SIGQUIT, on_signal, s);
	if (!err)
		err = loop_watch(&s->loop, nlc_fd(&s->nlc), EPOLLIN, on_readable, s);
	if (!err)
		err = loop_on_timer(&s->loop, FEED_NS, on_tick, s);
	if (err) {
		report("cannot wait for events: %s", strerror(-err));
		return -1;
	}
	/* Fails for a file, which nobody closes behind our back. */
	loop_watch(&s->loop, STDOUT_FILENO, 0, on_output_gone, s);
	return 0;
}

static int on_started(void *arg, const struct nlmsghdr *nlh)
{
	struct sweep *s = arg;

	session_info_parse(&s->run.info, nlh);
	return 0;
}

static int start(struct sweep *s)
{
	struct session_params *params = &s->params;
	struct session_sweep wanted;
	struct nlc_refusal why;
	struct nl_msg *msg;
	char option[40];
	const struct opt *o;

	sweep_params(&s->config, params, &wanted);
	if (s->source.ifindex)
		SESSION_ASK(params, ICMPCTL_SESSION_A_IFINDEX, ifindex, s->source.ifindex);
	msg = session_sweep_msg(&s->nlc, params, &wanted, RECORDS);
	if (msg)
		nlmsg_get(msg);
	if (!nlc_call(&s->nlc, msg, on_started, s, &why)) {
		nlmsg_free(msg);
		return 0;
	}
	o = msg ? options_of_attr(sweep_options, session_attr_at(msg, why.offset)) : NULL;
	if (o)
		snprintf(option, sizeof(option), "--%s", o->name);
	client_report(&why, o ? option : NULL, "probing");
	if (msg)
		nlmsg_free(msg);
	return -1;
}

/* Nobody was asked at all. A part may be empty; else somebody meant something else. */
static int nobody_asked(const struct sweep *s)
{
	if (s->config.resume.given)
		report("no address was asked: the place lies behind the last of these targets");
	else if (s->config.shards <= 1)
		report("no address was asked: there is none, or all of it is excluded");
	return s->config.shards > 1 ? SWEEP_ALL_UP : SWEEP_SOME_DOWN;
}

static int status_of(const struct sweep *s)
{
	switch (s->run.info.reason) {
	case ICMPCTL_REASON_NAMESPACE:
		report("the sweep ended because its network namespace went away");
		return SWEEP_FAILED;
	case ICMPCTL_REASON_UNLOAD:
		report("the sweep ended because the icmpctl module was unloaded");
		return SWEEP_FAILED;
	case ICMPCTL_REASON_STOPPED:
		if (!s->stopping)
			report("the sweep was stopped by another process");
		return s->source.failed ? SWEEP_FAILED : SWEEP_SOME_DOWN;
	}
	if (s->source.failed)
		return SWEEP_FAILED;
	if (s->source.unknown)
		return SWEEP_UNKNOWN;
	if (!sweep_get(&s->run, ICMPCTL_SWEEP_A_HOSTS) && !s->run.found)
		return nobody_asked(s);
	return sweep_get(&s->run, ICMPCTL_SWEEP_A_UP) == sweep_get(&s->run, ICMPCTL_SWEEP_A_HOSTS) ?
	       SWEEP_ALL_UP : SWEEP_SOME_DOWN;
}

/* The end that any other command has in a broken pipe. */
static int broken_pipe(void)
{
	signal(SIGPIPE, SIG_DFL);
	raise(SIGPIPE);
	return SWEEP_FAILED;
}

static int finish(struct sweep *s)
{
	int status;

	s->out->summary(&s->run);
	log_begin(s);
	if (s->log.file)
		out_sweep_json.summary(&s->run);
	log_end(s);
	status = status_of(s);
	if (!fflush(stdout) && !ferror(stdout))
		return status;
	/* Of the others stderr has been told already. */
	if (s->config.json)
		out_sweep_resume(stderr, &s->run);
	if (s->source.failed)
		return SWEEP_FAILED;
	if (!is_stopped(s))
		return command_reader_gone() ? broken_pipe() : SWEEP_FAILED;
	/* Its reader was stopped as well: that is no failure of ours. */
	if (!freopen("/dev/null", "w", stdout))
		return SWEEP_FAILED;
	return status;
}

static int measure(struct sweep *s)
{
	int result;

	if (start(s))
		return SWEEP_FAILED;
	result = look(s);
	if (s->out->start)
		s->out->start(&s->run);
	capture_clock(&s->capture, &s->run.info);
	log_start(s);
	signal(SIGPIPE, SIG_IGN);
	s->progress = !s->config.quiet && isatty(STDERR_FILENO);
	s->progress_ns = now_ns(CLOCK_MONOTONIC) + PROGRESS_NS;
	if (!result)
		result = feed(s);
	if (!result)
		result = loop_run(&s->loop);
	out_sweep_progress_clear();
	if (result == END_DONE)
		return finish(s);
	if (result == END_NO_READER)
		return broken_pipe();
	if (result < 0)
		report("cannot read what the module tells: %s", strerror(-result));
	return SWEEP_FAILED;
}

static int sweep(const struct command *self, int argc, char **argv)
{
	struct sweep s = { .nlc = { .sk = NULL } };
	int first, status, result = SWEEP_USAGE;

	s.loop = (struct loop){ .epoll = -1, .signals = -1, .timer = -1 };
	s.source.file.fd = -1;
	s.run.config = &s.config;
	s.run.file = stdout;
	s.run.source = &s.source;
	status = command_options(self, &s.config, argc, argv, &first);
	if (status >= 0) {
		range_list_free(&s.config.excluded);
		return status == STATUS_OK ? status : SWEEP_USAGE;
	}
	if (first == argc && !s.config.file && !s.config.all_nodes) {
		report("no target was given; `icmpctl sweep --help` tells how");
		goto out;
	}
	if (sweep_check(&s.config) ||
	    source_open(&s.source, &s.config, argv + first, argc - first))
		goto out;
	if (!s.source.total && !s.config.file) {
		if (!s.source.unknown)
			report("nothing is left to be asked: all of it is excluded");
		result = s.source.unknown ? SWEEP_UNKNOWN : SWEEP_USAGE;
		goto out;
	}
	s.out = s.config.json ? &out_sweep_json : s.config.csv ? &out_sweep_csv : &out_sweep_text;
	/* Lines in a pipe leave with what came with them, not one by one. */
	setvbuf(stdout, NULL, _IOFBF, 65536);
	result = SWEEP_FAILED;
	keep_logfile(&s.config.keep, &s.log);
	s.capture.path = s.config.keep.pcap;
	if (!(s.log.path && logfile_open(&s.log)) && !capture_open(&s.capture) &&
	    !client_open(&s.nlc, on_event, &s) && !open_loop(&s))
		result = measure(&s);
	logfile_close(&s.log);
	capture_close(&s.capture);
	if (s.log.failed || s.capture.failed)
		result = SWEEP_FAILED;
	loop_close(&s.loop);
	nlc_close(&s.nlc);
out:
	source_close(&s.source);
	addrset_free(&s.seen);
	range_list_free(&s.config.excluded);
	return result;
}

static const struct command_example examples[] = {
	{ "icmpctl sweep 192.168.1.0/24", "Who is there, as they answer" },
	{ "icmpctl sweep -a -q --rate max 10.0.0.0/16 | sort -V", "Bare addresses, for a pipe" },
	{ "icmpctl sweep --all -f hosts.txt --exclude 10.0.0.1", "Why the others are not up" },
	{ "icmpctl sweep -PE -PP -PS443 10.1.0.0/24", "By other probes, where echo is filtered" },
	{ "icmpctl sweep --all-nodes eth0", "Every IPv6 host on a link" },
	{ "icmpctl sweep --seed 7 --shard 2/3 10.0.0.0/12", "The second of three machines" },
	{ 0 }
};

static const struct command_exit exits[] = {
	{ SWEEP_ALL_UP, "every address is up" },
	{ SWEEP_SOME_DOWN, "some are not, it was stopped, or there was none to be asked" },
	{ SWEEP_UNKNOWN, "some targets have no address, or one that cannot be asked" },
	{ SWEEP_USAGE, "the command line is wrong, and stderr says what" },
	{ SWEEP_FAILED, "anything else, and stderr says what" },
	{ 0 }
};

const struct command command_sweep = {
	.name = "sweep",
	.summary = "tell which of many hosts are alive",
	.operands = "[HOST...]",
	.options = sweep_options,
	.note = "HOST may be 192.0.2.0/24, 192.0.2.1-120 or 10.0.0.1-10.0.3.254. LIST is a,b,...",
	.run = sweep,
	.about = "Each address is sent an echo request, and another one when the timeout has "
		 "passed, until it answers or its retries are over. With other kinds of probes "
		 "(-P) each kind is sent once before one is sent again. An ICMP error that comes from "
		 "the address itself is an answer: somebody is there. The order looks random, so "
		 "that no network is flooded; addresses on the command line are asked once each, "
		 "those of a file are read as they are asked. Memory depends on what is under way, "
		 "not on how many addresses there are.\n\n"
		 "What the local queue has no room for is sent again. On a link of this host no "
		 "more than half of the kernel's table of neighbours is taken, which bounds the "
		 "rate: raise net.ipv4.neigh.default.gc_thresh3 for large links.\n\n"
		 "The words of a file stand between white space and commas; behind a # is a comment. "
		 "One that cannot be asked is told and left out; beyond ten they are only counted. "
		 "Nobody is asked if one on the command line cannot be asked, or what is excluded cannot "
		 "be read.\n\n"
		 "A sweep that is stopped by Ctrl-C says where to go on. Parts (--shard) are "
		 "disjoint and together the whole if all have the same seed and targets.",
	.examples = examples,
	.exits = exits,
	.see_also = "fping(8)",
};
