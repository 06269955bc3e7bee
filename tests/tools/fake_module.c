// SPDX-License-Identifier: GPL-2.0
/*
 * A module that is none: linked with the command in place of the kernel (the
 * linker's --wrap sends its netlink calls here), so that the whole command
 * runs where no module can be loaded. What it does is told by the environment:
 *
 *   FAKE_PLAN   what becomes of the probes of each target, a letter each:
 *	r reply  l lost  d reply and one more  e error  L lost, then late
 *	t truncated  c changed  b bad checksum  o other address  f forged, reply
 *	s not sent  x redirect, reply  u still out at the end
 *	The last letter goes on until COUNT; without COUNT the plan ends there
 *	and the session goes on until it is stopped.
 *   FAKE_PATH   which hops there are, a letter a TTL, the last one for all behind:
 *	h router  b one with a longer way back  s silent  l answers only what is
 *	repeated  p answers one probe and what is repeated  c two addresses in turn
 *	r a private address  2 the address of hop 2  e time exceeded by the target
 *	t the target  N H P X F O unreachable, so annotated (O: code 77)  ! not sent
 *	m appends two MPLS labels and an interface
 *	i answers every third probe  g the target, from the third probe on a router
 *   FAKE_ROUNDS how many rounds there are of a path without COUNT, default 3; but
 *	the first one a round whenever the session is asked for its statistics
 *   FAKE_GAP    a number: no probe of this round of a path can be sent
 *   FAKE_MTU    a number: larger packets do not get behind the first hop, and this host
 *	sends none above 1500. Behind it: nothing: the hop tells the MTU;
 *	s it says nothing  0 it tells no MTU  l it tells more than the packet has
 *   FAKE_CASE   what is not as usual:
 *	absent, version, older, versionless: no family, or a newer one, an older one, one
 *	that does not tell its version
 *	eperm, extack, host: START is refused: without words, with words about
 *	the interval, with words about the second target
 *	early: the first events come before START is answered
 *	unload, namespace, stopped: how the session ends
 *	dropped: two records were dropped
 *   FAKE_WITHOUT  a number: attributes of it are in no message; FAKE_AGE, older or newer:
 *	structs end before or behind ours, and there are attributes that nobody knows
 *   FAKE_NAME   the name of whoever has an address; FAKE_INTERFACE the one that a router
 *	tells of its own with m
 *   FAKE_SWEEP  what a sweep was fed: see fake_sweep.c; FAKE_DELAY: it takes so many
 *	milliseconds to tell how it ended when it was stopped
 *   FAKE_LOOKUP  so many milliseconds each look-up of a name takes
 *   FAKE_MONITORS and others of monitors: see fake_monitor.c
 *   FAKE_DUMP   if set, START's attributes are printed on stderr
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/genetlink.h>
#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake_module.h"
#include "samples.h"

#define SESSION	7
#define TARGETS	256

static struct {
	struct target targets[TARGETS];
	uint8_t ttl[TARGETS];
	uint32_t flow[TARGETS];
	uint32_t sizes[TARGETS];
	unsigned int n;
	uint32_t id;
	uint64_t count, replies, deadline_ns;
	uint32_t flags, size, kind;
	/* of its path: targets up to the end, rounds played */
	unsigned int path_end;
	uint64_t rounds;
	struct session_stats stats[TARGETS];
	bool running;
} fake = { .id = SESSION };

static bool is_case(const char *name)
{
	const char *c = getenv("FAKE_CASE");

	return c && !strcmp(c, name);
}

/* An acknowledgement or a refusal. */
void fake_answer(const struct nlmsghdr *request, int error, const char *text, uint32_t offset)
{
	struct nlmsgerr err = { .error = -error, .msg = *request };
	struct nl_msg *msg = nlmsg_alloc();

	nlmsg_put(msg, 1, request->nlmsg_seq, NLMSG_ERROR, 0,
		  NLM_F_CAPPED | (text ? NLM_F_ACK_TLVS : 0));
	nlmsg_append(msg, &err, sizeof(err), NLMSG_ALIGNTO);
	if (text) {
		nla_put_string(msg, NLMSGERR_ATTR_MSG, text);
		nla_put_u32(msg, NLMSGERR_ATTR_OFFS, offset);
	}
	fake_queue(msg);
}

