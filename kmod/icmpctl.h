/* SPDX-License-Identifier: GPL-2.0 */
/*
 * icmpctl.h - the map of the module: its objects, and who calls whom
 *
 *  control    icmpctl --genl--> netlink.c -> request.c -> session.c
 *  down leg   sched.c (hrtimer -> work) -> core/plan.c -> slot.c: claim
 *             -> xmit.c -> xmit_ipv4.c | xmit_ipv6.c -> the IP stack -> driver
 *             driver's stamp -> txstamp.c -> slot
 *  up leg     PRE_ROUTING -> prehook.c -> slot: seen
 *             LOCAL_IN -> hook.c, hook_port.c -> core/packet.c -> verdict.c -> slot.c: settle
 *             -> core/stats.c, ring.c -> event.c --genl--> icmpctl
 *
 * docs/design.md has the lock table and the lifetime table.
 */
#ifndef _ICMPCTL_H
#define _ICMPCTL_H

#include <linux/hrtimer.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rbtree.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>
#include <net/genetlink.h>
#include <uapi/linux/icmpctl.h>

#include "core/addr.h"
#include "core/cookie.h"
#include "core/extension.h"
#include "core/pace.h"
#include "core/packet.h"
#include "core/phc.h"
#include "core/plan.h"
#include "core/stats.h"

struct icmpctl_arrival;
struct icmpctl_monitor;
struct icmpctl_net;
struct icmpctl_probe;
struct icmpctl_session;
struct icmpctl_sweep;

/* ---- slot.c: the probes that may still be answered ---- */

/**
 * enum icmpctl_slot_state - what is known of a probe
 * @ICMPCTL_SLOT_WAITING: handed over or about to be; not answered.
 * @ICMPCTL_SLOT_ANSWERED: by a reply, in time; of a path, by an ICMP error as well.
 * @ICMPCTL_SLOT_LOST: the timeout passed.
 * @ICMPCTL_SLOT_LATE: lost, then answered.
 * @ICMPCTL_SLOT_UNSENT: the stack refused it.
 * @ICMPCTL_SLOT_ERROR: answered by an ICMP error, in time.
 * @ICMPCTL_SLOT_DOUBLED: as ANSWERED, then once more.
 */
enum icmpctl_slot_state {
	ICMPCTL_SLOT_WAITING,
	ICMPCTL_SLOT_ANSWERED,
	ICMPCTL_SLOT_LOST,
	ICMPCTL_SLOT_LATE,
	ICMPCTL_SLOT_UNSENT,
	ICMPCTL_SLOT_ERROR,
	ICMPCTL_SLOT_DOUBLED,
};

/**
 * struct icmpctl_slot - one probe
 * @word: number of the probe and enum icmpctl_slot_state in one: a probe is
 *	settled by changing the state of its own number, so exactly once.
 * @planned_ns: when it was to be sent.
 * @handed_ns: just before it was given to the stack.
 * @offset_ns: CLOCK_REALTIME was so far ahead of our clock at @handed_ns.
 * @asleep_ns: our clock had stood still for so long at @handed_ns.
 * @cookie: what its answers must bear.
 * @driver_ns: the driver's stamp; 0: none yet.
 * @hw_tx_ns: the hardware's, on its own clock; 0: none yet.
 * @round: the how-manieth to its target, from 0.
 * @reply: RTT of its reply and by which number it goes, for its neighbours.
 * @before: so many numbers before it is the probe to the same target that was sent
 *	before; 0: there is none, or it is too long ago.
 * @after: so many numbers behind it is the next one; 0: not yet sent.
 * @target: index of the target.
 * @kind: enum icmpctl_probe_kind.
 * @port: UDP, TCP: destination port.
 * @stream: index of the stream in the session, if its kind has one.
 * @ifindex: the interface whose clock @hw_tx_ns is of; 0: no hardware was asked.
 * @egress: the interface it left by; 0: there was no route.
 * @ttl: TTL or hop limit it was sent with; 0: not known.
 * @stamped: the driver had it, whether or not its stamp could be used.
 * @seen: its reply came to this host, and has not yet come to our hook.
 * @no_link: @egress had no link when it was sent.
 */
