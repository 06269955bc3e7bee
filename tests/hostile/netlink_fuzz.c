// SPDX-License-Identifier: GPL-2.0
/*
 * netlink_fuzz.c - messages to the module as nobody in his senses would send them
 *
 *	netlink_fuzz MESSAGES [WORKERS [SEED]]
 *
 * Made by netlink_message.c. Each worker is a process with two sockets, each of which asks
 * about the sessions of both; every second one has a network namespace of its own, every fourth
 * one within a user namespace, the others share the caller's. Whatever the module refuses it
 * must refuse in words (an extended ACK) that say why, each command of the specification must
 * have been carried out, and at the end neither a session nor a monitor may be left. What the
 * netlink core refuses in place of the module has no words in any family: of each message it is
 * known beforehand whether that, and which error, is to be expected (enum core), and any other
 * refusal without words is a failure.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/sock_diag.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../../include/uapi/linux/icmpctl.h"
#include "netlink_message.h"

#define ROOM		65536
#define BATCH		32
#define REMEMBERED	1024
#define SOCKETS		2

/* What the module says where nobody knew what to say (worded() in kmod/netlink.c). */
#define NO_REASON	"the request could not be carried out"

/* How it went with those of one command. */
struct tally {
	uint64_t sent;
	uint64_t accepted;
};

/* Seen by all workers. */
struct totals {
	uint64_t sent;
	uint64_t accepted;
	uint64_t refused;
	uint64_t core[CORES];	/* refused by the netlink core, without words */
	uint64_t wordless;
	uint64_t undue;		/* accepted, though there was no request */
	uint64_t silent;	/* of LIES: dropped */
	uint64_t unanswered;
	uint64_t dropped;	/* what found no room in the queue of a socket */
	uint64_t started;
	uint64_t sweeps;	/* of those */
	uint64_t kinds;		/* of those, with several kinds of probes */
	uint64_t errors[256];
	struct tally by[NETLINK_COMMANDS + 1][2];	/* by place, and whether it is a dump */
	uint32_t failed;
};

struct worker {
	struct writer writer;
	struct totals *totals;
	int fd[SOCKETS];
	uint32_t seq;
	uint32_t before;	/* the number before the first that is being exchanged */
	struct written written[REMEMBERED];	/* by sequence number */
	bool told;
};

static void add(uint64_t *what, uint64_t n)
{
	__atomic_fetch_add(what, n, __ATOMIC_RELAXED);
}

/* Has a dump not yet ended that was asked for before this, of the same socket? */
static bool dumping(const struct worker *w, uint32_t seq)
{
	while (--seq != w->before) {
		const struct written *written = &w->written[seq % REMEMBERED];

		if (written->dump && !written->answered)
			return true;
	}
	return false;
}

/* Does the core refuse so what it refuses in place of the module? */
static bool expected(const struct worker *w, uint32_t seq, int error, enum core *why)
{
	const struct written *written = &w->written[seq % REMEMBERED];

	*why = written->core;
	switch (written->core) {
	case CORE_NO_COMMAND:
		return error == -EOPNOTSUPP;
	case CORE_NO_HEADER:
		return error == -EINVAL;
	case CORE_LIES:
		return true;
	default:
		*why = CORE_BUSY;
		return error == -EBUSY && written->dump && dumping(w, seq);
	}
}

static bool says_why(const struct nlattr *words)
{
	return words && words->nla_len > NLA_HDRLEN + 1 &&
	       strncmp((const char *)(words + 1), NO_REASON, words->nla_len - NLA_HDRLEN);
}

static void judge(struct worker *w, const struct nlmsghdr *nlh, bool ack)
{
	int error = *(const int *)NLMSG_DATA(nlh);
	size_t at = NLMSG_HDRLEN + (ack ? sizeof(struct nlmsgerr) : sizeof(int));
	struct written *written = &w->written[nlh->nlmsg_seq % REMEMBERED];
	struct totals *totals = w->totals;
	const struct nlattr *words = NULL;
	enum core why;

	if (error)
		add(&totals->errors[-error & 255], 1);
	/* Behind one that lies of its length, attributes were taken for the next message. */
	if (nlh->nlmsg_seq - w->before - 1 >= w->seq - w->before || written->answered ||
	    (ack && ((const struct nlmsgerr *)NLMSG_DATA(nlh))->msg.nlmsg_type != w->writer.family))
		return;
	written->answered = true;
	if (nlh->nlmsg_flags & NLM_F_ACK_TLVS && nlh->nlmsg_len > at)
		words = genl_find((const uint8_t *)nlh + at, nlh->nlmsg_len - at, NLMSGERR_ATTR_MSG);
	if (!error) {
		add(&totals->accepted, 1);
		add(&totals->by[written->place][written->dump].accepted, 1);
		if (written->core && written->core != CORE_LIES)
			add(&totals->undue, 1);
	} else if (says_why(words)) {
		add(&totals->refused, 1);
	} else if (!words && expected(w, nlh->nlmsg_seq, error, &why)) {
		add(&totals->core[why], 1);
	} else {
		add(&totals->wordless, 1);
		if (!w->told)
			printf("# command %u, message %u: refused without a reason: %s\n",
			       written->command, nlh->nlmsg_seq, strerror(-error));
		w->told = true;
	}
}

