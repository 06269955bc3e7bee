// SPDX-License-Identifier: GPL-2.0
/*
 * event.c - the way to the reader: records in batches, then the last statistics
 *
 * A message that finds no room in the reader's socket is tried again; the records
 * stay in the ring meanwhile. The final statistics are tried until they are
 * delivered or the owner is gone; when namespace or module go, for a short while.
 *
 * Nothing is stamped here, so these works are of ordinary rank: what a reader makes
 * the kernel do for him must not outrank everybody else.
 */
#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "icmpctl.h"
#include "sweep.h"

#define BATCH		64	/* records in a message: below 8 KiB */
#define GATHER		1	/* jiffy: so long records of a sweep wait for each other */
#define GATHER_MAX	512U	/* records: no longer then */
#define RETRY_MIN	msecs_to_jiffies(10)
#define RETRY_MAX	msecs_to_jiffies(320)
#define LAST_TRIES	20	/* when namespace or module go: 200 ms */

static struct sk_buff *message(struct icmpctl_session *session, u8 cmd, size_t size, void **hdr)
{
	struct sk_buff *skb = genlmsg_new(size, GFP_KERNEL);

	if (!skb)
		return NULL;
	*hdr = genlmsg_put(skb, 0, 0, &icmpctl_family, 0, cmd);
	if (*hdr && !nla_put_u32(skb, ICMPCTL_SESSION_A_ID, session->id))
		return skb;
	nlmsg_free(skb);
	return NULL;
}

static int deliver(struct icmpctl_session *session, struct sk_buff *skb, void *hdr)
{
	int err;

	genlmsg_end(skb, hdr);
	/* Another socket may have its number by now: the first of a process has the process's. */
	if (READ_ONCE(session->orphan)) {
		nlmsg_free(skb);
		return -ECONNREFUSED;
	}
	err = genlmsg_unicast(session->net, skb, session->portid);
	if (!err)
		session->event_wait = 0;
	return err;
}

/**
 * struct icmpctl_batch - what is taken to the reader at once
 * @record: the oldest records.
 * @extension: what ICMP errors have appended, if that is kept.
 */
struct icmpctl_batch {
	struct icmpctl_record record[BATCH];
	struct icmpctl_extension extension[BATCH];
};

/**
 * icmpctl_event_bytes() - memory that is kept for the way to the reader
 *
 * Return: bytes, of each session that is no monitor.
 */
size_t icmpctl_event_bytes(void)
{
	return sizeof(struct icmpctl_batch);
}

static int put_extensions(struct sk_buff *skb, struct icmpctl_batch *batch, u32 count)
{
	u32 i;
	int err = 0;

	for (i = 0; i < count && !err; i++) {
		struct icmpctl_extension *extension = &batch->extension[i];

		if (!extension->len)
			continue;
		extension->record = i;
		err = nla_put(skb, ICMPCTL_SESSION_A_EXTENSION, sizeof(*extension), extension);
	}
	return err;
}

static int send_records(struct icmpctl_session *session, struct icmpctl_batch *batch)
{
	u64 dropped = icmpctl_ring_dropped(&session->ring);
	bool extensions = session->ring.extension;
	size_t size = nla_total_size(sizeof(batch->record[0]));
	struct sk_buff *skb;
	void *hdr;
	u32 i, count;
	int err;

	count = icmpctl_ring_peek(&session->ring, batch->record, batch->extension, BATCH);
	if (!count)
		return 0;
	if (extensions)
		size += nla_total_size(sizeof(batch->extension[0]));
	skb = message(session, ICMPCTL_CMD_PROBES_EVENT, (count + 2) * size, &hdr);
	if (!skb)
		return -ENOMEM;
	err = nla_put_u64_64bit(skb, ICMPCTL_SESSION_A_RECORDS_DROPPED, dropped,
				ICMPCTL_SESSION_A_PAD);
	for (i = 0; i < count && !err; i++)
		err = nla_put(skb, ICMPCTL_SESSION_A_RECORD, sizeof(batch->record[i]),
			      &batch->record[i]);
	if (extensions && !err)
		err = put_extensions(skb, batch, count);
	/* The message was made for so many. */
	if (WARN_ON_ONCE(err)) {
		nlmsg_free(skb);
		return err;
	}
	err = deliver(session, skb, hdr);
	if (err < 0)
		return err;
	icmpctl_ring_skip(&session->ring, count);
	return count;
}

static int send_stats(struct icmpctl_session *session)
{
	struct sk_buff *skb;
	void *hdr;
	u32 told;
	int err;

	skb = message(session, ICMPCTL_CMD_STATS_EVENT, NLMSG_GOODSIZE, &hdr);
	if (!skb)
		return -ENOMEM;
	told = icmpctl_report_targets(skb, session, session->event_target, 0);
	err = deliver(session, skb, hdr);
	if (err < 0)
		return err;
	session->event_target += told;
	return 0;
}