struct icmpctl_slot {
	atomic64_t word;
	u64 planned_ns;
	u64 handed_ns;
	s64 offset_ns;
	u64 asleep_ns;
	u64 cookie;
	u64 driver_ns;
	u64 hw_tx_ns;
	u64 round;
	u64 reply;
	u32 before;
	u32 after;
	u32 target;
	u32 ifindex;
	u32 egress;
	u16 port;
	u16 stream;
	u8 kind;
	u8 ttl;
	bool stamped;
	bool seen;
	bool no_link;
};

/**
 * struct icmpctl_slots - a ring of slots, indexed by probe number
 * @slot: @mask + 1 of them.
 * @mask: a power of two less one.
 * @last: number of the last probe claimed; the first has 1. Written by the
 *	session's work alone.
 * @oldest: no probe before this number waits, and the pattern of loss knows what became
 *	of each. The session's work alone.
 */
struct icmpctl_slots {
	struct icmpctl_slot *slot;
	u32 mask;
	u64 last;
	u64 oldest;
};

int icmpctl_slots_init(struct icmpctl_slots *slots, u32 inflight, bool few);
void icmpctl_slots_free(struct icmpctl_slots *slots);
u32 icmpctl_slots_for(u32 inflight, bool few);
struct icmpctl_slot *icmpctl_slot_claim(struct icmpctl_slots *slots,
					const struct icmpctl_step *step,
					const struct icmpctl_probe *probe, u64 planned_ns);
struct icmpctl_slot *icmpctl_slot_find(const struct icmpctl_slots *slots, u64 number);
enum icmpctl_slot_state icmpctl_slot_state(const struct icmpctl_slot *slot, u64 number);
bool icmpctl_slot_settle(struct icmpctl_slot *slot, u64 number,
			 enum icmpctl_slot_state from, enum icmpctl_slot_state to);
void icmpctl_slot_hand_over(struct icmpctl_slot *slot, u8 ttl);
void icmpctl_slots_link(struct icmpctl_slots *slots, u64 before, u64 number);
void icmpctl_slot_put_rtt(struct icmpctl_slot *slot, u64 number, u64 rtt_ns);
bool icmpctl_slot_get_rtt(const struct icmpctl_slots *slots, u64 number, u32 target,
			  u64 *rtt_ns);
struct icmpctl_slot *icmpctl_slots_oldest(const struct icmpctl_slots *slots,
					  enum icmpctl_slot_state *state);

/* ---- ring.c: records on their way to the reader ---- */

/**
 * struct icmpctl_ring - bounded; when it is full, new records are counted and lost
 * @lock: guards the rest; taken in softirq.
 * @record: @mask + 1 of them; NULL: no record is kept.
 * @extension: what belongs to each of them; NULL: was not asked for.
 * @mask: a power of two less one.
 * @head: records ever put in.
 * @tail: records ever taken out.
 * @dropped: records there was no room for.
 */
struct icmpctl_ring {
	spinlock_t lock;	/* guards the rest */
	struct icmpctl_record *record;
	struct icmpctl_extension *extension;
	u32 mask;
	u32 head;
	u32 tail;
	u64 dropped;
};

int icmpctl_ring_init(struct icmpctl_ring *ring, u32 records, bool extensions);
void icmpctl_ring_free(struct icmpctl_ring *ring);
u32 icmpctl_ring_put(struct icmpctl_ring *ring, const struct icmpctl_record *record,
		     const struct icmpctl_extension *extension);
u32 icmpctl_ring_peek(struct icmpctl_ring *ring, struct icmpctl_record *out,
		      struct icmpctl_extension *extensions, u32 max);
int icmpctl_ring_offer(struct icmpctl_ring *ring, const struct icmpctl_record *record);
u32 icmpctl_ring_used(struct icmpctl_ring *ring);
void icmpctl_ring_skip(struct icmpctl_ring *ring, u32 count);
u64 icmpctl_ring_dropped(struct icmpctl_ring *ring);

/* ---- request.c: what was asked for ---- */

/**
 * struct icmpctl_kind - a kind of probe that a sweep sends
 * @kind: enum icmpctl_probe_kind.
 * @port: UDP, TCP: destination port.
 * @stream: index of the stream in the session, if it has one.
 */
struct icmpctl_kind {
	u8 kind;
	u16 port;
	u16 stream;
};

