// SPDX-License-Identifier: GPL-2.0
/*
 * netlink_fuzz.c - messages to the module as nobody in his senses would send them
 *
 *	netlink_fuzz MESSAGES [WORKERS [SEED]]
 *
 * Made by netlink_message.c. Each worker is a process with two sockets; every
 * second one has a network namespace of its own, every fourth one within a user namespace, the
 * others share the caller's. Whatever the module refuses it must refuse in words (an extended
 * ACK), and at the end no session may be left. What the netlink core refuses in place of the
 * module, for lack of such a command or of a whole header, has no words in any family and is
 * left out.
 */
#define _GNU_SOURCE
#include <errno.h>
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

/* Seen by all workers. */
struct totals {
	uint64_t sent;
	uint64_t accepted;
	uint64_t refused;
	uint64_t core;		/* refused by the netlink core, without words */
	uint64_t wordless;
	uint64_t started;
	uint64_t lost;		/* answers that found no room */
	uint64_t errors[256];
	uint32_t failed;
};

struct worker {
	struct writer writer;
	struct totals *totals;
	int fd;
	uint32_t seq;
	struct written written[REMEMBERED];	/* by sequence number */
	bool told;
};

static void add(uint64_t *what, uint64_t n)
{
	__atomic_fetch_add(what, n, __ATOMIC_RELAXED);
}

static void judge(struct worker *w, const struct nlmsghdr *nlh, bool ack)
{
	int error = *(const int *)NLMSG_DATA(nlh);
	size_t at = NLMSG_HDRLEN + (ack ? sizeof(struct nlmsgerr) : sizeof(int));
	const struct nlattr *words = NULL;
	const struct written *written = &w->written[nlh->nlmsg_seq % REMEMBERED];
	bool core = written->core;

	/* Behind one that lies of its length, attributes were taken for the next message. */
	if (w->seq - nlh->nlmsg_seq >= REMEMBERED ||
	    (ack && ((const struct nlmsgerr *)NLMSG_DATA(nlh))->msg.nlmsg_type != w->writer.family))
		core = true;

	if (!error) {
		add(&w->totals->accepted, 1);
		return;
	}
	if (nlh->nlmsg_flags & NLM_F_ACK_TLVS && nlh->nlmsg_len > at)
		words = genl_find((const uint8_t *)nlh + at, nlh->nlmsg_len - at, NLMSGERR_ATTR_MSG);
	add(&w->totals->errors[-error & 255], 1);
	if (words && words->nla_len > NLA_HDRLEN + 1) {
		add(&w->totals->refused, 1);
	} else if (core || (error == -EBUSY && written->dump)) {
		/* Busy: another dump of this socket has not yet ended (netlink_dump_start()). */
		add(&w->totals->core, 1);
	} else {
		add(&w->totals->wordless, 1);
		if (!w->told)
			printf("# command %u, message %u: refused without a word: %s\n",
			       written->command, nlh->nlmsg_seq,
			       strerror(-error));
		w->told = true;
	}
}

static void take(struct worker *w, const struct nlmsghdr *nlh)
{
	const struct genlmsghdr *genl = NLMSG_DATA(nlh);
	struct writer *writer = &w->writer;
	const struct nlattr *id;

	if (nlh->nlmsg_type == NLMSG_ERROR) {
		judge(w, nlh, true);
	} else if (nlh->nlmsg_type == NLMSG_DONE) {
		judge(w, nlh, false);
	} else if (nlh->nlmsg_type == w->writer.family && genl->cmd == ICMPCTL_CMD_SESSION_START) {
		id = genl_find((const uint8_t *)nlh + NLMSG_HDRLEN + GENL_HDRLEN,
			       nlh->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN, ICMPCTL_SESSION_A_ID);
		add(&w->totals->started, 1);
		if (id)
			writer->ids[writer->n_ids < WRITER_IDS ? writer->n_ids++
				    : chance_below(&writer->chance, WRITER_IDS)] =
				*(const uint32_t *)(id + 1);
	}
}

/* All that has come. */
static void drain(struct worker *w, int wait_ms)
{
	static uint8_t data[ROOM];
	struct pollfd ready = { .fd = w->fd, .events = POLLIN };
	ssize_t len;

	while (poll(&ready, 1, wait_ms) > 0) {
		const struct nlmsghdr *nlh = (void *)data;
		int rest;

		len = recv(w->fd, data, sizeof(data), MSG_DONTWAIT);
		if (len < 0 && errno == ENOBUFS) {
			add(&w->totals->lost, 1);
			continue;
		}
		if (len < 0)
			break;
		for (rest = len; NLMSG_OK(nlh, rest); nlh = NLMSG_NEXT(nlh, rest))
			take(w, nlh);
		wait_ms = 0;
	}
}

