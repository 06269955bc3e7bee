// SPDX-License-Identifier: GPL-2.0
/*
 * sweep.c - what became of an address, from what became of the probes to it
 *
 * Each try has a slot, and beside it an icmpctl_host. When an address is asked again, its
 * last try is told where the next one is, so that an answer to any of them finds the
 * one that is still open. That an address is up is never lost for want of room: it stays
 * in its slot until there is some, and slots are not passed before.
 */
#include <linux/atomic.h>
#include <linux/bits.h>
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/socket.h>

#include "sweep.h"

#define FATE_BITS	4

static bool several_kinds(const struct icmpctl_config *config)
{
	return config->sweep->kinds[0] > 1 || config->sweep->kinds[1] > 1;
}

/**
 * icmpctl_sweep_bytes() - memory that a sweep takes beside that of any session
 * @config: what is asked for.
 *
 * Return: bytes.
 */
u64 icmpctl_sweep_bytes(const struct icmpctl_config *config)
{
	u64 per_slot = sizeof(struct icmpctl_host) +
		       (several_kinds(config) ? sizeof(struct icmpctl_setback) : 0);

	return sizeof(struct icmpctl_sweep) + sizeof(struct icmpctl_sweep_config) +
	       sizeof(struct icmpctl_target) +
	       (u64)icmpctl_slots_for(config->sweep->inflight, false) * per_slot +
	       ICMPCTL_CHUNKS_MAX * (sizeof(struct icmpctl_chunk) +
		       ICMPCTL_SWEEP_RANGES_MAX * sizeof(struct icmpctl_range));
}

/**
 * icmpctl_sweep_init() - make a session a sweep
 * @session: its slots are there; what is left behind by a failure is freed with it.
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int icmpctl_sweep_init(struct icmpctl_session *session)
{
	struct icmpctl_sweep *sweep = kzalloc(sizeof(*sweep), GFP_KERNEL_ACCOUNT);

	if (!sweep)
		return -ENOMEM;
	session->sweep = sweep;
	spin_lock_init(&sweep->lock);
	INIT_LIST_HEAD(&sweep->chunks);
	sweep->place = session->config.sweep->place;
	sweep->since = jiffies;
	sweep->host = kvcalloc((size_t)session->slots.mask + 1, sizeof(*sweep->host),
			       GFP_KERNEL_ACCOUNT);
	sweep->scratch = kzalloc(sizeof(*sweep->scratch), GFP_KERNEL_ACCOUNT);
	if (!sweep->host || !sweep->scratch)
		return -ENOMEM;
	if (!several_kinds(&session->config))
		return 0;
	sweep->setback = kvcalloc((size_t)session->slots.mask + 1, sizeof(*sweep->setback),
				  GFP_KERNEL_ACCOUNT);
	return sweep->setback ? 0 : -ENOMEM;
}

/**
 * icmpctl_sweep_free() - free what is the sweep's own
 * @session: any session, nobody else looks at it any more.
 */
void icmpctl_sweep_free(struct icmpctl_session *session)
{
	struct icmpctl_sweep *sweep = session->sweep;
	struct icmpctl_chunk *chunk, *next;

	if (!sweep)
		return;
	list_for_each_entry_safe(chunk, next, &sweep->chunks, node)
		kvfree(chunk);
	kvfree(sweep->host);
	kvfree(sweep->setback);
	kfree(sweep->scratch);
	kfree(sweep);
}

/**
 * icmpctl_sweep_host() - the address that a probe goes to
 * @session: a sweep.
 * @number: of the probe, which has a slot.
 *
 * Return: what is known of it.
 */
struct icmpctl_host *icmpctl_sweep_host(const struct icmpctl_session *session, u64 number)
{
	return &session->sweep->host[number & session->slots.mask];
}

/**
 * icmpctl_session_addr() - the address that a probe goes to
 * @session: any session.
 * @slot: of the probe.
 *
 * Context: any.
 * Return: the address.
 */
const union icmpctl_addr *icmpctl_session_addr(const struct icmpctl_session *session,
					       const struct icmpctl_slot *slot)
{
	if (!session->sweep)
		return &session->targets[slot->target].addr;
	return &icmpctl_sweep_host_of(session, slot)->addr;
}

/**
 * icmpctl_session_target() - the target that a probe goes to, with its address
 * @session: any session.
 * @slot: of the probe.
 *
 * Of a sweep it is good until the next call, and its statistics are not to be used.
 *
 * Context: the session's work, or after it.
 * Return: the target.
 */
const struct icmpctl_target *icmpctl_session_target(struct icmpctl_session *session,
						    const struct icmpctl_slot *slot)
{
	const struct icmpctl_target *target = &session->targets[slot->target];
	struct icmpctl_target *scratch;

	if (!session->sweep)
		return target;
	scratch = session->sweep->scratch;
	scratch->addr = *icmpctl_session_addr(session, slot);
	scratch->family = target->family;
	scratch->ttl = target->ttl;
	scratch->size = target->size;
	scratch->flow_label = target->flow_label;
	scratch->ifindex = target->ifindex;
	scratch->group = target->family == AF_INET6 && scratch->addr.bytes[0] == 0xff;
	scratch->stamps_by = READ_ONCE(target->stamps_by);
	return scratch;
}

