// SPDX-License-Identifier: GPL-2.0
/*
 * session_storm.c - sessions begun and ended from many processes at once
 *
 *	session_storm SECONDS [WORKERS [SLOWER [SEED]]]
 *
 * Each worker opens sockets, starts sessions, sweeps and monitors on them at rates up to
 * 10,000 a second (SLOWER so many times, for a kernel that checks all it does), and ends them
 * some milliseconds later: by name, by closing the socket, by being killed, by leaving with
 * events unread, or by taking the network namespace along, which may belong to a user namespace.
 * Somebody else reads all of them over and over. The module is unloaded under them, as soon as
 * no monitor keeps it, after each hundred sessions or so, and comes back when it is next asked
 * for. Whatever is sent waits up to two seconds in a queue, of one kind or the other (queue.h),
 * so that driver's stamps come when their sessions, sockets and module have long gone.
 *
 * Goes on until ten sessions a second of it have begun (if slower: two), and some of all else that
 * is counted was there, eight times as long at most. Ends with what was done; whether anything is left is for the caller to see.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../../include/uapi/linux/icmpctl.h"
#include "genl.h"
#include "queue.h"

#define SESSIONS_MAX	16
#define LOOPBACK	1	/* its ifindex, in every namespace */
/* Nearly all of it after the end of its session, some after that of the module. */
#define LEAST_US	10000
#define MOST_US		1990000

enum total {
	SOCKETS, ASKED, STARTED, SWEEPS, MONITORS, REFUSED, STOPPED, KILLED, NAMESPACES, USERS,
	DUMPS, UNLOADS, AWAY, QUEUED, TOTALS
};

static const char *const names[TOTALS] = {
	[SOCKETS] = "sockets", [ASKED] = "asked", [STARTED] = "started", [SWEEPS] = "sweeps",
	[MONITORS] = "monitors", [REFUSED] = "refused", [STOPPED] = "stopped",
	[KILLED] = "killed", [NAMESPACES] = "namespaces", [USERS] = "users", [DUMPS] = "dumps",
	[UNLOADS] = "unloads", [AWAY] = "away", [QUEUED] = "queued"
};

/* What a session was asked to be. */
enum sort { PLAIN, SWEEP, MONITOR };

struct asked {
	enum sort sort;
	uint32_t id;		/* 0: did not begin */
};

/* Seen by all processes; and behind them, whether the module shall go now. */
static uint64_t *totals;
static double until, last;
static uint64_t floor_started;
static uint32_t slower;

static void add(enum total what, uint64_t n)
{
	__atomic_fetch_add(&totals[what], n, __ATOMIC_RELAXED);
}

