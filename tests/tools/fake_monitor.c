// SPDX-License-Identifier: GPL-2.0
/*
 * The monitors of the module that is none (fake_module.c). By the environment:
 *
 *   FAKE_MONITORS    which there are: NAME|OPTIONS|ADDRESS[%INDEX][=HOST],...;... INDEX is of the
 *	interface that it is asked by. Without an = the host is called as its address; with
 *	OPTIONS - it was added by one who keeps none, and tells no name of a host without an =.
 *	A name that is there twice is of one that was replaced while they were told.
 *	They began in 1970, by the clock of this host at that time
 *   FAKE_BOUNDS      "MONITORS RATE INFLIGHT BYTES": how much there may be. A target takes
 *	1000 bytes, and 128 for each probe that is kept
 *   FAKE_LAG         what was ended is given back when so many requests have been refused
 *   FAKE_REFUSE      the monitor of this name passes the check, and is then refused, unless
 *	its options are those of FAKE_MONITORS
 *   FAKE_MONITOR_LOG a file that gets each request, and at the end which monitors there are
 *
 * A name with @no in it is refused; of its last probes a monitor tells one, sent just now.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "fake_module.h"
#include "lib/units.h"
#include "samples.h"

#define MONITORS 256
#define TARGETS 64

enum { COUNT, RATE, INFLIGHT, BYTES, BOUNDS };

struct fake_monitor {
	char name[64], options[256];
	bool foreign, path;
	uint64_t interval, timeout;
	uint32_t id, keep;
	unsigned int n;
	struct {
		int family;
		uint32_t ifindex;
		uint8_t addr[16];
		char name[64];
	} target[TARGETS];
};

static struct {
	struct fake_monitor list[MONITORS];
	unsigned int n, refused;
	uint32_t next_id;
	uint64_t owed[BOUNDS];
	FILE *log;
	bool ready;
} fake;

static void take_address(struct fake_monitor *m, char *word)
{
	char *name = strchr(word, '='), *index;

	if (name)
		*name++ = '\0';
	index = strchr(word, '%');
	if (index) {
		*index++ = '\0';
		m->target[m->n].ifindex = strtoul(index, NULL, 10);
	}
	m->target[m->n].family = strchr(word, ':') ? 6 : 4;
	inet_pton(m->target[m->n].family == 4 ? AF_INET : AF_INET6, word, m->target[m->n].addr);
	if (name || !m->foreign)
		snprintf(m->target[m->n].name, sizeof(m->target->name), "%s", name ? name : word);
	m->n++;
}

static void tell_all(void)
{
	for (unsigned int i = 0; i < fake.n; i++) {
		const struct fake_monitor *m = &fake.list[i];

		fprintf(fake.log, "is %s [%s] %u", m->name, m->foreign ? "-" : m->options, m->keep);
		for (unsigned int j = 0; j < m->n; j++) {
			char text[INET6_ADDRSTRLEN];

			inet_ntop(m->target[j].family == 4 ? AF_INET : AF_INET6,
				  m->target[j].addr, text, sizeof(text));
			if (m->path && j)
				continue;
			fprintf(fake.log, " %s", text);
			if (m->target[j].ifindex)
				fprintf(fake.log, "%%%u", m->target[j].ifindex);
			fprintf(fake.log, "=%s", m->target[j].name);
		}
		fputs(m->id <= 1000 ? " as it was\n" : "\n", fake.log);
	}
	fclose(fake.log);
}

static void begin(void)
{
	const char *log = getenv("FAKE_MONITOR_LOG"), *what = getenv("FAKE_MONITORS");
	char *text = strdup(what ? what : ""), *next = text, *one;

	fake.ready = true;
	while ((one = strsep(&next, ";")) && *one) {
		struct fake_monitor *m = &fake.list[fake.n++];
		char *name = strsep(&one, "|"), *options = strsep(&one, "|"), *word;

		*m = (struct fake_monitor){ .interval = NSEC_PER_SEC, .timeout = 5 * NSEC_PER_SEC,
					    .id = fake.n, .keep = 32 };
		snprintf(m->name, sizeof(m->name), "%s", name);
		m->foreign = !strcmp(options, "-");
		snprintf(m->options, sizeof(m->options), "%s", options);
		m->path = strstr(options, "--path");
		if (strstr(options, "--keep "))
			m->keep = strtoul(strstr(options, "--keep ") + 7, NULL, 10);
		while ((word = strsep(&one, ",")))
			take_address(m, word);
	}
	free(text);
	fake.next_id = 1001;
	fake.log = log ? fopen(log, "we") : NULL;
	if (!fake.log)
		return;
	/* What was asked for is there, however the command ends. */
	setvbuf(fake.log, NULL, _IOLBF, 0);
	atexit(tell_all);
}

