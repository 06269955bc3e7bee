// SPDX-License-Identifier: GPL-2.0
/*
 * session_storm.c - sessions begun and ended from many processes at once
 *
 *	session_storm SECONDS [WORKERS [SEED]]
 *
 * Each worker opens sockets, starts sessions of all kinds on them at rates up to 10,000 a
 * second, and ends them some milliseconds later: by name, by closing the socket, by being
 * killed, by leaving with events unread, or by taking the network namespace along. The
 * module is unloaded under them every other second and comes back when it is next asked for.
 * Ends with what was done; whether anything is left is for the caller to see.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
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

#define SESSIONS_MAX	16

struct totals {
	uint64_t asked;
	uint64_t started;
	uint64_t refused;
	uint64_t sockets;
	uint64_t stopped;
	uint64_t killed;
	uint64_t namespaces;
	uint64_t unloads;
	uint64_t away;		/* found no module */
};

static struct totals *totals;
static double until;

static void add(uint64_t *what, uint64_t n)
{
	__atomic_fetch_add(what, n, __ATOMIC_RELAXED);
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

static void put_u32(struct message *m, uint16_t type, uint32_t value)
{
	message_attr(m, type, &value, sizeof(value));
}

static void put_u64(struct message *m, uint16_t type, uint64_t value)
{
	message_attr(m, type, &value, sizeof(value));
}

static void put_target(struct message *m, const char *host)
{
	uint8_t address[16];
	int family = strchr(host, ':') ? AF_INET6 : AF_INET;
	size_t start = message_attr(m, ICMPCTL_SESSION_A_TARGET | NLA_F_NESTED, NULL, 0);

	inet_pton(family, host, address);
	message_attr(m, ICMPCTL_TARGET_A_ADDRESS, address, family == AF_INET6 ? 16 : 4);
	message_attr_end(m, start);
}

static void put_start(struct chance *chance, struct message *m, uint16_t family, uint32_t seq)
{
	static const char *const hosts[] = { "127.0.0.1", "::1", "127.0.0.2" };
	size_t start = message_begin(m, family, NLM_F_REQUEST | NLM_F_ACK, seq,
				     ICMPCTL_CMD_SESSION_START, 1), nest;
	uint32_t i;

	/* Few that the machine cannot bear, or nothing else would be done. */
	put_u64(m, ICMPCTL_SESSION_A_INTERVAL_NS,
		chance_one_in(chance, 100) ? 100000 : 1000000ULL * (5 + chance_below(chance, 50)));
	put_u64(m, ICMPCTL_SESSION_A_TIMEOUT_NS, 1000000ULL * (1 + chance_below(chance, 200)));
	put_u32(m, ICMPCTL_SESSION_A_SIZE, 8 + chance_below(chance, chance_one_in(chance, 16) ?
							    20000 : 100));
	if (chance_one_in(chance, 3))
		put_u64(m, ICMPCTL_SESSION_A_COUNT, 1 + chance_below(chance, 20));
	if (chance_one_in(chance, 8)) {
		nest = message_attr(m, ICMPCTL_SESSION_A_SWEEP | NLA_F_NESTED, NULL, 0);
		put_u32(m, ICMPCTL_SWEEP_A_RATE_PPS, 1000);
		message_attr_end(m, nest);
	} else {
		for (i = 1 + chance_below(chance, 4); i; i--)
			put_target(m, hosts[chance_below(chance, 3)]);
		if (chance_one_in(chance, 3))
			put_u32(m, ICMPCTL_SESSION_A_KIND, ICMPCTL_PROBE_UDP);
		if (chance_one_in(chance, 4))
			put_u32(m, ICMPCTL_SESSION_A_SCHEDULE, ICMPCTL_SCHEDULE_POISSON);
	}
	message_end(m, start);
}

static void put_stop(struct message *m, uint16_t family, uint32_t id)
{
	size_t start = message_begin(m, family, NLM_F_REQUEST, 0, ICMPCTL_CMD_SESSION_STOP, 1);

	put_u32(m, ICMPCTL_SESSION_A_ID, id);
	message_end(m, start);
}

/* What came: ids of sessions that began. */
static uint32_t take(int fd, uint16_t family, uint32_t wanted, uint32_t *ids)
{
	static uint8_t data[65536];
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	/* Answers for which there was no room never come, and events go on and on. */
	double end = seconds() + 0.5;
	uint32_t n = 0, answers = 0;

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
					add(&totals->refused, 1);
			}
			if (nlh->nlmsg_type != family || genl->cmd != ICMPCTL_CMD_SESSION_START)
				continue;
			id = genl_find((const uint8_t *)nlh + NLMSG_HDRLEN + GENL_HDRLEN,
				       nlh->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN,
				       ICMPCTL_SESSION_A_ID);
			if (id && n < SESSIONS_MAX)
				ids[n++] = *(const uint32_t *)(id + 1);
		}
	}
	add(&totals->started, n);
	return n;
}

