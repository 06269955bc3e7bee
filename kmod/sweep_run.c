// SPDX-License-Identifier: GPL-2.0
/*
 * sweep_run.c - the work of a sweep: who is asked next, when, and what to wait for
 *
 * Tries that ran out of time go before addresses that were never asked, and an address
 * that was pushed back before both. So the slots under way are a window that moves over
 * the order, and each address is done with at most timeout x tries after its first probe.
 */
#include <linux/bits.h>
#include <linux/errno.h>
#include <linux/interrupt.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/netdevice.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/workqueue.h>

#include "sweep.h"

/* So many probes, then whoever else has work in this queue. */
#define SEND_BUDGET	1024
/* The timer wakes no more often: what is due by then leaves together. */
#define BATCH_NS	(150 * NSEC_PER_USEC)
/* How often to look whether the window moved, or another CPU has come to its end. */
#define LOOK_NS		NSEC_PER_MSEC
/* How often to look whether the reader has read. */
#define READER_NS	(5 * NSEC_PER_MSEC)
#define BACKOFF_MIN_NS	((u64)NSEC_PER_MSEC)
#define BACKOFF_MAX_NS	(128 * BACKOFF_MIN_NS)
/* An address that is pushed back for so long is not sent. */
#define PUSHED_MAX_NS	(10 * NSEC_PER_SEC)

/* Its last try told nothing of it: does it have one more? */
static bool unknown(const struct icmpctl_session *session, u64 number)
{
	const struct icmpctl_host *host = icmpctl_sweep_host(session, number);

	return host->left && icmpctl_host_fate(host, number) <= ICMPCTL_FATE_AGAIN;
}

/* The oldest probe, if it is to be asked again, or its time is over. */
static struct icmpctl_slot *pass(struct icmpctl_session *session, u64 now_ns, u64 *wake_ns)
{
	struct icmpctl_slots *slots = &session->slots;
	enum icmpctl_slot_state state;
	struct icmpctl_slot *slot;

	while ((slot = icmpctl_slots_oldest(slots, &state))) {
		enum icmpctl_fate fate = icmpctl_host_fate(icmpctl_sweep_host_of(session, slot),
							   slots->oldest);
		u64 until_ns;

		if (fate == ICMPCTL_FATE_AGAIN)
			return slot;
		if (state != ICMPCTL_SLOT_WAITING && fate != ICMPCTL_FATE_MET) {
			if (!icmpctl_sweep_told(session, slots->oldest)) {
				/* What is put off is the last, and waits for nothing here. */
				if (state != ICMPCTL_SLOT_UNSENT || fate != ICMPCTL_FATE_OPEN)
					*wake_ns = min(*wake_ns, now_ns + LOOK_NS);
				return NULL;
			}
			slots->oldest++;
			continue;
		}
		until_ns = slot->handed_ns + session->config.timeout_ns;
		if (until_ns <= now_ns)
			return slot;
		/* Some are given up together. */
		*wake_ns = min(*wake_ns, until_ns + LOOK_NS);
		return NULL;
	}
	return NULL;
}

static bool over(struct icmpctl_session *session, u64 now_ns, u64 *wake_ns)
{
	struct icmpctl_sweep *sweep = session->sweep;

	if (session->config.deadline_ns) {
		u64 deadline_ns = session->started_ns + session->config.deadline_ns;

		if (now_ns >= deadline_ns)
			icmpctl_session_stop(session, ICMPCTL_REASON_DEADLINE);
		*wake_ns = min(*wake_ns, deadline_ns);
	}
	if (!sweep->again.family && !sweep->fresh.family &&
	    session->slots.oldest > session->slots.last && icmpctl_sweep_fed_all(session))
		icmpctl_session_stop(session, ICMPCTL_REASON_COMPLETE);
	return atomic_read(&session->reason) != ICMPCTL_REASON_NONE;
}

/* The local stack has no room, which says nothing of the host. */
static bool pushed_back(const struct icmpctl_probe *probe, int err)
{
	switch (err) {
	case NET_XMIT_DROP:
	case -ENOBUFS:
	case -ENOMEM:
	case -EAGAIN:
		return true;
	case -EINVAL:
		/* What IPv6 makes of a full table of neighbours. */
		return probe->target->family == AF_INET6 && probe->slot->egress;
	default:
		return false;
	}
}

/*
 * The try keeps its number, however often it is put off, and stays OPEN meanwhile: so an answer
 * to a former one finds it, and the ring does not fill with what never left.
 */
