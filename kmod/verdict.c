// SPDX-License-Identifier: GPL-2.0
/*
 * verdict.c - what an answer is: a reply, an error, late, twice, or not ours at all
 *
 * Whoever sends it is trusted in nothing: identifier, sequence number, addresses
 * and cookie must all be those of a probe that was sent. A probe is settled once;
 * what comes after that is counted by its own name and never thrown away.
 */
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/socket.h>

#include "icmpctl.h"
#include "monitor.h"
#include "sweep.h"

/* As net.ipv4.route.min_pmtu: no router can have us send crumbs. */
#define PATH_MTU_MIN	552

/* What is about no probe in particular is counted as if about the latest. */
#define NO_ROUND	U64_MAX

/*
 * The how-manieth to its target a probe was, from 0. Once it is settled, its slot may be taken for
 * another one at any time: what is asked afterwards is asked of the record.
 */
static u64 round_of(const struct icmpctl_record *record)
{
	return record->seq - 1;
}

static void count(struct icmpctl_target *target, enum icmpctl_count counter, u64 round,
		  u64 now_ns)
{
	struct icmpctl_stats *stats;

	spin_lock_bh(&target->lock);
	for (stats = &target->stats; stats; stats = icmpctl_stats_since(stats, round))
		icmpctl_stats_count(stats, counter, now_ns);
	spin_unlock_bh(&target->lock);
}

/*
 * Where it is counted that something came under a name of ours which is about no probe in
 * particular; NULL: nowhere.
 */
static struct icmpctl_target *any_target(struct icmpctl_session *session, u8 family)
{
	struct icmpctl_target *target = session->targets;

	/* IPv4, IPv6. */
	if (session->sweep)
		target += family == AF_INET6;
	return target->family == family ? target : NULL;
}

/* Payloads too short for a cookie are told by identifier, number and address. */
static bool authentic_echo(const struct icmpctl_msg *msg, const struct icmpctl_arrival *arrival,
			   const struct icmpctl_payload *payload)
{
	if (payload->size < ICMPCTL_COOKIE_LEN)
		return true;
	if (msg->kind == ICMPCTL_MSG_REPLY)
		return arrival->intact >= ICMPCTL_COOKIE_LEN;
	return !msg->has_cookie || msg->cookie == payload->cookie;
}

/* Is what came about the probe whose slot was found, as far as it tells? */
static bool authentic(const struct icmpctl_arrival *arrival, const struct icmpctl_session *session,
		      const struct icmpctl_slot *slot)
{
	const struct icmpctl_msg *msg = &arrival->msg;
	struct icmpctl_payload payload;

	icmpctl_wire_carried(session, slot, &payload);
	if (msg->probe != slot->kind)
		return false;
	if (icmpctl_packet_has_stream(slot->kind) && arrival->wire->stream != slot->stream)
		return false;
	switch (slot->kind) {
	case ICMPCTL_PROBE_ECHO:
		return authentic_echo(msg, arrival, &payload);
	case ICMPCTL_PROBE_TIMESTAMP:
		return !msg->has_cookie ||
		       msg->cookie == icmpctl_packet_originate(payload.cookie);
	case ICMPCTL_PROBE_TCP:
		return msg->port == slot->port &&
		       msg->cookie == icmpctl_packet_tcp_cookie(payload.cookie);
	case ICMPCTL_PROBE_UDP:
		/* The last two bytes made the checksum. */
		return msg->port == slot->port &&
		       (!msg->has_cookie || msg->cookie >> 16 == payload.cookie >> 16);
	default:
		return true;
	}
}

/* The target itself has no such port: a UDP probe can come no further. */
static bool port_unreachable(const struct icmpctl_arrival *arrival,
			     const struct icmpctl_slot *slot)
{
	const struct icmpctl_msg *msg = &arrival->msg;

	if (slot->kind != ICMPCTL_PROBE_UDP)
		return false;
	if (arrival->family == AF_INET)
		return msg->type == ICMP_DEST_UNREACH && msg->code == ICMP_PORT_UNREACH;
	return msg->type == ICMPV6_DEST_UNREACH && msg->code == ICMPV6_PORT_UNREACH;
}