/* The answer to a start: a session, and its number. */
static void take_started(struct worker *w, const struct nlmsghdr *nlh)
{
	const struct written *written = &w->written[nlh->nlmsg_seq % REMEMBERED];
	struct writer *writer = &w->writer;
	const struct nlattr *id;

	id = genl_find((const uint8_t *)nlh + NLMSG_HDRLEN + GENL_HDRLEN,
		       nlh->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN, ICMPCTL_SESSION_A_ID);
	add(&w->totals->started, 1);
	add(&w->totals->sweeps, written->sweep);
	add(&w->totals->kinds, written->kinds);
	if (id && written->sweep)
		writer->sweep = *(const uint32_t *)(id + 1);
	if (id)
		writer->ids[writer->n_ids < WRITER_IDS ? writer->n_ids++
			    : chance_below(&writer->chance, WRITER_IDS)] =
			*(const uint32_t *)(id + 1);
}

static void take(struct worker *w, const struct nlmsghdr *nlh)
{
	const struct genlmsghdr *genl = NLMSG_DATA(nlh);

	if (nlh->nlmsg_type == NLMSG_ERROR)
		judge(w, nlh, true);
	else if (nlh->nlmsg_type == NLMSG_DONE)
		judge(w, nlh, false);
	else if (nlh->nlmsg_type == w->writer.family && genl->cmd == ICMPCTL_CMD_SESSION_START)
		take_started(w, nlh);
}

/* Is an answer still to come of what was sent? */
static bool waiting(const struct worker *w)
{
	uint32_t seq;

	for (seq = w->seq; seq != w->before; seq--) {
		const struct written *written = &w->written[seq % REMEMBERED];

		if (!written->answered && written->core != CORE_LIES)
			return true;
	}
	return false;
}

/*
 * All that has come. Where a session tells more than can be read, as it may on a slow kernel,
 * that would be without end: when all has been answered, so much more is enough.
 */
static void drain(struct worker *w, int fd, int wait_ms)
{
	static uint8_t data[ROOM];
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	uint32_t more = 256;
	ssize_t len;

	while ((waiting(w) || more--) && poll(&ready, 1, wait_ms) > 0) {
		const struct nlmsghdr *nlh = (void *)data;
		int rest;

		len = recv(fd, data, sizeof(data), MSG_DONTWAIT);
		if (len < 0 && errno == ENOBUFS)
			continue;
		if (len < 0)
			break;
		for (rest = len; NLMSG_OK(nlh, rest); nlh = NLMSG_NEXT(nlh, rest))
			take(w, nlh);
		wait_ms = 0;
	}
}

/* What is in @m: each message of it has been answered, or never will be, on return. */
static int exchange(struct worker *w, int fd, const struct message *m)
{
	struct totals *totals = w->totals;
	uint32_t seq;

	for (seq = w->before + 1; seq != w->seq + 1; seq++) {
		const struct written *written = &w->written[seq % REMEMBERED];

		add(&totals->by[written->place][written->dump].sent, 1);
	}
	add(&totals->sent, w->seq - w->before);
	if (m->len && send(fd, m->data, m->len, 0) < 0) {
		perror("send");
		return -1;
	}
	drain(w, fd, 0);
	for (seq = w->before + 1; seq != w->seq + 1; seq++) {
		const struct written *written = &w->written[seq % REMEMBERED];

		if (!written->answered)
			add(written->core == CORE_LIES ? &totals->silent : &totals->unanswered, 1);
	}
	w->before = w->seq;
	return 0;
}

