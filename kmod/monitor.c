// SPDX-License-Identifier: GPL-2.0
/*
 * monitor.c - sessions that belong to their namespace: names, and what is kept
 */
#include <linux/atomic.h>
#include <linux/ctype.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/overflow.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/socket.h>
#include <linux/string.h>
#include <linux/timekeeping.h>

#include "core/spread.h"
#include "monitor.h"

#define NAME_RULE \
	"a monitor's name must be 1 to 63 letters, digits, and any of - . _ : @ + / =, the first a letter or a digit"

/* So many probes in a row without an answer leave the end of a path in doubt. */
#define END_SILENT	3

/* Where in a record the tail of icmpctl_kept belongs. */
#define KEPT_TAIL	offsetofend(struct icmpctl_record, gateway)

/* Monitors ever started, in all namespaces: where in the interval the next one stands. */
static atomic_t started = ATOMIC_INIT(0);

static int parse(struct genl_info *info, struct nlattr **tb)
{
	struct nlattr *nest = info->attrs[ICMPCTL_SESSION_A_MONITOR];

	return nla_parse_nested(tb, ICMPCTL_MONITOR_A_MAX, nest, icmpctl_monitor_policy,
				info->extack);
}

static bool good_name(const char *name)
{
	static const char allowed[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._:@+/=";
	size_t len = strlen(name);

	return len && len <= ICMPCTL_MONITOR_NAME_MAX && isascii(name[0]) && isalnum(name[0]) &&
	       strspn(name, allowed) == len;
}

/* The bytes of a string with its end; 0: there is none. */
static u32 text_bytes(const struct nlattr *attr)
{
	return attr ? strlen(nla_data(attr)) + 1 : 0;
}

/* What is not checked before the targets are: their names. */
static int check_target_names(struct genl_info *info, struct icmpctl_config *config)
{
	struct nlattr *attr, *name;
	int rest;

	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rest) {
		if (nla_type(attr) != ICMPCTL_SESSION_A_TARGET)
			continue;
		name = nla_find_nested(attr, ICMPCTL_TARGET_A_NAME);
		if (!name)
			continue;
		if (text_bytes(name) < 2 || text_bytes(name) > ICMPCTL_TARGET_NAME_MAX + 1) {
			NL_SET_ERR_MSG_ATTR(info->extack, name,
					    "a target's name must be 1 to 255 bytes long");
			return -EINVAL;
		}
		config->monitor.text_bytes += text_bytes(name);
	}
	return 0;
}

/**
 * icmpctl_monitor_config() - check what a monitor is asked for as such
 * @info: the request; it has ICMPCTL_SESSION_A_MONITOR.
 * @config: with the flags; <- what the monitor adds.
 *
 * Context: process.
 * Return: 0 or a negative errno, with a sentence in the extended ACK.
 */
int icmpctl_monitor_config(struct genl_info *info, struct icmpctl_config *config)
{
	struct nlattr *tb[ICMPCTL_MONITOR_A_MAX + 1];
	int err = parse(info, tb);

	if (err)
		return err;
	if (!tb[ICMPCTL_MONITOR_A_NAME]) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[ICMPCTL_SESSION_A_MONITOR],
				    "a monitor needs a name");
		return -EINVAL;
	}
	if (!good_name(nla_data(tb[ICMPCTL_MONITOR_A_NAME]))) {
		NL_SET_ERR_MSG_ATTR(info->extack, tb[ICMPCTL_MONITOR_A_NAME], NAME_RULE);
		return -EINVAL;
	}
	if (text_bytes(tb[ICMPCTL_MONITOR_A_OPTIONS]) > ICMPCTL_MONITOR_OPTIONS_MAX + 1) {
		NL_SET_ERR_MSG_ATTR(info->extack, tb[ICMPCTL_MONITOR_A_OPTIONS],
				    "the options to be kept must be at most 1023 bytes long");
		return -EINVAL;
	}
	if (config->flags & ~(ICMPCTL_SESSION_F_BROADCAST | ICMPCTL_SESSION_F_PATH)) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[ICMPCTL_SESSION_A_FLAGS],
				    "a monitor has the flags broadcast and path, and no other");
		return -EINVAL;
	}
	config->monitor.keep = tb[ICMPCTL_MONITOR_A_KEEP] ?
			       nla_get_u32(tb[ICMPCTL_MONITOR_A_KEEP]) :
			       ICMPCTL_MONITOR_KEEP_DEFAULT;
	if (config->monitor.keep > ICMPCTL_MONITOR_KEEP_MAX) {
		NL_SET_ERR_MSG_ATTR(info->extack, tb[ICMPCTL_MONITOR_A_KEEP],
				    "the last probes kept of each target must be 0 to 65536");
		return -ERANGE;
	}
	config->flags |= ICMPCTL_SESSION_F_NO_RECORDS;
	config->monitor.is = true;
	config->monitor.check = tb[ICMPCTL_MONITOR_A_FLAGS] &&
				nla_get_u32(tb[ICMPCTL_MONITOR_A_FLAGS]) & ICMPCTL_MONITOR_F_CHECK;
	config->monitor.text_bytes = text_bytes(tb[ICMPCTL_MONITOR_A_NAME]) +
				     text_bytes(tb[ICMPCTL_MONITOR_A_OPTIONS]);
	return check_target_names(info, config);
}