static void answer_family(const struct nlmsghdr *request)
{
	struct nl_msg *msg;

	if (is_case("absent")) {
		fake_answer(request, ENOENT, NULL, 0);
		return;
	}
	msg = fake_begin(request->nlmsg_seq, GENL_ID_CTRL, CTRL_CMD_NEWFAMILY);
	nla_put_u16(msg, CTRL_ATTR_FAMILY_ID, FAKE_FAMILY);
	if (!is_case("versionless"))
		nla_put_u32(msg, CTRL_ATTR_VERSION, is_case("version") ? 99 :
			    ICMPCTL_FAMILY_VERSION - is_case("older"));
	fake_queue(msg);
	fake_answer(request, 0, NULL, 0);
}

static void answer_info(const struct nlmsghdr *request)
{
	struct nl_msg *msg = fake_begin(request->nlmsg_seq, FAKE_FAMILY, ICMPCTL_CMD_INFO_GET);

	nla_put_string(msg, ICMPCTL_INFO_A_MODULE_VERSION, "9.9.9");
	nla_put_u32(msg, ICMPCTL_INFO_A_MAX_SESSIONS, 64);
	nla_put_u32(msg, ICMPCTL_INFO_A_MAX_TARGETS, 4096);
	nla_put_u32(msg, ICMPCTL_INFO_A_MAX_INFLIGHT, 65536);
	nla_put_u32(msg, ICMPCTL_INFO_A_MAX_RATE_PPS, 100000);
	nla_put_u64(msg, ICMPCTL_INFO_A_MAX_MEMORY_BYTES, 1ULL << 33);
	nla_put_u32(msg, ICMPCTL_INFO_A_SESSIONS, 1);
	nla_put_u32(msg, ICMPCTL_INFO_A_INFLIGHT, 10);
	nla_put_u32(msg, ICMPCTL_INFO_A_RATE_PPS, 1);
	nla_put_u64(msg, ICMPCTL_INFO_A_MEMORY_BYTES, 123456);
	fake_monitor_info(msg);
	fake_queue(msg);
	fake_answer(request, 0, NULL, 0);
}

static void put_session(struct nl_msg *msg, uint32_t id)
{
	nla_put_u32(msg, ICMPCTL_SESSION_A_ID, id);
	nla_put_u64(msg, ICMPCTL_SESSION_A_ELAPSED_NS, 4002400000);
	nla_put_u32(msg, ICMPCTL_SESSION_A_STATE, ICMPCTL_STATE_RUNNING);
	nla_put_u32(msg, ICMPCTL_SESSION_A_TARGETS, fake.n ? fake.n : 1);
	nla_put_u32(msg, ICMPCTL_SESSION_A_OWNER_PID, 4242);
	nla_put_string(msg, ICMPCTL_SESSION_A_OWNER_COMM, "icm\033pctl");
	nla_put_u64(msg, ICMPCTL_SESSION_A_RECORDS_DROPPED, is_case("dropped") ? 2 : 0);
	if (id == fake.id)
		fake_sweep_put(msg);
}

static void answer_dump(const struct nlmsghdr *request)
{
	struct nl_msg *msg;

	if (is_case("eperm")) {
		fake_answer(request, EPERM, NULL, 0);
		return;
	}
	msg = fake_begin(request->nlmsg_seq, FAKE_FAMILY, ICMPCTL_CMD_SESSION_GET);
	put_session(msg, fake.id);
	fake_queue(msg);
	msg = nlmsg_alloc();
	nlmsg_put(msg, 1, request->nlmsg_seq, NLMSG_DONE, sizeof(int), NLM_F_MULTI);
	fake_queue(msg);
}

static void put_last_minute(struct nl_msg *msg, const struct session_stats *s)
{
	struct nlattr *nest = nla_nest_start(msg, ICMPCTL_STATS_A_LAST_MINUTE);

	for (int i = 1; i <= ICMPCTL_STATS_A_MAX; i++)
		if (stats_has(s, STATS_LAST_MINUTE(i)))
			nla_put_u64(msg, i, s->value[STATS_LAST_MINUTE(i)]);
	nla_nest_end(msg, nest);
}

