// SPDX-License-Identifier: GPL-2.0
/*
 * sched.c - the down leg's clockwork: when to send, when to give up, when to end
 *
 * One hrtimer and one work a session. The timer only wakes the work, and only the
 * work starts the timer; the work cannot run twice at a time, so plan, pace and
 * the cursors need no lock. Instants are absolute: lateness never adds up.
 */
#include <linux/errno.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/sched.h>

#include "compat/hrtimer.h"
#include "icmpctl.h"
#include "monitor.h"
#include "sweep.h"

/*
 * So many probes in a row without once being on time, then a rest. The work outranks
 * every ordinary task: rates that the machine cannot bear must not take it all. So all
 * sessions that are behind together take half of one CPU.
 */
#define SEND_BUDGET	64

/* Sessions that are behind, in all namespaces. */
static atomic_t behind = ATOMIC_INIT(0);

/*
 * While probes are being sent, LOST may be told this much too late: one timer less
 * for each probe.
 */
#define EXPIRY_SLACK_NS	(10 * NSEC_PER_MSEC)

/*
 * The first probe is planned so long after the start: on the local host its reply
 * should not overtake the ACK of the request.
 */
#define START_DELAY_NS	NSEC_PER_MSEC

/* So often the wait for an answer is doubled: from twice any RTT to more than any interval. */
#define UNANSWERED_MAX	24U

/* Nothing is sent any more to what lies behind the end of a path. */
static void follow_path(struct icmpctl_session *session)
{
	struct icmpctl_plan *plan = &session->plan;
	u32 end = READ_ONCE(session->path_end);

	icmpctl_plan_limit(plan, end);
	/* Of a monitor, the path may have grown. */
	icmpctl_plan_widen(plan, end);
	if (icmpctl_plan_done(plan) || !icmpctl_plan_left_out(plan))
		return;
	icmpctl_pace_leave_out(&session->pace, icmpctl_plan_advance(plan));
}

/* Is a probe unanswered whose answer would tell anything? */
static bool awaited(const struct icmpctl_session *session)
{
	const struct icmpctl_slots *slots = &session->slots;
	u64 number;

	for (number = slots->oldest; number <= slots->last; number++) {
		const struct icmpctl_slot *slot = &slots->slot[number & slots->mask];

		if (slot->target < session->plan.limit &&
		    icmpctl_slot_state(slot, number) == ICMPCTL_SLOT_WAITING)
			return true;
	}
	return false;
}

static bool all_sent(const struct icmpctl_session *session)
{
	if (session->config.replies && !atomic_read(&session->unfinished))
		return true;
	return icmpctl_plan_done(&session->plan);
}

/**
 * icmpctl_sched_lose() - give a probe up, unless it is answered just now
 * @session: whose.
 * @slot: its slot.
 * @number: its number.
 * @now_ns: the present.
 *
 * Context: the session's work, or after it.
 */
void icmpctl_sched_lose(struct icmpctl_session *session, struct icmpctl_slot *slot, u64 number,
			u64 now_ns)
{
	struct icmpctl_target *target = &session->targets[slot->target];
	struct icmpctl_record record;
	struct icmpctl_stats *stats;

	if (!READ_ONCE(slot->stamped))
		icmpctl_txstamp_collect(session, target->family);
	icmpctl_record_probe(session, slot, number, &record);
	record.cause = icmpctl_cause_lost(session, slot, number);
	if (!icmpctl_slot_settle(slot, number, ICMPCTL_SLOT_WAITING, ICMPCTL_SLOT_LOST))
		return;
	spin_lock_bh(&target->lock);
	for (stats = &target->stats; stats; stats = icmpctl_stats_since(stats, slot->round)) {
		icmpctl_stats_count(stats, ICMPCTL_COUNT_LOST, now_ns);
		stats->count[icmpctl_cause_counter(record.cause)]++;
		stats->count[ICMPCTL_COUNT_SUSPENDED] +=
			!!(record.flags & ICMPCTL_RECORD_F_SUSPENDED);
	}
	spin_unlock_bh(&target->lock);
	record.status = ICMPCTL_STATUS_LOST;
	record.hook_ns = now_ns;
	if (!session->sweep) {
		icmpctl_record_emit(session, &record);
		return;
	}
	icmpctl_sweep_try(session, &record);
	icmpctl_sweep_lost(session, slot, number, &record);
}