/**
 * struct icmpctl_sweep_config - what is asked of a sweep; see enum icmpctl_sweep_attr
 * @seed: of the order.
 * @place: where in the order it begins.
 * @rate_pps: probes a second; 0: all there are to be had.
 * @inflight: addresses that may be under way.
 * @tries: probes of each kind to an address.
 * @shard: number of the part.
 * @shards: how many parts.
 * @flags: set of ICMPCTL_SWEEP_F_*.
 * @kinds: how many kinds of probes there are: for IPv4, for IPv6.
 * @kind: which, in the order they are sent; likewise.
 */
struct icmpctl_sweep_config {
	u64 seed;
	u64 place;
	u32 rate_pps;
	u32 inflight;
	u32 tries;
	u32 shard;
	u32 shards;
	u32 flags;
	u32 kinds[2];
	struct icmpctl_kind kind[2][ICMPCTL_PROBES_MAX];
};

/**
 * struct icmpctl_monitor_config - what is asked of a monitor; see enum icmpctl_monitor_attr
 * @is: it is one.
 * @keep: so many of the last probes of each target are kept.
 * @text_bytes: memory of all its strings.
 */
struct icmpctl_monitor_config {
	bool is;
	u32 keep;
	u32 text_bytes;
};

/*
 * Octaves of nanoseconds that the distribution of a monitor's RTTs may have: from the least
 * to the greatest a factor of 256 at least.
 */
#define ICMPCTL_MONITOR_OCTAVES	8

/**
 * struct icmpctl_config - a checked request; see enum icmpctl_session_attr
 * @kind: enum icmpctl_probe_kind.
 * @port: UDP, TCP: destination port.
 * @count: probes for each target; 0: without end.
 * @replies: a target is finished after so many; 0: never.
 * @interval_ns: from one probe of a target to its next.
 * @gap_ns: from one target's probe to the next one's; 0: spread over the interval.
 * @timeout_ns: a probe is lost after this.
 * @deadline_ns: the session ends after this; 0: never.
 * @size: bytes of payload.
 * @flow_label: of IPv6 probes.
 * @flow_base: tells this session's flows from those of others.
 * @pmtudisc: enum icmpctl_pmtudisc.
 * @ifindex: probes leave by this interface; 0: the route's.
 * @mark: firewall mark of the probes.
 * @flags: set of ICMPCTL_SESSION_F_*.
 * @timestamps: enum icmpctl_timestamps.
 * @records: room for records, a power of two; 0: none are kept.
 * @targets: how many targets follow in the request.
 * @schedule: enum icmpctl_schedule.
 * @seed: of the random gaps.
 * @ttl: TTL or hop limit; 0: the route's.
 * @tos: TOS or traffic class.
 * @pattern_len: bytes of @pattern in use.
 * @pattern: repeated over the payload.
 * @source_family: AF_INET or AF_INET6, or 0 for the route's source.
 * @source: source address of the probes.
 * @query: what extended echo requests ask about.
 * @sweep: of a sweep; else NULL.
 * @monitor: of a monitor.
 */
struct icmpctl_config {
	u32 kind;
	u16 port;
	u64 count;
	u64 replies;
	u64 interval_ns;
	u64 gap_ns;
	u64 timeout_ns;
	u64 deadline_ns;
	u32 size;
	u32 flow_label;
	u32 flow_base;
	u32 pmtudisc;
	u32 ifindex;
	u32 mark;
	u32 flags;
	u32 timestamps;
	u32 records;
	u32 targets;
	u32 schedule;
	u64 seed;
	u8 ttl;
	u8 tos;
	u8 pattern_len;
	u8 pattern[ICMPCTL_PATTERN_MAX];
	u8 source_family;
	union icmpctl_addr source;
	struct icmpctl_query query;
	struct icmpctl_sweep_config *sweep;
	struct icmpctl_monitor_config monitor;
};

