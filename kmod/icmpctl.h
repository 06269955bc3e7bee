/* SPDX-License-Identifier: GPL-2.0 */
/*
 * icmpctl.h - the map of the module: its objects, and who calls whom
 *
 *  control    icmpctl --genl--> netlink.c -> request.c -> session.c
 *  down leg   sched.c (hrtimer -> work) -> core/plan.c -> slot.c: claim
 *             -> xmit.c -> xmit_ipv4.c | xmit_ipv6.c -> the IP stack -> driver
 *             driver's stamp -> txstamp.c -> slot
 *  up leg     PRE_ROUTING -> prehook.c -> slot: seen
 *             LOCAL_IN -> hook.c, hook_port.c, port_guess.c -> core/packet.c -> verdict.c
 *             -> slot.c: settle
 *             -> core/stats.c, ring.c -> event.c --genl--> icmpctl
 *
 * Each leg has a header of its own, and so has what they are for.
 *
 * docs/design.md has the lock table and the lifetime table.
 */
#ifndef _ICMPCTL_H
#define _ICMPCTL_H

#include <linux/ktime.h>
#include <linux/types.h>
#include <net/genetlink.h>
#include <uapi/linux/icmpctl.h>

#include "request.h"
#include "down.h"
#include "up.h"
#include "session.h"

/* ---- clock.c: one clock ---- */

u64 icmpctl_clock_ns(void);
s64 icmpctl_clock_offset_ns(void);
u64 icmpctl_clock_asleep_ns(void);
u64 icmpctl_clock_from_real(ktime_t real, u64 not_before_ns, u64 not_after_ns);

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