/* In a sweep it is asked whether somebody is there: whatever comes from there says so. */
static bool is_reply(const struct icmpctl_session *session, const struct icmpctl_slot *slot,
		     const struct icmpctl_arrival *arrival)
{
	if (arrival->msg.kind != ICMPCTL_MSG_ERROR)
		return arrival->msg.kind == ICMPCTL_MSG_REPLY;
	return (session->sweep || port_unreachable(arrival, slot)) &&
	       icmpctl_addr_equal(&arrival->from, icmpctl_session_addr(session, slot));
}

static void fill_answer(struct icmpctl_record *record, const struct icmpctl_arrival *arrival)
{
	record->stack_ns = arrival->stack_ns;
	record->hook_ns = arrival->hook_ns;
	record->bytes = arrival->bytes;
	record->ttl = arrival->ttl;
	record->tos = arrival->tos;
	record->icmp_type = arrival->msg.type;
	record->icmp_code = arrival->msg.code;
	record->tcp_flags = arrival->msg.tcp_flags;
	record->extension = arrival->extension_state;
	memcpy(record->from, arrival->from.bytes, sizeof(record->from));
	record->info = arrival->msg.info;
	record->info2 = arrival->msg.info2;
	if (arrival->msg.kind == ICMPCTL_MSG_REDIRECT)
		memcpy(record->gateway, arrival->msg.gateway.bytes, sizeof(record->gateway));
}

/* Did the payload come back as it was sent? */
static bool corrupt(struct icmpctl_record *record, const struct icmpctl_arrival *arrival,
		    u32 size)
{
	u32 came = arrival->bytes - ICMPCTL_ICMP_HLEN;

	if (came != size)
		record->flags |= ICMPCTL_RECORD_F_LENGTH;
	if (arrival->intact < min(came, size)) {
		record->flags |= ICMPCTL_RECORD_F_CHANGED;
		record->info = arrival->intact;
	}
	return record->flags & (ICMPCTL_RECORD_F_LENGTH | ICMPCTL_RECORD_F_CHANGED);
}

/*
 * A router could not pass our probe on: the next ones are cut, or not sent. IPv6
 * learns this for every packet of the host; IPv4 only for packets that belong to a
 * socket of a protocol it knows, and an echo request's does not.
 */
static void learn_mtu(struct icmpctl_target *target, const struct icmpctl_msg *msg)
{
	if (target->family == AF_INET && msg->type == ICMP_DEST_UNREACH &&
	    msg->code == ICMP_FRAG_NEEDED && msg->info)
		WRITE_ONCE(target->path_mtu, max_t(u32, msg->info, PATH_MTU_MIN));
}

/*
 * The delay variation against the probes to the same target just before and just after.
 * Each pair is seen once, by the answer that comes second, whichever that is. It counts
 * where both of its probes do.
 */
static void vary(struct icmpctl_session *session, struct icmpctl_target *target,
		 struct icmpctl_slot *slot, u64 number, const struct icmpctl_record *record)
{
	struct icmpctl_stats *stats;
	const struct icmpctl_slots *slots = &session->slots;
	u32 before = READ_ONCE(slot->before);
	u32 after = READ_ONCE(slot->after);
	u64 rtt_ns = record->rtt_ns;
	u64 round = round_of(record);
	u64 other_ns;

	/* Taken for another probe since it was settled: those are another's neighbours. */
	smp_rmb();	/* pairs with the barrier in icmpctl_slot_claim() */
	if (!icmpctl_slot_find(slots, number))
		return;
	icmpctl_slot_put_rtt(slot, number, rtt_ns);
	if (before &&
	    icmpctl_slot_get_rtt(slots, number - before, record->target, &other_ns))
		for (stats = &target->stats; stats; stats = icmpctl_stats_since(stats, round - 1))
			icmpctl_stats_ipdv(stats, other_ns, rtt_ns);
	if (after && icmpctl_slot_get_rtt(slots, number + after, record->target, &other_ns))
		for (stats = &target->stats; stats; stats = icmpctl_stats_since(stats, round))
			icmpctl_stats_ipdv(stats, rtt_ns, other_ns);
}