/**
 * icmpctl_sweep_count() - count something
 * @session: a sweep.
 * @counter: what.
 *
 * Context: any.
 */
void icmpctl_sweep_count(struct icmpctl_session *session, enum icmpctl_sweep_count counter)
{
	atomic64_inc(&session->sweep->count[counter]);
}

static s64 word_of(u64 number, enum icmpctl_fate fate)
{
	return number << FATE_BITS | fate;
}

/**
 * icmpctl_sweep_tries() - how often an address is asked that does not answer
 * @session: a sweep.
 * @family: of the address, AF_INET or AF_INET6.
 *
 * Return: tries of all kinds of probes together.
 */
u32 icmpctl_sweep_tries(const struct icmpctl_session *session, u8 family)
{
	const struct icmpctl_sweep_config *config = session->config.sweep;

	return config->tries * config->kinds[family == AF_INET6];
}

/* All kinds one after the other, then all of them again. */
static u32 kind_index(const struct icmpctl_session *session, u8 family, u32 left)
{
	return (icmpctl_sweep_tries(session, family) - 1 - left) %
	       session->config.sweep->kinds[family == AF_INET6];
}

/**
 * icmpctl_sweep_kind() - the kind of probe that a try is made with
 * @session: a sweep.
 * @family: of the address, AF_INET or AF_INET6.
 * @left: tries that are left after it.
 *
 * Return: the kind.
 */
const struct icmpctl_kind *icmpctl_sweep_kind(const struct icmpctl_session *session, u8 family,
					      u32 left)
{
	return &session->config.sweep->kind[family == AF_INET6][kind_index(session, family, left)];
}

/* As many, without those of kinds that an ICMP error came for: the next is of another one. */
static u32 tries_left(const struct icmpctl_session *session, u8 family, u32 left, u16 kinds)
{
	while (left && kinds & BIT(kind_index(session, family, left - 1)))
		left--;
	return left;
}

/**
 * icmpctl_sweep_begin() - a slot is taken for a try: its address and fate with it
 * @session: a sweep.
 * @number: of the try.
 * @errand: the address.
 *
 * Context: the session's work.
 */
void icmpctl_sweep_begin(struct icmpctl_session *session, u64 number,
			 const struct icmpctl_errand *errand)
{
	struct icmpctl_host *host = icmpctl_sweep_host(session, number);
	struct icmpctl_setback *setback = session->sweep->setback;

	/* From here on nobody changes or believes what was there before. */
	atomic64_set(&host->word, word_of(number, ICMPCTL_FATE_VOID));
	smp_wmb();	/* pairs with the barrier in next_try() */
	host->addr = errand->addr;
	host->place = errand->place;
	host->left = errand->left;
	host->on_link = false;
	WRITE_ONCE(host->group, errand->family == AF_INET6 && errand->addr.bytes[0] == 0xff);
	host->met = errand->met;
	if (setback) {
		setback[number & session->slots.mask] = errand->setback;
		host->left = tries_left(session, errand->family, errand->left,
					errand->setback.kinds);
	}
	atomic64_set_release(&host->word, word_of(number, ICMPCTL_FATE_OPEN));
}

/**
 * icmpctl_host_fate() - what is known of the address of a try
 * @host: beside its slot.
 * @number: of the try.
 *
 * Context: any.
 * Return: its fate; VOID if the slot was taken for another try since.
 */
enum icmpctl_fate icmpctl_host_fate(const struct icmpctl_host *host, u64 number)
{
	u64 word = atomic64_read_acquire(&host->word);

	if (word >> FATE_BITS != number)
		return ICMPCTL_FATE_VOID;
	return word & (BIT(FATE_BITS) - 1);
}

/**
 * icmpctl_host_change() - change the fate of a try
 * @host: beside its slot.
 * @number: of the try.
 * @from: the fate it must have.
 * @to: the fate it shall have.
 *
 * Context: any.
 * Return: true for the one caller that made the change.
 */
bool icmpctl_host_change(struct icmpctl_host *host, u64 number, enum icmpctl_fate from,
			 enum icmpctl_fate to)
{
	s64 expected = word_of(number, from);

	return atomic64_try_cmpxchg(&host->word, &expected, word_of(number, to));
}