/**
 * struct icmpctl_target - one host that is probed, or one hop on the way to it
 * @addr: its address.
 * @family: AF_INET or AF_INET6.
 * @ttl: TTL or hop limit of the probes; 0: the route's.
 * @flow: number of the flow that the probes are of.
 * @flow_sum: what makes the flow, see icmpctl_cookie_steady(); 0: none was asked for.
 * @flow_label: of IPv6 probes.
 * @stream: index of the stream in the session that probes to it are of, if they have one.
 * @size: bytes of payload.
 * @ifindex: probes leave by this interface; 0: the route's.
 * @group: broadcast or multicast: anyone may answer.
 * @path_mtu: largest packet that routers on the path have let pass; 0: none has
 *	complained. Of this session alone: the kernel's own cache is not touched.
 * @last: number of the last probe to it; 0: none. The session's work alone.
 * @egress: the interface that the last probe left by; 0: none yet. The work alone.
 * @stamps_by: the interface whose driver stamped a probe; 0: none has.
 * @lock: guards @stats, @wait_max_ns and the writing of @had; taken in softirq.
 * @wait_max_ns: longest from a hand-over to its answer in our hook: the RTT, and what
 *	the queues of this host add to it.
 * @had: set of the enum icmpctl_source that RTTs were made of.
 * @stats: what became of the probes.
 * @minute: what became of those of the last minute.
 */
struct icmpctl_target {
	union icmpctl_addr addr;
	u8 family;
	u8 ttl;
	u16 flow;
	u16 flow_sum;
	u16 stream;
	u32 flow_label;
	u32 size;
	u32 ifindex;
	bool group;
	u32 path_mtu;
	u64 last;
	u32 egress;
	u32 stamps_by;
	spinlock_t lock;	/* guards @stats */
	u32 had;
	u64 wait_max_ns;
	struct icmpctl_stats stats;
	struct icmpctl_window minute;
};

int icmpctl_request_config(struct genl_info *info, struct icmpctl_config *config);
int icmpctl_request_port(struct genl_info *info, u32 kind, struct nlattr *attr, u16 *port);
int icmpctl_request_targets(struct genl_info *info, const struct icmpctl_config *config,
			    struct icmpctl_target *targets);

/* ---- limits.c: what one namespace may take ---- */

/**
 * struct icmpctl_cost - what a session takes of its namespace's bounds
 * @sessions: 1, of a monitor 0; of a namespace: how many there are.
 * @monitors: of a monitor 1, else 0; likewise.
 * @inflight: probes that may be unanswered at once.
 * @rate_pps: probes a second.
 * @memory_bytes: memory, if it is no monitor.
 * @monitor_bytes: memory, if it is one.
 */
struct icmpctl_cost {
	u32 sessions;
	u32 monitors;
	u32 inflight;
	u32 rate_pps;
	u64 memory_bytes;
	u64 monitor_bytes;
};

extern unsigned int icmpctl_max_sessions;
extern unsigned int icmpctl_max_targets;
extern unsigned int icmpctl_max_inflight;
extern unsigned int icmpctl_max_rate_pps;
extern unsigned int icmpctl_max_memory_kib;
extern unsigned int icmpctl_max_monitors;
extern unsigned int icmpctl_max_monitor_memory_kib;

void icmpctl_limits_cost(const struct icmpctl_config *config, struct icmpctl_cost *cost);
int icmpctl_limits_take(struct icmpctl_net *inet, const struct icmpctl_cost *cost,
			struct genl_info *info);
void icmpctl_limits_give(struct icmpctl_net *inet, const struct icmpctl_cost *cost);

