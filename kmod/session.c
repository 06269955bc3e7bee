// SPDX-License-Identifier: GPL-2.0
/*
 * session.c - one measurement, from start to its last event
 *
 * Life: create -> publish -> [work runs] -> stop(reason) -> work: unpublish
 *	-> grace period -> retire: settle the rest -> event: records, final
 *	statistics, done -> release -> last put: free.
 *
 * Who may hold a pointer, and until when, is told in docs/design.md.
 */
#include <linux/atomic.h>
#include <linux/ipv6.h>
#include <linux/mm.h>
#include <linux/pid.h>
#include <linux/random.h>
#include <linux/rculist.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include <net/net_namespace.h>

#include "icmpctl.h"
#include "monitor.h"
#include "sweep.h"

#define ID_TRIES	4096

static atomic_long_t created = ATOMIC_LONG_INIT(0);
static atomic_long_t destroyed = ATOMIC_LONG_INIT(0);

/**
 * icmpctl_sessions_created() - sessions ever published, in all namespaces
 *
 * Return: the number since the module was loaded.
 */
unsigned long icmpctl_sessions_created(void)
{
	return atomic_long_read(&created);
}

/**
 * icmpctl_sessions_destroyed() - sessions ever freed, in all namespaces
 *
 * Return: the number since the module was loaded; equal to the number created
 * when none is left.
 */
unsigned long icmpctl_sessions_destroyed(void)
{
	return atomic_long_read(&destroyed);
}

static struct icmpctl_target *alloc_targets(u32 n)
{
	struct icmpctl_target *targets;
	u32 i;

	if (n == 1)
		targets = kmem_cache_zalloc(icmpctl_target_cache, GFP_KERNEL);
	else
		targets = icmpctl_limits_alloc(n, sizeof(struct icmpctl_target));
	for (i = 0; targets && i < n; i++)
		targets[i].stats.minute = &targets[i].minute;
	return targets;
}

/**
 * icmpctl_session_targets_bytes() - memory of a session's targets, as the allocator gives it
 * @n: how many there are.
 *
 * Return: the bytes, histograms not included.
 */
u64 icmpctl_session_targets_bytes(u32 n)
{
	return n == 1 ? kmem_cache_size(icmpctl_target_cache) :
			icmpctl_limits_taken(n, sizeof(struct icmpctl_target));
}

static void free_targets(struct icmpctl_session *session)
{
	if (session->targets && session->config.targets == 1)
		kmem_cache_free(icmpctl_target_cache, session->targets);
	else
		kvfree(session->targets);
}

/* What monitors do without. */
static int init_own(struct icmpctl_session *session)
{
	if (session->config.monitor.is)
		return 0;
	session->own = kzalloc(sizeof(*session->own), GFP_KERNEL_ACCOUNT);
	return session->own ? 0 : -ENOMEM;
}

static void session_free(struct icmpctl_session *session)
{
	u32 i;

	if (session->targets)
		for (i = 0; i < session->config.targets; i++)
			icmpctl_stats_free(&session->targets[i].stats);
	free_targets(session);
	kfree(session->wire);
	kvfree(session->sent);
	icmpctl_sweep_free(session);
	kfree(session->config.sweep);
	icmpctl_monitor_free(session);
	if (session->own)
		icmpctl_hist_free(&session->own->late);
	kfree(session->own);
	icmpctl_ring_free(&session->ring);
	kvfree(session->batch);
	icmpctl_ports_free(session);
	icmpctl_slots_free(&session->slots);
	put_pid(session->pid);
	kfree(session);
}

static void session_last_put(struct kref *ref)
{
	session_free(container_of(ref, struct icmpctl_session, ref));
	atomic_long_inc(&destroyed);
}

/**
 * icmpctl_session_put() - give back a reference
 * @session: may be freed by this.
 */
void icmpctl_session_put(struct icmpctl_session *session)
{
	kref_put(&session->ref, session_last_put);
}

/* As many identifiers as it needs for twice its slots. */
static int alloc_wire(struct icmpctl_session *session, struct genl_info *info)
{
	session->wire_ids = icmpctl_slots_wires(session->slots.mask + 1);
	/* Whoever raised max_inflight that far. */
	if (session->wire_ids > ICMPCTL_WIRE_IDS_MAX) {
		NL_SET_ERR_MSG(info->extack,
			       "one session can have at most 262144 probes in flight: lengthen the interval or shorten the timeout");
		return -ENOSPC;
	}
	session->wire = kcalloc(session->wire_ids, sizeof(*session->wire), GFP_KERNEL_ACCOUNT);
	return session->wire ? 0 : -ENOMEM;
}

