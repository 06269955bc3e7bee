// SPDX-License-Identifier: GPL-2.0
/*
 * netlink.c - the generic netlink family and its requests
 */
#include <linux/capability.h>
#include <linux/module.h>
#include <linux/pid_namespace.h>
#include <linux/sched.h>
#include <net/net_namespace.h>
#include <net/sock.h>

#include "icmpctl.h"
#include "monitor.h"
#include "sweep.h"
#include "version.h"

/**
 * icmpctl_netlink_permitted() - may the sender of a request do this
 * @skb: the request.
 * @net: the namespace that it is about.
 * @extack: for the sentence of the refusal.
 *
 * The check that GENL_UNS_ADMIN_PERM makes, made here so that the refusal has a
 * sentence: the netlink core's has none.
 *
 * Context: process.
 * Return: 0 or -EPERM.
 */
int icmpctl_netlink_permitted(struct sk_buff *skb, struct net *net,
			      struct netlink_ext_ack *extack)
{
	if (netlink_ns_capable(skb, net->user_ns, CAP_NET_ADMIN))
		return 0;
	NL_SET_ERR_MSG(extack,
		       "not allowed: probing needs CAP_NET_ADMIN over this network namespace");
	return -EPERM;
}

/**
 * icmpctl_netlink_reply() - begin the answer to a request
 * @info: the request.
 * @size: room for attributes.
 * @hdr: <- for genlmsg_end().
 *
 * Context: process, may sleep.
 * Return: the message, NULL without memory.
 */
struct sk_buff *icmpctl_netlink_reply(struct genl_info *info, size_t size, void **hdr)
{
	struct sk_buff *skb = genlmsg_new(size, GFP_KERNEL);

	if (!skb)
		return NULL;
	*hdr = genlmsg_put_reply(skb, info, &icmpctl_family, 0, info->genlhdr->cmd);
	if (*hdr)
		return skb;
	nlmsg_free(skb);
	return NULL;
}

static int put_info(struct sk_buff *skb, struct net *net)
{
	struct icmpctl_net *inet = icmpctl_net(net);
	struct icmpctl_cost used;

	mutex_lock(&inet->lock);
	used = inet->used;
	mutex_unlock(&inet->lock);

	if (nla_put_string(skb, ICMPCTL_INFO_A_MODULE_VERSION, ICMPCTL_VERSION) ||
	    nla_put_u32(skb, ICMPCTL_INFO_A_MAX_SESSIONS, READ_ONCE(icmpctl_max_sessions)) ||
	    nla_put_u32(skb, ICMPCTL_INFO_A_MAX_TARGETS, READ_ONCE(icmpctl_max_targets)) ||
	    nla_put_u32(skb, ICMPCTL_INFO_A_MAX_INFLIGHT, READ_ONCE(icmpctl_max_inflight)) ||
	    nla_put_u32(skb, ICMPCTL_INFO_A_MAX_RATE_PPS, READ_ONCE(icmpctl_max_rate_pps)) ||
	    nla_put_u64_64bit(skb, ICMPCTL_INFO_A_MAX_MEMORY_BYTES,
			      (u64)READ_ONCE(icmpctl_max_memory_kib) * 1024,
			      ICMPCTL_INFO_A_PAD) ||
	    nla_put_u32(skb, ICMPCTL_INFO_A_SESSIONS, used.sessions) ||
	    nla_put_u32(skb, ICMPCTL_INFO_A_INFLIGHT, used.inflight) ||
	    nla_put_u32(skb, ICMPCTL_INFO_A_RATE_PPS, used.rate_pps) ||
	    nla_put_u64_64bit(skb, ICMPCTL_INFO_A_MEMORY_BYTES, used.memory_bytes,
			      ICMPCTL_INFO_A_PAD) ||
	    nla_put_u32(skb, ICMPCTL_INFO_A_MAX_MONITORS, READ_ONCE(icmpctl_max_monitors)) ||
	    nla_put_u64_64bit(skb, ICMPCTL_INFO_A_MAX_MONITOR_MEMORY_BYTES,
			      (u64)READ_ONCE(icmpctl_max_monitor_memory_kib) * 1024,
			      ICMPCTL_INFO_A_PAD) ||
	    nla_put_u32(skb, ICMPCTL_INFO_A_MONITORS, used.monitors) ||
	    nla_put_u64_64bit(skb, ICMPCTL_INFO_A_MONITOR_MEMORY_BYTES, used.monitor_bytes,
			      ICMPCTL_INFO_A_PAD))
		return -EMSGSIZE;
	/* What others do in other namespaces is not everybody's business. */
	if (!net_eq(net, &init_net))
		return 0;
	if (nla_put_u64_64bit(skb, ICMPCTL_INFO_A_SESSIONS_CREATED, icmpctl_sessions_created(),
			      ICMPCTL_INFO_A_PAD) ||
	    nla_put_u64_64bit(skb, ICMPCTL_INFO_A_SESSIONS_DESTROYED,
			      icmpctl_sessions_destroyed(), ICMPCTL_INFO_A_PAD))
		return -EMSGSIZE;
	return 0;
}