static void count_rtt(struct icmpctl_stats *stats, const struct icmpctl_record *record,
		      u64 now_ns)
{
	switch (record->tx_source) {
	case ICMPCTL_SOURCE_HARDWARE:
		stats->count[ICMPCTL_COUNT_TX_HARDWARE]++;
		break;
	case ICMPCTL_SOURCE_DRIVER:
		stats->count[ICMPCTL_COUNT_TX_DRIVER]++;
		break;
	}
	switch (record->rx_source) {
	case ICMPCTL_SOURCE_HARDWARE:
		stats->count[ICMPCTL_COUNT_RX_HARDWARE]++;
		break;
	case ICMPCTL_SOURCE_STACK:
		stats->count[ICMPCTL_COUNT_RX_STACK]++;
		break;
	}
	stats->count[ICMPCTL_COUNT_FALLBACKS] +=
		!!(record->flags & ICMPCTL_RECORD_F_FALLBACK);
	icmpctl_stats_rtt(stats, record->rtt_ns, now_ns);
}

/* With the target's lock held. */
static void take_rtt(struct icmpctl_session *session, struct icmpctl_target *target,
		     struct icmpctl_slot *slot, const struct icmpctl_record *record,
		     const struct icmpctl_arrival *arrival)
{
	struct icmpctl_stats *stats;

	for (stats = &target->stats; stats; stats = icmpctl_stats_since(stats, round_of(record)))
		count_rtt(stats, record, arrival->hook_ns);
	target->wait_max_ns = max(target->wait_max_ns, arrival->hook_ns - record->handed_ns);
	vary(session, target, slot, arrival->number, record);
	WRITE_ONCE(target->unanswered, 0);
	WRITE_ONCE(target->had, target->had | BIT(record->tx_source) | BIT(record->rx_source));
}

static bool expired_in_transit(const struct icmpctl_arrival *arrival)
{
	if (arrival->msg.kind != ICMPCTL_MSG_ERROR || arrival->msg.code)
		return false;
	return arrival->msg.type == (arrival->family == AF_INET ? ICMP_TIME_EXCEEDED
								: ICMPV6_TIME_EXCEED);
}

/* Are the targets hops, so that an ICMP error is the answer there is to be? */
static bool of_hops(const struct icmpctl_session *session)
{
	return session->config.flags & (ICMPCTL_SESSION_F_PATH | ICMPCTL_SESSION_F_HOPS);
}

/*
 * Of a monitored path: this host itself says that it came to nothing, so no hop has
 * answered. To what is watched by people that is an answer like any other.
 */
static bool no_hop(const struct icmpctl_session *session, enum icmpctl_cause cause)
{
	return session->monitor && of_hops(session) && icmpctl_cause_is_own(cause);
}

/* What an ICMP error explains. A hop that answers as hops do: nothing, for nothing is amiss. */
static enum icmpctl_cause explained(struct icmpctl_session *session,
				    const struct icmpctl_slot *slot,
				    const struct icmpctl_arrival *arrival)
{
	if (of_hops(session) && expired_in_transit(arrival))
		return ICMPCTL_CAUSE_NONE;
	return icmpctl_cause_error(session, slot, arrival);
}

/* Hops answer in any order: the nearest at which the path ends counts. */
static void end_path(struct icmpctl_session *session, u32 target)
{
	u32 end = READ_ONCE(session->path_end);

	while (target + 1 < end && !try_cmpxchg(&session->path_end, &end, target + 1))
		;
}