/* ---- session.c: one measurement, from start to its last event ---- */

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
bool icmpctl_port_guess(struct icmpctl_net *inet, struct icmpctl_arrival *arrival);

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
 * struct icmpctl_session - one measurement
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
 * @driver_stamps: drivers are asked to stamp its probes.
 * @wire: the identifiers it sends with, @wire_ids of them.
 * @wire_ids: how many, a power of two.
 * @wire_published: how many of them the hook can find.
 * @stream: its streams, if its probes are of some.
 * @streams: how many.
 * @slots: its probes.
 * @ring: its records.
 * @own: of a monitor NULL.
 * @nic: the interfaces by whose stamps it has RTTs, the first that are known; 0: no more.
 *	Guarded by the lock of @inet->nics.
 * @nic_rtt_error_ns: RTTs by those are off by so much at most; likewise.
 * @started_ns: CLOCK_MONOTONIC.
 * @started_real_ns: CLOCK_REALTIME at the same instant.
 * @ended_ns: CLOCK_MONOTONIC; 0: still going on.
 * @sent: of a Poisson schedule, for the plan: how many to each target; else NULL.
 * @plan: which probe is next. The work alone.
 * @pace: when. The work alone.
 * @behind: the machine cannot bear its rate. The work alone.
 * @late_lock: guards @own->late and @late_max_ns.
 * @late_max_ns: the most.
 * @state: enum icmpctl_state.
 * @reason: enum icmpctl_reason; set once, and by that tells the work to stop.
 * @answers: probes settled by an answer, for the work to see that some came.
 * @unfinished: targets that have not yet answered config.replies times.
 * @path_end: targets up to the end of the path, as far as that is known.
 * @timer: wakes @work; started by the work alone.
 * @work: sends, expires, ends.
 * @retire: runs one grace period after the hook can no longer find the session.
 * @event_work: takes records and final statistics to the reader.
 * @batch: what @event_work takes to the reader at once; NULL: not yet needed.
 * @event_target: first target whose final statistics were not yet delivered.
 * @event_tries: how often the last events were tried.
 * @final: all is settled: after the records, the final statistics are due.
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
	bool driver_stamps;
	struct icmpctl_wire_id *wire;
	u32 wire_ids;
	u32 wire_published;
	struct icmpctl_stream *stream;
	u32 streams;
	struct icmpctl_slots slots;
	struct icmpctl_ring ring;
	struct icmpctl_session_own *own;
	u32 nic[ICMPCTL_SESSION_NICS_MAX];
	u32 nic_rtt_error_ns;
	u64 started_ns;
	u64 started_real_ns;
	u64 ended_ns;
	u64 *sent;
	struct icmpctl_plan plan;
	struct icmpctl_pace pace;
	bool behind;
	spinlock_t late_lock;	/* guards @own->late and the next */
	u64 late_max_ns;
	u32 state;
	atomic_t reason;
	atomic_t answers;
	atomic_t unfinished;
	u32 path_end;
	struct hrtimer timer;
	struct work_struct work;
	struct rcu_work retire;
	struct delayed_work event_work;
	struct icmpctl_batch *batch;
	u32 event_target;
	u32 event_tries;
	bool final;
	struct icmpctl_sweep *sweep;
	struct icmpctl_monitor *monitor;
};

struct icmpctl_session *icmpctl_session_create(struct icmpctl_net *inet,
					       const struct icmpctl_config *config,
					       struct genl_info *info);
int icmpctl_session_publish(struct icmpctl_session *session, struct genl_info *info);
void icmpctl_session_stop(struct icmpctl_session *session, enum icmpctl_reason reason);
void icmpctl_session_stop_owned(struct icmpctl_net *inet, u32 portid);
void icmpctl_session_stop_all(struct icmpctl_net *inet, enum icmpctl_reason reason);
struct icmpctl_session *icmpctl_session_get(struct icmpctl_net *inet, u32 id);
void icmpctl_session_put(struct icmpctl_session *session);
void icmpctl_session_unpublish(struct icmpctl_session *session);
void icmpctl_session_release(struct icmpctl_session *session);
u64 icmpctl_session_number(const struct icmpctl_wire_id *wire, u16 seq);
void icmpctl_session_wire(const struct icmpctl_session *session, u64 number, u16 *id,
			  u16 *seq);
void icmpctl_session_wire_of(const struct icmpctl_session *session,
			     const struct icmpctl_slot *slot, u64 number, u16 *id, u16 *seq);
void icmpctl_session_payload(const struct icmpctl_session *session, u64 number,
			     struct icmpctl_slot *slot, struct icmpctl_payload *payload);
void icmpctl_session_carried(const struct icmpctl_session *session,
			     const struct icmpctl_slot *slot, struct icmpctl_payload *payload);
unsigned long icmpctl_sessions_created(void);
unsigned long icmpctl_sessions_destroyed(void);

extern struct kmem_cache *icmpctl_target_cache;
extern struct workqueue_struct *icmpctl_wq;
extern struct workqueue_struct *icmpctl_bulk_wq;

/* ---- sched.c: the down leg's clockwork ---- */

void icmpctl_sched_init(struct icmpctl_session *session);
void icmpctl_sched_start(struct icmpctl_session *session);
void icmpctl_sched_kick(struct icmpctl_session *session);
void icmpctl_sched_wake_at(struct icmpctl_session *session, u64 when_ns);
void icmpctl_sched_end(struct icmpctl_session *session, u64 now_ns);
void icmpctl_sched_lose(struct icmpctl_session *session, struct icmpctl_slot *slot, u64 number,
			u64 now_ns);
