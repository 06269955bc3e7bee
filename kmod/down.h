/* SPDX-License-Identifier: GPL-2.0 */
/*
 * down.h - the down leg: from the schedule to the driver
 *
 *  sched.c (hrtimer -> work) -> core/plan.c -> slot.c: claim
 *  -> xmit.c -> xmit_ipv4.c | xmit_ipv6.c -> the IP stack -> driver
 *  driver's stamp -> txstamp.c -> slot
 */
#ifndef _ICMPCTL_DOWN_H
#define _ICMPCTL_DOWN_H

#include <linux/atomic.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <net/dst.h>

#include "core/addr.h"
#include "core/packet.h"
#include "core/plan.h"

struct icmpctl_config;
struct icmpctl_net;
struct icmpctl_probe;
struct icmpctl_session;
struct icmpctl_target;
struct net;
struct sock;
struct socket;

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
 * @handed_ns: just before it was given to the stack; 0: not yet.
 * @offset_ns: CLOCK_REALTIME was so far ahead of our clock at @handed_ns.
 * @asleep_ns: our clock had stood still for so long at @handed_ns.
 * @cookie: what its answers must bear.
 * @driver_ns: the driver's stamp; 0: none yet.
 * @hw_tx_ns: the hardware's, on its own clock; 0: none yet.
 * @round: the how-manieth to its target, from 0.
 * @reply: RTT of its reply and by which number it goes, for its neighbours.
 * @before: so many numbers before it is the probe to the same target that was sent
 *	before; 0: there is none, or it is too long ago.
 * @after: so many numbers behind it is the next one, of a sweep the next try; 0: not yet sent.
 * @target: index of the target.
 * @kind: enum icmpctl_probe_kind.
 * @port: UDP, TCP: destination port.
 * @stream: index of the stream in the session, if its kind has one.
 * @ifindex: the interface whose clock @hw_tx_ns is of; 0: no hardware was asked.
 * @egress: the interface it left by; 0: there was no route.
 * @seen: low bits of the number of the probe whose reply came to this host, and has not yet
 *	come to our hook; 0: of none.
 * @ttl: TTL or hop limit it was sent with; 0: not known.
 * @stamped: the driver had it, whether or not its stamp could be used.
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
	u32 seen;
	u16 port;
	u16 stream;
	u8 kind;
	u8 ttl;
	bool stamped;
	bool no_link;
};

/* Of a monitor, of which there may be very many, if that is enough for it. */
#define ICMPCTL_SLOTS_FEW	16

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
u32 icmpctl_slots_wires(u32 count);
u64 icmpctl_slots_bytes(u32 count);
bool icmpctl_slots_full(const struct icmpctl_slots *slots);
struct icmpctl_slot *icmpctl_slot_claim(struct icmpctl_slots *slots,
					const struct icmpctl_step *step,
					const struct icmpctl_probe *probe, u64 planned_ns);
struct icmpctl_slot *icmpctl_slot_renew(struct icmpctl_slots *slots, u64 planned_ns);
struct icmpctl_slot *icmpctl_slot_find(const struct icmpctl_slots *slots, u64 number);
struct icmpctl_slot *icmpctl_slot_find_sent(const struct icmpctl_slots *slots, u64 number);
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

/* ---- sched.c: the down leg's clockwork ---- */

void icmpctl_sched_init(struct icmpctl_session *session);
void icmpctl_sched_start(struct icmpctl_session *session);
void icmpctl_sched_kick(struct icmpctl_session *session);
void icmpctl_sched_wake_at(struct icmpctl_session *session, u64 when_ns);
void icmpctl_sched_end(struct icmpctl_session *session, u64 now_ns);
void icmpctl_sched_lose(struct icmpctl_session *session, struct icmpctl_slot *slot, u64 number,
			u64 now_ns);
bool icmpctl_sched_failed(struct icmpctl_session *session, const struct icmpctl_probe *probe,
			  u64 number, int err);
void icmpctl_sched_sent(struct icmpctl_session *session, struct icmpctl_target *target,
			u64 round, u64 planned_ns, u64 sent_ns);

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

#define ICMPCTL_WITHOUT_IPV6 "IPv6 is switched off here"

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

int icmpctl_socket(struct net *net, int family, int type, int protocol, struct socket **sock);
int icmpctl_txstamp_open(struct icmpctl_txstamp *tx, struct icmpctl_net *inet, int family,
			 bool pmtu_probe);
bool icmpctl_txstamp_wanted(const struct icmpctl_config *config);
void icmpctl_txstamp_collect(const struct icmpctl_session *session, int family);
void icmpctl_txstamp_close(struct icmpctl_txstamp *tx);
struct sock *icmpctl_txstamp_own(struct icmpctl_probe *probe, struct sk_buff *skb,
				 const struct dst_entry *dst);

#endif /* _ICMPCTL_DOWN_H */
