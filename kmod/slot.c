// SPDX-License-Identifier: GPL-2.0
/*
 * slot.c - the probes that may still be answered
 *
 * A ring indexed by the probe's number. The session's work claims slots in order;
 * hook, stamps and work settle them in any order, without a lock: number and
 * state are one 64-bit word, and a probe changes its state by compare-and-swap of
 * its own number. Whoever comes too late, even by a whole ring, changes nothing.
 */
#include <linux/bits.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "icmpctl.h"

#define STATE_BITS	3
#define SLOTS_MIN	64

/*
 * icmpctl_slot.reply: the RTT, and above it a bit that is set and the number of the
 * probe, or as much of it as fits: those of one slot are ICMPCTL_SLOTS_FEW apart or more.
 */
#define RTT_BITS	40
#define REPLY_VALID	BIT_ULL(RTT_BITS)
#define REPLY_RTT	(REPLY_VALID - 1)

static s64 word_of(u64 number, enum icmpctl_slot_state state)
{
	return number << STATE_BITS | state;
}

/**
 * icmpctl_slots_for() - size of the ring for so many probes in flight
 * @inflight: probes that may wait for an answer at once.
 * @few: as small as can be.
 *
 * Twice as many, so that what comes late or twice still finds its probe.
 *
 * Return: slots, a power of two.
 */
u32 icmpctl_slots_for(u32 inflight, bool few)
{
	return roundup_pow_of_two(max_t(u32, 2 * inflight, few ? ICMPCTL_SLOTS_FEW : SLOTS_MIN));
}

/**
 * icmpctl_slots_wires() - ICMP identifiers that a ring needs
 * @count: its slots.
 *
 * Return: as many as there are of 16 bits for twice the slots, a power of two.
 */
u32 icmpctl_slots_wires(u32 count)
{
	return max_t(u32, count >> 15, 1);
}

/**
 * icmpctl_slots_bytes() - memory of a ring, as the allocator gives it
 * @count: its slots.
 *
 * Return: the bytes.
 */
u64 icmpctl_slots_bytes(u32 count)
{
	if (count == ICMPCTL_SLOTS_FEW)
		return kmem_cache_size(icmpctl_slots_cache);
	return icmpctl_limits_taken(count, sizeof(struct icmpctl_slot));
}

/**
 * icmpctl_slots_init() - allocate the ring
 * @slots: to be filled.
 * @inflight: probes that may wait for an answer at once.
 * @few: as small as can be.
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int icmpctl_slots_init(struct icmpctl_slots *slots, u32 inflight, bool few)
{
	u32 count = icmpctl_slots_for(inflight, few);

	if (count == ICMPCTL_SLOTS_FEW)
		slots->slot = kmem_cache_zalloc(icmpctl_slots_cache, GFP_KERNEL);
	else
		slots->slot = icmpctl_limits_alloc(count, sizeof(*slots->slot));
	if (!slots->slot)
		return -ENOMEM;
	slots->mask = count - 1;
	slots->last = 0;
	slots->oldest = 1;
	return 0;
}

/**
 * icmpctl_slots_free() - free the ring
 * @slots: nobody else may look at it any more; may be zeroed.
 */
void icmpctl_slots_free(struct icmpctl_slots *slots)
{
	if (slots->slot && slots->mask + 1 == ICMPCTL_SLOTS_FEW)
		kmem_cache_free(icmpctl_slots_cache, slots->slot);
	else
		kvfree(slots->slot);
}

/**
 * icmpctl_slots_full() - is there no slot for another probe
 * @slots: the ring.
 *
 * Context: the session's work.
 * Return: true if all are taken by what came after the oldest probe that waits, itself included.
 */
bool icmpctl_slots_full(const struct icmpctl_slots *slots)
{
	return slots->last + 1 - slots->oldest > slots->mask;
}

