/* SPDX-License-Identifier: GPL-2.0 */
/*
 * session.h - one measurement, its names on the wire, and the namespace that it is in
 *
 *  request.c -> session.c: icmpctl_session, port.c: source ports -> sched.c
 *  netns.c: icmpctl_net, where hooks and stamps find whose a packet is
 */
#ifndef _ICMPCTL_SESSION_H
#define _ICMPCTL_SESSION_H

#include <linux/hrtimer.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rbtree.h>
#include <linux/siphash.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>
#include <net/genetlink.h>

#include "core/cookie.h"
#include "core/hist.h"
#include "core/pace.h"
#include "core/packet.h"
#include "core/plan.h"
#include "down.h"
#include "request.h"
#include "up.h"

struct icmpctl_batch;
struct icmpctl_monitor;
struct icmpctl_sweep;

/* ---- names on the wire ---- */

/**
 * struct icmpctl_wire_id - an ICMP identifier that is ours, or a stretch of a source port
 * @session: whose.
 * @port: the source port; NULL: ICMP.
 * @blocks: how many there are of its like, a power of two.
 * @block: which of these blocks of probes it stands for.
 * @id: the identifier, or the number of the port.
 * @stretch: of a port: which of the port's stretches.
 * @stream: of a stream: its index in the session.
 * @bits: a block has so many bits of a probe's number, which are its sequence number or key.
 */
struct icmpctl_wire_id {
	struct icmpctl_session *session;
	struct icmpctl_port *port;
	u32 blocks;
	u16 block;
	u16 id;
	u16 stretch;
	u16 stream;
	u8 bits;
};

/* ---- port.c: source ports of UDP and TCP probes ---- */

/* So many probes in a row have keys in a row. */
#define ICMPCTL_STRETCH_BITS	10
#define ICMPCTL_STRETCH		BIT(ICMPCTL_STRETCH_BITS)
#define ICMPCTL_STRETCHES	(ICMPCTL_KEYS >> ICMPCTL_STRETCH_BITS)

/**
 * struct icmpctl_port - a source port that is ours
 * @node: in icmpctl_net.ports.
 * @sock: bound to it, so that nobody else is; it sends nothing.
 * @flow_base: if @steady: sessions with the same one and the same @flow share the port.
 * @taken: set of its stretches in use; with the last one it goes.
 * @flow: number of the flow, if @steady.
 * @number: the port.
 * @kind: enum icmpctl_probe_kind.
 * @steady: it stands for a flow.
 */
struct icmpctl_port {
	struct list_head node;
	struct socket *sock;
	u32 flow_base;
	u32 taken;
	u16 flow;
	u16 number;
	u8 kind;
	bool steady;
};

/**
 * struct icmpctl_stream - probes of a session that have source ports in common, or are
 * extended echo requests
 * @wire: @blocks of them.
 * @blocks: how many, a power of two.
 * @published: how many of them the hook can find.
 * @flow: number of the flow, if @steady.
 * @kind: enum icmpctl_probe_kind.
 * @steady: they are of a flow.
 * @bits: of the number of a probe that its key has; the others say which block.
 */
struct icmpctl_stream {
	struct icmpctl_wire_id *wire;
	u32 blocks;
	u32 published;
	u16 flow;
	u8 kind;
	bool steady;
	u8 bits;
};

/* In which block of @wire a probe is. */
static inline u32 icmpctl_stream_block(const struct icmpctl_stream *stream, u64 number)
{
	return number >> stream->bits & (stream->blocks - 1);
}

/* Where a stretch of keys is found in icmpctl_net.ids: behind all ICMP identifiers. */
static inline unsigned long icmpctl_port_index(u8 kind, u16 port, u16 key)
{
	return (unsigned long)kind << 21 | (u32)port << 5 | key >> ICMPCTL_STRETCH_BITS;
}

/* Likewise, whatever the kind. An extended echo has so few sequence numbers: no stretches. */
static inline unsigned long icmpctl_wire_index(u8 kind, u16 id, u16 key)
{
	if (icmpctl_packet_has_port(kind))
		return icmpctl_port_index(kind, id, key);
	return kind == ICMPCTL_PROBE_EXTENDED ? icmpctl_port_index(kind, id, 0) : id;
}

int icmpctl_ports_plan(struct icmpctl_session *session, struct genl_info *info);
int icmpctl_ports_take(struct icmpctl_session *session);
void icmpctl_ports_unpublish(struct icmpctl_session *session);
void icmpctl_ports_give(struct icmpctl_session *session);
void icmpctl_ports_free(struct icmpctl_session *session);
void icmpctl_stream_wire(const struct icmpctl_session *session, u16 stream, u64 number,
			 u16 *id, u16 *key);
bool icmpctl_port_is_ours(const struct icmpctl_net *inet, u8 kind, u16 port);