void icmpctl_sched_failed(struct icmpctl_session *session, const struct icmpctl_probe *probe,
			  u64 number, int err);
void icmpctl_sched_sent(struct icmpctl_session *session, struct icmpctl_target *target,
			u64 round, u64 planned_ns, u64 sent_ns);

/* ---- sweep*.c: sessions that ask many addresses a little; their own map is sweep.h ---- */

const union icmpctl_addr *icmpctl_session_addr(const struct icmpctl_session *session,
					       const struct icmpctl_slot *slot);
const struct icmpctl_target *icmpctl_session_target(struct icmpctl_session *session,
						    const struct icmpctl_slot *slot);

/* ---- monitor*.c: sessions that belong to their namespace; their own map is monitor.h ---- */

/* ---- record.c: what happened to a probe, as a record ---- */

void icmpctl_record_probe(const struct icmpctl_session *session,
			  const struct icmpctl_slot *slot, u64 number,
			  struct icmpctl_record *record);
void icmpctl_record_emit(struct icmpctl_session *session,
			 const struct icmpctl_record *record);
void icmpctl_record_emit_answer(struct icmpctl_session *session,
				const struct icmpctl_record *record,
				const struct icmpctl_arrival *arrival);

/* ---- xmit.c: a probe becomes a packet ---- */

/**
 * struct icmpctl_probe - all that the bytes of a probe depend on
 * @session: whose.
 * @target: to whom.
 * @slot: its slot, WAITING.
 * @payload: what it carries.
 * @kind: enum icmpctl_probe_kind.
 * @id: ICMP identifier; UDP, TCP: source port.
 * @seq: ICMP sequence number; UDP, TCP: what names it there.
 * @port: UDP, TCP: destination port.
 * @stream: index of its stream in the session, if its kind has one.
 * @hlen: bytes between its IP header and its payload.
 * @key: ICMP identifier and sequence number of its number as one, whatever its kind, as
 *	driver stamps carry it.
 * @mtu: <- largest IP packet allowed, if it was refused for its size.
 */
struct icmpctl_probe {
	struct icmpctl_session *session;
	const struct icmpctl_target *target;
	struct icmpctl_slot *slot;
	struct icmpctl_payload payload;
	u8 kind;
	u16 id;
	u16 seq;
	u16 port;
	u16 stream;
	u32 hlen;
	u32 key;
	u32 mtu;
};

#define ICMPCTL_ROUTE_WHY_GROUP \
	"a broadcast or multicast target must be asked for (flag broadcast, ping -b)"

int icmpctl_xmit(struct icmpctl_probe *probe);
const char *icmpctl_route_why(int err);
struct sk_buff *icmpctl_xmit_build(const struct icmpctl_probe *probe, u32 reserve, u32 hlen,
				   u32 chunk, __wsum *csum);
void icmpctl_xmit_seal(const struct icmpctl_probe *probe, struct sk_buff *skb, __wsum csum);
int icmpctl_xmit_mtu(struct icmpctl_probe *probe, const struct dst_entry *dst, u32 hlen,
		     bool *fragment);
int icmpctl_xmit_ipv4(struct icmpctl_probe *probe);
int icmpctl_xmit_ipv6(struct icmpctl_probe *probe);
bool icmpctl_neighbour_missing_ipv4(struct icmpctl_session *session,
				    const struct icmpctl_target *target);
bool icmpctl_neighbour_missing_ipv6(struct net *net, const struct icmpctl_config *config,
				    const struct icmpctl_target *target);
bool icmpctl_neighbour_answers_ipv4(struct net *net, const struct icmpctl_config *config,
				    const struct icmpctl_target *target, unsigned long since);
bool icmpctl_neighbour_answers_ipv6(struct net *net, const struct icmpctl_config *config,
				    const struct icmpctl_target *target, unsigned long since);
int icmpctl_route_ipv4(struct net *net, const struct icmpctl_config *config,
		       struct icmpctl_target *target, const char **why);
int icmpctl_route_ipv6(struct net *net, const struct icmpctl_config *config,
		       struct icmpctl_target *target, const char **why);

/* ---- txstamp.c: stamps of driver and hardware ---- */