static int info_get(struct sk_buff *request, struct genl_info *info)
{
	struct sk_buff *skb;
	void *hdr;
	int err;

	skb = icmpctl_netlink_reply(info, NLMSG_GOODSIZE, &hdr);
	if (!skb)
		return -ENOMEM;
	err = put_info(skb, genl_info_net(info));
	if (err) {
		nlmsg_free(skb);
		return err;
	}
	genlmsg_end(skb, hdr);
	return genlmsg_reply(skb, info);
}

/**
 * icmpctl_netlink_started() - tell the owner of its new session
 * @info: the request.
 * @session: not yet running.
 *
 * Context: process.
 * Return: 0 or a negative errno.
 */
int icmpctl_netlink_started(struct genl_info *info, const struct icmpctl_session *session)
{
	struct sk_buff *skb;
	void *hdr;

	skb = icmpctl_netlink_reply(info, NLMSG_GOODSIZE, &hdr);
	if (!skb)
		return -ENOMEM;
	if (nla_put_u32(skb, ICMPCTL_SESSION_A_ID, session->id) ||
	    nla_put_u16(skb, ICMPCTL_SESSION_A_ICMP_ID, session->wire[0].id) ||
	    nla_put_u64_64bit(skb, ICMPCTL_SESSION_A_STARTED_NS, session->started_ns,
			      ICMPCTL_SESSION_A_PAD) ||
	    nla_put_u64_64bit(skb, ICMPCTL_SESSION_A_STARTED_UNIX_NS, session->started_real_ns,
			      ICMPCTL_SESSION_A_PAD) ||
	    icmpctl_report_schedule(skb, &session->config)) {
		nlmsg_free(skb);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return genlmsg_reply(skb, info);
}

/**
 * icmpctl_netlink_begin() - make a session of a request, and start it
 * @info: the request, of somebody who may. With ICMPCTL_SESSION_A_MONITOR it is a monitor,
 *	which may only be asked whether it would be.
 *
 * Context: process, may sleep.
 * Return: 0 or a negative errno, with a sentence in the extended ACK.
 */
int icmpctl_netlink_begin(struct genl_info *info)
{
	struct icmpctl_session *session;
	struct icmpctl_config config;
	int err;

	err = icmpctl_request_config(info, &config);
	if (err)
		return err;
	session = icmpctl_session_create(icmpctl_net(genl_info_net(info)), &config, info);
	if (IS_ERR(session))
		return PTR_ERR(session);
	if (config.monitor.check) {
		icmpctl_session_discard(session);
		return 0;
	}
	return icmpctl_session_publish(session, info);
}

static int session_start(struct sk_buff *request, struct genl_info *info)
{
	int err = icmpctl_netlink_permitted(request, genl_info_net(info), info->extack);

	return err ?: icmpctl_netlink_begin(info);
}

static struct icmpctl_session *session_asked(struct genl_info *info)
{
	struct nlattr *id = info->attrs[ICMPCTL_SESSION_A_ID];
	struct icmpctl_session *session;

	if (!id) {
		NL_SET_ERR_MSG(info->extack, "the id of a session is needed");
		return ERR_PTR(-EINVAL);
	}
	session = icmpctl_session_get(icmpctl_net(genl_info_net(info)), nla_get_u32(id));
	if (session)
		return session;
	NL_SET_ERR_MSG_ATTR(info->extack, id, "no such session in this network namespace");
	return ERR_PTR(-ENOENT);
}

static int session_stop(struct sk_buff *request, struct genl_info *info)
{
	struct icmpctl_session *session;
	int err;

	err = icmpctl_netlink_permitted(request, genl_info_net(info), info->extack);
	if (err)
		return err;
	session = session_asked(info);
	if (IS_ERR(session))
		return PTR_ERR(session);
	icmpctl_session_stop(session, ICMPCTL_REASON_STOPPED);
	icmpctl_session_put(session);
	return 0;
}

static int sweep_feed(struct sk_buff *request, struct genl_info *info)
{
	struct icmpctl_session *session;
	int err;

	err = icmpctl_netlink_permitted(request, genl_info_net(info), info->extack);
	if (err)
		return err;
	session = session_asked(info);
	if (IS_ERR(session))
		return PTR_ERR(session);
	err = icmpctl_sweep_feed(session, info);
	icmpctl_session_put(session);
	return err;
}

static int session_get(struct sk_buff *request, struct genl_info *info)
{
	struct nlattr *from = info->attrs[ICMPCTL_SESSION_A_TARGET_FIRST];
	struct icmpctl_session *session;
	struct sk_buff *skb;
	void *hdr;
	int err;

	err = icmpctl_netlink_permitted(request, genl_info_net(info), info->extack);
	if (err)
		return err;
	session = session_asked(info);
	if (IS_ERR(session))
		return PTR_ERR(session);
	skb = icmpctl_netlink_reply(info, NLMSG_GOODSIZE, &hdr);
	err = -ENOMEM;
	if (!skb)
		goto put;
	err = nla_put_u32(skb, ICMPCTL_SESSION_A_ID, session->id) ?:
	      icmpctl_report_session(skb, session, task_active_pid_ns(current));
	if (err) {
		nlmsg_free(skb);
		goto put;
	}
	icmpctl_report_targets(skb, session, from ? nla_get_u32(from) : 0, 0);
	genlmsg_end(skb, hdr);
	err = genlmsg_reply(skb, info);
put:
	icmpctl_session_put(session);
	return err;
}

/* cb->args[0]: id of the last session told, so that none is told twice. */
static int session_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct net *net = sock_net(skb->sk);
	struct icmpctl_net *inet = icmpctl_net(net);
	struct icmpctl_session *session;
	void *hdr;
	int err;

	err = icmpctl_netlink_permitted(cb->skb, net, cb->extack);
	if (err)
		return err;
	mutex_lock(&inet->lock);
	list_for_each_entry(session, &inet->sessions, node) {
		if (session->id <= cb->args[0])
			continue;
		hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
				  &icmpctl_family, NLM_F_MULTI, ICMPCTL_CMD_SESSION_GET);
		if (!hdr)
			break;
		if (nla_put_u32(skb, ICMPCTL_SESSION_A_ID, session->id) ||
		    icmpctl_report_session(skb, session, task_active_pid_ns(current))) {
			genlmsg_cancel(skb, hdr);
			break;
		}
		genlmsg_end(skb, hdr);
		cb->args[0] = session->id;
		/* A message tells of a hundred: nobody waits for all of them. */
		cond_resched();
	}
	mutex_unlock(&inet->lock);
	return skb->len;
}

