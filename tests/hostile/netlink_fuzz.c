// SPDX-License-Identifier: GPL-2.0
/*
 * netlink_fuzz.c - messages to the module as nobody in his senses would send them
 *
 *	netlink_fuzz MESSAGES [WORKERS [SEED]]
 *
 * Made of the specification's own tables (tests/hostile/table): right ones, nearly right
 * ones, nested, huge, cut and random ones. Each worker is a process with two sockets; every
 * second one has a network namespace of its own, the others share the caller's. Whatever
 * the module refuses it must refuse in words (an extended ACK), and at the end no session
 * may be left. What the netlink core refuses in place of the module, for lack of such a
 * command or of a whole header, has no words in any family and is left out.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
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
#include "genl.h"

enum kind { NUMBER, BINARY, FLAG, NEST };

enum sense {
	ANY, ADDRESS, RANGE, IFINDEX, ID, INTERVAL, TIMEOUT, GAP, DEADLINE, SMALL, RECORDS
};

struct attr {
	uint16_t number;
	uint8_t kind;
	uint8_t sense;
	uint8_t bytes;
	uint64_t least;
	uint64_t most;
	uint8_t set;
	bool many;
	bool in;
};

struct set {
	const struct attr *attrs;
	uint32_t count;
};

struct command {
	uint8_t number;
	uint8_t set;
	bool once, dump;	/* can be asked for so */
	const unsigned char *takes;
	uint32_t n_takes;
};

#include "netlink_table.h"

#define N_COMMANDS	(sizeof(commands) / sizeof(*commands))
#define ROOM		65536
#define BATCH		32
#define REMEMBERED	1024
#define MS		1000000ULL

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
	struct chance chance;
	struct totals *totals;
	uint16_t family;
	int fd;
	uint32_t seq;
	bool core[REMEMBERED];		/* by sequence number: not the module's to answer */
	bool dump[REMEMBERED];		/* asks for a dump */
	uint8_t command[REMEMBERED];
	uint32_t ids[64];		/* of sessions that were started */
	uint32_t n_ids;
	bool told;
};

static void add(uint64_t *what, uint64_t n)
{
	__atomic_fetch_add(what, n, __ATOMIC_RELAXED);
}

static uint32_t below(struct worker *w, uint32_t n)
{
	return chance_below(&w->chance, n);
}

static bool one_in(struct worker *w, uint32_t n)
{
	return chance_one_in(&w->chance, n);
}

/* A number of any size: small ones, large ones, and those beside a power of two. */
static uint64_t any_number(struct worker *w)
{
	uint64_t bits = chance_next(&w->chance);

	switch (below(w, 4)) {
	case 0:
		return below(w, 16);
	case 1:
		return (1ULL << below(w, 64)) + below(w, 3) - 1;
	case 2:
		return ~0ULL >> below(w, 64);
	default:
		return bits >> below(w, 64);
	}
}

static uint32_t any_id(struct worker *w)
{
	return w->n_ids && !one_in(w, 4) ? w->ids[below(w, w->n_ids)] : below(w, 100);
}

/* What an attribute would hold if all were well. */
static uint64_t good_number(struct worker *w, const struct attr *attr)
{
	uint64_t most = attr->most;

	switch (attr->sense) {
	case IFINDEX:
		return 1;
	case ID:
		return any_id(w);
	case INTERVAL:
		return (10 + below(w, 100000)) * (MS / 100);
	case TIMEOUT:
		return (1 + below(w, 200)) * MS;
	case GAP:
		return 10000 + below(w, 90000);
	case DEADLINE:
		return (1 + below(w, 50)) * MS;
	case SMALL:
		return 1 + below(w, one_in(w, 8) ? 2000 : 64);
	case RECORDS:
		return 64 + below(w, 1000);
	}
	if (most > 1ULL << 32)
		return any_number(w);
	return attr->least + below(w, most - attr->least + 1);
}

static size_t good_address(struct worker *w, uint8_t *data)
{
	static const char *const hosts[] = { "127.0.0.1", "127.0.0.2", "127.255.255.254",
		"::1", "::1", "192.0.2.1", "2001:db8::1", "224.0.0.1", "0.0.0.0", "fe80::1",
		"::ffff:127.0.0.1", "255.255.255.255" };
	/* Mostly such as will do. */
	const char *host = hosts[one_in(w, 8) ? below(w, 12) : below(w, 5)];
	int family = strchr(host, ':') ? AF_INET6 : AF_INET;

	inet_pton(family, host, data);
	return family == AF_INET6 ? 16 : 4;
}