/**
 * struct icmpctl_txstamp - a socket that owns probes, so that their stamps come back
 * @sock: receives nothing; NULL: this family is not to be had here.
 * @lock: held by the one who collects stamps; taken in softirq.
 * @inet: our part of the namespace.
 */
struct icmpctl_txstamp {
	struct socket *sock;
	spinlock_t lock;	/* one collects at a time */
	struct icmpctl_net *inet;
};

int icmpctl_txstamp_open(struct icmpctl_txstamp *tx, struct icmpctl_net *inet, int family,
			 bool pmtu_probe);
bool icmpctl_txstamp_wanted(const struct icmpctl_config *config);
void icmpctl_txstamp_collect(const struct icmpctl_session *session, int family);
void icmpctl_txstamp_close(struct icmpctl_txstamp *tx);
struct sock *icmpctl_txstamp_own(struct icmpctl_probe *probe, struct sk_buff *skb,
				 struct net_device *dev);

/* ---- hook.c: the up leg's entrance ---- */

bool icmpctl_hook_judge(struct sk_buff *skb, u32 offset, u8 protocol,
			struct icmpctl_arrival *arrival);
int icmpctl_hook_register(struct net *net);
void icmpctl_hook_unregister(struct net *net);

/* ---- hook_port.c: the entrance for UDP and TCP, while there are such probes ---- */

int icmpctl_hook_port_register(struct net *net);
void icmpctl_hook_port_unregister(struct net *net);

/* ---- prehook.c: what arrives, before a firewall can drop it ---- */

int icmpctl_prehook_register(struct net *net);
void icmpctl_prehook_unregister(struct net *net);

/* ---- verdict.c: what an answer is ---- */

/**
 * struct icmpctl_arrival - one message that bears an identifier or port of ours
 * @msg: decoded.
 * @wire: the identifier, and by it the session.
 * @number: the probe it is about, if there was one.
 * @extension_state: enum icmpctl_extension_state.
 * @extension: objects, if that is GOOD.
 * @ambiguous: there are other probes it can be about.
 * @family: AF_INET or AF_INET6.
 * @from: who sent it.
 * @ttl: of the packet.
 * @tos: of the packet.
 * @checksum_ok: the checksum of ICMP, UDP or TCP is right.
 * @bytes: of the message behind the IP header.
 * @intact: echo reply: leading bytes of payload that are as they were sent.
 * @stack_ns: arrival at the stack, CLOCK_MONOTONIC; 0: not stamped.
 * @hook_ns: arrival in our hook.
 * @hw_rx_ns: arrival at the interface, on its own clock; 0: not stamped.
 * @ifindex: that interface.
 */
struct icmpctl_arrival {
	struct icmpctl_msg msg;
	const struct icmpctl_wire_id *wire;
	u64 number;
	u8 extension_state;
	const struct icmpctl_extension *extension;
	bool ambiguous;
	u8 family;
	union icmpctl_addr from;
	u8 ttl;
	u8 tos;
	bool checksum_ok;
	u32 bytes;
	u32 intact;
	u64 stack_ns;
	u64 hook_ns;
	u64 hw_rx_ns;
	u32 ifindex;
};

bool icmpctl_verdict(const struct icmpctl_arrival *arrival);

/* ---- cause.c: why a probe got no reply ---- */

void icmpctl_cause_sent(const struct icmpctl_session *session, struct icmpctl_slot *slot);
enum icmpctl_cause icmpctl_cause_refused(const struct icmpctl_session *session,
					 const struct icmpctl_slot *slot, int err);
enum icmpctl_cause icmpctl_cause_lost(struct icmpctl_session *session,
				      const struct icmpctl_slot *slot);
enum icmpctl_cause icmpctl_cause_error(struct icmpctl_session *session,
				       const struct icmpctl_slot *slot,
				       const struct icmpctl_arrival *arrival);
enum icmpctl_count icmpctl_cause_counter(enum icmpctl_cause cause);

/* ---- rtt.c: which stamps an RTT is made of ---- */

void icmpctl_rtt(struct icmpctl_session *session, const struct icmpctl_slot *slot,
		 const struct icmpctl_arrival *arrival, struct icmpctl_record *record);

/* ---- nic.c: the clocks of interfaces ---- */

#define ICMPCTL_NICS_MAX	8