/* What became of a probe is known, and of all before it. */
static void pass(struct icmpctl_session *session, const struct icmpctl_slot *slot,
		 enum icmpctl_slot_state state)
{
	struct icmpctl_target *target = &session->targets[slot->target];
	bool answered = state == ICMPCTL_SLOT_ANSWERED || state == ICMPCTL_SLOT_DOUBLED;
	struct icmpctl_stats *stats;

	session->slots.oldest++;
	if (state == ICMPCTL_SLOT_UNSENT)
		return;
	spin_lock_bh(&target->lock);
	for (stats = &target->stats; stats; stats = icmpctl_stats_since(stats, slot->round))
		icmpctl_loss_add(&stats->loss, !answered);
	spin_unlock_bh(&target->lock);
}

/* The oldest probe that still waits, or NULL. */
static struct icmpctl_slot *oldest(struct icmpctl_session *session, u64 *number)
{
	enum icmpctl_slot_state state;
	struct icmpctl_slot *slot;

	while ((slot = icmpctl_slots_oldest(&session->slots, &state))) {
		*number = session->slots.oldest;
		if (state == ICMPCTL_SLOT_WAITING)
			break;
		pass(session, slot, state);
	}
	return slot;
}

/* Give up on what has waited long enough; tell when the next will have. */
static u64 expire(struct icmpctl_session *session, u64 now_ns)
{
	struct icmpctl_slot *slot;
	u64 number;

	while ((slot = oldest(session, &number))) {
		u64 until_ns = slot->handed_ns + session->config.timeout_ns;

		if (until_ns > now_ns)
			return until_ns;
		icmpctl_sched_lose(session, slot, number, now_ns);
	}
	return U64_MAX;
}

/**
 * icmpctl_sched_failed() - a probe did not leave
 * @session: whose.
 * @probe: the probe.
 * @number: its number.
 * @err: what icmpctl_xmit() returned, not 0.
 *
 * Context: the session's work.
 * Return: false if the stack has answered for what it refused by an ICMP error: the probe is
 *	one that was sent.
 */
bool icmpctl_sched_failed(struct icmpctl_session *session, const struct icmpctl_probe *probe,
			  u64 number, int err)
{
	struct icmpctl_target *target = &session->targets[probe->slot->target];
	enum icmpctl_cause cause = icmpctl_cause_refused(session, probe->slot, err);
	struct icmpctl_record record;
	struct icmpctl_stats *stats;

	if (!icmpctl_slot_settle(probe->slot, number, ICMPCTL_SLOT_WAITING,
				 ICMPCTL_SLOT_UNSENT))
		return false;
	spin_lock_bh(&target->lock);
	for (stats = &target->stats; stats;
	     stats = icmpctl_stats_since(stats, probe->slot->round)) {
		/* Of a sweep what has left is counted, and only then. */
		stats->count[ICMPCTL_COUNT_SENT] -= !session->sweep;
		icmpctl_stats_count(stats, ICMPCTL_COUNT_SEND_FAILED, probe->slot->handed_ns);
		stats->count[icmpctl_cause_counter(cause)]++;
	}
	target->handing = false;
	spin_unlock_bh(&target->lock);

	icmpctl_record_probe(session, probe->slot, number, &record);
	record.status = ICMPCTL_STATUS_SEND_FAILED;
	record.cause = cause;
	record.info = probe->mtu;
	if (err < 0)
		record.error = -err;
	else
		record.xmit_code = err;
	if (!session->sweep) {
		icmpctl_record_emit(session, &record);
		return true;
	}
	icmpctl_sweep_try(session, &record);
	icmpctl_sweep_refused(session, probe->slot, number, &record);
	return true;
}