/**
 * icmpctl_session_create() - build a session that nobody knows yet
 * @inet: our part of the namespace.
 * @config: a checked request; what it points to belongs to the session, or is gone.
 * @info: the request, for its targets and for the sentence of a refusal.
 *
 * Context: process, may sleep.
 * Return: the session with one reference, or an ERR_PTR.
 */
struct icmpctl_session *icmpctl_session_create(struct icmpctl_net *inet,
					       const struct icmpctl_config *config,
					       struct genl_info *info)
{
	struct icmpctl_session *session;
	int err = -ENOMEM;

	session = kzalloc(sizeof(*session), GFP_KERNEL_ACCOUNT);
	if (!session) {
		kfree(config->sweep);
		return ERR_PTR(-ENOMEM);
	}
	kref_init(&session->ref);
	INIT_LIST_HEAD(&session->node);
	session->net = genl_info_net(info);
	session->inet = inet;
	session->config = *config;
	/* A monitor has no owner. */
	session->portid = config->monitor.is ? 0 : info->snd_portid;
	session->pid = get_pid(task_tgid(current));
	get_task_comm(session->comm, current);
	get_random_bytes(&session->key, sizeof(session->key));
	atomic_set(&session->unfinished, config->targets);
	session->path_end = config->targets;
	spin_lock_init(&session->late_lock);
	icmpctl_limits_cost(config, &session->cost);
	icmpctl_sched_init(session);
	icmpctl_event_init(session);

	session->targets = alloc_targets(config->targets);
	if (!session->targets || init_own(session))
		goto fail;
	err = icmpctl_request_targets(info, config, session->targets);
	if (err)
		goto fail;

	/* From here on memory is taken in earnest: is there room for it? */
	mutex_lock(&inet->lock);
	if (config->sweep)
		icmpctl_sweep_rate(session);
	err = inet->draining ? -ESHUTDOWN
			     : icmpctl_limits_take(inet, &session->cost, info);
	mutex_unlock(&inet->lock);
	if (err)
		goto fail;
	err = -ENOMEM;
	if (config->schedule == ICMPCTL_SCHEDULE_POISSON) {
		session->sent = kvcalloc(config->targets, sizeof(*session->sent),
					 GFP_KERNEL_ACCOUNT);
		if (!session->sent)
			goto give;
	}
	session->driver_stamps = icmpctl_txstamp_wanted(&session->config);
	err = icmpctl_slots_init(&session->slots, session->cost.inflight,
				 icmpctl_monitor_few(config));
	if (!err)
		err = icmpctl_ring_init(&session->ring, config->records,
					config->flags & ICMPCTL_SESSION_F_EXTENSIONS);
	if (!err && config->sweep)
		err = icmpctl_sweep_init(session);
	if (!err && config->monitor.is)
		err = icmpctl_monitor_init(session, info);
	if (!err)
		err = icmpctl_ports_plan(session, info);
	if (!err)
		err = alloc_wire(session, info);
	if (!err)
		return session;
give:
	mutex_lock(&inet->lock);
	icmpctl_limits_give(inet, &session->cost);
	mutex_unlock(&inet->lock);
fail:
	session_free(session);
	return ERR_PTR(err);
}

/**
 * icmpctl_session_discard() - give up a session that nobody knows
 * @session: newly created; gone afterwards.
 *
 * Context: process, may sleep.
 */
void icmpctl_session_discard(struct icmpctl_session *session)
{
	mutex_lock(&session->inet->lock);
	icmpctl_limits_give(session->inet, &session->cost);
	mutex_unlock(&session->inet->lock);
	session_free(session);
}

/* Identifiers are random: a constant one gets blocked by firewalls for good. */
static int wire_id_take(struct icmpctl_session *session, u16 block)
{
	struct icmpctl_wire_id *wire = &session->wire[block];
	int try, err = -EBUSY;

	wire->session = session;
	wire->block = block;
	wire->blocks = session->wire_ids;
	wire->bits = 16;
	for (try = 0; try < ID_TRIES && err == -EBUSY; try++) {
		wire->id = get_random_u32();
		err = xa_insert(&session->inet->ids, wire->id, wire, GFP_KERNEL);
	}
	if (!err)
		session->wire_published++;
	return err;
}