/* A slot whose word nobody can settle is to be that of a probe that waits. */
static void begin(struct icmpctl_slot *slot, u64 number, u64 planned_ns)
{
	slot->planned_ns = planned_ns;
	WRITE_ONCE(slot->handed_ns, 0);
	WRITE_ONCE(slot->driver_ns, 0);
	WRITE_ONCE(slot->hw_tx_ns, 0);
	slot->ifindex = 0;
	slot->egress = 0;
	WRITE_ONCE(slot->stamped, false);
	WRITE_ONCE(slot->seen, 0);
	slot->no_link = false;
	WRITE_ONCE(slot->reply, 0);
	WRITE_ONCE(slot->before, 0);
	WRITE_ONCE(slot->after, 0);
	slot->ttl = 0;
	atomic64_set_release(&slot->word, word_of(number, ICMPCTL_SLOT_WAITING));
}

/**
 * icmpctl_slot_claim() - a slot for the next probe
 * @slots: the ring.
 * @step: to whom and the how-manieth.
 * @probe: of which kind, to which port, of which stream.
 * @planned_ns: when it was to be sent.
 *
 * The number of the probe is then slots->last. An answer can find the slot from
 * now on, so it must be claimed before the packet is handed over.
 *
 * Context: the session's work.
 * Return: the slot, WAITING; NULL when the ring is full of waiting probes.
 */
struct icmpctl_slot *icmpctl_slot_claim(struct icmpctl_slots *slots,
					const struct icmpctl_step *step,
					const struct icmpctl_probe *probe, u64 planned_ns)
{
	u64 number = slots->last + 1;
	struct icmpctl_slot *slot = &slots->slot[number & slots->mask];

	if (icmpctl_slots_full(slots))
		return NULL;
	/* Nobody can settle a word of zero while the rest is being written. */
	atomic64_set(&slot->word, 0);
	smp_wmb();	/* pairs with the acquire in icmpctl_slot_state() */
	slot->round = step->round;
	slot->target = step->target;
	slot->kind = probe->kind;
	slot->port = probe->port;
	slot->stream = probe->stream;
	begin(slot, number, planned_ns);
	WRITE_ONCE(slots->last, number);
	return slot;
}

/**
 * icmpctl_slot_renew() - the probe claimed last did not leave and is to be sent after all
 * @slots: the ring.
 * @planned_ns: when it is to be sent.
 *
 * What it is and to whom it goes stays, as does its number.
 *
 * Context: the session's work; the probe is UNSENT.
 * Return: its slot, WAITING.
 */
struct icmpctl_slot *icmpctl_slot_renew(struct icmpctl_slots *slots, u64 planned_ns)
{
	struct icmpctl_slot *slot = &slots->slot[slots->last & slots->mask];

	atomic64_set(&slot->word, 0);
	smp_wmb();	/* pairs with the acquire in icmpctl_slot_state() */
	begin(slot, slots->last, planned_ns);
	return slot;
}

/**
 * icmpctl_slot_hand_over() - a probe is about to be given to the stack
 * @slot: its slot.
 * @ttl: TTL or hop limit it is sent with; 0: not known.
 *
 * Context: the session's work.
 */
void icmpctl_slot_hand_over(struct icmpctl_slot *slot, u8 ttl)
{
	slot->ttl = ttl;
	slot->offset_ns = icmpctl_clock_offset_ns();
	slot->asleep_ns = icmpctl_clock_asleep_ns();
	WRITE_ONCE(slot->handed_ns, icmpctl_clock_ns());
}

/**
 * icmpctl_slot_find() - the slot of a probe
 * @slots: the ring.
 * @number: of the probe.
 *
 * Context: any.
 * Return: the slot, or NULL if the probe was never sent or is too long ago.
 */
struct icmpctl_slot *icmpctl_slot_find(const struct icmpctl_slots *slots, u64 number)
{
	struct icmpctl_slot *slot = &slots->slot[number & slots->mask];

	if (!number || (u64)atomic64_read_acquire(&slot->word) >> STATE_BITS != number)
		return NULL;
	return slot;
}

/**
 * icmpctl_slot_find_sent() - the slot of a probe that something can be about
 * @slots: the ring.
 * @number: of the probe.
 *
 * Context: any.
 * Return: as icmpctl_slot_find(); NULL as well if it has not been given to the stack.
 */
struct icmpctl_slot *icmpctl_slot_find_sent(const struct icmpctl_slots *slots, u64 number)
{
	struct icmpctl_slot *slot = icmpctl_slot_find(slots, number);