static int send_done(struct icmpctl_session *session)
{
	struct sk_buff *skb;
	void *hdr;
	int err;

	skb = message(session, ICMPCTL_CMD_DONE_EVENT, NLMSG_GOODSIZE, &hdr);
	if (!skb)
		return -ENOMEM;
	err = icmpctl_report_session(skb, session, NULL);
	if (WARN_ON_ONCE(err)) {
		nlmsg_free(skb);
		return err;
	}
	return deliver(session, skb, hdr);
}

static int send_records_all(struct icmpctl_session *session)
{
	int err;

	/* Kept for the next time: it comes hundreds of times a second. */
	if (!session->batch)
		session->batch = kvmalloc(sizeof(*session->batch), GFP_KERNEL_ACCOUNT);
	if (!session->batch)
		return -ENOMEM;
	do {
		err = send_records(session, session->batch);
		cond_resched();
	} while (err > 0);
	return err;
}

static int send_last(struct icmpctl_session *session)
{
	int err;

	while (session->event_target < session->config.targets) {
		err = send_stats(session);
		if (err)
			return err;
		cond_resched();
	}
	return send_done(session);
}

/* Do namespace or module go? */
static bool hurried(const struct icmpctl_session *session)
{
	int reason = atomic_read(&session->reason);

	return reason == ICMPCTL_REASON_NAMESPACE || reason == ICMPCTL_REASON_UNLOAD ||
	       READ_ONCE(session->inet->draining);
}

/* Is the reader worth another try? */
static bool give_up(struct icmpctl_session *session, int err)
{
	if (err == -ECONNREFUSED || atomic_read(&session->reason) == ICMPCTL_REASON_OWNER)
		return true;
	return hurried(session) && session->event_tries++ >= LAST_TRIES;
}

/*
 * Who was away for long can wait for as long once more. A message is made for each try, and
 * there may be a thousand sessions whose reader never comes.
 */
static unsigned long retry_in(struct icmpctl_session *session)
{
	unsigned long wait = session->event_wait ?: RETRY_MIN;

	if (hurried(session))
		return RETRY_MIN;
	session->event_wait = min_t(unsigned long, 2 * wait, RETRY_MAX);
	return wait;
}

/* Is it the last time? Then nobody queues the work for this any more. */
static bool is_final(struct icmpctl_session *session)
{
	unsigned long flags;
	bool final;

	raw_spin_lock_irqsave(&session->final_lock, flags);
	final = session->final;
	raw_spin_unlock_irqrestore(&session->final_lock, flags);
	return final;
}

static void event_work(struct work_struct *work)
{
	struct icmpctl_session *session =
		container_of(to_delayed_work(work), struct icmpctl_session, event_work);
	bool final = is_final(session);
	int err;

	/* Of a monitor nobody is told. */
	if (session->monitor) {
		if (final)
			icmpctl_session_release(session);
		return;
	}
	do
		err = send_records_all(session);
	while (!err && final && session->sweep && icmpctl_sweep_tell_rest(session));
	if (!err && final)
		err = send_last(session);
	if (!err && !final)
		return;
	if (err && !give_up(session, err)) {
		queue_delayed_work(icmpctl_event_wq, &session->event_work,
				   retry_in(session));
		return;
	}
	if (!final) {
		/* Nobody listens: the session ends, and comes here once more. */
		icmpctl_session_stop(session, ICMPCTL_REASON_OWNER);
		return;
	}
	icmpctl_session_release(session);
}

/**
 * icmpctl_event_init() - prepare the work that talks to the reader
 * @session: not yet published.
 */
void icmpctl_event_init(struct icmpctl_session *session)
{
	raw_spin_lock_init(&session->final_lock);
	INIT_DELAYED_WORK(&session->event_work, event_work);
}

/**
 * icmpctl_event_kick() - one more record is to be taken to the reader
 * @session: not yet retired.
 * @waiting: how many there are now.
 *
 * A sweep tells of many hosts at once: its records wait for each other.
 *
 * Context: any.
 */
void icmpctl_event_kick(struct icmpctl_session *session, u32 waiting)
{
	if (waiting == 1)
		queue_delayed_work(icmpctl_event_wq, &session->event_work,
				   session->sweep ? GATHER : 0);
	else if (session->sweep && waiting == min(GATHER_MAX, (session->ring.mask + 1) / 4))
		mod_delayed_work(icmpctl_event_wq, &session->event_work, 0);
}

/**
 * icmpctl_event_finish() - all is settled: tell the rest and release the session
 * @session: retired; the caller must not look at it afterwards.
 *
 * The work may run this instant, for records. Were it to see that it is the last time before
 * it is queued for that, it would release the session, and be queued for one that is gone: so
 * it sees both or neither, and icmpctl_session_release() takes it off the queue. The lock is
 * the last that is touched here.
 *
 * Context: process.
 */
void icmpctl_event_finish(struct icmpctl_session *session)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&session->final_lock, flags);
	session->final = true;
	mod_delayed_work(icmpctl_event_wq, &session->event_work, 0);
	raw_spin_unlock_irqrestore(&session->final_lock, flags);
}
