// SPDX-License-Identifier: GPL-2.0
/*
 * sweep_fate.c - what became of an address, from what became of the probes to it
 *
 * When an address is asked again, its last try is told where the next one is, so that an
 * answer to any of them finds the one that is still open. That an address is up is never
 * lost for want of room: it stays in its slot until there is some, and slots are not
 * passed before.
 */
#include <linux/atomic.h>
#include <linux/bits.h>
#include <linux/socket.h>
#include <linux/string.h>

#include "sweep.h"

/* The try that follows a MOVED one; 0 if the slot was taken for another meanwhile. */
static u64 next_try(const struct icmpctl_session *session, u64 number)
{
	const struct icmpctl_slots *slots = &session->slots;
	u32 after = READ_ONCE(slots->slot[number & slots->mask].after);

	/* That of another try is set when it has begun, and it begins with 0. */
	smp_rmb();	/* pairs with the barrier in icmpctl_sweep_begin() */
	if (!after || icmpctl_host_fate(icmpctl_sweep_host(session, number), number) !=
		      ICMPCTL_FATE_MOVED)
		return 0;
	return number + after;
}

/* Returns false if there is no room. */
static bool offer(struct icmpctl_session *session, const struct icmpctl_record *record)
{
	int waiting = icmpctl_ring_offer(&session->ring, record);

	if (waiting > 0)
		icmpctl_event_kick(session, waiting);
	return waiting >= 0;
}

/* @before: what was known of its address; its fate is TELLING now. */
static void tell_up(struct icmpctl_session *session, u64 number, enum icmpctl_fate before,
		    const struct icmpctl_record *record)
{
	struct icmpctl_host *host = icmpctl_sweep_host(session, number);

	icmpctl_sweep_count(session, ICMPCTL_SWEEP_UP);
	if (before == ICMPCTL_FATE_DOWN || before == ICMPCTL_FATE_ERROR) {
		/* Its slot was passed: who is told this now, or not, is the ring's affair. */
		struct icmpctl_record late = *record;

		atomic64_dec(&session->sweep->count[before == ICMPCTL_FATE_DOWN ?
						    ICMPCTL_SWEEP_DOWN : ICMPCTL_SWEEP_ERRORS]);
		icmpctl_sweep_count(session, ICMPCTL_SWEEP_LATE);
		late.status = ICMPCTL_STATUS_LATE;
		icmpctl_record_emit(session, &late);
		icmpctl_host_change(host, number, ICMPCTL_FATE_TELLING, ICMPCTL_FATE_UP);
		return;
	}
	/* A slot that is TELLING is not passed, and so not taken for another. */
	if (offer(session, record)) {
		icmpctl_host_change(host, number, ICMPCTL_FATE_TELLING, ICMPCTL_FATE_UP);
		return;
	}
	host->rtt_ns = record->rtt_ns;
	host->info = record->info;
	host->info2 = record->info2;
	host->icmp_type = record->icmp_type;
	host->icmp_code = record->icmp_code;
	host->tcp_flags = record->tcp_flags;
	host->ttl = record->ttl;
	icmpctl_host_change(host, number, ICMPCTL_FATE_TELLING, ICMPCTL_FATE_UNTOLD);
}

static u32 kinds_of(const struct icmpctl_session *session, const struct icmpctl_record *record)
{
	return session->config.sweep->kinds[record->family == 6];
}

/* That kind of probe is of no more use. Is there another left? The slot is settled, and by us. */
static bool pass_over(struct icmpctl_session *session, struct icmpctl_host *host, u64 number,
		      const struct icmpctl_record *record)
{
	struct icmpctl_setback *setback = &session->sweep->setback[number & session->slots.mask];

	setback->kinds |= BIT((u32)(record->seq - 1) % kinds_of(session, record));
	host->left = icmpctl_sweep_left(session, record->family == 4 ? AF_INET : AF_INET6,
					host->left, setback->kinds);
	return host->left;
}

/*
 * Another host says that it is not to be had. That is all that kind of probe can learn, but
 * others may pass a firewall: is there one left?
 */
static bool try_another(struct icmpctl_session *session, struct icmpctl_host *host, u64 number,
			const struct icmpctl_record *record)
{
	struct icmpctl_setback *setback;

	if (!session->sweep->setback)
		return false;
	setback = &session->sweep->setback[number & session->slots.mask];
	setback->error = true;
	memcpy(setback->from, record->from, sizeof(setback->from));
	setback->info = record->info;
	setback->round = record->seq - 1;
	setback->kind = record->kind;
	setback->icmp_type = record->icmp_type;
	setback->icmp_code = record->icmp_code;
	setback->ttl = record->ttl;
	return pass_over(session, host, number, record);
}