/**
 * icmpctl_monitor_few() - is it to have as few slots as can be
 * @config: what is asked for, of any session.
 *
 * Return: true if it is a monitor that sends evenly.
 */
bool icmpctl_monitor_few(const struct icmpctl_config *config)
{
	return config->monitor.is && config->schedule == ICMPCTL_SCHEDULE_PERIODIC;
}

/* Of the last probes of all targets. */
static u64 kept_bytes(const struct icmpctl_config *config)
{
	return icmpctl_limits_taken((u64)config->targets * config->monitor.keep,
				    sizeof(struct icmpctl_kept));
}

/* Of the statistics since the reset of all targets. */
static u64 since_bytes(const struct icmpctl_config *config)
{
	return icmpctl_limits_taken(config->targets, sizeof(struct icmpctl_stats)) +
	       (u64)config->targets * icmpctl_hist_bytes(ICMPCTL_MONITOR_OCTAVES);
}

/**
 * icmpctl_monitor_bytes() - memory that a monitor takes beside that of its session
 * @config: what is asked for.
 *
 * Return: the bytes.
 */
u64 icmpctl_monitor_bytes(const struct icmpctl_config *config)
{
	return icmpctl_limits_taken(1, struct_size_t(struct icmpctl_monitor, target,
						     config->targets)) +
	       icmpctl_limits_taken(1, config->monitor.text_bytes) + kept_bytes(config);
}

/* Copies a string behind those that are there. */
static const char *keep(char **end, const struct nlattr *attr)
{
	char *text = *end;

	if (!attr)
		return NULL;
	memcpy(text, nla_data(attr), text_bytes(attr));
	*end += text_bytes(attr);
	return text;
}

/**
 * icmpctl_monitor_init() - what a monitor has of its own
 * @session: new; its config is set.
 * @info: the request.
 *
 * Context: process, may sleep.
 * Return: 0 or a negative errno; icmpctl_monitor_free() in any case.
 */
int icmpctl_monitor_init(struct icmpctl_session *session, struct genl_info *info)
{
	const struct icmpctl_config *config = &session->config;
	struct icmpctl_monitor_target *target;
	struct nlattr *tb[ICMPCTL_MONITOR_A_MAX + 1], *attr;
	struct icmpctl_monitor *monitor;
	char *end;
	int rest, err;
	u32 i;

	err = parse(info, tb);
	if (err)
		return err;
	monitor = icmpctl_limits_alloc(1, struct_size(monitor, target, config->targets));
	if (!monitor)
		return -ENOMEM;
	session->monitor = monitor;
	monitor->session = session;
	RB_CLEAR_NODE(&monitor->by_name);
	if (config->monitor.keep) {
		monitor->kept = icmpctl_limits_alloc(array_size(config->targets,
								config->monitor.keep),
						     sizeof(*monitor->kept));
		if (!monitor->kept)
			return -ENOMEM;
	}
	for (i = 0; i < config->targets; i++) {
		struct icmpctl_stats *stats = &session->targets[i].stats;

		stats->hist.limit = ICMPCTL_MONITOR_OCTAVES;
		stats->hour = &monitor->target[i].hour;
	}
	monitor->name = kvzalloc(config->monitor.text_bytes, GFP_KERNEL_ACCOUNT);
	if (!monitor->name)
		return -ENOMEM;
	end = monitor->name;
	keep(&end, tb[ICMPCTL_MONITOR_A_NAME]);
	monitor->options = keep(&end, tb[ICMPCTL_MONITOR_A_OPTIONS]);
	target = monitor->target;
	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rest)
		if (nla_type(attr) == ICMPCTL_SESSION_A_TARGET)
			target++->name = keep(&end, nla_find_nested(attr,
								    ICMPCTL_TARGET_A_NAME));
	return 0;
}