static void put_target(struct nl_msg *msg, unsigned int target)
{
	struct nlattr *nest = nla_nest_start(msg, ICMPCTL_SESSION_A_TARGET), *stats;

	nla_put_u32(msg, ICMPCTL_TARGET_A_INDEX, target);
	stats = nla_nest_start(msg, ICMPCTL_TARGET_A_STATS);
	for (int i = 1; i <= ICMPCTL_STATS_A_MAX; i++)
		if (stats_has(&fake.stats[target], i) && i != ICMPCTL_STATS_A_LAST_MINUTE)
			nla_put_u64(msg, i, fake.stats[target].value[i]);
	if (stats_has(&fake.stats[target], ICMPCTL_STATS_A_LAST_MINUTE))
		put_last_minute(msg, &fake.stats[target]);
	nla_nest_end(msg, stats);
	nla_nest_end(msg, nest);
}

static void tell_record(const struct icmpctl_record *r)
{
	struct nl_msg *msg;

	if (fake.flags & ICMPCTL_SESSION_F_NO_RECORDS)
		return;
	msg = fake_begin(0, FAKE_FAMILY, ICMPCTL_CMD_PROBES_EVENT);
	nla_put_u32(msg, ICMPCTL_SESSION_A_ID, fake.id);
	nla_put(msg, ICMPCTL_SESSION_A_RECORD, sizeof(*r), r);
	if (r->extension == ICMPCTL_EXTENSION_GOOD && fake.flags & ICMPCTL_SESSION_F_EXTENSIONS) {
		struct icmpctl_extension e = fake_extension();

		nla_put(msg, ICMPCTL_SESSION_A_EXTENSION, sizeof(e), &e);
	}
	fake_queue(msg);
}

/* What UDP and TCP probes are told of, and who is asked by them replies with. */
static void as_kind(struct icmpctl_record *r)
{
	r->kind = fake.kind;
	if (r->status != ICMPCTL_STATUS_REPLY || r->kind == ICMPCTL_PROBE_ECHO)
		return;
	r->icmp_type = 0;
	r->bytes = 24;
	if (r->kind == ICMPCTL_PROBE_TCP) {
		r->tcp_flags = 0x12;
	} else {
		r->icmp_type = r->family == 4 ? 3 : 1;
		r->icmp_code = r->family == 4 ? 3 : 4;
		r->bytes = 56;
	}
}

/* A round of a path; from the second one on nobody asks behind its end. */
static void fake_round(uint64_t seq)
{
	unsigned int n = seq == 1 ? fake.n : fake.path_end;
	struct icmpctl_record r;

	for (unsigned int i = 0; i < n; i++) {
		bool told = fake_hop(&r, &fake.targets[i], fake.ttl[i], seq, fake.count,
				     fake.sizes[i] + 8);

		fake_hop_count(&fake.stats[i], told ? &r : NULL);
		if (!told)
			continue;
		r.target = i;
		as_kind(&r);
		tell_record(&r);
		if (i < fake.path_end && !fake_is_router(&r))
			fake.path_end = i + 1;
	}
	fake.rounds = seq;
}

/* Hops of several paths: nothing that answers ends anything. */
static void fake_hops(void)
{
	for (unsigned int i = 0; i < fake.n; i++) {
		struct icmpctl_record r;

		/* What goes by turns goes by flows. */
		if (!fake_hop(&r, &fake.targets[i], fake.ttl[i], fake.flow[i] + 1, 1,
			      fake.size + 8))
			continue;
		r.target = i;
		as_kind(&r);
		tell_record(&r);
	}
}

/* One target a message, so that the asker has to ask again. */
static void answer_get(const struct nlmsghdr *request, uint32_t first)
{
	const char *rounds = getenv("FAKE_ROUNDS");
	struct nl_msg *msg;

	/* A path without an end goes on a round whenever somebody asks where it stands. */
	if (!first && !fake.count && fake.flags & ICMPCTL_SESSION_F_PATH &&
	    fake.rounds < (rounds ? strtoul(rounds, NULL, 10) : 3))
		fake_round(fake.rounds + 1);
	msg = fake_begin(request->nlmsg_seq, FAKE_FAMILY, ICMPCTL_CMD_SESSION_GET);
	put_session(msg, fake.id);
	if (first < fake.n)
		put_target(msg, first);
	fake_queue(msg);
	fake_answer(request, 0, NULL, 0);
}

static void count(unsigned int target, int attr)
{
	fake.stats[target].told[attr] = true;
	fake.stats[target].value[attr]++;
}

