// SPDX-License-Identifier: GPL-2.0
/*
 * monitor_netlink.c - requests about monitors
 */
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/pid_namespace.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <net/net_namespace.h>
#include <net/sock.h>

#include "monitor.h"

/* A target with all of its distribution fits into it. */
#define MESSAGE_SIZE	SKB_WITH_OVERHEAD(32768UL)

/**
 * struct dump - how far a dump is, in netlink_callback.ctx
 * @id: of the monitor that comes next.
 * @target: its first target that was not told.
 * @flags: set of ICMPCTL_MONITOR_F_*.
 */
struct dump {
	unsigned long id;
	u32 target;
	u32 flags;
};

/**
 * struct records - how far a dump of last probes is, in netlink_callback.ctx
 * @id: of the monitor.
 * @target: which is told of; its first record was looked for if @begun.
 * @last: of how many probes of each target.
 * @begun: @place and @end are of @target.
 * @place: the next record, of those ever kept.
 * @end: there were so many when this target began.
 */
struct records {
	u32 id;
	u32 target;
	u32 last;
	bool begun;
	u64 place;
	u64 end;
};

/* What a request about a monitor says of it; @nest may be NULL. */
static int parse(const struct nlattr *nest, struct nlattr **tb, struct netlink_ext_ack *extack)
{
	memset(tb, 0, (ICMPCTL_MONITOR_A_MAX + 1) * sizeof(*tb));
	return nest ? nla_parse_nested(tb, ICMPCTL_MONITOR_A_MAX, nest,
				       icmpctl_monitor_ask_policy, extack) : 0;
}

/* The monitor that is asked about; the lock of the namespace is held. */
static struct icmpctl_session *asked(struct genl_info *info, struct nlattr **tb)
{
	struct icmpctl_net *inet = icmpctl_net(genl_info_net(info));
	struct icmpctl_session *session;

	session = icmpctl_monitor_find(inet, nla_data(tb[ICMPCTL_MONITOR_A_NAME]));
	if (session)
		return session;
	NL_SET_ERR_MSG_ATTR(info->extack, tb[ICMPCTL_MONITOR_A_NAME],
			    "no such monitor in this network namespace");
	return ERR_PTR(-ENOENT);
}

/* Checks the right to ask and that a name is there. */
static int begin(struct sk_buff *request, struct genl_info *info, struct nlattr **tb)
{
	int err = icmpctl_netlink_permitted(request, genl_info_net(info), info->extack);

	if (!err)
		err = parse(info->attrs[ICMPCTL_SESSION_A_MONITOR], tb, info->extack);
	if (!err && !tb[ICMPCTL_MONITOR_A_NAME]) {
		NL_SET_ERR_MSG(info->extack, "the name of a monitor is needed");
		err = -EINVAL;
	}
	return err;
}

/**
 * icmpctl_monitor_add() - ICMPCTL_CMD_MONITOR_ADD
 * @request: the message.
 * @info: the request.
 *
 * Context: process, may sleep.
 * Return: 0 or a negative errno, with a sentence in the extended ACK.
 */
int icmpctl_monitor_add(struct sk_buff *request, struct genl_info *info)
{
	int err = icmpctl_netlink_permitted(request, genl_info_net(info), info->extack);

	if (err)
		return err;
	if (!info->attrs[ICMPCTL_SESSION_A_MONITOR]) {
		NL_SET_ERR_MSG(info->extack, "a monitor needs a name");
		return -EINVAL;
	}
	return icmpctl_netlink_begin(info);
}

/* Does something to the monitor that is asked about, with the lock of its namespace held. */
static int on_asked(struct sk_buff *request, struct genl_info *info,
		    int (*fn)(struct icmpctl_session *session, struct genl_info *info))
{
	struct icmpctl_net *inet = icmpctl_net(genl_info_net(info));
	struct nlattr *tb[ICMPCTL_MONITOR_A_MAX + 1];
	struct icmpctl_session *session;
	int err;

	err = begin(request, info, tb);
	if (err)
		return err;
	mutex_lock(&inet->lock);
	session = asked(info, tb);
	err = IS_ERR(session) ? PTR_ERR(session) : fn(session, info);
	mutex_unlock(&inet->lock);
	return err;
}

static int end(struct icmpctl_session *session, struct genl_info *info)
{
	icmpctl_monitor_unlist(session);
	icmpctl_session_stop(session, ICMPCTL_REASON_STOPPED);
	return 0;
}

/**
 * icmpctl_monitor_del() - ICMPCTL_CMD_MONITOR_DEL
 * @request: the message.
 * @info: the request.
 *
 * Context: process, may sleep.
 * Return: 0 or a negative errno, with a sentence in the extended ACK.
 */
int icmpctl_monitor_del(struct sk_buff *request, struct genl_info *info)
{
	return on_asked(request, info, end);
}

/**
 * icmpctl_monitor_reset_asked() - ICMPCTL_CMD_MONITOR_RESET
 * @request: the message.
 * @info: the request.
 *
 * Context: process, may sleep.
 * Return: 0 or a negative errno, with a sentence in the extended ACK.
 */