/* ---- port_guess.c: which probe a datagram answers that does not tell ---- */

bool icmpctl_port_guess(struct icmpctl_net *inet, struct icmpctl_arrival *arrival);

/* ---- session.c: one measurement, from start to its last event ---- */

#define ICMPCTL_WIRE_IDS_MAX	16

/* So many interfaces a session says of how well their clocks were known. */
#define ICMPCTL_SESSION_NICS_MAX	4

/**
 * struct icmpctl_session_own - what a session has that monitors, being many, have not
 * @late: how late probes were handed over, to all targets.
 */
struct icmpctl_session_own {
	struct icmpctl_hist late;
};

/**
 * struct icmpctl_session - one measurement; without checkers 1,024 bytes, as monitors are many
 * @ref: one for the namespace's list, one for each netlink request that looks at it.
 * @net: the namespace; the session is gone before it is.
 * @inet: our part of it.
 * @node: in icmpctl_net.sessions; of a monitor: in no list.
 * @id: unique in the namespace.
 * @portid: netlink port of the owner.
 * @pid: process that started it.
 * @comm: its name.
 * @config: as asked for.
 * @cost: what it takes of the namespace's bounds.
 * @targets: config.targets of them.
 * @key: of the cookies.
 * @wire: the identifiers it sends with, @wire_ids of them.
 * @wire_ids: how many, a power of two.
 * @wire_published: how many of them the hook can find.
 * @stream: its streams, if its probes are of some.
 * @streams: how many.
 * @driver_stamps: drivers are asked to stamp its probes.
 * @behind: the machine cannot bear its rate. The work alone.
 * @final: all is settled: after the records, the final statistics are due.
 * @orphan: the socket that asked for it was closed: nobody is told any more.
 * @final_lock: guards @final: who sees it set, sees @event_work queued for it.
 * @misses: datagrams that none of its probes was found for: when (port.c), and how many then.
 * @slots: its probes.
 * @ring: its records.
 * @own: of a monitor NULL.
 * @nic: the interfaces by whose stamps it has RTTs, the first that are known; 0: no more.
 *	Guarded by the lock of @inet->nics.
 * @nic_rtt_error_ns: RTTs by those are off by so much at most; likewise.
 * @path_end: targets up to the end of the path, as far as that is known.
 * @started_ns: CLOCK_MONOTONIC.
 * @started_real_ns: CLOCK_REALTIME at the same instant.
 * @ended_ns: CLOCK_MONOTONIC; 0: still going on.
 * @sent: of a Poisson schedule, for the plan: how many to each target; else NULL.
 * @plan: which probe is next. The work alone.
 * @pace: when. The work alone.
 * @late_lock: guards @own->late and @late_max_ns.
 * @late_max_ns: the most.
 * @state: enum icmpctl_state.
 * @reason: enum icmpctl_reason; set once, and by that tells the work to stop.
 * @answers: probes settled by an answer, for the work to see that some came.
 * @unfinished: targets that have not yet answered config.replies times.
 * @timer: wakes @work; started by the work alone.
 * @work: sends, expires, ends.
 * @retire: runs one grace period after the hook can no longer find the session.
 * @event_work: takes records and final statistics to the reader.
 * @batch: what @event_work takes to the reader at once; NULL: not yet needed.
 * @event_target: first target whose final statistics were not yet delivered.
 * @event_tries: how often the last events were tried.
 * @event_wait: jiffies until the next try after the next; 0: there was room at the last one.
 * @sweep: of a sweep, what it has of its own; else NULL.
 * @monitor: of a monitor, likewise.
 */
struct icmpctl_session {
	struct kref ref;
	struct net *net;
	struct icmpctl_net *inet;
	struct list_head node;
	u32 id;
	u32 portid;
	struct pid *pid;
	char comm[TASK_COMM_LEN];
	struct icmpctl_config config;
	struct icmpctl_cost cost;
	struct icmpctl_target *targets;
	siphash_key_t key;
	struct icmpctl_wire_id *wire;
	u32 wire_ids;
	u32 wire_published;
	struct icmpctl_stream *stream;
	u32 streams;
	bool driver_stamps;
	bool behind;
	bool final;
	bool orphan;
	raw_spinlock_t final_lock;	/* guards @final */
	atomic_t misses;
	struct icmpctl_slots slots;
	struct icmpctl_ring ring;
	struct icmpctl_session_own *own;
	u32 nic[ICMPCTL_SESSION_NICS_MAX];
	u32 nic_rtt_error_ns;
	u32 path_end;
	u64 started_ns;
	u64 started_real_ns;
	u64 ended_ns;
	u64 *sent;
	struct icmpctl_plan plan;
	struct icmpctl_pace pace;
	spinlock_t late_lock;	/* guards @own->late and the next */
	u64 late_max_ns;
	u32 state;
	atomic_t reason;
	atomic_t answers;
	atomic_t unfinished;
	struct hrtimer timer;
	struct work_struct work;
	struct rcu_work retire;
	struct delayed_work event_work;
	struct icmpctl_batch *batch;
	u32 event_target;
	u16 event_tries;
	u16 event_wait;
	struct icmpctl_sweep *sweep;
	struct icmpctl_monitor *monitor;
};