/**
 * icmpctl_sweep_try() - what became of one probe, for the reader who wants to know of each
 * @session: a sweep.
 * @record: as any other session would tell it.
 *
 * Context: any but hard interrupts; the session is not yet retired.
 */
void icmpctl_sweep_try(struct icmpctl_session *session, const struct icmpctl_record *record)
{
	struct icmpctl_record tried;

	if (!(session->config.sweep->flags & ICMPCTL_SWEEP_F_TRIES))
		return;
	tried = *record;
	tried.flags |= ICMPCTL_RECORD_F_TRY;
	icmpctl_record_emit(session, &tried);
}

/**
 * icmpctl_sweep_answered() - an answer has settled a probe, or came after its timeout
 * @session: a sweep.
 * @number: of the probe.
 * @record: the answer: REPLY, LATE, or ERROR.
 *
 * Context: softirq, RCU read side.
 */
void icmpctl_sweep_answered(struct icmpctl_session *session, u64 number,
			    const struct icmpctl_record *record)
{
	struct icmpctl_host *host = icmpctl_sweep_host(session, number);
	struct icmpctl_record reply = *record;

	if (record->status == ICMPCTL_STATUS_ERROR) {
		/* ARP may have given up just as this probe came to wait for it. */
		if (record->cause != ICMPCTL_CAUSE_REPORTED ? host->left :
		    try_another(session, host, number, record)) {
			icmpctl_host_change(host, number, ICMPCTL_FATE_OPEN, ICMPCTL_FATE_AGAIN);
			return;
		}
		if (!icmpctl_host_change(host, number, ICMPCTL_FATE_OPEN, ICMPCTL_FATE_ERROR))
			return;
		icmpctl_sweep_count(session, ICMPCTL_SWEEP_ERRORS);
		if (session->config.sweep->flags & ICMPCTL_SWEEP_F_DOWN)
			icmpctl_record_emit(session, record);
		return;
	}
	/* An answer to a former try, while the address is still being asked, is in time. */
	reply.status = ICMPCTL_STATUS_REPLY;
	while (number) {
		enum icmpctl_fate fate;

		host = icmpctl_sweep_host(session, number);
		fate = icmpctl_host_fate(host, number);
		switch (fate) {
		case ICMPCTL_FATE_MOVED:
			number = next_try(session, number);
			break;
		case ICMPCTL_FATE_OPEN:
		case ICMPCTL_FATE_AGAIN:
		case ICMPCTL_FATE_DOWN:
		case ICMPCTL_FATE_ERROR:
			if (!icmpctl_host_change(host, number, fate, ICMPCTL_FATE_TELLING))
				break;
			tell_up(session, number, fate, &reply);
			return;
		default:
			return;
		}
	}
}

/**
 * icmpctl_sweep_met() - somebody has answered a probe to a broadcast or multicast address
 * @session: a sweep.
 * @number: of the probe.
 * @record: the answer, to be told; who sees to it that a host is listed once is the reader.
 *
 * Context: softirq, RCU read side.
 */
void icmpctl_sweep_met(struct icmpctl_session *session, u64 number,
		       struct icmpctl_record *record)
{
	icmpctl_host_change(icmpctl_sweep_host(session, number), number, ICMPCTL_FATE_OPEN,
			    ICMPCTL_FATE_MET);
	icmpctl_sweep_count(session, ICMPCTL_SWEEP_GROUP_ANSWERS);
	record->status = ICMPCTL_STATUS_REPLY;
	record->flags |= ICMPCTL_RECORD_F_GROUP;
	icmpctl_record_emit(session, record);
}

/* One more record for the reader who wants to know of this one as well. */
static void tell_down(struct icmpctl_session *session, const struct icmpctl_record *record)
{
	if (session->config.sweep->flags & ICMPCTL_SWEEP_F_DOWN ||
	    record->flags & ICMPCTL_RECORD_F_NEIGHBOUR)
		icmpctl_record_emit(session, record);
}

/**
 * icmpctl_sweep_gathered() - the time for answers from a broadcast or multicast address is over
 * @session: a sweep.
 * @slot: the slot of the last try.
 * @number: of that try.
 *
 * Context: the session's work.
 */