/**
 * icmpctl_sched_sent() - a probe was handed over: how late?
 * @session: whose.
 * @target: to whom.
 * @round: number of the probe among those to the target, from 0.
 * @planned_ns: when it was to be sent.
 * @sent_ns: when it was.
 *
 * Context: the session's work.
 */
void icmpctl_sched_sent(struct icmpctl_session *session, struct icmpctl_target *target,
			u64 round, u64 planned_ns, u64 sent_ns)
{
	u64 late_ns = sent_ns > planned_ns ? sent_ns - planned_ns : 0;
	struct icmpctl_stats *stats;

	spin_lock_bh(&target->lock);
	for (stats = &target->stats; stats; stats = icmpctl_stats_since(stats, round))
		icmpctl_stats_late(stats, late_ns, sent_ns);
	target->handing = false;
	spin_unlock_bh(&target->lock);
	spin_lock(&session->late_lock);
	if (session->own)
		icmpctl_hist_add(&session->own->late, late_ns);
	session->late_max_ns = max(session->late_max_ns, late_ns);
	spin_unlock(&session->late_lock);
}

/*
 * Paced by answers, and this one may not come: then the next probe leaves after twice the usual
 * RTT, and if nobody is there any more, later and later, up to the interval.
 */
static u64 adaptive_gap_ns(struct icmpctl_target *target, u64 gap_ns)
{
	u32 unanswered = READ_ONCE(target->unanswered);
	u64 usual_ns;

	spin_lock_bh(&target->lock);
	usual_ns = target->stats.ewma_x8 / 8;
	spin_unlock_bh(&target->lock);
	if (!usual_ns)
		return gap_ns;
	WRITE_ONCE(target->unanswered, min(unanswered + 1, UNANSWERED_MAX));
	return min(gap_ns, max(2 * usual_ns, ICMPCTL_INTERVAL_MIN_NS) << unanswered);
}

/* Is the probe sent last settled? An answer to an earlier one has had its successor already. */
static bool last_settled(const struct icmpctl_session *session)
{
	const struct icmpctl_slots *slots = &session->slots;

	return icmpctl_slot_state(&slots->slot[slots->last & slots->mask], slots->last) !=
	       ICMPCTL_SLOT_WAITING;
}

