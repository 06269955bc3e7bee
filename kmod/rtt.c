// SPDX-License-Identifier: GPL-2.0
/*
 * rtt.c - which stamps an RTT is made of
 *
 * Hardware stamps at both ends or at none: they are of a clock that only they know.
 * Else the best of each end. Nothing is waited for: a stamp that is not here when the
 * answer is judged is too late.
 */
#include "icmpctl.h"

/* What RTTs to it have been so far; 0: there is none. */
static void known_rtts(struct icmpctl_target *target, struct icmpctl_phc_trip *trip)
{
	spin_lock_bh(&target->lock);
	trip->least_ns = target->stats.rtt.min_ns;
	trip->usual_ns = target->stats.ewma_x8 >> 3;
	spin_unlock_bh(&target->lock);
}

static bool hardware(struct icmpctl_session *session, const struct icmpctl_slot *slot,
		     const struct icmpctl_arrival *arrival, struct icmpctl_record *record)
{
	struct icmpctl_phc_trip trip = {
		.before_ns = record->driver_ns ?: record->handed_ns,
		.tx_ns = READ_ONCE(slot->hw_tx_ns),
		.rx_ns = arrival->hw_rx_ns,
		.after_ns = record->stack_ns ?: record->hook_ns,
	};
	struct icmpctl_phc_result result;

	/* An answer by another interface bears the stamp of another clock. */
	if (!trip.tx_ns || !trip.rx_ns || slot->ifindex != arrival->ifindex ||
	    record->flags & ICMPCTL_RECORD_F_SUSPENDED)
		return false;
	known_rtts(&session->targets[slot->target], &trip);
	if (!icmpctl_nic_trip(session, slot->ifindex, &trip, &result))
		return false;
	record->hw_tx_ns = result.tx_ns;
	record->hw_rx_ns = result.rx_ns;
	record->rtt_ns = result.rtt_ns;
	record->tx_source = ICMPCTL_SOURCE_HARDWARE;
	record->rx_source = ICMPCTL_SOURCE_HARDWARE;
	return true;
}

static void software(struct icmpctl_record *record)
{
	u64 sent_ns = record->driver_ns ?: record->handed_ns;
	u64 arrived_ns = record->stack_ns ?: record->hook_ns;

	record->tx_source = record->driver_ns ? ICMPCTL_SOURCE_DRIVER : ICMPCTL_SOURCE_HOOK;
	record->rx_source = record->stack_ns ? ICMPCTL_SOURCE_STACK : ICMPCTL_SOURCE_HOOK;
	if (arrived_ns < sent_ns) {
		/* A clock was set between the two: both stamps of our own clock. */
		sent_ns = record->handed_ns;
		arrived_ns = record->hook_ns;
		record->tx_source = ICMPCTL_SOURCE_HOOK;
		record->rx_source = ICMPCTL_SOURCE_HOOK;
	}
	record->rtt_ns = arrived_ns - sent_ns;
}

/* Was better asked for by name, or had from this target before? */
static bool fallback(u32 timestamps, u32 had, const struct icmpctl_record *record)
{
	bool driver = record->tx_source == ICMPCTL_SOURCE_DRIVER;
	bool stack = record->rx_source == ICMPCTL_SOURCE_STACK;

	if (record->tx_source == ICMPCTL_SOURCE_HARDWARE)
		return false;
	switch (timestamps) {
	case ICMPCTL_TIMESTAMPS_HARDWARE:
		return true;
	case ICMPCTL_TIMESTAMPS_DRIVER:
		return !driver || !stack;
	case ICMPCTL_TIMESTAMPS_AUTO:
		return had & BIT(ICMPCTL_SOURCE_HARDWARE) ||
		       (had & BIT(ICMPCTL_SOURCE_DRIVER) && !driver) ||
		       (had & BIT(ICMPCTL_SOURCE_STACK) && !stack);
	default:
		return false;
	}
}

/**
 * icmpctl_rtt() - the RTT between the best stamps there are
 * @session: whose probe it was.
 * @slot: the probe's.
 * @arrival: its answer.
 * @record: with the stamps of both; <- RTT, sources, hardware stamps, and how it fell back.
 *
 * Context: softirq.
 */
void icmpctl_rtt(struct icmpctl_session *session, const struct icmpctl_slot *slot,
		 const struct icmpctl_arrival *arrival, struct icmpctl_record *record)
{
	if (!hardware(session, slot, arrival, record))
		software(record);
	if (fallback(session->config.timestamps, READ_ONCE(session->targets[slot->target].had),
		     record))
		record->flags |= ICMPCTL_RECORD_F_FALLBACK;
}