/**
 * icmpctl_monitor_free() - give it back
 * @session: nobody else may look at it any more.
 */
void icmpctl_monitor_free(struct icmpctl_session *session)
{
	struct icmpctl_monitor *monitor = session->monitor;
	u32 i;

	if (!monitor)
		return;
	for (i = 0; monitor->since && i < session->config.targets; i++)
		icmpctl_stats_free(&monitor->since[i]);
	kvfree(monitor->since);
	kvfree(monitor->kept);
	kvfree(monitor->name);
	kvfree(monitor);
}

static struct icmpctl_monitor *entry(struct rb_node *node)
{
	return rb_entry(node, struct icmpctl_monitor, by_name);
}

/**
 * icmpctl_monitor_list() - give a monitor its name, and have it keep the module loaded
 * @session: has its id; the lock of its namespace is held.
 * @info: the request, for the sentence of a refusal.
 *
 * Context: process, may sleep.
 * Return: 0 or a negative errno.
 */
int icmpctl_monitor_list(struct icmpctl_session *session, struct genl_info *info)
{
	struct icmpctl_net *inet = session->inet;
	struct icmpctl_monitor *monitor = session->monitor;
	struct rb_node **link = &inet->names.rb_node, *parent = NULL;
	int order, err;

	lockdep_assert_held(&inet->lock);
	while (*link) {
		parent = *link;
		order = strcmp(monitor->name, entry(parent)->name);
		if (!order) {
			NL_SET_ERR_MSG(info->extack,
				       "there is a monitor of this name in this network namespace");
			return -EEXIST;
		}
		link = order < 0 ? &parent->rb_left : &parent->rb_right;
	}
	if (!try_module_get(THIS_MODULE))
		return -ESHUTDOWN;
	err = xa_insert(&inet->monitors, session->id, session, GFP_KERNEL);
	if (err) {
		module_put(THIS_MODULE);
		return err;
	}
	rb_link_node(&monitor->by_name, parent, link);
	rb_insert_color(&monitor->by_name, &inet->names);
	return 0;
}

/**
 * icmpctl_monitor_unlist() - a monitor is to end: its name is free, the module may go
 * @session: of a monitor; the lock of its namespace is held. If it was published, the
 *	caller goes on to stop it.
 *
 * Context: process.
 */
void icmpctl_monitor_unlist(struct icmpctl_session *session)
{
	struct icmpctl_monitor *monitor = session->monitor;

	lockdep_assert_held(&session->inet->lock);
	if (RB_EMPTY_NODE(&monitor->by_name))
		return;
	rb_erase(&monitor->by_name, &session->inet->names);
	RB_CLEAR_NODE(&monitor->by_name);
	/* What is left of it ends before icmpctl_exit() does, as any session. */
	module_put(THIS_MODULE);
}

/**
 * icmpctl_monitor_find() - a monitor by its name
 * @inet: our part of the namespace; its lock is held.
 * @name: of the monitor.
 *
 * Return: its session, while the lock is held; NULL if there is none.
 */
struct icmpctl_session *icmpctl_monitor_find(struct icmpctl_net *inet, const char *name)
{
	struct rb_node *node = inet->names.rb_node;

	lockdep_assert_held(&inet->lock);
	while (node) {
		int order = strcmp(name, entry(node)->name);

		if (!order)
			return entry(node)->session;
		node = order < 0 ? node->rb_left : node->rb_right;
	}
	return NULL;
}

/**
 * icmpctl_monitor_first_ns() - when the first probe of a monitor is planned
 * @session: of a monitor.
 * @earliest_ns: not before, CLOCK_MONOTONIC.
 *
 * Return: the instant, less than one interval behind @earliest_ns.
 */
u64 icmpctl_monitor_first_ns(const struct icmpctl_session *session, u64 earliest_ns)
{
	return icmpctl_spread_first_ns(atomic_inc_return(&started),
				       session->config.interval_ns, earliest_ns);
}

/* Where a probe of a target is kept, by the how-manieth it was. */
static struct icmpctl_kept *place_of(struct icmpctl_session *session, u32 target, u64 told)
{
	u32 keep = session->config.monitor.keep, rest;