static void hold(struct icmpctl_session *session, const struct icmpctl_errand *errand)
{
	struct icmpctl_sweep *sweep = session->sweep;
	u64 now_ns = icmpctl_clock_ns();

	sweep->again = *errand;
	if (!sweep->again.since_ns)
		sweep->again.since_ns = now_ns;
	/* The table of neighbours knows itself until when. */
	if (sweep->hold_ns > now_ns) {
		icmpctl_sweep_count(session, ICMPCTL_SWEEP_NEIGHBOUR_WAITS);
		sweep->again.since_ns = 0;
		return;
	}
	icmpctl_sweep_count(session, ICMPCTL_SWEEP_PUSHED_BACK);
	sweep->backoff_ns = clamp(2 * sweep->backoff_ns, BACKOFF_MIN_NS, BACKOFF_MAX_NS);
	sweep->hold_ns = now_ns + sweep->backoff_ns;
}

/* Does the probe with this number stay unsent, to be tried again? */
static bool put_off(struct icmpctl_session *session, const struct icmpctl_errand *errand,
		    const struct icmpctl_probe *probe, u64 number, int err)
{
	if (!pushed_back(probe, err))
		return false;
	if (errand->since_ns && icmpctl_clock_ns() - errand->since_ns > PUSHED_MAX_NS)
		return false;
	/* The stack may have answered with an ICMP error already: then it counts as sent. */
	if (!icmpctl_slot_settle(probe->slot, number, ICMPCTL_SLOT_WAITING,
				 ICMPCTL_SLOT_UNSENT))
		return false;
	hold(session, errand);
	return true;
}

/* What was sent is counted some at a time: counts that are read meanwhile are so far behind. */
static void count_sent(struct icmpctl_session *session)
{
	struct icmpctl_sweep *sweep = session->sweep;
	struct icmpctl_target *target = &session->targets[sweep->late_target];
	u64 most_ns = 0;
	u32 i;

	if (!sweep->late_n)
		return;
	spin_lock_bh(&target->lock);
	target->stats.count[ICMPCTL_COUNT_SENT] += sweep->late_n;
	for (i = 0; i < sweep->late_n; i++)
		icmpctl_stats_late(&target->stats, sweep->late_ns[i], sweep->now_ns);
	spin_unlock_bh(&target->lock);
	spin_lock(&session->late_lock);
	for (i = 0; i < sweep->late_n; i++) {
		icmpctl_hist_add(&session->own->late, sweep->late_ns[i]);
		most_ns = max(most_ns, sweep->late_ns[i]);
	}
	session->late_max_ns = max(session->late_max_ns, most_ns);
	spin_unlock(&session->late_lock);
	sweep->late_n = 0;
}

static void note_sent(struct icmpctl_session *session, u32 target, u64 planned_ns)
{
	struct icmpctl_sweep *sweep = session->sweep;

	if (sweep->late_n == ICMPCTL_SWEEP_LATE_MAX || target != sweep->late_target)
		count_sent(session);
	sweep->late_target = target;
	sweep->late_ns[sweep->late_n++] =
		sweep->now_ns > planned_ns ? sweep->now_ns - planned_ns : 0;
}

static void transmit(struct icmpctl_session *session, const struct icmpctl_errand *errand,
		     struct icmpctl_slot *slot, u64 number)
{
	struct icmpctl_target *target = &session->targets[slot->target];
	struct icmpctl_sweep *sweep = session->sweep;
	u64 planned_ns = session->pace.planned_ns;
	struct icmpctl_probe probe = {
		.session = session,
		.slot = slot,
		.target = icmpctl_session_target(session, slot),
		.kind = slot->kind,
		.port = slot->port,
		.stream = slot->stream,
	};
	u64 gap_ns;
	int err;

	icmpctl_wire_icmp(session, number, &probe.id, &probe.seq);
	probe.key = (u32)probe.id << 16 | probe.seq;
	if (icmpctl_packet_has_stream(slot->kind))
		icmpctl_wire_of(session, slot, number, &probe.id, &probe.seq);
	icmpctl_wire_payload(session, number, slot, &probe.payload);

	err = icmpctl_xmit(&probe);
	sweep->now_ns = slot->handed_ns;
	if (slot->egress)
		target->egress = slot->egress;
	if (err && put_off(session, errand, &probe, number, err))
		return;
	gap_ns = div_u64(NSEC_PER_SEC, session->config.sweep->rate_pps);
	icmpctl_pace_sent(&session->pace, slot->handed_ns, gap_ns);
	sweep->backoff_ns = 0;
	if (err && icmpctl_sched_failed(session, &probe, number, err))
		return;
	note_sent(session, slot->target, planned_ns);
	if (slot->round)
		icmpctl_sweep_count(session, ICMPCTL_SWEEP_RETRIES);
}