static void cost(const struct fake_monitor *m, uint64_t take[BOUNDS])
{
	take[COUNT] = 1;
	take[RATE] = (m->n * NSEC_PER_SEC + m->interval - 1) / m->interval;
	take[INFLIGHT] = (m->timeout / m->interval + 2) * m->n;
	take[BYTES] = m->n * (1000 + 128ULL * m->keep);
}

static void used(uint64_t sum[BOUNDS])
{
	uint64_t take[BOUNDS];

	memcpy(sum, fake.owed, sizeof(fake.owed));
	for (unsigned int i = 0; i < fake.n; i++) {
		cost(&fake.list[i], take);
		for (int b = 0; b < BOUNDS; b++)
			sum[b] += take[b];
	}
}

static void bounds(uint64_t most[BOUNDS])
{
	unsigned long long m = 16384, r = 1000000, i = 262144, b = 1ULL << 28;

	if (getenv("FAKE_BOUNDS"))
		sscanf(getenv("FAKE_BOUNDS"), "%llu %llu %llu %llu", &m, &r, &i, &b);
	most[COUNT] = m;
	most[RATE] = r;
	most[INFLIGHT] = i;
	most[BYTES] = b;
}

/* Adds to an answer to INFO_GET; the bounds that are shared with sessions are set here. */
void fake_monitor_info(struct nl_msg *msg)
{
	uint64_t sum[BOUNDS], most[BOUNDS];

	if (!fake.ready)
		begin();
	used(sum);
	bounds(most);
	nla_put_u32(msg, ICMPCTL_INFO_A_MAX_MONITORS, most[COUNT]);
	nla_put_u64(msg, ICMPCTL_INFO_A_MAX_MONITOR_MEMORY_BYTES, most[BYTES]);
	nla_put_u32(msg, ICMPCTL_INFO_A_MONITORS, sum[COUNT]);
	nla_put_u64(msg, ICMPCTL_INFO_A_MONITOR_MEMORY_BYTES, sum[BYTES]);
	if (!getenv("FAKE_BOUNDS"))
		return;
	nla_put_u32(msg, ICMPCTL_INFO_A_MAX_RATE_PPS, most[RATE]);
	nla_put_u32(msg, ICMPCTL_INFO_A_RATE_PPS, sum[RATE]);
	nla_put_u32(msg, ICMPCTL_INFO_A_MAX_INFLIGHT, most[INFLIGHT]);
	nla_put_u32(msg, ICMPCTL_INFO_A_INFLIGHT, sum[INFLIGHT]);
}

static struct fake_monitor *find(const char *name)
{
	for (unsigned int i = 0; i < fake.n; i++)
		if (!strcmp(fake.list[i].name, name))
			return &fake.list[i];
	return NULL;
}

static void read_target(struct fake_monitor *m, struct nlattr *attr)
{
	struct nlattr *tb[ICMPCTL_TARGET_A_MAX + 1], *addr;

	nla_parse_nested(tb, ICMPCTL_TARGET_A_MAX, attr, NULL);
	addr = tb[ICMPCTL_TARGET_A_ADDRESS];
	m->target[m->n].family = nla_len(addr) == 4 ? 4 : 6;
	memcpy(m->target[m->n].addr, nla_data(addr), nla_len(addr));
	m->target[m->n].ifindex = nlc_uint(tb[ICMPCTL_TARGET_A_IFINDEX]);
	if (tb[ICMPCTL_TARGET_A_NAME])
		nla_strlcpy(m->target[m->n].name, tb[ICMPCTL_TARGET_A_NAME],
			    sizeof(m->target->name));
	m->n++;
}

/* Why there is no room for it, NULL if there is. */
static const char *full(const struct fake_monitor *m)
{
	static const char *const says[] = { "too many monitors", "too many a second",
					    "too many unanswered", "too much memory" };
	uint64_t take[BOUNDS], sum[BOUNDS], most[BOUNDS];

	cost(m, take);
	used(sum);
	bounds(most);
	for (int b = 0; b < BOUNDS; b++) {
		if (sum[b] + take[b] <= most[b])
			continue;
		if (getenv("FAKE_LAG") && ++fake.refused >= strtoul(getenv("FAKE_LAG"), NULL, 10)) {
			memset(fake.owed, 0, sizeof(fake.owed));
			fake.refused = 0;
		}
		return says[b];
	}
	return NULL;
}