	div_u64_rem(told, keep, &rest);
	return &session->monitor->kept[(size_t)target * keep + rest];
}

/**
 * icmpctl_monitor_record() - something happened to a probe of a monitor
 * @session: of a monitor.
 * @record: what.
 *
 * Context: any but hard interrupts; the lock of the target is not held.
 */
void icmpctl_monitor_record(struct icmpctl_session *session,
			    const struct icmpctl_record *record)
{
	struct icmpctl_monitor_target *own = &session->monitor->target[record->target];
	struct icmpctl_target *target = &session->targets[record->target];
	struct icmpctl_kept *kept;
	bool path = session->config.flags & ICMPCTL_SESSION_F_PATH;
	bool error = record->status == ICMPCTL_STATUS_ERROR;
	bool answered = record->status == ICMPCTL_STATUS_REPLY || error;
	bool dumb = false;

	if (!answered && record->status != ICMPCTL_STATUS_LOST &&
	    record->status != ICMPCTL_STATUS_SEND_FAILED)
		return;
	/* It is no hop that says why its own probes come to nothing. */
	if (path && error && icmpctl_cause_is_own(record->cause))
		answered = false;
	spin_lock_bh(&target->lock);
	if (answered) {
		memcpy(own->by.bytes, record->from, sizeof(own->by.bytes));
		own->by_family = target->family;
		own->silent = 0;
	} else if (record->status == ICMPCTL_STATUS_LOST &&
		   !(record->flags & ICMPCTL_RECORD_F_SUSPENDED)) {
		own->silent = min(own->silent + 1, END_SILENT);
		dumb = own->silent == END_SILENT;
	}
	if (session->config.monitor.keep) {
		kept = place_of(session, record->target, own->told++);
		memcpy(kept->head, record, sizeof(kept->head));
		memcpy(kept->tail, (const u8 *)record + KEPT_TAIL, sizeof(kept->tail));
	}
	spin_unlock_bh(&target->lock);
	/* What answered there may be a router now that never says so, and the end behind it. */
	if (dumb && path)
		icmpctl_monitor_hop(session, record->target);
}

/**
 * icmpctl_monitor_told() - how many probes of a target have ever been kept
 * @session: of a monitor.
 * @target: number of the target.
 *
 * Return: the number at this instant.
 */
u64 icmpctl_monitor_told(struct icmpctl_session *session, u32 target)
{
	u64 told;

	spin_lock_bh(&session->targets[target].lock);
	told = session->monitor->target[target].told;
	spin_unlock_bh(&session->targets[target].lock);
	return told;
}

/**
 * icmpctl_monitor_kept() - what became of a probe
 * @session: of a monitor.
 * @target: number of the target.
 * @place: the how-manieth of those that were ever kept, from 0; <- the oldest that still is,
 *	if that one is not.
 * @record: <- a copy.
 *
 * Return: false if there is none.
 */
bool icmpctl_monitor_kept(struct icmpctl_session *session, u32 target, u64 *place,
			  struct icmpctl_record *record)
{
	const struct icmpctl_monitor_target *own = &session->monitor->target[target];
	u32 keep = session->config.monitor.keep;
	const struct icmpctl_kept *kept;
	bool there;

	spin_lock_bh(&session->targets[target].lock);
	if (own->told > keep)
		*place = max(*place, own->told - keep);
	there = *place < own->told;
	if (there) {
		kept = place_of(session, target, *place);
		memset(record, 0, sizeof(*record));
		memcpy(record, kept->head, sizeof(kept->head));
		memcpy((u8 *)record + KEPT_TAIL, kept->tail, sizeof(kept->tail));
	}
	spin_unlock_bh(&session->targets[target].lock);
	return there;
}

/**
 * icmpctl_monitor_reset() - begin the statistics since the reset
 * @session: of a monitor; the lock of its namespace is held.
 * @info: the request, for the sentence of a refusal.
 *
 * Context: process, may sleep.
 * Return: 0 or a negative errno, with nothing changed.
 */