/* Ask an address. @former: number of the try before, which was lost; 0: there was none. */
static void ask(struct icmpctl_session *session, const struct icmpctl_errand *errand,
		u64 former)
{
	const struct icmpctl_kind *kind = icmpctl_sweep_kind(session, errand->family,
							     errand->left);
	struct icmpctl_step step = {
		.target = errand->family == AF_INET6,
		.round = icmpctl_sweep_tries(session, errand->family) - 1 - errand->left,
	};
	struct icmpctl_probe probe = {
		.kind = kind->kind,
		.port = kind->port,
		.stream = kind->stream,
	};
	struct icmpctl_slot *slot = icmpctl_slot_claim(&session->slots, &step, &probe,
						       session->pace.planned_ns);
	u64 number = session->slots.last;
	struct icmpctl_host *host;

	/* The window is half of the ring. */
	if (WARN_ON_ONCE(!slot))
		return;
	host = icmpctl_sweep_host(session, number);
	icmpctl_sweep_begin(session, number, errand);
	if (former) {
		struct icmpctl_host *last = icmpctl_sweep_host(session, former);
		enum icmpctl_fate fate = icmpctl_host_fate(last, former);

		WRITE_ONCE(session->slots.slot[former & session->slots.mask].after,
			   number - former);
		/* An answer that has come meanwhile makes the new try needless. */
		if (fate > ICMPCTL_FATE_AGAIN ||
		    !icmpctl_host_change(last, former, fate, ICMPCTL_FATE_MOVED)) {
			icmpctl_host_change(host, number, ICMPCTL_FATE_OPEN, ICMPCTL_FATE_VOID);
			icmpctl_slot_settle(slot, number, ICMPCTL_SLOT_WAITING,
					    ICMPCTL_SLOT_UNSENT);
			return;
		}
	}
	transmit(session, errand, slot, number);
}

/* Send the last try, which was put off. */
static void ask_put_off(struct icmpctl_session *session)
{
	const struct icmpctl_errand errand = session->sweep->again;
	u64 number = session->slots.last;

	session->sweep->again.family = 0;
	/* An answer to a former try that has come meanwhile makes it needless. */
	if (icmpctl_host_fate(icmpctl_sweep_host(session, number), number) != ICMPCTL_FATE_OPEN)
		return;
	transmit(session, &errand,
		 icmpctl_slot_renew(&session->slots, session->pace.planned_ns), number);
}

static void ask_again(struct icmpctl_session *session, struct icmpctl_slot *slot, u64 now_ns)
{
	u64 number = session->slots.oldest;
	const struct icmpctl_host *host = icmpctl_sweep_host(session, number);
	struct icmpctl_errand errand = {
		.addr = host->addr,
		.place = host->place,
		.family = session->targets[slot->target].family,
	};
	enum icmpctl_fate fate;

	icmpctl_sched_lose(session, slot, number, now_ns);
	fate = icmpctl_host_fate(host, number);
	/* Another CPU has an answer, and is about to say what that makes of the address. */
	if (fate == ICMPCTL_FATE_OPEN &&
	    icmpctl_slot_state(slot, number) != ICMPCTL_SLOT_LOST)
		return;
	if (!unknown(session, number))
		return;
	errand.left = host->left - 1;
	errand.met = host->met || fate == ICMPCTL_FATE_MET;
	if (session->sweep->setback)
		errand.setback = session->sweep->setback[number & session->slots.mask];
	ask(session, &errand, number);
}

/* Is there room for what is told in any case, and some for what is told besides? */
static bool reader_keeps_up(struct icmpctl_session *session, u32 quarters)
{
	struct icmpctl_sweep *sweep = session->sweep;
	u32 room = session->ring.mask + 1;
	bool is = icmpctl_ring_used(&session->ring) <= room / 4 * quarters;

	if (!is && !sweep->reader_waits)
		icmpctl_sweep_count(session, ICMPCTL_SWEEP_READER_WAITS);
	sweep->reader_waits = !is;
	return is;
}

/* Give up what need not be asked again; returns false if nothing was to be done. */
static bool give_up(struct icmpctl_session *session, struct icmpctl_slot *slot, u64 now_ns,
		    u64 *wake_ns)
{
	u64 number = session->slots.oldest;
	enum icmpctl_slot_state state;

	if (unknown(session, number))
		return false;
	if (!reader_keeps_up(session, 3)) {
		*wake_ns = min(*wake_ns, now_ns + READER_NS);
		return false;
	}
	icmpctl_sched_lose(session, slot, number, now_ns);
	if (!icmpctl_sweep_is_group(session, slot))
		return true;
	state = icmpctl_slot_state(slot, number);
	/* Another CPU has an answer, and is about to say what that makes of the address. */
	if (icmpctl_host_fate(icmpctl_sweep_host(session, number), number) == ICMPCTL_FATE_OPEN &&
	    state != ICMPCTL_SLOT_LOST && state != ICMPCTL_SLOT_LATE) {
		*wake_ns = min(*wake_ns, now_ns + LOOK_NS);
		return false;
	}
	icmpctl_sweep_gathered(session, slot, number);
	return true;
}