static void tell(unsigned int target, uint64_t seq, int status, uint16_t flags, uint32_t bytes)
{
	const struct target *t = &fake.targets[target];
	struct icmpctl_record r = sample_record(status, seq, t->family);

	r.target = target;
	r.flags = flags;
	if (flags & ICMPCTL_RECORD_F_CHANGED)
		r.info = 20;
	if (bytes)
		r.bytes = bytes;
	else if (status != ICMPCTL_STATUS_ERROR)
		r.bytes = fake.size + 8;
	if (status == ICMPCTL_STATUS_SEND_FAILED)
		r.error = ENETUNREACH;
	if (out_has_answer(&r) && status != ICMPCTL_STATUS_ERROR &&
	    status != ICMPCTL_STATUS_REDIRECT)
		memcpy(r.from, t->addr, sizeof(r.from));
	tell_record(&r);
}

static void probe(unsigned int target, uint64_t seq, char fate)
{
	if (fate == 's') {
		tell(target, seq, ICMPCTL_STATUS_SEND_FAILED, 0, 0);
		count(target, ICMPCTL_STATS_A_SEND_FAILED);
		return;
	}
	count(target, ICMPCTL_STATS_A_SENT);
	if (fake.flags & ICMPCTL_SESSION_F_REPORT_SENT)
		tell(target, seq, ICMPCTL_STATUS_SENT, 0, 0);
	switch (fate) {
	case 'e':
		tell(target, seq, ICMPCTL_STATUS_ERROR, 0, 0);
		count(target, ICMPCTL_STATS_A_ERRORS);
		return;
	case 'u':
		count(target, ICMPCTL_STATS_A_OUTSTANDING);
		return;
	case 'l':
	case 'L':
	case 'b':
	case 'o':
		if (fate == 'b')
			tell(target, seq, ICMPCTL_STATUS_BAD_CHECKSUM, 0, 0);
		if (fate == 'o')
			tell(target, seq, ICMPCTL_STATUS_OTHER_ADDRESS, 0, 0);
		if (fate == 'b')
			count(target, ICMPCTL_STATS_A_BAD_CHECKSUM);
		tell(target, seq, ICMPCTL_STATUS_LOST, 0, 0);
		count(target, ICMPCTL_STATS_A_LOST);
		if (fate == 'L') {
			tell(target, seq, ICMPCTL_STATUS_LATE, 0, 0);
			count(target, ICMPCTL_STATS_A_LATE);
		}
		return;
	case 'f':
		tell(target, seq, ICMPCTL_STATUS_FORGED, 0, 0);
		count(target, ICMPCTL_STATS_A_FORGED);
		break;
	case 'x':
		tell(target, seq, ICMPCTL_STATUS_REDIRECT, 0, 0);
		break;
	}
	tell(target, seq, ICMPCTL_STATUS_REPLY,
	     fate == 't' ? ICMPCTL_RECORD_F_LENGTH : fate == 'c' ? ICMPCTL_RECORD_F_CHANGED : 0,
	     fate == 't' ? 40 : 0);
	count(target, ICMPCTL_STATS_A_RECEIVED);
	if (fate == 'd') {
		tell(target, seq, ICMPCTL_STATUS_DUPLICATE, 0, 0);
		count(target, ICMPCTL_STATS_A_DUPLICATES);
	}
}

static void add_rtts(unsigned int target)
{
	struct session_stats sample = sample_stats();

	if (!fake.stats[target].value[ICMPCTL_STATS_A_RECEIVED])
		return;
	for (int i = ICMPCTL_STATS_A_RTT_MIN_NS; i < STATS_VALUES; i++) {
		fake.stats[target].value[i] = sample.value[i];
		fake.stats[target].told[i] = fake.stats[target].told[i] || sample.told[i];
	}
}

static void tell_statistics(void)
{
	struct nl_msg *msg;

	for (unsigned int i = 0; i < fake.n; i++) {
		msg = fake_begin(0, FAKE_FAMILY, ICMPCTL_CMD_STATS_EVENT);
		nla_put_u32(msg, ICMPCTL_SESSION_A_ID, fake.id);
		put_target(msg, i);
		fake_queue(msg);
	}
}