/* While a monitor is there, or a dump, the module is in use: they wait. */
static bool unloading(void)
{
	return __atomic_load_n(&totals[TOTALS], __ATOMIC_RELAXED);
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

/* Has there been some of all that is to be? That somebody finds no module is chance. */
static bool all_seen(void)
{
	int i;

	for (i = 0; i < TOTALS; i++)
		if (i != AWAY && !__atomic_load_n(&totals[i], __ATOMIC_RELAXED))
			return false;
	return totals[STARTED] >= floor_started;
}

/* On a busy machine a storm takes as long as it takes to be one. */
static bool going(void)
{
	double now = seconds();

	return now < until || (now < last && !all_seen());
}

static void put_target(struct message *m, const char *host)
{
	size_t start = message_nest(m, ICMPCTL_SESSION_A_TARGET);

	message_address(m, ICMPCTL_TARGET_A_ADDRESS, host);
	message_attr_end(m, start);
}

/* Unique among those that live at the same time in one namespace: its process and place. */
static void put_name(struct message *m, uint32_t place)
{
	size_t start = message_nest(m, ICMPCTL_SESSION_A_MONITOR);
	char name[32];

	snprintf(name, sizeof(name), "storm-%d-%u", getpid(), place);
	message_attr(m, ICMPCTL_MONITOR_A_NAME, name, strlen(name) + 1);
	message_attr_end(m, start);
}

static void put_targets(struct chance *chance, struct message *m)
{
	static const char *const hosts[] = { "127.0.0.1", "::1", "127.0.0.2" };
	uint32_t i;

	for (i = 1 + chance_below(chance, 4); i; i--)
		put_target(m, hosts[chance_below(chance, 3)]);
	if (chance_one_in(chance, 3))
		message_u32(m, ICMPCTL_SESSION_A_KIND, ICMPCTL_PROBE_UDP);
	if (chance_one_in(chance, 4))
		message_u32(m, ICMPCTL_SESSION_A_SCHEDULE, ICMPCTL_SCHEDULE_POISSON);
}

static void put_start(struct chance *chance, struct message *m, uint16_t family, uint32_t seq,
		      enum sort sort)
{
	size_t start = message_begin(m, family, NLM_F_REQUEST | NLM_F_ACK, seq,
				     sort == MONITOR ? ICMPCTL_CMD_MONITOR_ADD
						     : ICMPCTL_CMD_SESSION_START, 1), sweep;

	/* Few that the machine cannot bear, or nothing else would be done. */
	message_u64(m, ICMPCTL_SESSION_A_INTERVAL_NS,
		slower * (chance_one_in(chance, 400) ? 100000
						     : 1000000ULL * (20 + chance_below(chance, 200))));
	message_u64(m, ICMPCTL_SESSION_A_TIMEOUT_NS, 1000000ULL * (1 + chance_below(chance, 200)));
	message_u32(m, ICMPCTL_SESSION_A_SIZE, 8 + chance_below(chance, chance_one_in(chance, 16) ?
							    20000 : 100));
	if (sort == SWEEP) {
		sweep = message_nest(m, ICMPCTL_SESSION_A_SWEEP);
		message_u32(m, ICMPCTL_SWEEP_A_RATE_PPS, 500 / slower);
		message_attr_end(m, sweep);
	} else {
		put_targets(chance, m);
	}
	if (sort == PLAIN && chance_one_in(chance, 3))
		message_u64(m, ICMPCTL_SESSION_A_COUNT, 1 + chance_below(chance, 20));
	if (sort == MONITOR)
		put_name(m, seq);
	message_end(m, start);
}

/* Addresses for a sweep, and with luck all of them. */
static void put_feed(struct chance *chance, struct message *m, uint16_t family, uint32_t id)
{
	size_t start = message_begin(m, family, NLM_F_REQUEST, 0, ICMPCTL_CMD_SWEEP_FEED, 1), sweep;
	uint8_t range[8] = { 127, 0, 0, 1, 127, 0, 0, 1 + chance_below(chance, 200) };

	message_u32(m, ICMPCTL_SESSION_A_ID, id);
	message_attr(m, ICMPCTL_SESSION_A_RANGE, range, sizeof(range));
	if (chance_one_in(chance, 2)) {
		sweep = message_nest(m, ICMPCTL_SESSION_A_SWEEP);
		message_attr(m, ICMPCTL_SWEEP_A_END, NULL, 0);
		message_attr_end(m, sweep);
	}
	message_end(m, start);
}

static void put_stop(struct message *m, uint16_t family, uint32_t id)
{
	size_t start = message_begin(m, family, NLM_F_REQUEST, 0, ICMPCTL_CMD_SESSION_STOP, 1);

	message_u32(m, ICMPCTL_SESSION_A_ID, id);
	message_end(m, start);
}

static void put_monitor(struct message *m, uint16_t family, uint8_t cmd, uint32_t place)
{
	size_t start = message_begin(m, family, NLM_F_REQUEST, 0, cmd, 1);

	put_name(m, place);
	message_end(m, start);
}

/* Several messages at once. Whoever has gone meanwhile, with his module, is missed by nobody. */
static bool post(int fd, const struct message *m)
{
	if (!m->len || send(fd, m->data, m->len, 0) > 0)
		return true;
	if (errno != ECONNREFUSED && errno != EAGAIN)
		perror("send");
	return false;
}

/* What came, and so which of those that were asked for began. Place @i has number @i + 1. */
static void take(int fd, uint16_t family, uint32_t wanted, struct asked *asked)
{
	static uint8_t data[65536];
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	/* Answers for which there was no room never come, and events go on and on. */
	double end = seconds() + 0.5;
	uint32_t answers = 0;

	while (answers < wanted && seconds() < end && poll(&ready, 1, 500) > 0) {
		const struct nlmsghdr *nlh = (void *)data;
		int len = recv(fd, data, sizeof(data), MSG_DONTWAIT);

		if (len < 0)
			break;
		for (; NLMSG_OK(nlh, len); nlh = NLMSG_NEXT(nlh, len)) {
			const struct genlmsghdr *genl = NLMSG_DATA(nlh);
			const struct nlattr *id;

			if (nlh->nlmsg_type == NLMSG_ERROR) {
				answers++;
				if (*(const int *)NLMSG_DATA(nlh))
					add(REFUSED, 1);
			}
			if (nlh->nlmsg_type != family || !nlh->nlmsg_seq ||
			    nlh->nlmsg_seq > SESSIONS_MAX ||
			    (genl->cmd != ICMPCTL_CMD_SESSION_START &&
			     genl->cmd != ICMPCTL_CMD_MONITOR_ADD))
				continue;
			id = genl_find((const uint8_t *)nlh + NLMSG_HDRLEN + GENL_HDRLEN,
				       nlh->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN,
				       ICMPCTL_SESSION_A_ID);
			if (!id)
				continue;
			asked[nlh->nlmsg_seq - 1].id = *(const uint32_t *)(id + 1);
			add(STARTED, 1);
			if (asked[nlh->nlmsg_seq - 1].sort == SWEEP)
				add(SWEEPS, 1);
			if (asked[nlh->nlmsg_seq - 1].sort == MONITOR)
				add(MONITORS, 1);
		}
	}
}

/*
 * A socket, and the number of the family, which loads the module if it is not there. Not
 * everybody shall do that: it takes a process.
 */
static int open_family(struct chance *chance, uint16_t *family, int rcvbuf)
{
	int fd;

	if (!chance_one_in(chance, 8) && access("/sys/module/icmpctl", F_OK)) {
		usleep(20000);
		return -1;
	}
	fd = genl_open(rcvbuf);
	*family = fd < 0 ? 0 : genl_family(fd, ICMPCTL_FAMILY_NAME);
	if (*family) {
		add(SOCKETS, 1);
		return fd;
	}
	add(AWAY, 1);
	close(fd);
	usleep(10000);
	return -1;
}

/* What was begun is fed, asked about, and ended: monitors always, the others perhaps. */
static void end_asked(struct chance *chance, int fd, uint16_t family, struct asked *asked,
		      uint32_t count)
{
	static uint8_t data[65536];
	struct message m = { .data = data, .room = sizeof(data) };
	bool stop = chance_one_in(chance, 2);
	uint32_t i;

	for (i = 0; i < count; i++) {
		if (asked[i].sort == SWEEP && asked[i].id)
			put_feed(chance, &m, family, asked[i].id);
		if (asked[i].sort == MONITOR && chance_one_in(chance, 2))
			put_monitor(&m, family, ICMPCTL_CMD_MONITOR_RESET, i + 1);
	}
	post(fd, &m);
	usleep(chance_below(chance, 30000));
	m.len = 0;
	for (i = 0; i < count; i++) {
		/* Its answer may have found no room: it may be there all the same. */
		if (asked[i].sort == MONITOR)
			put_monitor(&m, family, ICMPCTL_CMD_MONITOR_DEL, i + 1);
		else if (stop && asked[i].id)
			put_stop(&m, family, asked[i].id);
		add(STOPPED, stop && asked[i].id);
	}
	post(fd, &m);
}

/* One socket's life. Who may be killed has monitors only where they go with the namespace. */
static void round_of(struct chance *chance, bool monitors)
{
	struct asked asked[SESSIONS_MAX] = {};
	uint32_t i, count = 1 + chance_below(chance, SESSIONS_MAX);
	static uint8_t data[65536];
	struct message m = { .data = data, .room = sizeof(data) };
	uint16_t family;
	int fd = open_family(chance, &family, chance_one_in(chance, 4) ? 4096 : 1 << 20);

	if (fd < 0)
		return;
	for (i = 0; i < count; i++) {
		asked[i].sort = chance_one_in(chance, 8) ? SWEEP :
				monitors && !unloading() && chance_one_in(chance, 8) ? MONITOR
										     : PLAIN;
		put_start(chance, &m, family, i + 1, asked[i].sort);
	}
	add(ASKED, count);
	if (post(fd, &m)) {
		take(fd, family, count, asked);
		end_asked(chance, fd, family, asked, count);
	}
	close(fd);
}

/* Have all that leaves wait, in whatever queue chance has. */
static int hold_back(struct chance *chance)
{
	return chance_one_in(chance, 2) ?
	       queue_bunch(LOOPBACK, LEAST_US, MOST_US) :
	       queue_delay(LOOPBACK, (MOST_US + LEAST_US) / 2, (MOST_US - LEAST_US) / 2);
}

/* In a process that is killed in the midst of it, or leaves, with its namespace or without. */
static void round_of_child(struct chance *chance)
{
	bool alone = chance_one_in(chance, 2), killed = chance_one_in(chance, 2);
	/* Whoever may do no more than that, and is nobody elsewhere. */
	bool user = alone && chance_one_in(chance, 2);
	uint32_t wait_us = chance_below(chance, 60000);
	uint64_t seed = chance_next(chance);
	int status;
	pid_t pid = fork();

	if (!pid) {
		struct chance own = { seed };

		if (alone && (unshare(CLONE_NEWNET | (user ? CLONE_NEWUSER : 0)) ||
			      interface_up("lo") || hold_back(&own)))
			_exit(1);
		if (alone)
			add(NAMESPACES, 1);
		if (user)
			add(USERS, 1);
		do
			round_of(&own, alone);
		while (killed);
		_exit(0);
	}
	if (pid < 0) {
		perror("fork");
		return;
	}
	if (killed) {
		usleep(wait_us);
		kill(pid, SIGKILL);
		add(KILLED, 1);
	}
	waitpid(pid, &status, 0);
}

static int work(uint64_t seed)
{
	struct chance chance = { seed };

	while (going()) {
		if (chance_one_in(&chance, 5))
			round_of_child(&chance);
		else
			round_of(&chance, true);
	}
	return 0;
}

/* All of a kind; returns false if the last message did not come. */
static bool dump(int fd, uint16_t family, uint8_t cmd)
{
	static uint8_t data[65536];
	struct message m = { .data = data, .room = sizeof(data) };
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	size_t start = message_begin(&m, family, NLM_F_REQUEST | NLM_F_DUMP, 1, cmd, 1);

	message_end(&m, start);
	if (!post(fd, &m))
		return false;
	while (poll(&ready, 1, 1000) > 0) {
		const struct nlmsghdr *nlh = (void *)data;
		int len = recv(fd, data, sizeof(data), MSG_DONTWAIT);

		if (len < 0)
			return false;
		for (; NLMSG_OK(nlh, len); nlh = NLMSG_NEXT(nlh, len))
			if (nlh->nlmsg_type == NLMSG_DONE || nlh->nlmsg_type == NLMSG_ERROR)
				return nlh->nlmsg_type == NLMSG_DONE;
	}
	return false;
}

static int watch(uint64_t seed)
{
	struct chance chance = { seed };

	while (going()) {
		uint16_t family;
		int fd = open_family(&chance, &family, 1 << 20);

		if (fd < 0)
			continue;
		while (!unloading() && dump(fd, family, ICMPCTL_CMD_SESSION_GET) &&
		       dump(fd, family, ICMPCTL_CMD_MONITOR_GET) && going()) {
			add(DUMPS, 2);
			usleep(chance_below(&chance, 100000));
		}
		close(fd);
		usleep(10000);
	}
	return 0;
}

static int unload(uint64_t seed)
{
	struct chance chance = { seed };

	while (going()) {
		bool gone = false;
		uint64_t enough;

		/* After some more sessions, so that there is something to take it from. */
		enough = totals[STARTED] + (20 + chance_below(&chance, 200)) / slower;
		while (totals[STARTED] < enough && going())
			usleep(5000);
		totals[TOTALS] = 1;
		while (!gone && going()) {
			gone = !syscall(SYS_delete_module, "icmpctl", O_NONBLOCK);
			usleep(gone ? 0 : 1000);
		}
		totals[TOTALS] = 0;
		if (!gone)
			break;
		/* Requests and replies: what left when it was still there. */
		add(QUEUED, queue_length(LOOPBACK));
		add(UNLOADS, 1);
		if (hold_back(&chance))
			return 1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	double began = seconds(), length = argc > 1 ? atof(argv[1]) : 10;
	uint32_t workers = argc > 2 ? strtoul(argv[2], NULL, 0) : 8, i;
	uint64_t seed = argc > 4 ? strtoull(argv[4], NULL, 0) : (uint64_t)time(NULL);
	int status, failed = 0;

	slower = argc > 3 ? strtoul(argv[3], NULL, 0) : 1;
	if (!slower || slower > 100)
		return 2;
	totals = mmap(NULL, (TOTALS + 1) * sizeof(*totals), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (interface_up("lo") || queue_bunch(LOOPBACK, LEAST_US, MOST_US))
		return 1;
	until = began + length;
	last = began + 8 * length;
	floor_started = (slower > 1 ? 2 : 10) * length;
	for (i = 0; i < workers + 2; i++)
		if (!fork())
			_exit(i == 0 ? unload(seed) : i == 1 ? watch(seed) : work(seed + i));
	while (wait(&status) > 0)
		failed += !!status;
	printf("{\"seed\": %llu, \"seconds\": %.1f", (unsigned long long)seed,
	       seconds() - began);
	for (i = 0; i < TOTALS; i++)
		printf(", \"%s\": %llu", names[i], (unsigned long long)totals[i]);
	printf("}\n");
	return !!failed;
}