static bool window_full(const struct icmpctl_session *session)
{
	return session->slots.last + 1 - session->slots.oldest >=
	       session->config.sweep->inflight;
}

/* Is there an address to be asked? If not: when could there be one? */
static bool work_left(struct icmpctl_session *session, bool again, u64 now_ns, u64 *wake_ns)
{
	struct icmpctl_sweep *sweep = session->sweep;

	if (sweep->again.family || again)
		return true;
	if (!sweep->fresh.family)
		return false;
	if (!window_full(session))
		return true;
	*wake_ns = min(*wake_ns, now_ns + LOOK_NS);
	return false;
}

/* The rest is to be waited for: answers must wake the work. Returns false if one has come. */
static bool settle_down(struct icmpctl_session *session, u64 wake_ns)
{
	WRITE_ONCE(session->state, ICMPCTL_STATE_WAITING);
	smp_mb();	/* pairs with the one in verdict.c */
	if (atomic_read(&session->answers))
		return false;
	icmpctl_sched_wake_at(session, wake_ns);
	return true;
}

/* What was missed while there was nothing to do, or it could not be done, is not caught up. */
static void start_over(struct icmpctl_session *session, u64 now_ns)
{
	if (session->pace.planned_ns + BATCH_NS < now_ns)
		icmpctl_pace_init(&session->pace, now_ns);
}

/* One step; returns false if the work has nothing to do before it is woken. */
static bool step(struct icmpctl_session *session)
{
	struct icmpctl_sweep *sweep = session->sweep;
	u64 now_ns = sweep->now_ns;
	u64 wake_ns = U64_MAX;
	struct icmpctl_errand errand;
	struct icmpctl_slot *slot;
	u64 due_ns;

	/* An answer that is counted from here on is seen below, or in settle_down(). */
	atomic_xchg(&session->answers, 0);
	slot = pass(session, now_ns, &wake_ns);
	/* Only so is it known that there is no other. */
	if (!sweep->fresh.family)
		icmpctl_sweep_next(session, &sweep->fresh);
	if (over(session, now_ns, &wake_ns)) {
		count_sent(session);
		icmpctl_sched_end(session, icmpctl_clock_ns());
		return false;
	}
	if (slot && give_up(session, slot, now_ns, &wake_ns))
		return true;
	if (slot && !unknown(session, session->slots.oldest))
		slot = NULL;
	if (!work_left(session, slot, now_ns, &wake_ns)) {
		if (!settle_down(session, wake_ns))
			return true;
		return false;
	}
	if (READ_ONCE(session->state) == ICMPCTL_STATE_WAITING) {
		WRITE_ONCE(session->state, ICMPCTL_STATE_RUNNING);
		start_over(session, now_ns);
	}
	due_ns = max(icmpctl_pace_due_ns(&session->pace), sweep->hold_ns);
	if (!reader_keeps_up(session, 2))
		due_ns = max(due_ns, now_ns + READER_NS);
	/* What is due by now may not have been when the last probe left. */
	if (due_ns > now_ns) {
		now_ns = icmpctl_clock_ns();
		sweep->now_ns = now_ns;
	}
	if (due_ns > now_ns) {
		due_ns = max(due_ns, now_ns + BATCH_NS);
		icmpctl_sched_wake_at(session, min(wake_ns, due_ns));
		return false;
	}
	if (sweep->again.family) {
		start_over(session, now_ns);
		ask_put_off(session);
	} else if (slot) {
		ask_again(session, slot, now_ns);
	} else {
		errand = sweep->fresh;
		sweep->fresh.family = 0;
		ask(session, &errand, 0);
	}
	return true;
}

/*
 * What has arrived on this CPU is taken when softirqs are let in again, unless ksoftirqd has
 * been asked to: then it waits for its turn beside this work, while more comes in than its
 * queue holds.
 */
static bool arrivals_wait(void)
{
	bool wait;

	preempt_disable();
	wait = local_softirq_pending() & BIT(NET_RX_SOFTIRQ);
	preempt_enable();
	return wait;
}

/**
 * icmpctl_sweep_run() - the work of a sweep
 * @session: a sweep that has not ended.
 *
 * Context: the session's work.
 */
void icmpctl_sweep_run(struct icmpctl_session *session)
{
	int budget = SEND_BUDGET;

	session->sweep->now_ns = icmpctl_clock_ns();
	while (step(session)) {
		cond_resched();
		if (arrivals_wait()) {
			icmpctl_sched_wake_at(session, session->sweep->now_ns + BATCH_NS);
			break;
		}
		if (!budget--) {
			icmpctl_sched_kick(session);
			break;
		}
	}
	count_sent(session);
	icmpctl_sweep_forget_ways(session);
}
