/* SPDX-License-Identifier: GPL-2.0 */
/*
 * sweep.h - sessions that ask many addresses a little
 *
 *  icmpctl --genl--> sweep_feed.c: ranges -> core/ranges.c, core/permute.c: the order
 *  sched.c: work -> sweep_run.c: which address, slot.c: claim, icmpctl_host beside it
 *           -> xmit.c -> sweep_neighbour.c: may it go now? -> the IP stack
 *  verdict.c, sched.c: what became of a probe -> sweep_fate.c: what that makes of its address
 *           -> ring.c
 *
 * An address is asked by one kind of probe after the other, and then again, until it answers.
 *
 * Nothing is kept for an address that is not under way. What became of probes is counted
 * in two targets, one for each family; what became of addresses in icmpctl_sweep.count.
 */
#ifndef _ICMPCTL_SWEEP_H
#define _ICMPCTL_SWEEP_H

#include <net/flow.h>

#include "icmpctl.h"
#include "core/permute.h"
#include "core/ranges.h"

struct dst_entry;
struct fib_info;
struct rtable;

/**
 * enum icmpctl_fate - what is known of the address of a try
 * @ICMPCTL_FATE_OPEN: nothing yet.
 * @ICMPCTL_FATE_MET: it is broadcast or multicast, and somebody has answered.
 * @ICMPCTL_FATE_AGAIN: an ICMP error came for it, or a rule of this host dropped the probe, and
 *	it has tries left: this host itself could not reach it, or another kind of probe may.
 * @ICMPCTL_FATE_MOVED: it is asked again: icmpctl_slot.after knows more.
 * @ICMPCTL_FATE_VOID: the try was needless, and never left.
 * @ICMPCTL_FATE_TELLING: it is up, and that is being told this instant.
 * @ICMPCTL_FATE_UNTOLD: it is up, and there was no room to tell.
 * @ICMPCTL_FATE_UP: it is up, and that was told.
 * @ICMPCTL_FATE_DOWN: it was given up.
 * @ICMPCTL_FATE_ERROR: an ICMP error came for it.
 * @ICMPCTL_FATE_NOT_SENT: the local stack refuses it.
 *
 * The same address may be known by several tries; the last one's fate is the address's.
 */
enum icmpctl_fate {
	ICMPCTL_FATE_OPEN,
	ICMPCTL_FATE_MET,
	ICMPCTL_FATE_AGAIN,
	ICMPCTL_FATE_MOVED,
	ICMPCTL_FATE_VOID,
	ICMPCTL_FATE_TELLING,
	ICMPCTL_FATE_UNTOLD,
	ICMPCTL_FATE_UP,
	ICMPCTL_FATE_DOWN,
	ICMPCTL_FATE_ERROR,
	ICMPCTL_FATE_NOT_SENT,
};

/**
 * struct icmpctl_host - the address behind a slot, at the same index
 * @addr: which.
 * @place: in the order.
 * @info: once its fate is UNTOLD: what there is to be told; likewise all that follow but
 *	@word, @left, @group and @met. See icmpctl_record.
 * @info2: likewise.
 * @rtt_ns: likewise.
 * @word: number of the try and enum icmpctl_fate in one, as in icmpctl_slot: who comes
 *	when the slot was taken for another try changes nothing.
 * @left: tries that are left after this one.
 * @on_link: no router is between.
 * @group: it is broadcast or multicast: whoever answers is told.
 * @met: somebody has answered a former try.
 * @icmp_type: of the answer.
 * @icmp_code: likewise.
 * @tcp_flags: likewise.
 * @ttl: likewise.
 */
struct icmpctl_host {
	union icmpctl_addr addr;
	u64 place;
	u32 info;
	u32 info2;
	u64 rtt_ns;
	atomic64_t word;
	u8 left;
	bool on_link;
	bool group;
	bool met;
	u8 icmp_type;
	u8 icmp_code;
	u8 tcp_flags;
	u8 ttl;
};

/**
 * struct icmpctl_setback - why some kinds of probes are of no use for an address: what the last
 *	ICMP error said
 * @from: who said it; an IPv4 address in the first four bytes.
 * @info: see icmpctl_record.
 * @kinds: set of the kinds that one came for, or that a rule of this host drops.
 * @round: the how-manieth try that was, from 0.
 * @kind: enum icmpctl_probe_kind.
 * @icmp_type: of the error.
 * @icmp_code: likewise.
 * @ttl: likewise.
 * @error: there was one.
 */
struct icmpctl_setback {
	u8 from[16];
	u32 info;
	u16 kinds;
	u8 round;
	u8 kind;
	u8 icmp_type;
	u8 icmp_code;
	u8 ttl;
	bool error;
};