static size_t good_range(struct worker *w, uint8_t *data)
{
	if (below(w, 2)) {
		inet_pton(AF_INET, "127.0.0.1", data);
		inet_pton(AF_INET, "127.0.0.1", data + 4);
		data[7] += below(w, 64);
		return 8;
	}
	inet_pton(AF_INET6, "::1", data);
	inet_pton(AF_INET6, "::1", data + 16);
	return 32;
}

/* Changes what has been written, or what is about to be, in one of many ways. */
enum harm {
	NONE, WRONG_VALUE, WRONG_LENGTH, NO_NESTING, LIES_OF_LENGTH, UNKNOWN, TWICE, HARMS
};

static void put_attr(struct worker *w, struct message *m, const struct attr *attr, enum harm harm,
		     uint32_t depth);

/* A nest with some of the attributes of its set. */
static void put_nest(struct worker *w, struct message *m, const struct attr *attr, enum harm harm,
		     uint32_t depth)
{
	const struct set *set = &sets[attr->set];
	size_t start = message_attr(m, attr->number | (harm == NO_NESTING ? 0 : NLA_F_NESTED), NULL,
				    0);
	/* The harm is done at one place. */
	uint32_t victim = harm && harm != NO_NESTING ? below(w, set->count) : set->count;
	uint32_t i;

	for (i = 0; i < set->count; i++) {
		const struct attr *inner = &set->attrs[i];
		bool wanted = inner->in && (inner->sense == ADDRESS || one_in(w, 3));

		/* Statistics in a target and the like are not asked for, but tried. */
		if (i == victim)
			put_attr(w, m, inner, harm, depth + 1);
		else if (wanted && inner->kind != NEST)
			put_attr(w, m, inner, NONE, depth + 1);
	}
	message_attr_end(m, start);
}

static void put_attr(struct worker *w, struct message *m, const struct attr *attr, enum harm harm,
		     uint32_t depth)
{
	uint8_t data[64] = {};
	size_t len = attr->bytes, start;
	uint16_t number = attr->number;
	uint64_t value;

	if (harm == UNKNOWN)
		number = one_in(w, 2) ? 60 + below(w, 60) : below(w, NLA_TYPE_MASK);
	if (attr->kind == NEST && depth < 8 && harm != UNKNOWN) {
		put_nest(w, m, attr, harm, depth);
		return;
	}
	switch (attr->kind) {
	case FLAG:
		len = 0;
		break;
	case BINARY:
		value = chance_next(&w->chance);
		memcpy(data, &value, 8);
		if (attr->sense == ADDRESS)
			len = good_address(w, data);
		else if (attr->sense == RANGE)
			len = good_range(w, data);
		else if (len > sizeof(data))
			len = sizeof(data);
		else if (len)
			len = 1 + below(w, len);
		break;
	default:
		value = harm == WRONG_VALUE ? any_number(w) : good_number(w, attr);
		memcpy(data, &value, 8);
	}
	if (harm == WRONG_LENGTH)
		len = below(w, sizeof(data));
	start = message_attr(m, number, data, len);
	if (harm == LIES_OF_LENGTH && start + NLA_HDRLEN <= m->len) {
		uint16_t lie = one_in(w, 2) ? below(w, 65536) : len + below(w, 9) - 4;

		memcpy(m->data + start, &lie, sizeof(lie));
	}
	if (harm == TWICE)
		message_attr(m, number, data, len);
}

/* What a command takes, with as much wrong in it as @harms says. */
static void put_request(struct worker *w, struct message *m, const struct command *command,
			uint32_t harms)
{
	const struct set *set = &sets[command->set];
	bool sweep = one_in(w, 6);
	uint32_t i;

	for (i = 0; i < command->n_takes; i++) {
		const struct attr *attr = &set->attrs[command->takes[i]];
		enum harm harm = harms && one_in(w, command->n_takes / harms + 1)
				 ? below(w, HARMS) : NONE;
		uint32_t times = attr->many ? 1 + below(w, one_in(w, 20) ? 200 : 3) : 1;
		bool wanted = one_in(w, 6) || attr->sense == ID || harm;

		if (attr->kind == NEST)
			wanted = attr->many ? !sweep : sweep;
		if (attr->sense == INTERVAL || attr->sense == RANGE)
			wanted = !one_in(w, 4);
		/* As one of these mostly forbids the other. */
		if (attr->sense == GAP)
			wanted = one_in(w, 30);
		while (wanted && times--)
			put_attr(w, m, attr, harm, 0);
	}
}