static bool to_refuse(const struct fake_monitor *m)
{
	const char *name = getenv("FAKE_REFUSE"), *were = getenv("FAKE_MONITORS");
	char as_was[400];

	snprintf(as_was, sizeof(as_was), "%s|%s|", m->name, m->foreign ? "-" : m->options);
	return name && !strcmp(name, m->name) && !strstr(were ? were : "", as_was);
}

/* What is asked by no interface of its own is by the session's; false if there is none such. */
static bool set_interface(struct fake_monitor *m, uint32_t ifindex)
{
	char name[IF_NAMESIZE];

	for (unsigned int i = 0; i < m->n; i++) {
		if (!m->target[i].ifindex)
			m->target[i].ifindex = ifindex;
		if (m->target[i].ifindex && !if_indextoname(m->target[i].ifindex, name))
			return false;
	}
	return true;
}

/* MONITOR_ADD: 0 or an errno, and why. */
static int add(const struct nlmsghdr *request, struct nlattr **own, const char **why)
{
	struct genlmsghdr *ghdr = nlmsg_data(request);
	struct fake_monitor m = { .keep = own[ICMPCTL_MONITOR_A_KEEP] ?
				  nla_get_u32(own[ICMPCTL_MONITOR_A_KEEP]) : 32 };
	bool check = nlc_uint(own[ICMPCTL_MONITOR_A_FLAGS]) & ICMPCTL_MONITOR_F_CHECK;
	uint32_t ifindex = 0;
	struct nlattr *attr;
	int rest, err = 0;

	nla_strlcpy(m.name, own[ICMPCTL_MONITOR_A_NAME], sizeof(m.name));
	m.foreign = !own[ICMPCTL_MONITOR_A_OPTIONS];
	if (!m.foreign)
		nla_strlcpy(m.options, own[ICMPCTL_MONITOR_A_OPTIONS], sizeof(m.options));
	nla_for_each_attr(attr, genlmsg_attrdata(ghdr, 0), genlmsg_attrlen(ghdr, 0), rest) {
		if (nla_type(attr) == ICMPCTL_SESSION_A_TARGET && m.n < TARGETS)
			read_target(&m, attr);
		else if (nla_type(attr) == ICMPCTL_SESSION_A_INTERVAL_NS)
			m.interval = nlc_uint(attr);
		else if (nla_type(attr) == ICMPCTL_SESSION_A_TIMEOUT_NS)
			m.timeout = nlc_uint(attr);
		else if (nla_type(attr) == ICMPCTL_SESSION_A_FLAGS)
			m.path = nlc_uint(attr) & ICMPCTL_SESSION_F_PATH;
		else if (nla_type(attr) == ICMPCTL_SESSION_A_IFINDEX)
			ifindex = nlc_uint(attr);
	}
	*why = strstr(m.name, "@no") ? "its name is not liked" : NULL;
	if (*why)
		err = EINVAL;
	else if (!set_interface(&m, ifindex) && (*why = "there is no such interface"))
		err = ENODEV;
	else if ((*why = full(&m)))
		err = ENOSPC;
	else if (!check && find(m.name) && (*why = "there is a monitor of this name"))
		err = EEXIST;
	else if (!check && to_refuse(&m) && (*why = "it is not to be"))
		err = EINVAL;
	if (fake.log)
		fprintf(fake.log, "%s %s: %d\n", check ? "check" : "add", m.name, err);
	if (err || check)
		return err;
	m.id = fake.next_id++;
	fake.list[fake.n++] = m;
	return 0;
}

static int end(struct nlattr **own, const char **why)
{
	struct fake_monitor *m = find(nla_data(own[ICMPCTL_MONITOR_A_NAME]));
	uint64_t take[BOUNDS];

	*why = NULL;
	if (!m)
		return ENOENT;
	if (fake.log)
		fprintf(fake.log, "del %s\n", m->name);
	cost(m, take);
	for (int b = 0; b < BOUNDS && getenv("FAKE_LAG"); b++)
		fake.owed[b] += take[b];
	memmove(m, m + 1, (char *)&fake.list[fake.n] - (char *)(m + 1));
	fake.n--;
	return 0;
}