static void send_next(struct icmpctl_session *session)
{
	u64 planned_ns = session->pace.planned_ns;
	struct icmpctl_probe probe = { .session = session };
	struct icmpctl_target *target;
	struct icmpctl_step step;
	u64 number, skipped, sent_ns, gap_ns;
	struct icmpctl_stats *stats;
	bool failed;
	int err;

	icmpctl_plan_peek(&session->plan, &step);
	gap_ns = icmpctl_plan_advance(&session->plan);
	target = &session->targets[step.target];
	if (session->config.flags & ICMPCTL_SESSION_F_ADAPTIVE && session->config.targets == 1)
		gap_ns = adaptive_gap_ns(target, gap_ns);
	probe.target = target;
	probe.kind = session->config.kind;
	probe.port = session->config.port;
	probe.stream = target->stream;
	probe.slot = icmpctl_slot_claim(&session->slots, &step, &probe, planned_ns);
	if (!probe.slot) {
		/*
		 * More wait than the timeout allows for: the oldest must go. It may have been
		 * answered this instant, and then there is room, or not even one that waits.
		 */
		struct icmpctl_slot *slot = oldest(session, &number);

		if (slot && icmpctl_slots_full(&session->slots))
			icmpctl_sched_lose(session, slot, number, icmpctl_clock_ns());
		oldest(session, &number);
		probe.slot = icmpctl_slot_claim(&session->slots, &step, &probe, planned_ns);
	}
	number = session->slots.last;
	icmpctl_slots_link(&session->slots, target->last, number);
	target->last = number;
	icmpctl_wire_icmp(session, number, &probe.id, &probe.seq);
	probe.key = (u32)probe.id << 16 | probe.seq;
	icmpctl_wire_of(session, probe.slot, number, &probe.id, &probe.seq);
	icmpctl_wire_payload(session, number, probe.slot, &probe.payload);

	/* Counted first: on veth the reply is here before icmpctl_xmit() is back. */
	spin_lock_bh(&target->lock);
	target->stats.rounds = step.round + 1;
	for (stats = &target->stats; stats; stats = icmpctl_stats_since(stats, step.round))
		stats->count[ICMPCTL_COUNT_SENT]++;
	target->handing = true;
	spin_unlock_bh(&target->lock);
	if (session->config.flags & ICMPCTL_SESSION_F_REPORT_SENT) {
		struct icmpctl_record record;

		icmpctl_record_probe(session, probe.slot, number, &record);
		record.status = ICMPCTL_STATUS_SENT;
		icmpctl_record_emit(session, &record);
	}
	err = icmpctl_xmit(&probe);
	failed = err && icmpctl_sched_failed(session, &probe, number, err);
	if (probe.slot->egress)
		target->egress = probe.slot->egress;

	sent_ns = probe.slot->handed_ns;
	if (!failed)
		icmpctl_sched_sent(session, target, step.round, planned_ns, sent_ns);
	skipped = icmpctl_pace_sent(&session->pace, sent_ns, gap_ns);
	if (skipped) {
		spin_lock_bh(&target->lock);
		for (stats = &target->stats; stats; stats = icmpctl_stats_since(stats, step.round))
			stats->count[ICMPCTL_COUNT_SKIPPED] += skipped;
		spin_unlock_bh(&target->lock);
	}
}

static u64 wait_max_ns(struct icmpctl_target *target)
{
	u64 max_ns;

	spin_lock_bh(&target->lock);
	max_ns = target->wait_max_ns;
	spin_unlock_bh(&target->lock);
	return max_ns;
}

/* Some time is fair to a target that has answered before, however near the others are. */
static u64 fair_wait_ns(const struct icmpctl_config *config, u64 max_ns)
{
	return min(config->timeout_ns, max(2 * max_ns, config->interval_ns));
}

/* All is sent: until when is it worth waiting for the rest? */
static u64 linger_until_ns(struct icmpctl_session *session)
{
	const struct icmpctl_config *config = &session->config;
	u64 wait_ns = 0;
	u32 i;

	if (!(config->flags & ICMPCTL_SESSION_F_LINGER_ADAPTIVE))
		return session->pace.sent_ns + config->timeout_ns;
	for (i = 0; i < session->plan.limit; i++) {
		u64 max_ns = wait_max_ns(&session->targets[i]);

		wait_ns = max(wait_ns, max_ns ? fair_wait_ns(config, max_ns)
					      : config->timeout_ns);
	}
	return session->pace.sent_ns + wait_ns;
}

/*
 * A session was ended before its time. A probe that could not fairly be answered
 * yet is left outstanding; the others are lost.
 */
static u64 patience_ns(struct icmpctl_session *session, struct icmpctl_target *target)
{
	const struct icmpctl_config *config = &session->config;

	if (target - session->targets >= session->plan.limit)
		return U64_MAX;
	if (atomic_read(&session->reason) == ICMPCTL_REASON_COMPLETE)
		return 0;
	if (!(config->flags & ICMPCTL_SESSION_F_LINGER_ADAPTIVE))
		return config->timeout_ns;
	return fair_wait_ns(config, wait_max_ns(target));
}

static void settle_rest(struct icmpctl_session *session)
{
	struct icmpctl_slot *slot;
	u64 number;

	while ((slot = oldest(session, &number))) {
		u64 age_ns = session->ended_ns - slot->handed_ns;

		/* What is left outstanding says nothing about the pattern of loss. */
		if (age_ns >= patience_ns(session, &session->targets[slot->target]))
			icmpctl_sched_lose(session, slot, number, session->ended_ns);
		else
			session->slots.oldest++;
		cond_resched();
	}
}