void icmpctl_sweep_gathered(struct icmpctl_session *session, const struct icmpctl_slot *slot,
			    u64 number)
{
	struct icmpctl_host *host = icmpctl_sweep_host(session, number);
	struct icmpctl_record record;

	if (icmpctl_host_change(host, number, ICMPCTL_FATE_MET, ICMPCTL_FATE_UP) ||
	    (host->met &&
	     icmpctl_host_change(host, number, ICMPCTL_FATE_OPEN, ICMPCTL_FATE_UP))) {
		icmpctl_sweep_count(session, ICMPCTL_SWEEP_UP);
		icmpctl_sweep_count(session, ICMPCTL_SWEEP_GROUPS);
		return;
	}
	if (!icmpctl_host_change(host, number, ICMPCTL_FATE_OPEN, ICMPCTL_FATE_DOWN))
		return;
	icmpctl_sweep_count(session, ICMPCTL_SWEEP_DOWN);
	icmpctl_record_probe(session, slot, number, &record);
	record.status = ICMPCTL_STATUS_LOST;
	record.cause = ICMPCTL_CAUSE_SILENCE;
	tell_down(session, &record);
}

/* All kinds of probes are through, and for one of them there was an error: that is what is told. */
static bool had_setback(struct icmpctl_session *session, u64 number,
			struct icmpctl_record *record)
{
	const struct icmpctl_setback *setback;

	if (!session->sweep->setback)
		return false;
	setback = &session->sweep->setback[number & session->slots.mask];
	if (!setback->error)
		return false;
	record->status = ICMPCTL_STATUS_ERROR;
	record->cause = ICMPCTL_CAUSE_REPORTED;
	memcpy(record->from, setback->from, sizeof(record->from));
	record->seq = setback->round + 1;
	record->info = setback->info;
	record->kind = setback->kind;
	record->icmp_type = setback->icmp_type;
	record->icmp_code = setback->icmp_code;
	record->ttl = setback->ttl;
	return true;
}

/**
 * icmpctl_sweep_lost() - a probe was given up
 * @session: a sweep.
 * @slot: its slot.
 * @number: of the probe.
 * @record: LOST, with its cause.
 *
 * Context: the session's work.
 */
void icmpctl_sweep_lost(struct icmpctl_session *session, const struct icmpctl_slot *slot,
			u64 number, struct icmpctl_record *record)
{
	struct icmpctl_host *host = icmpctl_sweep_host(session, number);
	const struct icmpctl_target *target = icmpctl_session_target(session, slot);
	bool neighbour = false;

	if (host->left || host->group)
		return;
	if (had_setback(session, number, record)) {
		if (!icmpctl_host_change(host, number, ICMPCTL_FATE_OPEN, ICMPCTL_FATE_ERROR))
			return;
		icmpctl_sweep_count(session, ICMPCTL_SWEEP_ERRORS);
		tell_down(session, record);
		return;
	}
	if (!icmpctl_host_change(host, number, ICMPCTL_FATE_OPEN, ICMPCTL_FATE_DOWN))
		return;
	icmpctl_sweep_count(session, ICMPCTL_SWEEP_DOWN);
	/*
	 * That it has answered ARP or ND says that it is there, also where that was so late that
	 * its probe still waited for it, or the driver's stamp had not come, by the timeout.
	 */
	if (host->on_link && (record->cause == ICMPCTL_CAUSE_SILENCE ||
			      record->cause == ICMPCTL_CAUSE_QUEUE))
		neighbour = target->family == AF_INET
			? icmpctl_neighbour_answers_ipv4(session->net, &session->config, target,
							 session->sweep->since)
			: icmpctl_neighbour_answers_ipv6(session->net, &session->config, target,
							 session->sweep->since);
	if (neighbour) {
		icmpctl_sweep_count(session, ICMPCTL_SWEEP_NEIGHBOURS);
		record->flags |= ICMPCTL_RECORD_F_NEIGHBOUR;
	}
	tell_down(session, record);
}

/*
 * No kind of probe is left, and the last one did not leave. Did one before? Then it is that one
 * which says what became of the address.
 */
