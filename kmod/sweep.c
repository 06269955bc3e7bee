// SPDX-License-Identifier: GPL-2.0
/*
 * sweep.c - what a sweep has of its own: addresses beside the slots, tries, counters
 *
 * Each try has a slot, and beside it an icmpctl_host, whose number and fate are one word:
 * its fate is changed by whoever sees the number that it expects, so exactly once.
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
	sweep->host = icmpctl_limits_alloc((size_t)session->slots.mask + 1, sizeof(*sweep->host));
	sweep->scratch = kzalloc(sizeof(*sweep->scratch), GFP_KERNEL_ACCOUNT);
	if (!sweep->host || !sweep->scratch)
		return -ENOMEM;
	if (!several_kinds(&session->config))
		return 0;
	sweep->setback = icmpctl_limits_alloc((size_t)session->slots.mask + 1,
					      sizeof(*sweep->setback));
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

/**
 * icmpctl_sweep_left() - tries that are left without those of some kinds of probes
 * @session: a sweep.
 * @family: of the address, AF_INET or AF_INET6.
 * @left: with them.
 * @kinds: set of the kinds that are of no use, by their number in the sweep.
 *
 * Return: the tries, of which the first is of another kind.
 */
u32 icmpctl_sweep_left(const struct icmpctl_session *session, u8 family, u32 left, u16 kinds)
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
	smp_wmb();	/* pairs with the barrier in next_try(), sweep_fate.c */
	host->addr = errand->addr;
	host->place = errand->place;
	host->left = errand->left;
	host->on_link = false;
	WRITE_ONCE(host->group, errand->family == AF_INET6 && errand->addr.bytes[0] == 0xff);
	host->met = errand->met;
	if (setback) {
		setback[number & session->slots.mask] = errand->setback;
		host->left = icmpctl_sweep_left(session, errand->family, errand->left,
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

	if (sweep->fresh.family)
		resume = min(resume, sweep->fresh.place);
	for (number = session->slots.oldest; number <= session->slots.last; number++) {
		const struct icmpctl_host *host = icmpctl_sweep_host(session, number);

		if (icmpctl_host_fate(host, number) <= ICMPCTL_FATE_AGAIN)
			resume = min(resume, host->place);
	}
	sweep->resume = resume;
	/* The state says that it is there. */
	smp_wmb();	/* pairs with the one in icmpctl_sweep_report() */
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
	bool ended;
	u64 fed;
	int i;

	spin_lock(&sweep->lock);
	fed = sweep->fed;
	spin_unlock(&sweep->lock);
	ended = READ_ONCE(session->state) == ICMPCTL_STATE_ENDED;
	smp_rmb();	/* pairs with the one in icmpctl_sweep_rest() */
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
	if (ended && put_u64(skb, ICMPCTL_SWEEP_A_PLACE, sweep->resume))
		return -EMSGSIZE;
	for (i = 0; i < ICMPCTL_SWEEP_COUNTS; i++)
		if (put_u64(skb, ICMPCTL_SWEEP_A_UP + i, count_of(sweep, i)))
			return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}