	return slot && READ_ONCE(slot->handed_ns) ? slot : NULL;
}

/**
 * icmpctl_slot_state() - what is known of a probe
 * @slot: its slot.
 * @number: its number; the slot must have been found by it.
 *
 * Return: its state.
 */
enum icmpctl_slot_state icmpctl_slot_state(const struct icmpctl_slot *slot, u64 number)
{
	u64 word = atomic64_read_acquire(&slot->word);

	/* Taken for another probe since: this one was answered long ago. */
	if (word >> STATE_BITS != number)
		return ICMPCTL_SLOT_LATE;
	return word & ((1 << STATE_BITS) - 1);
}

/**
 * icmpctl_slot_settle() - change the state of a probe
 * @slot: its slot.
 * @number: its number.
 * @from: the state it must be in.
 * @to: the state it shall be in.
 *
 * Context: any.
 * Return: true for the one caller that made the change.
 */
bool icmpctl_slot_settle(struct icmpctl_slot *slot, u64 number,
			 enum icmpctl_slot_state from, enum icmpctl_slot_state to)
{
	s64 expected = word_of(number, from);

	return atomic64_try_cmpxchg(&slot->word, &expected, word_of(number, to));
}

/**
 * icmpctl_slots_link() - have two probes to the same target know each other
 * @slots: the ring.
 * @before: number of the one that was sent before; 0: there is none.
 * @number: of the one that is about to be sent.
 *
 * Context: the session's work.
 */
void icmpctl_slots_link(struct icmpctl_slots *slots, u64 before, u64 number)
{
	if (!before || number - before > slots->mask)
		return;
	WRITE_ONCE(slots->slot[number & slots->mask].before, number - before);
	WRITE_ONCE(slots->slot[before & slots->mask].after, number - before);
}

static u64 reply_of(u64 number, u64 rtt_ns)
{
	return number / ICMPCTL_SLOTS_FEW << (RTT_BITS + 1) | REPLY_VALID | min(rtt_ns, REPLY_RTT);
}

/**
 * icmpctl_slot_put_rtt() - note the RTT of a probe for its neighbours
 * @slot: its slot. If it was taken for another probe meanwhile, nobody will find this
 *	under the other's number.
 * @number: its number.
 * @rtt_ns: the RTT.
 *
 * Context: any; the lock of its target is held.
 */
void icmpctl_slot_put_rtt(struct icmpctl_slot *slot, u64 number, u64 rtt_ns)
{
	WRITE_ONCE(slot->reply, reply_of(number, rtt_ns));
}

/**
 * icmpctl_slot_get_rtt() - the RTT of another probe to the same target
 * @slots: the ring.
 * @number: of the probe.
 * @target: whose it must be.
 * @rtt_ns: <- its RTT.
 *
 * Context: any; the lock of the target is held.
 * Return: true if it was answered and is not too long ago.
 */
bool icmpctl_slot_get_rtt(const struct icmpctl_slots *slots, u64 number, u32 target,
			  u64 *rtt_ns)
{
	const struct icmpctl_slot *slot = &slots->slot[number & slots->mask];
	u64 reply = READ_ONCE(slot->reply);

	*rtt_ns = reply & REPLY_RTT;
	return reply == reply_of(number, *rtt_ns) && READ_ONCE(slot->target) == target;
}

/**
 * icmpctl_slots_oldest() - the oldest probe that the session's work has not yet passed
 * @slots: the ring.
 * @state: <- what is known of it.
 *
 * Its number is slots->oldest; whoever has seen that it does not wait passes it by adding
 * one. Nobody else can claim its slot before.
 *
 * Context: the session's work.
 * Return: its slot, or NULL when all were passed.
 */
struct icmpctl_slot *icmpctl_slots_oldest(const struct icmpctl_slots *slots,
					  enum icmpctl_slot_state *state)
{
	struct icmpctl_slot *slot = &slots->slot[slots->oldest & slots->mask];

	if (slots->oldest > slots->last)
		return NULL;
	*state = icmpctl_slot_state(slot, slots->oldest);
	return slot;
}