/* The try that follows a MOVED one; 0 if the slot was taken for another meanwhile. */
static u64 next_try(const struct icmpctl_host *host, u64 number)
{
	u64 next = READ_ONCE(host->next);

	smp_rmb();	/* pairs with the barrier in icmpctl_sweep_begin() */
	return icmpctl_host_fate(host, number) == ICMPCTL_FATE_MOVED ? next : 0;
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
	if (before != ICMPCTL_FATE_OPEN) {
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

/*
 * Another host says that it is not to be had. That is all that kind of probe can learn, but
 * others may pass a firewall: is there one left? The slot is settled, and by us.
 */
static bool try_another(struct icmpctl_session *session, struct icmpctl_host *host, u64 number,
			const struct icmpctl_record *record)
{
	u8 family = record->family == 4 ? AF_INET : AF_INET6;
	struct icmpctl_setback *setback;

	if (!session->sweep->setback)
		return false;
	setback = &session->sweep->setback[number & session->slots.mask];
	memcpy(setback->from, record->from, sizeof(setback->from));
	setback->info = record->info;
	setback->round = record->seq - 1;
	setback->kind = record->kind;
	setback->icmp_type = record->icmp_type;
	setback->icmp_code = record->icmp_code;
	setback->ttl = record->ttl;
	setback->kinds |= BIT(setback->round % session->config.sweep->kinds[family == AF_INET6]);
	host->left = tries_left(session, family, host->left, setback->kinds);
	return host->left;
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
			number = next_try(host, number);
			break;
		case ICMPCTL_FATE_OPEN:
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
	if (!setback->kinds)
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
	if (record->cause == ICMPCTL_CAUSE_SILENCE && host->on_link)
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

/**
 * icmpctl_sweep_refused() - the local stack refuses an address
 * @session: a sweep.
 * @number: of the probe.
 * @record: SEND_FAILED.
 *
 * Context: the session's work.
 */
void icmpctl_sweep_refused(struct icmpctl_session *session, u64 number,
			   const struct icmpctl_record *record)
{
	if (!icmpctl_host_change(icmpctl_sweep_host(session, number), number, ICMPCTL_FATE_OPEN,
				 ICMPCTL_FATE_NOT_SENT))
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
 * icmpctl_sweep_rest() - it has ended: where would it have to go on
 * @session: a sweep; its work runs no more, and the hook cannot find it.
 *
 * Addresses under way are neither up nor down.
 *
 * Context: process.
 */
void icmpctl_sweep_rest(struct icmpctl_session *session)
{
	struct icmpctl_sweep *sweep = session->sweep;
	u64 resume = sweep->place;
	u64 number;

	if (sweep->again.family)
		resume = min(resume, sweep->again.place);
	if (sweep->fresh.family)
		resume = min(resume, sweep->fresh.place);
	for (number = session->slots.oldest; number <= session->slots.last; number++) {
		const struct icmpctl_host *host = icmpctl_sweep_host(session, number);

		if (icmpctl_host_fate(host, number) <= ICMPCTL_FATE_AGAIN)
			resume = min(resume, host->place);
	}
	sweep->resume = resume;
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

static int put_u64(struct sk_buff *skb, int attr, u64 value)
{
	return nla_put_u64_64bit(skb, attr, value, ICMPCTL_SWEEP_A_PAD);
}

static u64 count_of(const struct icmpctl_sweep *sweep, enum icmpctl_sweep_count counter)
{
	return max_t(s64, atomic64_read(&sweep->count[counter]), 0);
}

/**
 * icmpctl_sweep_report() - what there is to tell of a sweep
 * @skb: message to add to.
 * @session: a sweep.
 *
 * Context: process.
 * Return: 0 or -EMSGSIZE.
 */
int icmpctl_sweep_report(struct sk_buff *skb, struct icmpctl_session *session)
{
	const struct icmpctl_sweep_config *config = session->config.sweep;
	struct icmpctl_sweep *sweep = session->sweep;
	struct nlattr *nest = nla_nest_start(skb, ICMPCTL_SESSION_A_SWEEP);
	u64 fed;
	int i;

	spin_lock(&sweep->lock);
	fed = sweep->fed;
	spin_unlock(&sweep->lock);
	if (!nest ||
	    nla_put_u32(skb, ICMPCTL_SWEEP_A_RATE_PPS, config->rate_pps) ||
	    nla_put_u32(skb, ICMPCTL_SWEEP_A_TRIES, config->tries) ||
	    put_u64(skb, ICMPCTL_SWEEP_A_SEED, config->seed) ||
	    put_u64(skb, ICMPCTL_SWEEP_A_FED, fed) ||
	    put_u64(skb, ICMPCTL_SWEEP_A_HOSTS,
		    count_of(sweep, ICMPCTL_SWEEP_UP) + count_of(sweep, ICMPCTL_SWEEP_DOWN) +
		    count_of(sweep, ICMPCTL_SWEEP_ERRORS) +
		    count_of(sweep, ICMPCTL_SWEEP_NOT_SENT)))
		return -EMSGSIZE;
	if (READ_ONCE(session->state) == ICMPCTL_STATE_ENDED &&
	    put_u64(skb, ICMPCTL_SWEEP_A_PLACE, sweep->resume))
		return -EMSGSIZE;
	for (i = 0; i < ICMPCTL_SWEEP_COUNTS; i++)
		if (put_u64(skb, ICMPCTL_SWEEP_A_UP + i, count_of(sweep, i)))
			return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}