static void tell_done(uint32_t id, int reason)
{
	struct nl_msg *msg = fake_begin(0, FAKE_FAMILY, ICMPCTL_CMD_DONE_EVENT);
	const char *delay = reason == ICMPCTL_REASON_STOPPED ? getenv("FAKE_DELAY") : NULL;

	put_session(msg, id);
	nla_put_u32(msg, ICMPCTL_SESSION_A_REASON, reason);
	if (delay)
		fake_queue_late(msg, strtoul(delay, NULL, 10));
	else
		fake_queue(msg);
}

static void done(int reason)
{
	if (!fake.running)
		return;
	fake.running = false;
	tell_statistics();
	tell_done(fake.id, reason);
}

/* A probe of a size. */
static void tell_size(unsigned int target, uint64_t seq)
{
	struct icmpctl_record r;

	if (!fake_size(&r, &fake.targets[target], seq, fake.sizes[target] + 8))
		return;
	r.target = target;
	tell_record(&r);
}

static void end_as_told(void)
{
	if (is_case("unload"))
		done(ICMPCTL_REASON_UNLOAD);
	else if (is_case("namespace"))
		done(ICMPCTL_REASON_NAMESPACE);
	else if (is_case("stopped"))
		done(ICMPCTL_REASON_STOPPED);
}

static void run(void)
{
	const char *plan = getenv("FAKE_PLAN");
	uint64_t probes;

	if (fake.flags & ICMPCTL_SESSION_F_PATH) {
		fake.path_end = fake.n;
		for (uint64_t seq = 1; seq <= (fake.count ? fake.count : 1); seq++)
			fake_round(seq);
		end_as_told();
		return;
	}
	if (fake.flags & ICMPCTL_SESSION_F_HOPS) {
		fake_hops();
		end_as_told();
		return;
	}
	if (getenv("FAKE_MTU")) {
		for (uint64_t seq = 1; seq <= fake.count; seq++)
			for (unsigned int i = 0; i < fake.n; i++)
				tell_size(i, seq);
		end_as_told();
		return;
	}
	if (!plan)
		plan = "r";
	probes = fake.count ? fake.count : fake.replies ? fake.replies : strlen(plan);
	for (uint64_t seq = 1; seq <= probes; seq++)
		for (unsigned int i = 0; i < fake.n; i++)
			probe(i, seq, plan[seq <= strlen(plan) ? seq - 1 : strlen(plan) - 1]);
	for (unsigned int i = 0; i < fake.n; i++)
		add_rtts(i);
	end_as_told();
	if (fake.count || fake.replies)
		done(ICMPCTL_REASON_COMPLETE);
	else if (fake.deadline_ns && !strchr(plan, 'e'))
		done(ICMPCTL_REASON_DEADLINE);
}

static void take(struct nlattr *attr)
{
	struct nlattr *tb[ICMPCTL_TARGET_A_MAX + 1];
	struct target *t;

	if (getenv("FAKE_DUMP"))
		fake_dump(attr);
	switch (nla_type(attr)) {
	case ICMPCTL_SESSION_A_TARGET:
		nla_parse_nested(tb, ICMPCTL_TARGET_A_MAX, attr, NULL);
		t = &fake.targets[fake.n++];
		t->family = nla_len(tb[ICMPCTL_TARGET_A_ADDRESS]) == 4 ? 4 : 6;
		fake.ttl[fake.n - 1] = nlc_uint(tb[ICMPCTL_TARGET_A_TTL]);
		fake.flow[fake.n - 1] = nlc_uint(tb[ICMPCTL_TARGET_A_FLOW]);
		fake.sizes[fake.n - 1] = tb[ICMPCTL_TARGET_A_SIZE] ?
					 nlc_uint(tb[ICMPCTL_TARGET_A_SIZE]) : fake.size;
		memcpy(t->addr, nla_data(tb[ICMPCTL_TARGET_A_ADDRESS]),
		       nla_len(tb[ICMPCTL_TARGET_A_ADDRESS]));
		break;
	case ICMPCTL_SESSION_A_SWEEP:
		fake_sweep_begin(attr);
		break;
	case ICMPCTL_SESSION_A_COUNT:
		fake.count = nlc_uint(attr);
		break;
	case ICMPCTL_SESSION_A_REPLIES:
		fake.replies = nlc_uint(attr);
		break;
	case ICMPCTL_SESSION_A_DEADLINE_NS:
		fake.deadline_ns = nlc_uint(attr);
		break;
	case ICMPCTL_SESSION_A_FLAGS:
		fake.flags = nlc_uint(attr);
		break;
	case ICMPCTL_SESSION_A_KIND:
		fake.kind = nlc_uint(attr);
		break;
	case ICMPCTL_SESSION_A_SIZE:
		fake.size = nlc_uint(attr);
		break;
	}
}

