// SPDX-License-Identifier: GPL-2.0
/*
 * port_guess.c - which UDP probe a datagram answers
 *
 * A port unreachable quotes the probe and tells; a datagram from the port that was probed tells
 * nothing but the two ports. So the last probes of our port are looked through, from the newest,
 * for one that waits for an answer from there.
 */
#include <linux/atomic.h>
#include <linux/jiffies.h>
#include <linux/xarray.h>

#include "icmpctl.h"

/* How far back is looked for the probe that a datagram can be an answer to. */
#define LOOK_BACK	256
/* Of a sweep, whose probes of one port go to many addresses. */
#define LOOK_BACK_SWEEP	4096
/* So often in vain, for one session: then nothing more is looked for in that time. */
#define MISSES_MAX	64
#define MISSES_JIFFIES	(HZ / 10)

/* In which time it is, in the upper half of icmpctl_session.misses. */
static u32 misses_time(void)
{
	return (u32)(jiffies / MISSES_JIFFIES) << 16;
}

/*
 * Each of our probes can be answered once, but strangers may send datagrams to its port as
 * they like, and this is softirq.
 */
static bool may_look(const struct icmpctl_session *session)
{
	u32 misses = atomic_read(&session->misses);

	return (misses & 0xffff0000) != misses_time() || (u16)misses < MISSES_MAX;
}

static void missed(struct icmpctl_session *session)
{
	int old = atomic_read(&session->misses), now;

	do {
		u32 time = misses_time();

		now = ((u32)old & 0xffff0000) == time ? old + 1 : time + 1;
	} while (!atomic_try_cmpxchg(&session->misses, &old, now));
}

/*
 * The last probe of a stretch that a datagram can be an answer to, NULL for none; @n tells
 * whether there are others.
 */
static const struct icmpctl_slot *candidate(const struct icmpctl_wire_id *wire,
					    const struct icmpctl_arrival *arrival,
					    u64 *number, u32 *n)
{
	const struct icmpctl_session *session = wire->session;
	const struct icmpctl_stream *stream = &session->stream[wire->stream];
	const struct icmpctl_slot *slot, *found = NULL;
	u64 at = READ_ONCE(session->slots.last);
	u32 look_back = session->sweep ? LOOK_BACK_SWEEP : LOOK_BACK;
	u32 block, i;

	for (i = 0; i < look_back && at; i++, at--) {
		/* A sweep is looked at once for all stretches of the port. */
		block = icmpctl_stream_block(stream, at);
		if (session->sweep ? stream->wire[block].id != wire->id : block != wire->block)
			continue;
		slot = icmpctl_slot_find_sent(&session->slots, at);
		if (!slot || slot->kind != ICMPCTL_PROBE_UDP || slot->stream != wire->stream ||
		    slot->port != arrival->msg.port ||
		    icmpctl_slot_state(slot, at) != ICMPCTL_SLOT_WAITING ||
		    session->targets[slot->target].family != arrival->family ||
		    !icmpctl_addr_equal(icmpctl_session_addr(session, slot), &arrival->from))
			continue;
		if (!found) {
			found = slot;
			*number = at;
		}
		if (++*n > 1)
			break;
	}
	return found;
}

/**
 * icmpctl_port_guess() - which probe a datagram answers that does not tell
 * @inet: our part of the namespace.
 * @arrival: the datagram; <- wire, number, and whether there are others it can be.
 *
 * The last one that was sent: what comes from a target was asked for by the probes that
 * went furthest, if they differ in TTL, and so every answer finds a probe. What finds none
 * costs the most, and is bounded.
 *
 * Context: softirq, RCU read side.
 * Return: false if none waits for it, or too many were looked for in vain.
 */
bool icmpctl_port_guess(struct icmpctl_net *inet, struct icmpctl_arrival *arrival)
{
	struct icmpctl_session *looked = NULL;
	u64 newest_ns = 0;
	u32 stretch, n = 0;

	for (stretch = 0; stretch < ICMPCTL_STRETCHES; stretch++) {
		const struct icmpctl_wire_id *wire =
			xa_load(&inet->ids,
				icmpctl_port_index(ICMPCTL_PROBE_UDP, arrival->msg.id,
						   stretch << ICMPCTL_STRETCH_BITS));
		const struct icmpctl_slot *slot = NULL;
		u64 number;

		if (!wire)
			continue;
		if (may_look(wire->session)) {
			looked = wire->session;
			slot = candidate(wire, arrival, &number, &n);
		}
		if (slot && slot->planned_ns >= newest_ns) {
			newest_ns = slot->planned_ns;
			arrival->wire = wire;
			arrival->number = number;
		}
		/* The port of a sweep is its own, and was looked at as a whole. */
		if (wire->session->sweep)
			break;
	}
	if (looked && !n)
		missed(looked);
	arrival->ambiguous = n > 1;
	return n;
}