/* The one answer that settles a probe; if it is an error, @record has what it explains. */
static void settled(struct icmpctl_session *session, struct icmpctl_slot *slot,
		    struct icmpctl_target *target, struct icmpctl_record *record,
		    const struct icmpctl_arrival *arrival, bool reply)
{
	struct icmpctl_stats *stats;
	bool damaged = arrival->msg.kind == ICMPCTL_MSG_REPLY &&
		       record->kind == ICMPCTL_PROBE_ECHO &&
		       corrupt(record, arrival, target->size);
	bool lost = !reply && no_hop(session, record->cause);
	bool hop = of_hops(session) && !lost;
	enum icmpctl_count counter = reply ? ICMPCTL_COUNT_RECEIVED :
				     lost ? ICMPCTL_COUNT_LOST : ICMPCTL_COUNT_ERRORS;
	u64 now_ns = arrival->hook_ns;

	record->status = reply ? ICMPCTL_STATUS_REPLY : ICMPCTL_STATUS_ERROR;
	spin_lock_bh(&target->lock);
	for (stats = &target->stats; stats; stats = icmpctl_stats_since(stats, round_of(record))) {
		stats->count[ICMPCTL_COUNT_SUSPENDED] +=
			!!(record->flags & ICMPCTL_RECORD_F_SUSPENDED);
		stats->count[ICMPCTL_COUNT_CORRUPT] += damaged;
		icmpctl_stats_count(stats, counter, now_ns);
		if (record->cause)
			stats->count[icmpctl_cause_counter(record->cause)]++;
		/* Of different hosts no answer is late because another came first. */
		if ((reply || hop) && !arrival->ambiguous && !session->sweep)
			icmpctl_stats_order(stats, record->seq, now_ns);
	}
	if (reply && target->stats.count[ICMPCTL_COUNT_RECEIVED] == session->config.replies)
		atomic_dec(&session->unfinished);
	if (!reply && !session->sweep)
		learn_mtu(target, &arrival->msg);
	if ((reply || hop) && !arrival->ambiguous &&
	    !(record->flags & ICMPCTL_RECORD_F_SUSPENDED))
		take_rtt(session, target, slot, record, arrival);
	spin_unlock_bh(&target->lock);
	if (session->sweep)
		icmpctl_sweep_try(session, record);
	if (reply && icmpctl_sweep_is_group(session, slot))
		icmpctl_sweep_met(session, arrival->number, record);
	else if (session->sweep)
		icmpctl_sweep_answered(session, arrival->number, record);
	else
		icmpctl_record_emit_answer(session, record, arrival);
	/* How far the path goes is not told by who sends nothing along it. */
	if (session->config.flags & ICMPCTL_SESSION_F_PATH && !lost) {
		if (!expired_in_transit(arrival))
			end_path(session, record->target);
		else if (session->monitor)
			icmpctl_monitor_hop(session, record->target);
	}

	atomic_inc(&session->answers);
	smp_mb__after_atomic();	/* pairs with the one in sched.c */
	if (READ_ONCE(session->state) == ICMPCTL_STATE_WAITING ||
	    session->config.flags & ICMPCTL_SESSION_F_ADAPTIVE ||
	    (session->config.replies && !atomic_read(&session->unfinished)))
		icmpctl_sched_kick(session);
}

/*
 * Would the stack take a path MTU from it? IPv6 does from any that quotes an echo
 * request, IPv4 does if somebody has a raw ICMP socket open.
 */
static bool tells_mtu(const struct icmpctl_arrival *arrival)
{
	const struct icmpctl_msg *msg = &arrival->msg;

	if (msg->kind != ICMPCTL_MSG_ERROR)
		return false;
	return arrival->family == AF_INET
	       ? msg->type == ICMP_DEST_UNREACH && msg->code == ICMP_FRAG_NEEDED
	       : msg->type == ICMPV6_PKT_TOOBIG;
}

/* Returns whether it is about a probe of ours, as far as can be known. */
static bool judge(struct icmpctl_session *session, struct icmpctl_slot *slot,
		  struct icmpctl_target *target, const struct icmpctl_arrival *arrival,
		  struct icmpctl_record *record)
{
	const struct icmpctl_msg *msg = &arrival->msg;
	bool reply = is_reply(session, slot, arrival);
	bool group = target->group || icmpctl_sweep_is_group(session, slot);
	enum icmpctl_cause cause = ICMPCTL_CAUSE_NONE;
	const union icmpctl_addr *asked = icmpctl_session_addr(session, slot);
	u64 number = arrival->number;
	enum icmpctl_count counter;
	bool ours = true, wanted;