static bool was_asked(struct icmpctl_session *session, u64 number, struct icmpctl_record *record)
{
	const struct icmpctl_setback *setback =
		&session->sweep->setback[number & session->slots.mask];
	u32 kinds = kinds_of(session, record);
	u32 round = record->seq - 1;

	while (round && setback->kinds & BIT((round - 1) % kinds))
		round--;
	if (!round && !setback->error)
		return false;
	record->status = ICMPCTL_STATUS_LOST;
	record->cause = ICMPCTL_CAUSE_SILENCE;
	record->error = 0;
	record->info = 0;
	/* Else the error says in which it was. */
	if (round) {
		record->seq = round;
		record->kind = session->config.sweep->kind[record->family == 6]
							  [(round - 1) % kinds].kind;
	}
	return true;
}

/**
 * icmpctl_sweep_refused() - the local stack refuses a probe
 * @session: a sweep.
 * @slot: its slot.
 * @number: of the probe.
 * @record: SEND_FAILED, with its cause.
 *
 * A rule that drops one kind of probe may let others pass; what else there is, is the same for
 * all.
 *
 * Context: the session's work.
 */
void icmpctl_sweep_refused(struct icmpctl_session *session, const struct icmpctl_slot *slot,
			   u64 number, struct icmpctl_record *record)
{
	struct icmpctl_host *host = icmpctl_sweep_host(session, number);

	if (session->sweep->setback && !host->group &&
	    record->cause == ICMPCTL_CAUSE_FILTERED_OUT) {
		if (pass_over(session, host, number, record)) {
			icmpctl_host_change(host, number, ICMPCTL_FATE_OPEN, ICMPCTL_FATE_AGAIN);
			return;
		}
		if (was_asked(session, number, record)) {
			icmpctl_sweep_lost(session, slot, number, record);
			return;
		}
	}
	if (!icmpctl_host_change(host, number, ICMPCTL_FATE_OPEN, ICMPCTL_FATE_NOT_SENT))
		return;
	icmpctl_sweep_count(session, ICMPCTL_SWEEP_NOT_SENT);
	tell_down(session, record);
}

/**
 * icmpctl_sweep_told() - may a settled probe's slot be passed
 * @session: a sweep.
 * @number: of a probe that waits no more.
 *
 * What there was no room to tell is told here.
 *
 * Context: the session's work, or after it.
 * Return: true if nothing is left to be told of its address.
 */
bool icmpctl_sweep_told(struct icmpctl_session *session, u64 number)
{
	struct icmpctl_host *host = icmpctl_sweep_host(session, number);
	const struct icmpctl_slot *slot = &session->slots.slot[number & session->slots.mask];
	struct icmpctl_record record;

	switch (icmpctl_host_fate(host, number)) {
	case ICMPCTL_FATE_OPEN:
	case ICMPCTL_FATE_MET:
	case ICMPCTL_FATE_AGAIN:
	case ICMPCTL_FATE_TELLING:
		/* Another CPU is between two lines of icmpctl_verdict(). */
		return false;
	case ICMPCTL_FATE_UNTOLD:
		break;
	default:
		return true;
	}
	icmpctl_record_probe(session, slot, number, &record);
	record.status = ICMPCTL_STATUS_REPLY;
	record.rtt_ns = host->rtt_ns;
	record.info = host->info;
	record.info2 = host->info2;
	record.icmp_type = host->icmp_type;
	record.icmp_code = host->icmp_code;
	record.tcp_flags = host->tcp_flags;
	record.ttl = host->ttl;
	record.tx_source = ICMPCTL_SOURCE_HOOK;
	record.rx_source = ICMPCTL_SOURCE_HOOK;
	memcpy(record.from, record.to, sizeof(record.from));
	if (!offer(session, &record))
		return false;
	icmpctl_host_change(host, number, ICMPCTL_FATE_UNTOLD, ICMPCTL_FATE_UP);
	return true;
}

/**
 * icmpctl_sweep_tell_rest() - after the end: tell what there was no room for
 * @session: a sweep that has ended; its records were all sent.
 *
 * Context: the session's event work.
 * Return: true if some were put into the ring.
 */
bool icmpctl_sweep_tell_rest(struct icmpctl_session *session)
{
	struct icmpctl_slots *slots = &session->slots;
	bool some = false;

	for (; slots->oldest <= slots->last; slots->oldest++) {
		const struct icmpctl_host *host = icmpctl_sweep_host(session, slots->oldest);

		if (icmpctl_host_fate(host, slots->oldest) != ICMPCTL_FATE_UNTOLD)
			continue;
		if (!icmpctl_sweep_told(session, slots->oldest))
			break;
		some = true;
	}
	return some;
}