/* Stops what was started, each by its name, whichever socket it belongs to. */
static int stop_all(struct worker *w, int fd)
{
	uint8_t data[WRITER_IDS * 32];
	struct message m = { .data = data, .room = sizeof(data) };
	struct writer *writer = &w->writer;
	uint32_t i, place;
	struct command_told told;

	for (place = 0; netlink_command(place, &told); place++)
		if (!strcmp(told.name, "session-stop"))
			break;
	for (i = 0; i < writer->n_ids; i++) {
		uint32_t seq = ++w->seq;
		size_t start = message_begin(&m, writer->family, NLM_F_REQUEST | NLM_F_ACK, seq,
					     ICMPCTL_CMD_SESSION_STOP, 1);

		w->written[seq % REMEMBERED] = (struct written){
			.command = ICMPCTL_CMD_SESSION_STOP, .place = place,
		};
		message_u32(&m, ICMPCTL_SESSION_A_ID, writer->ids[i]);
		message_end(&m, start);
	}
	writer->n_ids = 0;
	return exchange(w, fd, &m);
}

/* What found no room in its queue, since it was opened. */
static void add_dropped(struct worker *w, int fd)
{
	uint32_t info[SK_MEMINFO_VARS];
	socklen_t len = sizeof(info);

	if (!getsockopt(fd, SOL_SOCKET, SO_MEMINFO, info, &len))
		add(&w->totals->dropped, info[SK_MEMINFO_DROPS]);
}

static int reopen(struct worker *w, int *fd)
{
	add_dropped(w, *fd);
	close(*fd);
	*fd = genl_open(8 << 20);
	return *fd;
}

static int work(struct totals *totals, uint64_t messages, uint32_t number, uint64_t seed)
{
	struct worker w = { .totals = totals };
	struct chance *chance = &w.writer.chance;
	static uint8_t data[ROOM];
	uint64_t done = 0;
	uint32_t i;

	chance->state = seed + number * 0x1234567ULL;
	/* One in four is root of a user namespace, and of nothing else. */
	if (number % 2 && (unshare(CLONE_NEWNET | (number % 4 == 3 ? CLONE_NEWUSER : 0)) ||
			   interface_up("lo"))) {
		perror("a network namespace of its own");
		return 1;
	}
	for (i = 0; i < SOCKETS; i++) {
		w.fd[i] = genl_open(8 << 20);
		w.writer.family = w.fd[i] < 0 ? 0 : genl_family(w.fd[i], ICMPCTL_FAMILY_NAME);
		if (!w.writer.family) {
			fprintf(stderr, "the family is not there\n");
			return 1;
		}
	}
	while (done < messages) {
		struct message m = { .data = data, .room = sizeof(data) };
		uint32_t count = chance_one_in(chance, 4) ? 1 : 1 + chance_below(chance, BATCH);
		uint32_t seq, at = chance_below(chance, SOCKETS);

		for (i = 0; i < count && m.len < m.room / 2;) {
			i++;
			seq = ++w.seq;
			if (!netlink_message(&w.writer, &m, seq, &w.written[seq % REMEMBERED]))
				break;
		}
		if (exchange(&w, w.fd[at], &m))
			return 1;
		/* For who waits for hours. */
		if (!number && messages > 10000 && (done + i) * 10 / messages > done * 10 / messages)
			printf("# %llu messages\n", (unsigned long long)totals->sent);
		done += i;
		/* Whose sessions go on, tells of them: the other one as well. */
		drain(&w, w.fd[!at], 0);
		if ((w.writer.n_ids >= 16 || chance_one_in(chance, 50)) && stop_all(&w, w.fd[at]))
			return 1;
		/* Owner's end: with sessions running, and events unread. */
		if (chance_one_in(chance, 200) && reopen(&w, &w.fd[at]) < 0)
			return 1;
	}
	if (stop_all(&w, w.fd[0]))
		return 1;
	for (i = 0; i < SOCKETS; i++) {
		drain(&w, w.fd[i], 300);
		add_dropped(&w, w.fd[i]);
		close(w.fd[i]);
	}
	return 0;
}

/* Ends the monitors of this namespace; those of others end with them. */
static void end_monitors(void)
{
	uint8_t data[WRITER_NAMES * 64], name[4];
	struct message m = { .data = data, .room = sizeof(data) };
	int fd = genl_open(1 << 20);
	uint16_t family = genl_family(fd, ICMPCTL_FAMILY_NAME);
	uint32_t i;

	for (i = 0; i < WRITER_NAMES; i++) {
		size_t start = message_begin(&m, family, NLM_F_REQUEST, i, ICMPCTL_CMD_MONITOR_DEL,
					     1);
		size_t nest = message_nest(&m, ICMPCTL_SESSION_A_MONITOR);

		message_attr(&m, ICMPCTL_MONITOR_A_NAME, name, netlink_name(name, i));
		message_attr_end(&m, nest);
		message_end(&m, start);
	}
	if (send(fd, data, m.len, 0) < 0)
		perror("send");
	close(fd);
}