/* Stops what was started, each by its name. */
static void stop_all(struct worker *w)
{
	uint8_t data[WRITER_IDS * 32];
	struct message m = { .data = data, .room = sizeof(data) };
	struct writer *writer = &w->writer;
	uint32_t i;

	for (i = 0; i < writer->n_ids; i++) {
		uint32_t seq = ++w->seq;
		size_t start = message_begin(&m, writer->family, NLM_F_REQUEST | NLM_F_ACK, seq,
					     ICMPCTL_CMD_SESSION_STOP, 1);

		w->written[seq % REMEMBERED] = (struct written){
			.command = ICMPCTL_CMD_SESSION_STOP,
		};
		message_u32(&m, ICMPCTL_SESSION_A_ID, writer->ids[i]);
		message_end(&m, start);
	}
	if (m.len && send(w->fd, data, m.len, 0) < 0)
		perror("send");
	add(&w->totals->sent, writer->n_ids);
	writer->n_ids = 0;
	drain(w, 0);
}

static int reopen(struct worker *w)
{
	close(w->fd);
	w->writer.n_ids = 0;
	w->fd = genl_open(8 << 20);
	return w->fd;
}

static int work(struct totals *totals, uint64_t messages, uint32_t number, uint64_t seed)
{
	struct worker w = { .totals = totals };
	struct chance *chance = &w.writer.chance;
	static uint8_t data[ROOM];
	uint64_t done = 0;

	chance->state = seed + number * 0x1234567ULL;
	/* One in four is root of a user namespace, and of nothing else. */
	if (number % 2 && (unshare(CLONE_NEWNET | (number % 4 == 3 ? CLONE_NEWUSER : 0)) ||
			   interface_up("lo"))) {
		perror("a network namespace of its own");
		return 1;
	}
	w.fd = genl_open(8 << 20);
	w.writer.family = w.fd < 0 ? 0 : genl_family(w.fd, ICMPCTL_FAMILY_NAME);
	if (!w.writer.family) {
		fprintf(stderr, "the family is not there\n");
		return 1;
	}
	while (done < messages) {
		struct message m = { .data = data, .room = sizeof(data) };
		uint32_t seq, i, count = chance_one_in(chance, 4) ? 1 : 1 + chance_below(chance, BATCH);

		for (i = 0; i < count && m.len < m.room / 2;) {
			i++;
			seq = ++w.seq;
			if (!netlink_message(&w.writer, &m, seq, &w.written[seq % REMEMBERED]))
				break;
		}
		if (send(w.fd, data, m.len, 0) < 0) {
			perror("send");
			return 1;
		}
		add(&totals->sent, i);
		/* For who waits for hours. */
		if (!number && messages > 100000 && (done + i) * 10 / messages > done * 10 / messages)
			printf("# %llu messages\n", (unsigned long long)totals->sent);
		done += i;
		drain(&w, 0);
		if (w.writer.n_ids >= 16 || chance_one_in(chance, 50))
			stop_all(&w);
		/* Owner's end: with sessions running, and events unread. */
		if (chance_one_in(chance, 200) && reopen(&w) < 0)
			return 1;
	}
	stop_all(&w);
	drain(&w, 300);
	close(w.fd);
	return 0;
}

/* So many sessions this namespace has. */
static int sessions_left(void)
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
		attr = len < 20 ? NULL : genl_find(data + 20, len - 20, ICMPCTL_INFO_A_SESSIONS);
		if (attr)
			left = *(const uint32_t *)(attr + 1);
	}
	close(fd);
	return left;
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
	printf("# %llu messages in %.1f s by %u processes: %llu accepted (%llu sessions), %llu refused in words, %llu by the core without\n",
	       (unsigned long long)totals->sent, seconds() - began, workers,
	       (unsigned long long)totals->accepted, (unsigned long long)totals->started,
	       (unsigned long long)totals->refused, (unsigned long long)totals->core);
	for (i = 0; i < 256; i++)
		if (totals->errors[i])
			printf("# %8llu %s\n", (unsigned long long)totals->errors[i], strerror(i));
	good &= report(!totals->failed, "every worker came to its end");
	good &= report(totals->sent >= messages / 2 && totals->started > messages / 500 &&
		       totals->refused > messages / 10,
		       "messages were accepted and refused, and sessions ran");
	good &= report(!totals->wordless, "every refusal of the module is in words");
	for (i = 0; i < 100 && sessions_left(); i++)
		usleep(100000);
	good &= report(!sessions_left(), "no session is left");
	return !good;
}