/* One grace period after the hook can no longer find the session. */
static void retire(struct work_struct *work)
{
	struct icmpctl_session *session =
		container_of(to_rcu_work(work), struct icmpctl_session, retire);

	/* Timer and work wake each other: the work is idle once it sees ended_ns. */
	hrtimer_cancel(&session->timer);
	cancel_work_sync(&session->work);
	hrtimer_cancel(&session->timer);
	if (session->sweep)
		icmpctl_sweep_rest(session);
	else
		settle_rest(session);
	WRITE_ONCE(session->state, ICMPCTL_STATE_ENDED);
	icmpctl_event_finish(session);
}

static void set_behind(struct icmpctl_session *session, bool is)
{
	if (session->behind == is)
		return;
	session->behind = is;
	atomic_add(is ? 1 : -1, &behind);
}

/* The works of @behind sessions may run at the same time: each gets its share. */
static u64 rest_ns(struct icmpctl_session *session, u64 worked_ns)
{
	set_behind(session, true);
	return worked_ns * (2 * atomic_read(&behind) - 1);
}

/**
 * icmpctl_sched_end() - the work has seen the reason, and does nothing more
 * @session: its reason is set.
 * @now_ns: the present.
 *
 * Context: the session's work.
 */
void icmpctl_sched_end(struct icmpctl_session *session, u64 now_ns)
{
	set_behind(session, false);
	WRITE_ONCE(session->ended_ns, now_ns);
	/* Afterwards stamps find no slot, and a probe seems never to have left. */
	icmpctl_txstamp_collect(session, AF_INET);
	icmpctl_txstamp_collect(session, AF_INET6);
	icmpctl_session_unpublish(session);
	queue_rcu_work(icmpctl_wq, &session->retire);
}

/**
 * icmpctl_sched_wake_at() - have the work run at an instant
 * @session: whose.
 * @when_ns: CLOCK_MONOTONIC; U64_MAX: only when it is kicked.
 *
 * Context: the session's work, its last word.
 */
void icmpctl_sched_wake_at(struct icmpctl_session *session, u64 when_ns)
{
	hrtimer_start(&session->timer, ns_to_ktime(min_t(u64, when_ns, KTIME_MAX)),
		      HRTIMER_MODE_ABS);
}

/* Is it over? If not: when could it be? */
static bool over(struct icmpctl_session *session, u64 now_ns, u64 *wake_ns)
{
	const struct icmpctl_config *config = &session->config;

	if (config->deadline_ns) {
		u64 deadline_ns = session->started_ns + config->deadline_ns;

		if (now_ns >= deadline_ns)
			icmpctl_session_stop(session, ICMPCTL_REASON_DEADLINE);
		*wake_ns = min(*wake_ns, deadline_ns);
	}
	if (all_sent(session)) {
		u64 until_ns = linger_until_ns(session);

		if (!awaited(session) || now_ns >= until_ns ||
		    (config->replies && !atomic_read(&session->unfinished)))
			icmpctl_session_stop(session, ICMPCTL_REASON_COMPLETE);
		*wake_ns = min(*wake_ns, until_ns);
	}
	return atomic_read(&session->reason) != ICMPCTL_REASON_NONE;
}