/* One socket's life. */
static void round_of(struct chance *chance)
{
	uint32_t ids[SESSIONS_MAX], n, i, count = 1 + chance_below(chance, SESSIONS_MAX);
	static uint8_t data[65536];
	struct message m = { .data = data, .room = sizeof(data) };
	int fd = genl_open(chance_one_in(chance, 4) ? 4096 : 1 << 20);
	uint16_t family = fd < 0 ? 0 : genl_family(fd, ICMPCTL_FAMILY_NAME);

	if (!family) {
		add(&totals->away, 1);
		close(fd);
		usleep(10000);
		return;
	}
	add(&totals->sockets, 1);
	for (i = 0; i < count; i++)
		put_start(chance, &m, family, i + 1);
	add(&totals->asked, count);
	if (send(fd, data, m.len, 0) > 0) {
		n = take(fd, family, count, ids);
		usleep(chance_below(chance, 30000));
		if (n && chance_one_in(chance, 2)) {
			m.len = 0;
			for (i = 0; i < n; i++)
				put_stop(&m, family, ids[i]);
			add(&totals->stopped, n);
			if (send(fd, data, m.len, 0) < 0 && errno != ECONNREFUSED)
				perror("stop");
		}
	}
	close(fd);
}

/* In a process that is killed in the midst of it, or leaves, with its namespace or without. */
static void round_of_child(struct chance *chance)
{
	bool alone = chance_one_in(chance, 2), killed = chance_one_in(chance, 2);
	uint32_t wait_us = chance_below(chance, 60000);
	uint64_t seed = chance_next(chance);
	int status;
	pid_t pid = fork();

	if (!pid) {
		struct chance own = { seed };

		if (alone && (unshare(CLONE_NEWNET) || interface_up("lo")))
			_exit(1);
		do
			round_of(&own);
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
		add(&totals->killed, 1);
	}
	if (alone)
		add(&totals->namespaces, 1);
	waitpid(pid, &status, 0);
}

static int work(uint64_t seed)
{
	struct chance chance = { seed };

	while (seconds() < until) {
		if (chance_one_in(&chance, 5))
			round_of_child(&chance);
		else
			round_of(&chance);
	}
	return 0;
}

static int unload(uint64_t seed)
{
	struct chance chance = { seed };

	while (seconds() < until) {
		usleep(1000000 + chance_below(&chance, 2000000));
		if (!syscall(SYS_delete_module, "icmpctl", O_NONBLOCK))
			add(&totals->unloads, 1);
	}
	return 0;
}

int main(int argc, char **argv)
{
	double began = seconds(), length = argc > 1 ? atof(argv[1]) : 10;
	uint32_t workers = argc > 2 ? strtoul(argv[2], NULL, 0) : 8, i;
	uint64_t seed = argc > 3 ? strtoull(argv[3], NULL, 0) : (uint64_t)time(NULL);
	int status, failed = 0;

	totals = mmap(NULL, sizeof(*totals), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		      -1, 0);
	until = began + length;
	for (i = 0; i <= workers; i++)
		if (!fork())
			_exit(i ? work(seed + i) : unload(seed));
	while (wait(&status) > 0)
		failed += !!status;
	printf("{\"seed\": %llu, \"seconds\": %.1f, \"sockets\": %llu, \"asked\": %llu, \"started\": %llu, \"refused\": %llu, \"stopped\": %llu, \"killed\": %llu, \"namespaces\": %llu, \"unloads\": %llu, \"away\": %llu}\n",
	       (unsigned long long)seed, seconds() - began, (unsigned long long)totals->sockets,
	       (unsigned long long)totals->asked, (unsigned long long)totals->started,
	       (unsigned long long)totals->refused, (unsigned long long)totals->stopped,
	       (unsigned long long)totals->killed, (unsigned long long)totals->namespaces,
	       (unsigned long long)totals->unloads, (unsigned long long)totals->away);
	return !!failed;
}