u64 icmpctl_session_targets_bytes(u32 n);
struct icmpctl_session *icmpctl_session_create(struct icmpctl_net *inet,
					       const struct icmpctl_config *config,
					       struct genl_info *info);
void icmpctl_session_discard(struct icmpctl_session *session);
int icmpctl_session_publish(struct icmpctl_session *session, struct genl_info *info);
void icmpctl_session_stop(struct icmpctl_session *session, enum icmpctl_reason reason);
void icmpctl_session_stop_owned(struct icmpctl_net *inet, u32 portid);
void icmpctl_session_stop_all(struct icmpctl_net *inet, enum icmpctl_reason reason);
struct icmpctl_session *icmpctl_session_get(struct icmpctl_net *inet, u32 id);
void icmpctl_session_put(struct icmpctl_session *session);
void icmpctl_session_unpublish(struct icmpctl_session *session);
void icmpctl_session_release(struct icmpctl_session *session);
unsigned long icmpctl_sessions_created(void);
unsigned long icmpctl_sessions_destroyed(void);

extern struct kmem_cache *icmpctl_target_cache;
extern struct kmem_cache *icmpctl_slots_cache;
extern struct workqueue_struct *icmpctl_wq;
extern struct workqueue_struct *icmpctl_bulk_wq;
extern struct workqueue_struct *icmpctl_event_wq;

/* ---- wire.c: what a probe bears and carries, and which probe that names ---- */

u64 icmpctl_wire_number(const struct icmpctl_wire_id *wire, u16 seq);
void icmpctl_wire_icmp(const struct icmpctl_session *session, u64 number, u16 *id, u16 *seq);
void icmpctl_wire_of(const struct icmpctl_session *session, const struct icmpctl_slot *slot,
		     u64 number, u16 *id, u16 *seq);
void icmpctl_wire_payload(const struct icmpctl_session *session, u64 number,
			  struct icmpctl_slot *slot, struct icmpctl_payload *payload);
void icmpctl_wire_carried(const struct icmpctl_session *session, const struct icmpctl_slot *slot,
			  struct icmpctl_payload *payload);

/* ---- sweep*.c: sessions that ask many addresses a little; their own map is sweep.h ---- */

const union icmpctl_addr *icmpctl_session_addr(const struct icmpctl_session *session,
					       const struct icmpctl_slot *slot);
const struct icmpctl_target *icmpctl_session_target(struct icmpctl_session *session,
						    const struct icmpctl_slot *slot);

/* ---- monitor*.c: sessions that belong to their namespace; their own map is monitor.h ---- */

/* ---- netns.c: our part of a network namespace ---- */

/**
 * struct icmpctl_net - per network namespace
 * @net: the namespace.
 * @lock: guards @sessions, @monitors, @names, @used, @users, @draining and @next_id.
 * @sessions: all of them but monitors.
 * @monitors: monitors by the id of their session.
 * @names: monitors by their name, those that were not yet ended.
 * @empty: woken when the last session has gone.
 * @ids: ICMP identifier, or icmpctl_port_index() -> struct icmpctl_wire_id; the hook
 *	reads it under RCU.
 * @ports: source ports that are ours.
 * @used: what all sessions together take.
 * @users: sessions that need hooks, stamps and sockets.
 * @defrag_ipv6: IPv6 fragments are put together before our hook.
 * @stamps: the stack stamps what arrives.
 * @draining: the namespace or the module is going: no new session.
 * @next_id: id of the next session.
 * @nics: what is known of the clocks of interfaces.
 * @tx: sockets that own our probes: [IPv4, IPv6][normal, path MTU ignored].
 */
struct icmpctl_net {
	struct net *net;
	struct mutex lock;	/* guards all but @ids, which the hook reads */
	struct list_head sessions;
	struct xarray monitors;
	struct rb_root names;
	wait_queue_head_t empty;
	struct xarray ids;
	struct list_head ports;
	struct icmpctl_cost used;
	u32 users;
	bool defrag_ipv6;
	bool stamps;
	bool draining;
	u32 next_id;
	struct icmpctl_nics nics;
	struct icmpctl_txstamp tx[2][2];
};

struct icmpctl_net *icmpctl_net(const struct net *net);
int icmpctl_net_hold(struct icmpctl_net *inet, bool defrag_ipv6, bool stamps);
void icmpctl_net_unhold(struct icmpctl_net *inet);
int icmpctl_net_register(void);
void icmpctl_net_unregister(void);

#endif /* _ICMPCTL_SESSION_H */