int icmpctl_monitor_reset(struct icmpctl_session *session, struct genl_info *info)
{
	struct icmpctl_monitor *monitor = session->monitor;
	struct icmpctl_cost more = { .monitor_bytes = since_bytes(&session->config) };
	struct timespec64 real;
	u32 i;
	int err;

	lockdep_assert_held(&session->inet->lock);
	if (!monitor->since) {
		err = icmpctl_limits_take(session->inet, &more, info);
		if (err)
			return err;
		monitor->since = icmpctl_limits_alloc(session->config.targets,
						      sizeof(*monitor->since));
		if (!monitor->since) {
			icmpctl_limits_give(session->inet, &more);
			return -ENOMEM;
		}
		session->cost.monitor_bytes += more.monitor_bytes;
	}
	monitor->reset_ns = icmpctl_clock_ns();
	ktime_get_real_ts64(&real);
	monitor->reset_real_ns = timespec64_to_ns(&real);
	for (i = 0; i < session->config.targets; i++) {
		struct icmpctl_target *target = &session->targets[i];

		spin_lock_bh(&target->lock);
		icmpctl_stats_reset(&target->stats, &monitor->since[i]);
		spin_unlock_bh(&target->lock);
		cond_resched();
	}
	return 0;
}

/**
 * icmpctl_monitor_hop() - a hop is not the end of the path, or is silent and may not be
 * @session: of a monitor of a path.
 * @target: the hop.
 *
 * If the path ended there, it has grown longer: all that lies behind is asked again, until
 * its end is seen.
 *
 * Context: any but hard interrupts.
 */
void icmpctl_monitor_hop(struct icmpctl_session *session, u32 target)
{
	u32 end = target + 1;

	if (READ_ONCE(session->path_end) == end)
		cmpxchg(&session->path_end, end, session->config.targets);
}

/**
 * icmpctl_monitor_report() - what a monitor tells beside what its session does
 * @skb: message to add to.
 * @session: of a monitor.
 *
 * Return: 0 or -EMSGSIZE.
 */
int icmpctl_monitor_report(struct sk_buff *skb, struct icmpctl_session *session)
{
	const struct icmpctl_monitor *monitor = session->monitor;
	struct nlattr *nest = nla_nest_start(skb, ICMPCTL_SESSION_A_MONITOR);

	if (!nest || nla_put_string(skb, ICMPCTL_MONITOR_A_NAME, monitor->name) ||
	    (monitor->options &&
	     nla_put_string(skb, ICMPCTL_MONITOR_A_OPTIONS, monitor->options)) ||
	    (session->config.flags & ICMPCTL_SESSION_F_PATH &&
	     nla_put_u32(skb, ICMPCTL_MONITOR_A_PATH_END, READ_ONCE(session->path_end))) ||
	    nla_put_u64_64bit(skb, ICMPCTL_MONITOR_A_MEMORY_BYTES,
			      session->cost.monitor_bytes, ICMPCTL_MONITOR_A_PAD) ||
	    nla_put_u32(skb, ICMPCTL_MONITOR_A_KEEP, session->config.monitor.keep) ||
	    nla_put_u64_64bit(skb, ICMPCTL_MONITOR_A_KEEP_BYTES, kept_bytes(&session->config),
			      ICMPCTL_MONITOR_A_PAD))
		return -EMSGSIZE;
	if (monitor->since &&
	    (nla_put_u64_64bit(skb, ICMPCTL_MONITOR_A_RESET_NS, monitor->reset_ns,
			       ICMPCTL_MONITOR_A_PAD) ||
	     nla_put_u64_64bit(skb, ICMPCTL_MONITOR_A_RESET_UNIX_NS, monitor->reset_real_ns,
			       ICMPCTL_MONITOR_A_PAD)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/**
 * icmpctl_monitor_report_target() - what a monitor tells of a target beside statistics
 * @skb: message to add to.
 * @session: of a monitor.
 * @index: number of the target.
 *
 * Return: 0 or -EMSGSIZE.
 */
int icmpctl_monitor_report_target(struct sk_buff *skb, struct icmpctl_session *session,
				  u32 index)
{
	const struct icmpctl_monitor_target *kept = &session->monitor->target[index];
	struct icmpctl_target *target = &session->targets[index];
	union icmpctl_addr by;
	u8 family;

	spin_lock_bh(&target->lock);
	by = kept->by;
	family = kept->by_family;
	spin_unlock_bh(&target->lock);
	if ((kept->name && nla_put_string(skb, ICMPCTL_TARGET_A_NAME, kept->name)) ||
	    (family && nla_put(skb, ICMPCTL_TARGET_A_ANSWERED_BY, family == AF_INET ? 4 : 16,
			       by.bytes)))
		return -EMSGSIZE;
	return 0;
}