int icmpctl_monitor_reset_asked(struct sk_buff *request, struct genl_info *info)
{
	return on_asked(request, info, icmpctl_monitor_reset);
}

static int put_session(struct sk_buff *skb, struct icmpctl_session *session)
{
	return nla_put_u32(skb, ICMPCTL_SESSION_A_ID, session->id) ?:
	       icmpctl_report_session(skb, session, task_active_pid_ns(current));
}

/**
 * icmpctl_monitor_get() - ICMPCTL_CMD_MONITOR_GET of one
 * @request: the message.
 * @info: the request.
 *
 * Context: process, may sleep.
 * Return: 0 or a negative errno, with a sentence in the extended ACK.
 */
int icmpctl_monitor_get(struct sk_buff *request, struct genl_info *info)
{
	struct icmpctl_net *inet = icmpctl_net(genl_info_net(info));
	struct nlattr *from = info->attrs[ICMPCTL_SESSION_A_TARGET_FIRST];
	struct nlattr *tb[ICMPCTL_MONITOR_A_MAX + 1], *flags;
	u32 first = from ? nla_get_u32(from) : 0;
	struct icmpctl_session *session;
	u32 told = 0;
	struct sk_buff *skb;
	void *hdr;
	int err;

	err = begin(request, info, tb);
	if (err)
		return err;
	flags = tb[ICMPCTL_MONITOR_A_FLAGS];
	skb = icmpctl_netlink_reply(info, MESSAGE_SIZE, &hdr);
	if (!skb)
		return -ENOMEM;
	mutex_lock(&inet->lock);
	session = asked(info, tb);
	if (IS_ERR(session)) {
		err = PTR_ERR(session);
	} else {
		err = put_session(skb, session);
		if (!err)
			told = icmpctl_report_targets(skb, session, first,
						      flags ? nla_get_u32(flags) : 0);
		/* One has room in any message. */
		if (!err && !told && first < icmpctl_report_known(session))
			err = -ENOMEM;
	}
	mutex_unlock(&inet->lock);
	if (err) {
		nlmsg_free(skb);
		return err;
	}
	genlmsg_end(skb, hdr);
	return genlmsg_reply(skb, info);
}

/* What the request of a dump says of monitors. */
static int parse_dump(struct netlink_callback *cb, struct nlattr **tb)
{
	struct nlattr *attrs[ICMPCTL_SESSION_A_MAX + 1];
	int err = nlmsg_parse(cb->nlh, GENL_HDRLEN, attrs, ICMPCTL_SESSION_A_MAX,
			      icmpctl_monitor_get_policy, cb->extack);

	return err ?: parse(attrs[ICMPCTL_SESSION_A_MONITOR], tb, cb->extack);
}

/**
 * icmpctl_monitor_dump_start() - a dump of monitors, or of one's records, begins
 * @cb: the dump.
 *
 * What is asked for is looked at by the dump itself: 6.1 has no extended ACK here.
 *
 * Context: process, may sleep.
 * Return: 0.
 */
int icmpctl_monitor_dump_start(struct netlink_callback *cb)
{
	memset(cb->ctx, 0, sizeof(cb->ctx));
	cb->min_dump_alloc = MESSAGE_SIZE;
	return 0;
}

/* What is asked for: of all. */
static int begin_dump(struct netlink_callback *cb)
{
	struct nlattr *tb[ICMPCTL_MONITOR_A_MAX + 1];
	struct dump *dump = (struct dump *)cb->ctx;
	int err;

	BUILD_BUG_ON(sizeof(*dump) > sizeof(cb->ctx));
	err = parse_dump(cb, tb);
	if (err)
		return err;
	dump->id = 1;
	if (tb[ICMPCTL_MONITOR_A_FLAGS])
		dump->flags = nla_get_u32(tb[ICMPCTL_MONITOR_A_FLAGS]);
	return 0;
}

/* One message of a dump: as many targets of one monitor as fit; 0 if it is full. */
static u32 dump_one(struct sk_buff *skb, struct netlink_callback *cb,
		    struct icmpctl_session *session)
{
	struct dump *dump = (struct dump *)cb->ctx;
	void *hdr;
	u32 told;

	hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			  &icmpctl_family, NLM_F_MULTI, ICMPCTL_CMD_MONITOR_GET);
	if (!hdr)
		return 0;
	told = put_session(skb, session) ? 0 :
	       icmpctl_report_targets(skb, session, dump->target, dump->flags);
	if (told)
		genlmsg_end(skb, hdr);
	else
		genlmsg_cancel(skb, hdr);
	return told;
}

/**
 * icmpctl_monitor_dump() - ICMPCTL_CMD_MONITOR_GET of all: some more of them
 * @skb: message to add to.
 * @cb: the dump.
 *
 * A monitor that is added or ended meanwhile may be told of or not, any other is told
 * once.
 *
 * Context: process, may sleep.
 * Return: bytes in the message, 0 at the end, or a negative errno.
 */