/* Any attributes of a set, in any order. */
static void put_any(struct worker *w, struct message *m, const struct set *set, uint32_t count)
{
	while (count--)
		put_attr(w, m, &set->attrs[below(w, set->count)], below(w, HARMS), 0);
}

/* One in the other, deeper than anyone needs. */
static void put_deep(struct worker *w, struct message *m, uint32_t depth)
{
	size_t starts[256];
	uint32_t i;

	for (i = 0; i < depth; i++) {
		const struct set *set = &sets[below(w, sizeof(sets) / sizeof(*sets))];

		starts[i] = message_attr(m, set->attrs[below(w, set->count)].number | NLA_F_NESTED,
					 NULL, 0);
		if (one_in(w, 4))
			put_attr(w, m, &set->attrs[below(w, set->count)], NONE, 7);
	}
	while (i--)
		message_attr_end(m, starts[i]);
}

static void put_noise(struct worker *w, struct message *m, uint32_t len)
{
	uint64_t value;

	for (; len && m->room - m->len >= sizeof(value); len--) {
		value = chance_next(&w->chance);
		memcpy(m->data + m->len, &value, sizeof(value));
		m->len += sizeof(value);
	}
}

/* Cuts it, or has it say something else of its length. */
static void cut(struct worker *w, struct message *m, size_t start)
{
	size_t least = start + NLMSG_HDRLEN + GENL_HDRLEN;

	if (m->len > least)
		m->len = least + below(w, m->len - least);
}

/* Returns whether another message may stand behind it. */
static bool put_message(struct worker *w, struct message *m)
{
	uint32_t seq = ++w->seq, choice = below(w, 100);
	const struct command *command = &commands[one_in(w, 3) ? below(w, N_COMMANDS) : 1];
	bool *core = &w->core[seq % REMEMBERED];
	uint16_t flags = NLM_F_REQUEST | NLM_F_ACK;
	uint8_t number = command->number;
	size_t start;

	*core = false;
	if (choice < 5) {
		/* None such: the module is not even asked. */
		number = below(w, 256);
		*core = true;
	} else if (choice < 8 || (!command->once && !one_in(w, 10))) {
		flags |= NLM_F_DUMP;
		*core = !command->dump;
	} else {
		*core = !command->once;
	}
	w->dump[seq % REMEMBERED] = flags & NLM_F_DUMP;
	w->command[seq % REMEMBERED] = number;
	start = message_begin(m, w->family, flags, seq, number, below(w, 2));
	if (choice < 25)
		put_request(w, m, command, 0);
	else if (choice < 60)
		put_request(w, m, command, 1);
	else if (choice < 70)
		put_request(w, m, command, 4);
	else if (choice < 80)
		put_any(w, m, &sets[command->set], below(w, 12));
	else if (choice < 84)
		put_any(w, m, &sets[below(w, sizeof(sets) / sizeof(*sets))], below(w, 12));
	else if (choice < 88)
		put_deep(w, m, 1 + below(w, 64));
	else if (choice < 92)
		put_noise(w, m, below(w, 32));
	else if (choice < 93 && one_in(w, 10))
		put_any(w, m, &sets[command->set], 4000);
	else
		put_request(w, m, command, 2);
	if (choice >= 94) {
		cut(w, m, start);
	} else if (choice == 93) {
		/* Not even a whole header. */
		m->len = start + NLMSG_HDRLEN + below(w, GENL_HDRLEN);
		*core = true;
	}
	if (one_in(w, 100) && m->len >= start + NLMSG_HDRLEN + GENL_HDRLEN)
		m->data[start + NLMSG_HDRLEN + 2 + below(w, 2)] = below(w, 256);
	message_end(m, start);
	if (one_in(w, 200)) {
		/* It lies of its own length: the rest of what is sent is lost with it. */
		uint32_t lie = below(w, 3) ? below(w, 20) : any_number(w);

		memcpy(m->data + start, &lie, sizeof(lie));
		*core = true;
		return false;
	}
	return true;
}

