// SPDX-License-Identifier: GPL-2.0
/*
 * session_crowd.c - as many sessions as there may be, and readers who never tire
 *
 *	session_crowd SESSIONS MONITORS READERS SECONDS
 *	session_crowd SESSIONS 0 nobody SECONDS
 *
 * Begins SESSIONS sessions and MONITORS monitors, one probe a second each. Then READERS
 * processes read all of them for SECONDS, as fast as the kernel tells: the list of sessions,
 * each session's statistics, all monitors with their distributions. Prints a line `ready` when
 * reading begins, so that others can look at a bystander meanwhile, and at last, as JSON, how
 * often all was read, and what one call into the kernel had to do at most: how many it told of,
 * and how much of the CPU it took.
 *
 * If nobody reads, the sessions end after some probes each, and what the module has to say of
 * that finds no room.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../../include/uapi/linux/icmpctl.h"
#include "genl.h"

#define IDS_MAX		65536
#define MS		1000000ULL

/* What is asked for: a dump of all, or one after the other. */
enum kind { LIST, EACH, MONITORS, KINDS };

static const char *const names[KINDS] = { "list", "each", "monitors" };

/* Of all readers. */
struct seen {
	uint64_t calls;		/* into the kernel: sends and receives */
	uint64_t rounds;	/* all of them were told */
	uint64_t short_rounds;	/* some were missing */
	uint64_t most;		/* told by one call */
	uint64_t cpu_max_ns;	/* that one call took */
	uint64_t real_max_ns;	/* from its beginning to its end */
};

static struct seen *seen;
static uint32_t ids[IDS_MAX], sessions, monitors;
static uint16_t family;
static uint64_t until_ns;
static bool unread;