/**
 * struct icmpctl_nic - an interface that stamps
 * @ifindex: which; 0: this place is free.
 * @used_ns: when that was last of use, CLOCK_MONOTONIC.
 * @phc: what is known of its clock.
 */
struct icmpctl_nic {
	u32 ifindex;
	u64 used_ns;
	struct icmpctl_phc phc;
};

/**
 * struct icmpctl_nics - the interfaces of a namespace that stamp
 * @lock: guards the rest, and what sessions note of it; taken in softirq.
 * @nic: the last that were used.
 */
struct icmpctl_nics {
	spinlock_t lock;	/* guards @nic */
	struct icmpctl_nic nic[ICMPCTL_NICS_MAX];
};

/**
 * struct icmpctl_nic_clock - how well a clock is known
 * @known: anything is, but @rtt_error_ns in any case.
 * @error_ns: a hardware stamp on CLOCK_MONOTONIC is off by so much at most.
 * @rtt_error_ns: an RTT of the session between two of them, of whichever clock, was off by
 *	so much at most; 0: there was none.
 * @drift_ppb: it runs so much faster than CLOCK_MONOTONIC.
 * @drift: @drift_ppb is known.
 */
struct icmpctl_nic_clock {
	bool known;
	u64 error_ns;
	u32 rtt_error_ns;
	s32 drift_ppb;
	bool drift;
};

bool icmpctl_nic_trip(struct icmpctl_session *session, u32 ifindex,
		      const struct icmpctl_phc_trip *trip, struct icmpctl_phc_result *result);
void icmpctl_nic_clock(struct icmpctl_session *session, struct icmpctl_nic_clock *clock);
int icmpctl_nic_register(void);
void icmpctl_nic_unregister(void);

/* ---- event.c: the way to the reader ---- */

void icmpctl_event_init(struct icmpctl_session *session);
void icmpctl_event_kick(struct icmpctl_session *session, u32 waiting);
void icmpctl_event_finish(struct icmpctl_session *session);

/* ---- report.c: sessions and statistics as attributes ---- */

int icmpctl_report_schedule(struct sk_buff *skb, const struct icmpctl_config *config);
int icmpctl_report_session(struct sk_buff *skb, struct icmpctl_session *session,
			   struct pid_namespace *pid_ns);
u32 icmpctl_report_known(const struct icmpctl_session *session);
u32 icmpctl_report_targets(struct sk_buff *skb, struct icmpctl_session *session, u32 first,
			   u32 detail);

/* ---- clock.c: one clock ---- */

u64 icmpctl_clock_ns(void);
s64 icmpctl_clock_offset_ns(void);
u64 icmpctl_clock_asleep_ns(void);
u64 icmpctl_clock_from_real(ktime_t real, u64 not_before_ns, u64 not_after_ns);

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

/* ---- netlink.c, policy.c, owner.c: the conversation ---- */

extern struct genl_family icmpctl_family;
extern const struct nla_policy icmpctl_session_policy[ICMPCTL_SESSION_A_MAX + 1];
extern const struct nla_policy icmpctl_start_policy[ICMPCTL_SESSION_A_MAX + 1];
extern const struct nla_policy icmpctl_target_policy[ICMPCTL_TARGET_A_MAX + 1];
extern const struct nla_policy icmpctl_probe_policy[ICMPCTL_PROBE_A_MAX + 1];
extern const struct nla_policy icmpctl_sweep_policy[ICMPCTL_SWEEP_A_MAX + 1];
extern const struct nla_policy icmpctl_sweep_feed_policy[ICMPCTL_SWEEP_A_MAX + 1];
extern const struct nla_policy icmpctl_feed_policy[ICMPCTL_SESSION_A_MAX + 1];
extern const struct nla_policy icmpctl_info_policy[1];

int icmpctl_netlink_permitted(struct sk_buff *skb, struct net *net,
			      struct netlink_ext_ack *extack);
struct sk_buff *icmpctl_netlink_reply(struct genl_info *info, size_t size, void **hdr);

int icmpctl_netlink_begin(struct genl_info *info);
int icmpctl_netlink_started(struct genl_info *info, const struct icmpctl_session *session);

int icmpctl_owner_register(void);
void icmpctl_owner_unregister(void);

#endif /* _ICMPCTL_H */