static void judge(struct worker *w, const struct nlmsghdr *nlh, bool ack)
{
	int error = *(const int *)NLMSG_DATA(nlh);
	size_t at = NLMSG_HDRLEN + (ack ? sizeof(struct nlmsgerr) : sizeof(int));
	const struct nlattr *words = NULL;
	bool core = w->core[nlh->nlmsg_seq % REMEMBERED];

	if (!error) {
		add(&w->totals->accepted, 1);
		return;
	}
	if (nlh->nlmsg_flags & NLM_F_ACK_TLVS && nlh->nlmsg_len > at)
		words = genl_find((const uint8_t *)nlh + at, nlh->nlmsg_len - at, NLMSGERR_ATTR_MSG);
	add(&w->totals->errors[-error & 255], 1);
	if (words && words->nla_len > NLA_HDRLEN + 1) {
		add(&w->totals->refused, 1);
	} else if (core || (error == -EBUSY && w->dump[nlh->nlmsg_seq % REMEMBERED])) {
		/* Busy: another dump of this socket has not yet ended (netlink_dump_start()). */
		add(&w->totals->core, 1);
	} else {
		add(&w->totals->wordless, 1);
		if (!w->told)
			printf("# command %u, message %u: refused without a word: %s\n",
			       w->command[nlh->nlmsg_seq % REMEMBERED], nlh->nlmsg_seq,
			       strerror(-error));
		w->told = true;
	}
}

static void take(struct worker *w, const struct nlmsghdr *nlh)
{
	const struct genlmsghdr *genl = NLMSG_DATA(nlh);
	const struct nlattr *id;

	if (nlh->nlmsg_type == NLMSG_ERROR) {
		judge(w, nlh, true);
	} else if (nlh->nlmsg_type == NLMSG_DONE) {
		judge(w, nlh, false);
	} else if (nlh->nlmsg_type == w->family && genl->cmd == ICMPCTL_CMD_SESSION_START) {
		id = genl_find((const uint8_t *)nlh + NLMSG_HDRLEN + GENL_HDRLEN,
			       nlh->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN, ICMPCTL_SESSION_A_ID);
		add(&w->totals->started, 1);
		if (id)
			w->ids[w->n_ids < 64 ? w->n_ids++ : below(w, 64)] =
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
	uint8_t data[64 * 32];
	struct message m = { .data = data, .room = sizeof(data) };
	uint32_t i;

	for (i = 0; i < w->n_ids; i++) {
		uint32_t seq = ++w->seq;
		size_t start = message_begin(&m, w->family, NLM_F_REQUEST | NLM_F_ACK, seq,
					     ICMPCTL_CMD_SESSION_STOP, 1);

		w->core[seq % REMEMBERED] = false;
		w->dump[seq % REMEMBERED] = false;
		w->command[seq % REMEMBERED] = ICMPCTL_CMD_SESSION_STOP;
		message_attr(&m, ICMPCTL_SESSION_A_ID, &w->ids[i], sizeof(w->ids[i]));
		message_end(&m, start);
	}
	if (m.len && send(w->fd, data, m.len, 0) < 0)
		perror("send");
	add(&w->totals->sent, w->n_ids);
	w->n_ids = 0;
	drain(w, 0);
}

static int reopen(struct worker *w)
{
	close(w->fd);
	w->n_ids = 0;
	w->fd = genl_open(8 << 20);
	return w->fd;
}

static int work(struct totals *totals, uint64_t messages, uint32_t number, uint64_t seed)
{
	struct worker w = { .totals = totals };
	static uint8_t data[ROOM];
	uint64_t done = 0;

	w.chance.state = seed + number * 0x1234567ULL;
	if (number % 2 && (unshare(CLONE_NEWNET) || interface_up("lo"))) {
		perror("a network namespace of its own");
		return 1;
	}
	w.fd = genl_open(8 << 20);
	w.family = w.fd < 0 ? 0 : genl_family(w.fd, ICMPCTL_FAMILY_NAME);
	if (!w.family) {
		fprintf(stderr, "the family is not there\n");
		return 1;
	}
	while (done < messages) {
		struct message m = { .data = data, .room = sizeof(data) };
		uint32_t i, count = one_in(&w, 4) ? 1 : 1 + below(&w, BATCH);

		for (i = 0; i < count && m.len < m.room / 2;) {
			i++;
			if (!put_message(&w, &m))
				break;
		}
		if (send(w.fd, data, m.len, 0) < 0) {
			perror("send");
			return 1;
		}
		add(&totals->sent, i);
		done += i;
		drain(&w, 0);
		if (w.n_ids >= 16 || one_in(&w, 50))
			stop_all(&w);
		/* Owner's end: with sessions running, and events unread. */
		if (one_in(&w, 200) && reopen(&w) < 0)
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