int icmpctl_monitor_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct net *net = sock_net(skb->sk);
	struct icmpctl_net *inet = icmpctl_net(net);
	struct dump *dump = (struct dump *)cb->ctx;
	struct icmpctl_session *session;
	unsigned long id;
	u32 told = 1;
	int err;

	err = icmpctl_netlink_permitted(cb->skb, net, cb->extack);
	if (!err && !dump->id)
		err = begin_dump(cb);
	if (err)
		return err;
	id = dump->id;
	mutex_lock(&inet->lock);
	while (told && (session = xa_find(&inet->monitors, &id, ULONG_MAX, XA_PRESENT))) {
		if (id != dump->id)
			dump->target = 0;
		dump->id = id;
		told = 1;
		/* It is ending: what was told of it must do. */
		if (atomic_read(&session->reason) != ICMPCTL_REASON_NONE ||
		    dump->target >= icmpctl_report_known(session)) {
			dump->id = ++id;
			dump->target = 0;
			continue;
		}
		told = dump_one(skb, cb, session);
		dump->target += told;
		/* The hook may just have found that the path ends before it. */
		if (dump->target >= icmpctl_report_known(session))
			told = 1;
	}
	mutex_unlock(&inet->lock);
	/* Not one target fits into a message of its own: there was no memory. */
	return !told && !skb->len ? -ENOBUFS : skb->len;
}

/* What is asked for: the last probes of which monitor. */
static int begin_records(struct netlink_callback *cb, struct icmpctl_net *inet)
{
	struct records *dump = (struct records *)cb->ctx;
	struct nlattr *tb[ICMPCTL_MONITOR_A_MAX + 1];
	struct icmpctl_session *session;
	int err;

	BUILD_BUG_ON(sizeof(*dump) > sizeof(cb->ctx));
	err = parse_dump(cb, tb);
	if (err)
		return err;
	if (!tb[ICMPCTL_MONITOR_A_NAME]) {
		NL_SET_ERR_MSG(cb->extack, "the name of a monitor is needed");
		return -EINVAL;
	}
	dump->last = U32_MAX;
	if (tb[ICMPCTL_MONITOR_A_LAST])
		dump->last = nla_get_u32(tb[ICMPCTL_MONITOR_A_LAST]);
	mutex_lock(&inet->lock);
	session = icmpctl_monitor_find(inet, nla_data(tb[ICMPCTL_MONITOR_A_NAME]));
	if (session)
		dump->id = session->id;
	mutex_unlock(&inet->lock);
	if (session)
		return 0;
	NL_SET_ERR_MSG_ATTR(cb->extack, tb[ICMPCTL_MONITOR_A_NAME],
			    "no such monitor in this network namespace");
	return -ENOENT;
}

/* The next record that was there when its target began; false at the end of them all. */
static bool next_record(struct icmpctl_session *session, struct records *dump,
			struct icmpctl_record *record)
{
	u32 keep = session->config.monitor.keep;

	for (; keep && dump->target < icmpctl_report_known(session); dump->target++) {
		if (!dump->begun) {
			dump->end = icmpctl_monitor_told(session, dump->target);
			dump->place = dump->end - min_t(u64, dump->end, min(keep, dump->last));
			dump->begun = true;
		}
		/* What is gone is passed over: that may be all up to the end. */
		if (dump->place < dump->end &&
		    icmpctl_monitor_kept(session, dump->target, &dump->place, record)) {
			if (dump->place < dump->end)
				return true;
		}
		dump->begun = false;
	}
	return false;
}

/**
 * icmpctl_monitor_records() - ICMPCTL_CMD_MONITOR_RECORDS: some more of them
 * @skb: message to add to.
 * @cb: the dump.
 *
 * Context: process, may sleep.
 * Return: bytes in the message, 0 at the end, or a negative errno.
 */
int icmpctl_monitor_records(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct net *net = sock_net(skb->sk);
	struct icmpctl_net *inet = icmpctl_net(net);
	struct records *dump = (struct records *)cb->ctx;
	struct icmpctl_session *session;
	struct icmpctl_record record;
	u32 told = 0;
	void *hdr;
	int err;

	err = icmpctl_netlink_permitted(cb->skb, net, cb->extack);
	if (!err && !dump->id)
		err = begin_records(cb, inet);
	if (err)
		return err;
	hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			  &icmpctl_family, NLM_F_MULTI, ICMPCTL_CMD_MONITOR_RECORDS);
	if (!hdr || nla_put_u32(skb, ICMPCTL_SESSION_A_ID, dump->id))
		return -ENOBUFS;
	mutex_lock(&inet->lock);
	/* One that has ended meanwhile has no more to tell. */
	session = xa_load(&inet->monitors, dump->id);
	while (session && next_record(session, dump, &record) &&
	       !nla_put(skb, ICMPCTL_SESSION_A_RECORD, sizeof(record), &record)) {
		dump->place++;
		told++;
	}
	mutex_unlock(&inet->lock);
	if (told)
		genlmsg_end(skb, hdr);
	else
		genlmsg_cancel(skb, hdr);
	return skb->len;
}