/**
 * struct icmpctl_errand - an address that is to be asked
 * @addr: which.
 * @place: in the order.
 * @since_ns: pushed back for the first time; 0: never.
 * @left: tries that are left after this one.
 * @family: AF_INET or AF_INET6; 0: there is none.
 * @met: it is broadcast or multicast, and somebody has answered a former try.
 * @setback: with several kinds of probes: what became of some in former tries.
 */
struct icmpctl_errand {
	union icmpctl_addr addr;
	u64 place;
	u64 since_ns;
	u32 left;
	u8 family;
	bool met;
	struct icmpctl_setback setback;
};

/**
 * struct icmpctl_chunk - the addresses of one SWEEP_FEED
 * @node: in icmpctl_sweep.chunks.
 * @base: place of its first address.
 * @order: in which they are asked.
 * @ranges: the addresses.
 * @range: memory of @ranges.
 */
struct icmpctl_chunk {
	struct list_head node;
	u64 base;
	struct icmpctl_permute order;
	struct icmpctl_ranges ranges;
	struct icmpctl_range range[];
};

/* So many chunks may wait, the one that is being asked included. */
#define ICMPCTL_CHUNKS_MAX	3

/**
 * struct icmpctl_way - what the route look-up made of a FIB entry
 * @fib: the entry; only compared, as it may be gone. Then @rt is invalid.
 * @rt: the route, with a reference.
 * @saddr: source address.
 */
struct icmpctl_way {
	const struct fib_info *fib;
	struct rtable *rt;
	__be32 saddr;
};

#define ICMPCTL_WAYS	4

/* So many probes are counted at once. */
#define ICMPCTL_SWEEP_LATE_MAX	64

/* What is counted of addresses; in the order of enum icmpctl_sweep_attr, from UP on. */
enum icmpctl_sweep_count {
	ICMPCTL_SWEEP_UP,
	ICMPCTL_SWEEP_DOWN,
	ICMPCTL_SWEEP_ERRORS,
	ICMPCTL_SWEEP_NOT_SENT,
	ICMPCTL_SWEEP_NEIGHBOURS,
	ICMPCTL_SWEEP_LATE,
	ICMPCTL_SWEEP_RETRIES,
	ICMPCTL_SWEEP_PUSHED_BACK,
	ICMPCTL_SWEEP_NEIGHBOUR_WAITS,
	ICMPCTL_SWEEP_READER_WAITS,
	ICMPCTL_SWEEP_GROUPS,
	ICMPCTL_SWEEP_GROUP_ANSWERS,
	ICMPCTL_SWEEP_COUNTS,
};

/**
 * struct icmpctl_sweep - what a sweep has of its own
 * @host: one for each slot.
 * @setback: likewise, with several kinds of probes; else NULL.
 * @scratch: the address that the work is about at this instant, as a target.
 * @lock: guards @chunks, @queued, @fed and @end.
 * @chunks: the first is the one that is being asked.
 * @queued: how many.
 * @fed: addresses fed in all.
 * @end: nothing more will be fed.
 * @place: the next of the order. The work alone, as all up to @reader_waits.
 * @again: was pushed back, and goes before all others: by the last try, which is still OPEN
 *	unless an answer to one before has come.
 * @fresh: the next that was never asked.
 * @chunk: the first of @chunks, once it is known.
 * @now_ns: the present, as far as it is known: when the last probe was handed over.
 * @way: routes of IPv4, from the first look-up of a run of the work to its end.
 * @ways: how many.
 * @flow: what the FIB is asked by, if there are any.
 * @late_ns: how late those were whose sending is not counted yet.
 * @late_target: to which target they were.
 * @late_n: how many.
 * @hold_ns: nothing is sent before.
 * @backoff_ns: how long the next hold will be.
 * @reader_waits: it is waiting for the reader.
 * @resume: once it has ended: all places before it are done with.
 * @since: jiffies at its start.
 * @count: indexed by enum icmpctl_sweep_count.
 */
struct icmpctl_sweep {
	struct icmpctl_host *host;
	struct icmpctl_setback *setback;
	struct icmpctl_target *scratch;
	spinlock_t lock;	/* guards the next four */
	struct list_head chunks;
	u32 queued;
	u64 fed;
	bool end;
	u64 place;
	struct icmpctl_errand again;
	struct icmpctl_errand fresh;
	struct icmpctl_chunk *chunk;
	u64 now_ns;
	struct icmpctl_way way[ICMPCTL_WAYS];
	u32 ways;
	struct flowi4 flow;
	u64 late_ns[ICMPCTL_SWEEP_LATE_MAX];
	u32 late_target;
	u32 late_n;
	u64 hold_ns;
	u64 backoff_ns;
	bool reader_waits;
	u64 resume;
	unsigned long since;
	atomic64_t count[ICMPCTL_SWEEP_COUNTS];
};

