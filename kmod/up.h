/* SPDX-License-Identifier: GPL-2.0 */
/*
 * up.h - the up leg: from the interface to the reader
 *
 *  PRE_ROUTING -> prehook.c -> slot: seen
 *  LOCAL_IN -> hook.c, hook_port.c -> core/packet.c -> verdict.c -> slot.c: settle
 *           -> rtt.c, nic.c -> core/stats.c, record.c, ring.c -> event.c --genl--> icmpctl
 *  What got no answer: cause.c
 */
#ifndef _ICMPCTL_UP_H
#define _ICMPCTL_UP_H

#include <linux/pid_namespace.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <uapi/linux/icmpctl.h>

#include "core/addr.h"
#include "core/extension.h"
#include "core/packet.h"
#include "core/phc.h"
#include "core/stats.h"

struct icmpctl_arrival;
struct icmpctl_config;
struct icmpctl_session;
struct icmpctl_slot;
struct icmpctl_wire_id;
struct net;

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

enum icmpctl_cause icmpctl_cause_refused(const struct icmpctl_session *session,
					 const struct icmpctl_slot *slot, int err);
enum icmpctl_cause icmpctl_cause_lost(struct icmpctl_session *session,
				      const struct icmpctl_slot *slot, u64 number);
enum icmpctl_cause icmpctl_cause_error(struct icmpctl_session *session,
				       const struct icmpctl_slot *slot,
				       const struct icmpctl_arrival *arrival);
bool icmpctl_cause_is_own(enum icmpctl_cause cause);
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

/* ---- record.c: what happened to a probe, as a record ---- */

void icmpctl_record_probe(const struct icmpctl_session *session,
			  const struct icmpctl_slot *slot, u64 number,
			  struct icmpctl_record *record);
void icmpctl_record_emit(struct icmpctl_session *session,
			 const struct icmpctl_record *record);
void icmpctl_record_emit_answer(struct icmpctl_session *session,
				const struct icmpctl_record *record,
				const struct icmpctl_arrival *arrival);

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

/* ---- event.c: the way to the reader ---- */

void icmpctl_event_init(struct icmpctl_session *session);
void icmpctl_event_kick(struct icmpctl_session *session, u32 waiting);
void icmpctl_event_finish(struct icmpctl_session *session);
size_t icmpctl_event_bytes(void);

/* ---- report.c: sessions and statistics as attributes ---- */

int icmpctl_report_schedule(struct sk_buff *skb, const struct icmpctl_config *config);
int icmpctl_report_session(struct sk_buff *skb, struct icmpctl_session *session,
			   struct pid_namespace *pid_ns);
u32 icmpctl_report_known(const struct icmpctl_session *session);
u32 icmpctl_report_targets(struct sk_buff *skb, struct icmpctl_session *session, u32 first,
			   u32 detail);

#endif /* _ICMPCTL_UP_H */