/**
 * icmpctl_session_unpublish() - from the next grace period on the hook does not find it
 * @session: may be called more than once.
 */
void icmpctl_session_unpublish(struct icmpctl_session *session)
{
	while (session->wire_published)
		xa_erase(&session->inet->ids, session->wire[--session->wire_published].id);
	icmpctl_ports_unpublish(session);
}

/* Could its answers come in IPv6 fragments? Every link carries 1,280 bytes. */
static bool large_ipv6(const struct icmpctl_session *session)
{
	u32 i;

	for (i = 0; i < session->config.targets; i++) {
		const struct icmpctl_target *target = &session->targets[i];

		if (target->family == AF_INET6 && target->size + ICMPCTL_ICMP_HLEN +
		    sizeof(struct ipv6hdr) > IPV6_MIN_MTU)
			return true;
	}
	return false;
}

/* An id that no other session of the namespace has, were it the 2^32th. Its lock is held. */
static u32 new_id(struct icmpctl_net *inet)
{
	const struct icmpctl_session *other;
	bool taken;
	u32 id;

	do {
		id = inet->next_id++;
		taken = !id || xa_load(&inet->monitors, id);
		list_for_each_entry(other, &inet->sessions, node)
			taken |= other->id == id;
	} while (taken);
	return id;
}

/**
 * icmpctl_session_publish() - let hook, owner and namespace know it, and start it
 * @session: newly created; on failure it is gone.
 * @info: the request, for the sentence of a refusal.
 *
 * On success the owner has been told, the session is running, and the namespace's
 * list holds the reference.
 *
 * Context: process, may sleep.
 * Return: 0 or a negative errno.
 */
int icmpctl_session_publish(struct icmpctl_session *session, struct genl_info *info)
{
	struct icmpctl_net *inet = session->inet;
	struct timespec64 real;
	u16 block;
	int err;

	mutex_lock(&inet->lock);
	err = -ESHUTDOWN;
	if (inet->draining)
		goto fail;
	err = icmpctl_net_hold(inet, large_ipv6(session),
			       session->config.timestamps != ICMPCTL_TIMESTAMPS_HOOK);
	if (err && err != -ENOMEM)
		NL_SET_ERR_MSG(info->extack,
			       "cannot open the hooks and sockets this network namespace needs");
	if (err)
		goto fail;
	for (block = 0; block < session->wire_ids; block++) {
		err = wire_id_take(session, block);
		if (err == -EBUSY)
			NL_SET_ERR_MSG(info->extack,
				       "no free ICMP identifier in this network namespace");
		if (err)
			goto unhold;
	}
	err = icmpctl_ports_take(session);
	if (err && err != -ENOMEM)
		NL_SET_ERR_MSG(info->extack,
			       "no free source port in this network namespace");
	if (err)
		goto unhold;
	session->id = new_id(inet);
	session->started_ns = icmpctl_clock_ns();
	ktime_get_real_ts64(&real);
	session->started_real_ns = timespec64_to_ns(&real);
	if (session->monitor) {
		err = icmpctl_monitor_list(session, info);
		if (err)
			goto unhold;
	}
	/* The reader learns the id before the first event of it can come. */
	err = icmpctl_netlink_started(info, session);
	if (err)
		goto unlist;
	if (!session->monitor)
		list_add_tail(&session->node, &inet->sessions);
	atomic_long_inc(&created);
	icmpctl_sched_start(session);
	mutex_unlock(&inet->lock);
	return 0;

unlist:
	if (session->monitor) {
		icmpctl_monitor_unlist(session);
		xa_erase(&inet->monitors, session->id);
	}
unhold:
	icmpctl_session_unpublish(session);
	/*
	 * The hook may have found an identifier, and with it the sockets: let it finish. The
	 * request keeps module and namespace here meanwhile.
	 */
	mutex_unlock(&inet->lock);
	synchronize_rcu();
	mutex_lock(&inet->lock);
	icmpctl_ports_give(session);
	icmpctl_net_unhold(inet);
fail:
	icmpctl_limits_give(inet, &session->cost);
	mutex_unlock(&inet->lock);
	session_free(session);
	return err;
}