static void run(struct work_struct *work)
{
	struct icmpctl_session *session = container_of(work, struct icmpctl_session, work);
	u64 began_ns = icmpctl_clock_ns();
	int budget = SEND_BUDGET;

	if (session->ended_ns)
		return;
	if (session->sweep) {
		icmpctl_sweep_run(session);
		return;
	}
	for (;;) {
		u64 now_ns = icmpctl_clock_ns();
		u64 expiry_ns = expire(session, now_ns);
		u64 wake_ns = expiry_ns;
		u64 due_ns;

		if (atomic_xchg(&session->answers, 0) &&
		    session->config.flags & ICMPCTL_SESSION_F_ADAPTIVE &&
		    (session->config.targets > 1 || last_settled(session)))
			icmpctl_pace_pull(&session->pace, now_ns, ICMPCTL_INTERVAL_MIN_NS);
		follow_path(session);
		if (over(session, now_ns, &wake_ns)) {
			icmpctl_sched_end(session, now_ns);
			return;
		}
		if (all_sent(session)) {
			/* Who only waits takes nothing from the others. */
			set_behind(session, false);
			WRITE_ONCE(session->state, ICMPCTL_STATE_WAITING);
			/* An answer since may have found nothing to kick yet. */
			smp_mb();	/* pairs with the one in icmpctl_verdict() */
			if (atomic_read(&session->answers))
				continue;
			icmpctl_sched_wake_at(session, wake_ns);
			return;
		}
		due_ns = icmpctl_pace_due_ns(&session->pace);
		if (due_ns > now_ns) {
			set_behind(session, false);
			if (expiry_ns < due_ns && due_ns - expiry_ns < EXPIRY_SLACK_NS)
				wake_ns = due_ns;
			icmpctl_sched_wake_at(session, min(wake_ns, due_ns));
			return;
		}
		if (!budget--) {
			icmpctl_sched_wake_at(session,
					      now_ns + rest_ns(session, now_ns - began_ns));
			return;
		}
		send_next(session);
		cond_resched();
	}
}

static enum hrtimer_restart wake(struct hrtimer *timer)
{
	struct icmpctl_session *session = container_of(timer, struct icmpctl_session, timer);

	icmpctl_sched_kick(session);
	return HRTIMER_NORESTART;
}

/**
 * icmpctl_sched_init() - prepare plan, timer and works
 * @session: its config is set; not yet published.
 */
void icmpctl_sched_init(struct icmpctl_session *session)
{
	const struct icmpctl_config *config = &session->config;

	icmpctl_plan_init(&session->plan, config->targets, config->count, config->interval_ns,
			  config->gap_ns);
	hrtimer_setup(&session->timer, wake, CLOCK_MONOTONIC, HRTIMER_MODE_ABS);
	INIT_WORK(&session->work, run);
	INIT_RCU_WORK(&session->retire, retire);
}

/**
 * icmpctl_sched_start() - send the first probe
 * @session: published; its owner has been told its id; the lock of its namespace
 *	is held, so that nobody can have ended it yet.
 *
 * Context: process.
 */
void icmpctl_sched_start(struct icmpctl_session *session)
{
	const struct icmpctl_config *config = &session->config;
	bool poisson = config->schedule == ICMPCTL_SCHEDULE_POISSON;
	u64 start_ns = icmpctl_clock_ns() + START_DELAY_NS;

	if (session->monitor)
		start_ns = icmpctl_monitor_first_ns(session, start_ns);
	if (poisson)
		start_ns += icmpctl_plan_poisson(&session->plan, config->seed, session->sent);
	icmpctl_pace_init(&session->pace, start_ns);
	if (poisson)
		session->pace.mean_ns = div_u64(config->interval_ns, config->targets);
	icmpctl_sched_kick(session);
}

/**
 * icmpctl_sched_kick() - have the work look at what has changed
 * @session: cannot be retired meanwhile: the caller is in an RCU read side that
 *	found it published, or holds the lock of its namespace and found it listed.
 *
 * Context: any.
 */
void icmpctl_sched_kick(struct icmpctl_session *session)
{
	/* What sends as fast as it is answered, or can, must not outrank ordinary tasks. */
	bool bulk = session->config.flags & ICMPCTL_SESSION_F_ADAPTIVE || session->sweep;

	queue_work(bulk ? icmpctl_bulk_wq : icmpctl_wq, &session->work);
}
