// SPDX-License-Identifier: GPL-2.0
/*
 * ring.c - records on their way to the reader
 *
 * Written in softirq, read by the session's event work. A reader that is too slow
 * costs records and never numbers: statistics do not pass through here.
 */
#include <linux/errno.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "icmpctl.h"

/* Page by page: in one piece it would be up to twice as much as it is paid for. */
static void *alloc(u32 records, size_t size)
{
	if ((u64)records * size > PAGE_SIZE)
		return __vcalloc(records, size, GFP_KERNEL_ACCOUNT);
	return kcalloc(records, size, GFP_KERNEL_ACCOUNT);
}

/**
 * icmpctl_ring_init() - allocate the ring
 * @ring: to be filled.
 * @records: how many it shall hold, a power of two; 0: none, nothing is kept.
 * @extensions: what ICMP errors have appended is kept with them.
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int icmpctl_ring_init(struct icmpctl_ring *ring, u32 records, bool extensions)
{
	spin_lock_init(&ring->lock);
	if (!records)
		return 0;
	ring->record = alloc(records, sizeof(*ring->record));
	if (!ring->record)
		return -ENOMEM;
	if (extensions) {
		ring->extension = alloc(records, sizeof(*ring->extension));
		if (!ring->extension)
			return -ENOMEM;
	}
	ring->mask = records - 1;
	return 0;
}

/**
 * icmpctl_ring_free() - free the ring
 * @ring: nobody else may look at it any more; may be zeroed.
 */
void icmpctl_ring_free(struct icmpctl_ring *ring)
{
	kvfree(ring->extension);
	kvfree(ring->record);
}

static int put(struct icmpctl_ring *ring, const struct icmpctl_record *record,
	       const struct icmpctl_extension *extension, bool count)
{
	u32 place;
	int waiting;

	if (!ring->record)
		return 0;
	spin_lock_bh(&ring->lock);
	if (ring->head - ring->tail > ring->mask) {
		ring->dropped += count;
		waiting = -ENOBUFS;
	} else {
		place = ring->head & ring->mask;
		/* icmpctl_ring_used() looks without the lock. */
		WRITE_ONCE(ring->head, ring->head + 1);
		waiting = ring->head - ring->tail;
		ring->record[place] = *record;
		if (ring->extension && extension)
			ring->extension[place] = *extension;
		else if (ring->extension)
			ring->extension[place].len = 0;
	}
	spin_unlock_bh(&ring->lock);
	return waiting;
}

/**
 * icmpctl_ring_put() - put a record in
 * @ring: the ring.
 * @record: copied.
 * @extension: copied, if the ring keeps such; NULL: the record has none.
 *
 * Context: any but hard interrupts.
 * Return: how many wait for the reader now; 0 if this one does not.
 */
u32 icmpctl_ring_put(struct icmpctl_ring *ring, const struct icmpctl_record *record,
		     const struct icmpctl_extension *extension)
{
	return max(put(ring, record, extension, true), 0);
}

/**
 * icmpctl_ring_offer() - put a record in that can wait
 * @ring: the ring.
 * @record: copied.
 *
 * Context: any but hard interrupts.
 * Return: how many wait for the reader now; 0 if none is kept; -ENOBUFS if there is no
 * room: nothing is counted, it is to be offered again.
 */
int icmpctl_ring_offer(struct icmpctl_ring *ring, const struct icmpctl_record *record)
{
	return put(ring, record, NULL, false);
}

/**
 * icmpctl_ring_used() - how many records wait for the reader
 * @ring: the ring.
 *
 * Return: the number at this instant; others may put some in or take some out meanwhile.
 */
u32 icmpctl_ring_used(struct icmpctl_ring *ring)
{
	u32 tail = READ_ONCE(ring->tail);

	/* The other way round the reader could pass the head that was read. */
	smp_rmb();	/* pairs with the lock of the ring */
	return min(READ_ONCE(ring->head) - tail, ring->mask + 1);
}

/**
 * icmpctl_ring_peek() - look at the oldest records
 * @ring: the ring.
 * @out: <- copies.
 * @extensions: <- likewise, if the ring keeps such; those of length 0 are none.
 * @max: room in @out.
 *
 * Context: the one reader.
 * Return: how many were copied.
 */
u32 icmpctl_ring_peek(struct icmpctl_ring *ring, struct icmpctl_record *out,
		      struct icmpctl_extension *extensions, u32 max)
{
	u32 i, count;

	spin_lock_bh(&ring->lock);
	count = min(ring->head - ring->tail, max);
	for (i = 0; i < count; i++) {
		out[i] = ring->record[(ring->tail + i) & ring->mask];
		if (ring->extension)
			extensions[i] = ring->extension[(ring->tail + i) & ring->mask];
	}
	spin_unlock_bh(&ring->lock);
	return count;
}

/**
 * icmpctl_ring_skip() - take out what was looked at
 * @ring: the ring.
 * @count: no more than icmpctl_ring_peek() returned.
 */
void icmpctl_ring_skip(struct icmpctl_ring *ring, u32 count)
{
	spin_lock_bh(&ring->lock);
	WRITE_ONCE(ring->tail, ring->tail + count);
	spin_unlock_bh(&ring->lock);
}

/**
 * icmpctl_ring_dropped() - how many records there was no room for
 * @ring: the ring.
 *
 * Return: the number since the start.
 */
u64 icmpctl_ring_dropped(struct icmpctl_ring *ring)
{
	u64 dropped;

	spin_lock_bh(&ring->lock);
	dropped = ring->dropped;
	spin_unlock_bh(&ring->lock);
	return dropped;
}