/* So many sessions this namespace has, or monitors, as @attr of the module's answer says. */
static int left(uint16_t which)
{
	uint8_t data[8192];
	struct message m = { .data = data, .room = sizeof(data) };
	const struct nlattr *attr;
	int fd = genl_open(1 << 20), left = -1;
	uint16_t family = genl_family(fd, ICMPCTL_FAMILY_NAME);
	size_t start = message_begin(&m, family, NLM_F_REQUEST, 7, ICMPCTL_CMD_INFO_GET, 1);
	ssize_t len;

	message_end(&m, start);
	if (send(fd, data, m.len, 0) > 0) {
		len = recv(fd, data, sizeof(data), 0);
		attr = len < 20 ? NULL : genl_find(data + 20, len - 20, which);
		if (attr)
			left = *(const uint32_t *)(attr + 1);
	}
	close(fd);
	return left;
}

static bool any_left(void)
{
	return left(ICMPCTL_INFO_A_SESSIONS) || left(ICMPCTL_INFO_A_MONITORS);
}

/* A line a command, and whether each was carried out, in each way it can be asked for. */
static bool report_commands(const struct totals *totals)
{
	struct command_told told;
	bool good = true;
	uint32_t place;

	for (place = 0; netlink_command(place, &told); place++) {
		const struct tally *once = &totals->by[place][false];
		const struct tally *dump = &totals->by[place][true];

		printf("# %-16s carried out %8llu of %8llu times, told of all %7llu of %7llu\n",
		       told.name, (unsigned long long)once->accepted,
		       (unsigned long long)once->sent, (unsigned long long)dump->accepted,
		       (unsigned long long)dump->sent);
		good &= (!told.once || once->accepted) && (!told.dump || dump->accepted);
	}
	return good && totals->sweeps && totals->kinds;
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

static bool report(bool good, const char *what)
{
	printf("%s - netlink fuzz: %s\n", good ? "ok" : "not ok", what);
	return good;
}

int main(int argc, char **argv)
{
	uint64_t messages = argc > 1 ? strtoull(argv[1], NULL, 0) : 10000;
	uint32_t workers = argc > 2 ? strtoul(argv[2], NULL, 0) : 4, i;
	uint64_t seed = argc > 3 ? strtoull(argv[3], NULL, 0) : (uint64_t)time(NULL);
	struct totals *totals = mmap(NULL, sizeof(*totals), PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	double began = seconds();
	bool good = true;
	int status;

	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("# seed %llu\n", (unsigned long long)seed);
	for (i = 0; i < workers; i++)
		if (!fork())
			_exit(work(totals, messages / workers, i, seed));
	while (wait(&status) > 0)
		if (status)
			totals->failed++;
	end_monitors();
	printf("# %llu messages in %.1f s by %u processes: %llu accepted, %llu refused in words\n",
	       (unsigned long long)totals->sent, seconds() - began, workers,
	       (unsigned long long)totals->accepted, (unsigned long long)totals->refused);
	printf("# by the core, without words: %llu no such command, %llu no whole header, %llu lies of its length, %llu another dump not ended\n",
	       (unsigned long long)totals->core[CORE_NO_COMMAND],
	       (unsigned long long)totals->core[CORE_NO_HEADER],
	       (unsigned long long)totals->core[CORE_LIES],
	       (unsigned long long)totals->core[CORE_BUSY]);
	printf("# without an answer: %llu lie of their length, %llu others; %llu answers and events found no room\n",
	       (unsigned long long)totals->silent, (unsigned long long)totals->unanswered,
	       (unsigned long long)totals->dropped);
	printf("# %llu sessions, %llu sweeps among them, %llu of several kinds\n",
	       (unsigned long long)totals->started, (unsigned long long)totals->sweeps,
	       (unsigned long long)totals->kinds);
	for (i = 0; i < 256; i++)
		if (totals->errors[i])
			printf("# %8llu %s\n", (unsigned long long)totals->errors[i], strerror(i));
	good &= report(!totals->failed, "every worker came to its end");
	good &= report(totals->sent >= messages / 2 && totals->started > messages / 500 &&
		       totals->refused > messages / 10,
		       "messages were accepted and refused, and sessions ran");
	good &= report(report_commands(totals), "every command was carried out");
	good &= report(!totals->wordless && !totals->undue,
		       "every refusal of the module is in words, and the core refuses the rest");
	good &= report(totals->unanswered <= totals->dropped, "every message was answered");
	for (i = 0; i < 100 && any_left(); i++)
		usleep(100000);
	good &= report(!any_left(), "no session and no monitor is left");
	return !good;
}