/* ---- sweep.c: what a sweep has of its own ---- */

u64 icmpctl_sweep_bytes(const struct icmpctl_config *config);
int icmpctl_sweep_init(struct icmpctl_session *session);
void icmpctl_sweep_free(struct icmpctl_session *session);
struct icmpctl_host *icmpctl_sweep_host(const struct icmpctl_session *session, u64 number);
void icmpctl_sweep_begin(struct icmpctl_session *session, u64 number,
			 const struct icmpctl_errand *errand);
enum icmpctl_fate icmpctl_host_fate(const struct icmpctl_host *host, u64 number);
bool icmpctl_host_change(struct icmpctl_host *host, u64 number, enum icmpctl_fate from,
			 enum icmpctl_fate to);
u32 icmpctl_sweep_tries(const struct icmpctl_session *session, u8 family);
const struct icmpctl_kind *icmpctl_sweep_kind(const struct icmpctl_session *session, u8 family,
					      u32 left);
u32 icmpctl_sweep_left(const struct icmpctl_session *session, u8 family, u32 left, u16 kinds);
void icmpctl_sweep_count(struct icmpctl_session *session, enum icmpctl_sweep_count counter);
void icmpctl_sweep_rest(struct icmpctl_session *session);
int icmpctl_sweep_report(struct sk_buff *skb, struct icmpctl_session *session);

/* The address behind a slot; @session is a sweep. */
static inline struct icmpctl_host *icmpctl_sweep_host_of(const struct icmpctl_session *session,
							 const struct icmpctl_slot *slot)
{
	return &session->sweep->host[slot - session->slots.slot];
}

/* Did a probe of any session go to a broadcast or multicast address as one of a sweep? */
static inline bool icmpctl_sweep_is_group(const struct icmpctl_session *session,
					  const struct icmpctl_slot *slot)
{
	return session->sweep && READ_ONCE(icmpctl_sweep_host_of(session, slot)->group);
}

/* ---- sweep_fate.c: what became of an address ---- */

bool icmpctl_sweep_told(struct icmpctl_session *session, u64 number);
void icmpctl_sweep_try(struct icmpctl_session *session, const struct icmpctl_record *record);
void icmpctl_sweep_answered(struct icmpctl_session *session, u64 number,
			    const struct icmpctl_record *record);
void icmpctl_sweep_met(struct icmpctl_session *session, u64 number,
		       struct icmpctl_record *record);
void icmpctl_sweep_gathered(struct icmpctl_session *session, const struct icmpctl_slot *slot,
			    u64 number);
void icmpctl_sweep_lost(struct icmpctl_session *session, const struct icmpctl_slot *slot,
			u64 number, struct icmpctl_record *record);
void icmpctl_sweep_refused(struct icmpctl_session *session, const struct icmpctl_slot *slot,
			   u64 number, struct icmpctl_record *record);
bool icmpctl_sweep_tell_rest(struct icmpctl_session *session);

/* ---- sweep_feed.c: what is to be asked ---- */

int icmpctl_sweep_config(struct genl_info *info, struct icmpctl_config *config);
bool icmpctl_sweep_sends(const struct icmpctl_config *config, u32 kind);
void icmpctl_sweep_targets(const struct icmpctl_config *config, struct icmpctl_target *targets);
void icmpctl_sweep_rate(struct icmpctl_session *session);
int icmpctl_sweep_feed(struct icmpctl_session *session, struct genl_info *info);
bool icmpctl_sweep_next(struct icmpctl_session *session, struct icmpctl_errand *errand);
bool icmpctl_sweep_fed_all(struct icmpctl_session *session);

/* ---- sweep_run.c: the work of a sweep ---- */

void icmpctl_sweep_run(struct icmpctl_session *session);

/* ---- sweep_route.c: the ways that probes take ---- */

struct rtable *icmpctl_sweep_way_ipv4(struct icmpctl_session *session, __be32 daddr,
				      __be32 *saddr);
void icmpctl_sweep_note_way_ipv4(struct icmpctl_session *session, const struct flowi4 *fl4,
				 struct rtable *rt);
void icmpctl_sweep_forget_ways(struct icmpctl_session *session);

/* ---- sweep_neighbour.c: addresses on a link of this host ---- */

int icmpctl_sweep_admit_ipv4(struct icmpctl_probe *probe, struct rtable *rt);
int icmpctl_sweep_admit_ipv6(struct icmpctl_probe *probe, struct dst_entry *dst);

#endif /* _ICMPCTL_SWEEP_H */