/* What has no sentence yet: who refuses for want of memory is too deep down to have one. */
static int worded(const struct genl_info *info, int err)
{
	if (!err || !info->extack || info->extack->_msg)
		return err;
	switch (err) {
	case -ENOMEM:
		NL_SET_ERR_MSG(info->extack, "the kernel has not enough memory for this now");
		break;
	case -ESHUTDOWN:
		NL_SET_ERR_MSG(info->extack,
			       "too late: this network namespace or the module is being removed");
		break;
	default:
		NL_SET_ERR_MSG(info->extack, "the request could not be carried out");
	}
	return err;
}

static int (*const requests[])(struct sk_buff *request, struct genl_info *info) = {
	[ICMPCTL_CMD_INFO_GET] = info_get,
	[ICMPCTL_CMD_SESSION_START] = session_start,
	[ICMPCTL_CMD_SESSION_STOP] = session_stop,
	[ICMPCTL_CMD_SESSION_GET] = session_get,
	[ICMPCTL_CMD_SWEEP_FEED] = sweep_feed,
	[ICMPCTL_CMD_MONITOR_ADD] = icmpctl_monitor_add,
	[ICMPCTL_CMD_MONITOR_DEL] = icmpctl_monitor_del,
	[ICMPCTL_CMD_MONITOR_GET] = icmpctl_monitor_get,
	[ICMPCTL_CMD_MONITOR_RESET] = icmpctl_monitor_reset_asked,
};