static void put_monitor(const struct fake_monitor *m, uint32_t seq)
{
	struct nl_msg *msg = fake_begin(seq, FAKE_FAMILY, ICMPCTL_CMD_MONITOR_GET);
	struct nlattr *nest, *stats;
	uint64_t take[BOUNDS];

	cost(m, take);
	nla_put_u32(msg, ICMPCTL_SESSION_A_ID, m->id);
	nla_put_u32(msg, ICMPCTL_SESSION_A_TARGETS, m->n);
	nla_put_u64(msg, ICMPCTL_SESSION_A_INTERVAL_NS, m->interval);
	nla_put_u64(msg, ICMPCTL_SESSION_A_TIMEOUT_NS, m->timeout);
	nla_put_u32(msg, ICMPCTL_SESSION_A_SIZE, 56);
	nla_put_u64(msg, ICMPCTL_SESSION_A_STARTED_NS, SAMPLE_START_NS);
	nla_put_u64(msg, ICMPCTL_SESSION_A_STARTED_UNIX_NS, NSEC_PER_SEC);
	nla_put_u32(msg, ICMPCTL_SESSION_A_FLAGS, m->path ? ICMPCTL_SESSION_F_PATH : 0);
	nest = nla_nest_start(msg, ICMPCTL_SESSION_A_MONITOR);
	nla_put_string(msg, ICMPCTL_MONITOR_A_NAME, m->name);
	if (!m->foreign)
		nla_put_string(msg, ICMPCTL_MONITOR_A_OPTIONS, m->options);
	nla_put_u32(msg, ICMPCTL_MONITOR_A_KEEP, m->keep);
	nla_put_u64(msg, ICMPCTL_MONITOR_A_MEMORY_BYTES, take[BYTES]);
	nla_nest_end(msg, nest);
	for (unsigned int i = 0; i < m->n; i++) {
		nest = nla_nest_start(msg, ICMPCTL_SESSION_A_TARGET);
		nla_put(msg, ICMPCTL_TARGET_A_ADDRESS, m->target[i].family == 4 ? 4 : 16,
			m->target[i].addr);
		if (*m->target[i].name)
			nla_put_string(msg, ICMPCTL_TARGET_A_NAME, m->target[i].name);
		if (m->target[i].ifindex)
			nla_put_u32(msg, ICMPCTL_TARGET_A_IFINDEX, m->target[i].ifindex);
		stats = nla_nest_start(msg, ICMPCTL_TARGET_A_STATS);
		nla_put_u64(msg, ICMPCTL_STATS_A_SENT, 1);
		nla_nest_end(msg, stats);
		nla_nest_end(msg, nest);
	}
	fake_queue(msg);
}

static void put_done(uint32_t seq)
{
	struct nl_msg *msg = nlmsg_alloc();

	nlmsg_put(msg, 1, seq, NLMSG_DONE, sizeof(int), NLM_F_MULTI);
	fake_queue(msg);
}

/* MONITOR_RECORDS: a probe to the first target, handed over just now. */
static void put_records(uint32_t seq)
{
	struct nl_msg *msg = fake_begin(seq, FAKE_FAMILY, ICMPCTL_CMD_MONITOR_RECORDS);
	struct icmpctl_record r = sample_record(ICMPCTL_STATUS_REPLY, 1, 4);
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	r.handed_ns = now.tv_sec * NSEC_PER_SEC + now.tv_nsec;
	r.driver_ns = 0;
	nla_put(msg, ICMPCTL_SESSION_A_RECORD, sizeof(r), &r);
	fake_queue(msg);
	put_done(seq);
}

/* A request about monitors; false if it is about something else. */
bool fake_monitor_asked(const struct nlmsghdr *request, int command, struct nlattr *nest)
{
	struct nlattr *own[ICMPCTL_MONITOR_A_MAX + 1] = { NULL };
	const char *why = NULL;
	int err = 0;

	if (command != ICMPCTL_CMD_MONITOR_ADD && command != ICMPCTL_CMD_MONITOR_DEL &&
	    command != ICMPCTL_CMD_MONITOR_GET && command != ICMPCTL_CMD_MONITOR_RECORDS)
		return false;
	if (!fake.ready)
		begin();
	if (nest)
		nla_parse_nested(own, ICMPCTL_MONITOR_A_MAX, nest, NULL);
	if (command == ICMPCTL_CMD_MONITOR_ADD) {
		err = add(request, own, &why);
	} else if (command == ICMPCTL_CMD_MONITOR_DEL) {
		err = end(own, &why);
	} else if (command == ICMPCTL_CMD_MONITOR_RECORDS) {
		put_records(request->nlmsg_seq);
		return true;
	} else if (own[ICMPCTL_MONITOR_A_NAME]) {
		const struct fake_monitor *m = find(nla_data(own[ICMPCTL_MONITOR_A_NAME]));

		if (m)
			put_monitor(m, request->nlmsg_seq);
		else
			err = ENOENT;
	} else {
		for (unsigned int i = 0; i < fake.n; i++)
			put_monitor(&fake.list[i], request->nlmsg_seq);
		put_done(request->nlmsg_seq);
		return true;
	}
	fake_answer(request, err, why, 0);
	return true;
}