static bool none_left(struct icmpctl_net *inet)
{
	return list_empty_careful(&inet->sessions) && xa_empty(&inet->monitors);
}

/**
 * icmpctl_session_release() - the last step of a session's life
 * @session: its last event was sent, or can no more be; work and timer are
 *	cancelled. The caller must not look at it afterwards.
 *
 * Context: the session's event work, may sleep.
 */
void icmpctl_session_release(struct icmpctl_session *session)
{
	struct icmpctl_net *inet = session->inet;

	mutex_lock(&inet->lock);
	list_del(&session->node);
	if (session->monitor)
		xa_erase(&inet->monitors, session->id);
	/* Queued once more while this one ran: by its end, or by who ends several. */
	cancel_delayed_work(&session->event_work);
	icmpctl_limits_give(inet, &session->cost);
	icmpctl_ports_give(session);
	icmpctl_net_unhold(inet);
	if (none_left(inet))
		wake_up_all(&inet->empty);
	mutex_unlock(&inet->lock);
	icmpctl_session_put(session);
}

/**
 * icmpctl_session_stop() - end a session
 * @session: it may have ended already; the first reason counts.
 * @reason: why; not ICMPCTL_REASON_NONE.
 *
 * Context: any. The end itself happens in the session's work.
 */
void icmpctl_session_stop(struct icmpctl_session *session, enum icmpctl_reason reason)
{
	/* The work may see the reason at once; it must not be retired before the kick. */
	rcu_read_lock();
	if (atomic_cmpxchg(&session->reason, ICMPCTL_REASON_NONE, reason) == ICMPCTL_REASON_NONE)
		icmpctl_sched_kick(session);
	rcu_read_unlock();
}

/* One of many, with the lock of the namespace held. */
static void stop_one(struct icmpctl_session *session, enum icmpctl_reason reason)
{
	icmpctl_session_stop(session, reason);
	/* One that has ended, and waits for a slow reader, must not wait any longer. */
	mod_delayed_work(icmpctl_event_wq, &session->event_work, 0);
	cond_resched();
}

/**
 * icmpctl_session_stop_owned() - end the sessions of a socket that was closed
 * @inet: our part of the namespace.
 * @portid: the socket's.
 *
 * Context: process, may sleep.
 */
void icmpctl_session_stop_owned(struct icmpctl_net *inet, u32 portid)
{
	struct icmpctl_session *session;

	mutex_lock(&inet->lock);
	list_for_each_entry(session, &inet->sessions, node)
		if (session->portid == portid) {
			WRITE_ONCE(session->orphan, true);
			stop_one(session, ICMPCTL_REASON_OWNER);
		}
	mutex_unlock(&inet->lock);
}

/**
 * icmpctl_session_stop_all() - end all sessions of a namespace, and wait for it
 * @inet: our part of the namespace; no new session can start afterwards.
 * @reason: why.
 *
 * Context: process, may sleep.
 */
void icmpctl_session_stop_all(struct icmpctl_net *inet, enum icmpctl_reason reason)
{
	struct icmpctl_session *session, *monitor;
	unsigned long id;

	mutex_lock(&inet->lock);
	inet->draining = true;
	list_for_each_entry(session, &inet->sessions, node)
		stop_one(session, reason);
	xa_for_each(&inet->monitors, id, monitor) {
		icmpctl_monitor_unlist(monitor);
		icmpctl_session_stop(monitor, reason);
		cond_resched();
	}
	mutex_unlock(&inet->lock);
	wait_event(inet->empty, none_left(inet));
	/* The works that released them may still be on their last lines. */
	flush_workqueue(icmpctl_event_wq);
}

/**
 * icmpctl_session_get() - look a session up
 * @inet: our part of the namespace.
 * @id: of the session; a monitor is not found by its id.
 *
 * Context: process, may sleep.
 * Return: the session with a reference, or NULL.
 */
struct icmpctl_session *icmpctl_session_get(struct icmpctl_net *inet, u32 id)
{
	struct icmpctl_session *session, *found = NULL;

	mutex_lock(&inet->lock);
	list_for_each_entry(session, &inet->sessions, node) {
		if (session->id != id)
			continue;
		kref_get(&session->ref);
		found = session;
		break;
	}
	mutex_unlock(&inet->lock);
	return found;
}