static void answer_start(struct nlmsghdr *request)
{
	struct genlmsghdr *ghdr = nlmsg_data(request);
	uint32_t interval_at = 0, last_at = 0;
	struct nl_msg *msg;
	struct nlattr *attr;
	int rest;

	/* One session at a time is played; who starts another is done with the last. */
	if (fake.running)
		tell_statistics();
	fake.id += fake.n != 0;
	fake.n = 0;
	fake.count = 0;
	memset(fake.stats, 0, sizeof(fake.stats));
	fake_sweep_begin(NULL);
	nla_for_each_attr(attr, genlmsg_attrdata(ghdr, 0), genlmsg_attrlen(ghdr, 0), rest) {
		last_at = (char *)attr - (char *)request;
		if (nla_type(attr) == ICMPCTL_SESSION_A_INTERVAL_NS)
			interval_at = last_at;
		take(attr);
	}
	if (is_case("eperm"))
		fake_answer(request, EPERM, NULL, 0);
	else if (is_case("extack"))
		fake_answer(request, ERANGE, "100000 probes a second are asked for, and 10 allowed",
		       interval_at);
	else if (is_case("host"))
		fake_answer(request, EACCES, "this is a broadcast address", last_at);
	if (is_case("eperm") || is_case("extack") || is_case("host"))
		return;
	fake.running = true;
	if (is_case("early"))
		run();
	msg = fake_begin(request->nlmsg_seq, FAKE_FAMILY, ICMPCTL_CMD_SESSION_START);
	nla_put_u32(msg, ICMPCTL_SESSION_A_ID, fake.id);
	nla_put_u16(msg, ICMPCTL_SESSION_A_ICMP_ID, 4711);
	nla_put_u64(msg, ICMPCTL_SESSION_A_STARTED_NS, SAMPLE_START_NS);
	nla_put_u64(msg, ICMPCTL_SESSION_A_STARTED_UNIX_NS, SAMPLE_START_UNIX_NS);
	fake_queue(msg);
	fake_answer(request, 0, NULL, 0);
	if (!is_case("early"))
		run();
}

int __wrap_nl_send(struct nl_sock *sk, struct nl_msg *msg)
{
	struct nlmsghdr *nlh = nlmsg_hdr(msg);
	struct genlmsghdr *ghdr = nlmsg_data(nlh);
	struct nlattr *tb[ICMPCTL_SESSION_A_MAX + 1];

	(void)sk;
	if (nlh->nlmsg_type == GENL_ID_CTRL) {
		answer_family(nlh);
		return nlh->nlmsg_len;
	}
	nlc_parse(nlh, tb, ICMPCTL_SESSION_A_MAX);
	if (fake_monitor_asked(nlh, ghdr->cmd, tb[ICMPCTL_SESSION_A_MONITOR]))
		return nlh->nlmsg_len;
	switch (ghdr->cmd) {
	case ICMPCTL_CMD_INFO_GET:
		answer_info(nlh);
		break;
	case ICMPCTL_CMD_SESSION_START:
		answer_start(nlh);
		break;
	case ICMPCTL_CMD_SESSION_STOP:
		fake_answer(nlh, 0, NULL, 0);
		if (nlc_uint(tb[ICMPCTL_SESSION_A_ID]) == fake.id)
			done(ICMPCTL_REASON_STOPPED);
		else
			tell_done(nlc_uint(tb[ICMPCTL_SESSION_A_ID]), ICMPCTL_REASON_STOPPED);
		break;
	case ICMPCTL_CMD_SWEEP_FEED:
		if (fake_sweep_feed(nlh, fake.id))
			done(ICMPCTL_REASON_COMPLETE);
		break;
	case ICMPCTL_CMD_SESSION_GET:
		if (nlh->nlmsg_flags & NLM_F_DUMP)
			answer_dump(nlh);
		else
			answer_get(nlh, nlc_uint(tb[ICMPCTL_SESSION_A_TARGET_FIRST]));
		break;
	}
	return nlh->nlmsg_len;
}

/* Where the command would load the module, nothing is to happen in a test. */
int __wrap_module_load(void)
{
	return 0;
}