/* Whoever refuses, and however deep down: it is said in words. */
static int answer(struct sk_buff *request, struct genl_info *info)
{
	return worded(info, requests[info->genlhdr->cmd](request, info));
}

/* Without .validate the core is strict: what it does not know, it refuses. */
static const struct genl_ops ops[] = {
	{
		.cmd = ICMPCTL_CMD_INFO_GET,
		.doit = answer,
		.policy = icmpctl_info_policy,
		.maxattr = 0,
	},
	{
		.cmd = ICMPCTL_CMD_SESSION_START,
		.doit = answer,
		.policy = icmpctl_start_policy,
		.maxattr = ICMPCTL_SESSION_A_MAX,
	},
	{
		.cmd = ICMPCTL_CMD_SESSION_STOP,
		.doit = answer,
		.policy = icmpctl_session_policy,
		.maxattr = ICMPCTL_SESSION_A_MAX,
	},
	{
		.cmd = ICMPCTL_CMD_SESSION_GET,
		.doit = answer,
		.dumpit = session_dump,
		.policy = icmpctl_session_policy,
		.maxattr = ICMPCTL_SESSION_A_MAX,
	},
	{
		.cmd = ICMPCTL_CMD_SWEEP_FEED,
		.doit = answer,
		.policy = icmpctl_feed_policy,
		.maxattr = ICMPCTL_SESSION_A_MAX,
	},
	{
		.cmd = ICMPCTL_CMD_MONITOR_ADD,
		.doit = answer,
		.policy = icmpctl_monitor_add_policy,
		.maxattr = ICMPCTL_SESSION_A_MAX,
	},
	{
		.cmd = ICMPCTL_CMD_MONITOR_DEL,
		.doit = answer,
		.policy = icmpctl_monitor_get_policy,
		.maxattr = ICMPCTL_SESSION_A_MAX,
	},
	{
		.cmd = ICMPCTL_CMD_MONITOR_GET,
		.start = icmpctl_monitor_dump_start,
		.doit = answer,
		.dumpit = icmpctl_monitor_dump,
		.policy = icmpctl_monitor_get_policy,
		.maxattr = ICMPCTL_SESSION_A_MAX,
	},
	{
		.cmd = ICMPCTL_CMD_MONITOR_RESET,
		.doit = answer,
		.policy = icmpctl_monitor_get_policy,
		.maxattr = ICMPCTL_SESSION_A_MAX,
	},
	{
		.cmd = ICMPCTL_CMD_MONITOR_RECORDS,
		.start = icmpctl_monitor_dump_start,
		.dumpit = icmpctl_monitor_records,
		.policy = icmpctl_monitor_get_policy,
		.maxattr = ICMPCTL_SESSION_A_MAX,
	},
};

struct genl_family icmpctl_family __ro_after_init = {
	.name = ICMPCTL_FAMILY_NAME,
	.version = ICMPCTL_FAMILY_VERSION,
	.module = THIS_MODULE,
	.netnsok = true,
	.parallel_ops = true,
	.ops = ops,
	.n_ops = ARRAY_SIZE(ops),
};