	if (!arrival->checksum_ok) {
		ours = false;
		counter = ICMPCTL_COUNT_BAD_CHECKSUM;
		record->status = ICMPCTL_STATUS_BAD_CHECKSUM;
	} else if (!authentic(arrival, session, slot) ||
		   (msg->kind != ICMPCTL_MSG_REPLY &&
		    !icmpctl_addr_equal(&msg->quoted_dst, asked))) {
		ours = false;
		counter = ICMPCTL_COUNT_FORGED;
		record->status = ICMPCTL_STATUS_FORGED;
	} else if (msg->kind == ICMPCTL_MSG_REDIRECT) {
		counter = ICMPCTL_COUNT_REDIRECTS;
		record->status = ICMPCTL_STATUS_REDIRECT;
	} else if (reply && !group &&
		   !icmpctl_addr_equal(&arrival->from, asked)) {
		/* Without a cookie nothing says that this one is for us. */
		bool known = slot->kind == ICMPCTL_PROBE_ECHO ?
			     target->size >= ICMPCTL_COOKIE_LEN : msg->has_cookie;

		counter = known ? ICMPCTL_COUNT_OTHER_ADDRESS : ICMPCTL_COUNT_FORGED;
		record->status = known ? ICMPCTL_STATUS_OTHER_ADDRESS : ICMPCTL_STATUS_FORGED;
		icmpctl_rtt(session, slot, arrival, record);
	} else {
		if (arrival->ambiguous)
			record->flags |= ICMPCTL_RECORD_F_AMBIGUOUS;
		else
			icmpctl_rtt(session, slot, arrival, record);
		/* Looks routes and neighbours up: not under a lock. */
		if (!reply)
			cause = explained(session, slot, arrival);
		wanted = reply || (of_hops(session) && !no_hop(session, cause));
		if (icmpctl_slot_settle(slot, number, ICMPCTL_SLOT_WAITING,
					wanted ? ICMPCTL_SLOT_ANSWERED : ICMPCTL_SLOT_ERROR)) {
			record->cause = cause;
			settled(session, slot, target, record, arrival, reply);
			return true;
		}
		if (icmpctl_slot_settle(slot, number, ICMPCTL_SLOT_LOST, ICMPCTL_SLOT_LATE)) {
			counter = ICMPCTL_COUNT_LATE;
			record->status = ICMPCTL_STATUS_LATE;
		} else {
			counter = ICMPCTL_COUNT_DUPLICATES;
			record->status = ICMPCTL_STATUS_DUPLICATE;
		}
		/* Of a group everyone may answer, and each is somebody else. */
		if (reply && group && session->sweep) {
			icmpctl_sweep_try(session, record);
			icmpctl_sweep_met(session, number, record);
			return true;
		}
		if (wanted && icmpctl_slot_settle(slot, number, ICMPCTL_SLOT_ANSWERED,
						  ICMPCTL_SLOT_DOUBLED))
			count(target, ICMPCTL_COUNT_DUPLICATE_PROBES, round_of(record),
			      arrival->hook_ns);
	}
	count(target, counter, round_of(record), arrival->hook_ns);
	if (!session->sweep) {
		icmpctl_record_emit_answer(session, record, arrival);
		return ours;
	}
	icmpctl_sweep_try(session, record);
	if (reply && record->status == ICMPCTL_STATUS_LATE)
		icmpctl_sweep_answered(session, number, record);
	return ours;
}

/**
 * icmpctl_verdict() - judge an answer, settle its probe, count, and tell
 * @arrival: a message that bears an identifier or a port of ours.
 *
 * A session that disregards the path MTU known must not change it either: what would
 * is for this session alone (docs/pmtu.md).
 *
 * Context: softirq, RCU read side since the identifier was looked up.
 * Return: true if the stack is not to see it.
 */
bool icmpctl_verdict(const struct icmpctl_arrival *arrival)
{
	struct icmpctl_session *session = arrival->wire->session;
	struct icmpctl_record record;
	struct icmpctl_target *target;
	struct icmpctl_slot *slot;

	slot = icmpctl_slot_find_sent(&session->slots, arrival->number);
	if (!slot) {
		/* Our identifier, but no probe of ours, one of long ago, or one still to leave. */
		target = any_target(session, arrival->family);
		if (target)
			count(target, ICMPCTL_COUNT_FORGED, NO_ROUND, arrival->hook_ns);
		return false;
	}
	target = &session->targets[slot->target];
	if (arrival->family != target->family) {
		count(target, ICMPCTL_COUNT_FORGED, NO_ROUND, arrival->hook_ns);
		return false;
	}
	/* Whatever it is worth, it was not dropped. */
	WRITE_ONCE(slot->seen, 0);
	icmpctl_record_probe(session, slot, arrival->number, &record);
	fill_answer(&record, arrival);
	return judge(session, slot, target, arrival, &record) && tells_mtu(arrival) &&
	       session->config.pmtudisc == ICMPCTL_PMTUDISC_PROBE;
}