static uint64_t now_ns(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

static void at_least(uint64_t *most, uint64_t value)
{
	uint64_t was = __atomic_load_n(most, __ATOMIC_RELAXED);

	while (value > was &&
	       !__atomic_compare_exchange_n(most, &was, value, false, __ATOMIC_RELAXED,
					    __ATOMIC_RELAXED))
		;
}

/* One call into the kernel, and what it took. */
static int call(enum kind kind, int fd, void *data, size_t len, bool sending)
{
	uint64_t cpu_ns = now_ns(CLOCK_THREAD_CPUTIME_ID), real_ns = now_ns(CLOCK_MONOTONIC);
	int done = sending ? send(fd, data, len, 0) : recv(fd, data, len, MSG_DONTWAIT);

	at_least(&seen[kind].cpu_max_ns, now_ns(CLOCK_THREAD_CPUTIME_ID) - cpu_ns);
	at_least(&seen[kind].real_max_ns, now_ns(CLOCK_MONOTONIC) - real_ns);
	__atomic_fetch_add(&seen[kind].calls, 1, __ATOMIC_RELAXED);
	return done;
}

static void put_start(struct message *m, bool monitor, uint32_t number)
{
	size_t start = message_begin(m, family, NLM_F_REQUEST | NLM_F_ACK, number + 1,
				     monitor ? ICMPCTL_CMD_MONITOR_ADD
					     : ICMPCTL_CMD_SESSION_START, 1), nest;
	char name[16];

	nest = message_nest(m, ICMPCTL_SESSION_A_TARGET);
	message_address(m, ICMPCTL_TARGET_A_ADDRESS, number % 2 ? "::1" : "127.0.0.1");
	message_attr_end(m, nest);
	message_u64(m, ICMPCTL_SESSION_A_INTERVAL_NS, 1000 * MS);
	message_u64(m, ICMPCTL_SESSION_A_TIMEOUT_NS, 2000 * MS);
	if (monitor) {
		snprintf(name, sizeof(name), "m%u", number);
		nest = message_nest(m, ICMPCTL_SESSION_A_MONITOR);
		message_attr(m, ICMPCTL_MONITOR_A_NAME, name, strlen(name) + 1);
		message_attr_end(m, nest);
	} else if (unread) {
		message_u64(m, ICMPCTL_SESSION_A_COUNT, 4);
		message_u32(m, ICMPCTL_SESSION_A_RECORDS, ICMPCTL_RECORDS_MIN);
	} else {
		message_u32(m, ICMPCTL_SESSION_A_FLAGS, ICMPCTL_SESSION_F_NO_RECORDS);
	}
	message_end(m, start);
}

/* The acknowledgement of one request: 0, or why it was refused; *id, if it began. */
static int answer(int fd, uint32_t *id)
{
	static uint8_t data[65536];
	struct pollfd ready = { .fd = fd, .events = POLLIN };

	while (poll(&ready, 1, 5000) > 0) {
		const struct nlmsghdr *nlh = (void *)data;
		int len = recv(fd, data, sizeof(data), 0);

		for (; NLMSG_OK(nlh, len); nlh = NLMSG_NEXT(nlh, len)) {
			const struct nlattr *attr;

			if (nlh->nlmsg_type == NLMSG_ERROR)
				return -*(const int *)NLMSG_DATA(nlh);
			if (nlh->nlmsg_type != family)
				continue;
			attr = genl_find((const uint8_t *)nlh + NLMSG_HDRLEN + GENL_HDRLEN,
					 nlh->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN,
					 ICMPCTL_SESSION_A_ID);
			*id = attr ? *(const uint32_t *)(attr + 1) : 0;
		}
	}
	return ETIMEDOUT;
}

/* As many as are wanted, or as there may be; returns how many began. */
static uint32_t begin(int fd, bool monitor, uint32_t wanted)
{
	uint8_t data[1024];
	uint32_t number, id;
	int err;

	for (number = 0; number < wanted; number++) {
		struct message m = { .data = data, .room = sizeof(data) };

		put_start(&m, monitor, number);
		err = send(fd, data, m.len, 0) < 0 ? errno : answer(fd, &id);
		if (err) {
			fprintf(stderr, "%s %u: %s\n", monitor ? "monitor" : "session", number + 1,
				strerror(err));
			break;
		}
		if (!monitor)
			ids[number] = id;
	}
	return number;
}

static size_t put_request(uint8_t *data, size_t room, enum kind kind, uint32_t id)
{
	struct message m = { .data = data, .room = room };
	size_t start = message_begin(&m, family, NLM_F_REQUEST | (kind == EACH ? 0 : NLM_F_DUMP), 1,
				     kind == MONITORS ? ICMPCTL_CMD_MONITOR_GET
						      : ICMPCTL_CMD_SESSION_GET, 1), nest;

	if (kind == EACH)
		message_u32(&m, ICMPCTL_SESSION_A_ID, id);
	if (kind == MONITORS) {
		nest = message_nest(&m, ICMPCTL_SESSION_A_MONITOR);
		message_u32(&m, ICMPCTL_MONITOR_A_FLAGS, ICMPCTL_MONITOR_F_HISTOGRAM);
		message_attr_end(&m, nest);
	}
	message_end(&m, start);
	return m.len;
}

/* Asks, and takes what comes until the end of it: how many were told of. */
static uint32_t ask(int fd, enum kind kind, uint32_t id)
{
	static uint8_t data[65536];
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	size_t room = put_request(data, sizeof(data), kind, id);
	uint32_t told = 0;

	if (call(kind, fd, data, room, true) < 0)
		return 0;
	while (poll(&ready, 1, 10000) > 0) {
		const struct nlmsghdr *nlh = (void *)data;
		int len = call(kind, fd, data, sizeof(data), false);
		uint32_t here = 0;
		bool last = len < 0;

		for (; NLMSG_OK(nlh, len); nlh = NLMSG_NEXT(nlh, len)) {
			here += nlh->nlmsg_type == family;
			last |= nlh->nlmsg_type == NLMSG_DONE ||
				nlh->nlmsg_type == NLMSG_ERROR || kind == EACH;
		}
		at_least(&seen[kind].most, here);
		told += here;
		if (last)
			break;
	}
	return told;
}

static void round_over(enum kind kind, bool whole)
{
	__atomic_fetch_add(whole ? &seen[kind].rounds : &seen[kind].short_rounds, 1,
			   __ATOMIC_RELAXED);
}

static int read_all(void)
{
	int fd = genl_open(1 << 20);
	uint32_t i;

	while (fd >= 0 && now_ns(CLOCK_MONOTONIC) < until_ns) {
		round_over(LIST, ask(fd, LIST, 0) == sessions);
		if (monitors)
			round_over(MONITORS, ask(fd, MONITORS, 0) == monitors);
		for (i = 0; i < sessions && ask(fd, EACH, ids[i]) == 1; i++)
			;
		round_over(EACH, i == sessions);
	}
	return fd < 0;
}

static void remove_monitors(int fd)
{
	uint8_t data[1024];
	uint32_t number, id;

	for (number = 0; number < monitors; number++) {
		struct message m = { .data = data, .room = sizeof(data) };
		size_t start = message_begin(&m, family, NLM_F_REQUEST | NLM_F_ACK, 1,
					     ICMPCTL_CMD_MONITOR_DEL, 1), nest;
		char name[16];

		snprintf(name, sizeof(name), "m%u", number);
		nest = message_nest(&m, ICMPCTL_SESSION_A_MONITOR);
		message_attr(&m, ICMPCTL_MONITOR_A_NAME, name, strlen(name) + 1);
		message_attr_end(&m, nest);
		message_end(&m, start);
		if (send(fd, data, m.len, 0) > 0)
			answer(fd, &id);
	}
}

static void print(const struct seen *one, const char *name)
{
	printf(", \"%s\": {\"calls\": %llu, \"rounds\": %llu, \"short\": %llu, \"most\": %llu, \"cpu_max_ns\": %llu, \"real_max_ns\": %llu}",
	       name, (unsigned long long)one->calls, (unsigned long long)one->rounds,
	       (unsigned long long)one->short_rounds, (unsigned long long)one->most,
	       (unsigned long long)one->cpu_max_ns, (unsigned long long)one->real_max_ns);
}

int main(int argc, char **argv)
{
	uint32_t wanted[2] = { argc > 1 ? strtoul(argv[1], NULL, 0) : 1024,
			       argc > 2 ? strtoul(argv[2], NULL, 0) : 0 };
	uint32_t readers, i;
	double length = argc > 4 ? atof(argv[4]) : 1;
	int fd = genl_open(16 << 20), least = 1, status, failed = 0;

	unread = argc > 3 && !strcmp(argv[3], "nobody");
	readers = unread ? 0 : argc > 3 ? strtoul(argv[3], NULL, 0) : 1;
	family = fd < 0 ? 0 : genl_family(fd, ICMPCTL_FAMILY_NAME);
	if (!family || wanted[0] > IDS_MAX) {
		fprintf(stderr, "no module, or too many sessions\n");
		return 1;
	}
	seen = mmap(NULL, KINDS * sizeof(*seen), PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	sessions = begin(fd, false, wanted[0]);
	monitors = begin(fd, true, wanted[1]);
	/* There is room for one message, as an empty socket always has. */
	if (unread)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &least, sizeof(least));
	/* Until each has something to tell, or has ended. */
	sleep(unread ? 8 : 2);
	printf("ready\n");
	fflush(stdout);
	until_ns = now_ns(CLOCK_MONOTONIC) + (uint64_t)(length * 1e9);
	for (i = 0; i < readers; i++)
		if (!fork())
			_exit(read_all());
	while (wait(&status) > 0)
		failed += !!status;
	if (!readers)
		usleep(length * 1e6);
	printf("{\"sessions\": %u, \"monitors\": %u, \"readers\": %u", sessions, monitors, readers);
	for (i = 0; i < KINDS; i++)
		print(&seen[i], names[i]);
	printf("}\n");
	remove_monitors(fd);
	return failed || sessions != wanted[0] || monitors != wanted[1];
}
