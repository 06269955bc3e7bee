// SPDX-License-Identifier: GPL-2.0
/* Monitors: added, read and ended. Nothing here prints. */
#include "lib/monitor.h"

#include <errno.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/grow.h"

/* All parameters, a name and options; a target with the longest name. */
#define ADD_ROOM (1024 + ICMPCTL_MONITOR_OPTIONS_MAX)
#define TARGET_ROOM (64 + ICMPCTL_TARGET_NAME_MAX)
#define ASK_ROOM 256
/* A name that is longer than any may be is cut: the module says that there is no such monitor. */
#define ASK_NAME_MAX 127
_Static_assert(ASK_NAME_MAX > ICMPCTL_MONITOR_NAME_MAX, "what is cut may be a name");

/**
 * monitor_add_msg - put together a MONITOR_ADD
 * @c: the socket it is for
 * @name: of the monitor
 * @options: what it is to keep of how it was asked for, NULL for nothing
 * @p: what is wanted of the session
 * @targets: whom it asks; with @hops the one that the path leads to
 * @hops: the hops of the path, NULL for none
 * @n: how many targets or hops
 * @keep: how many of the last probes of each target are to be kept, NULL for the module's default
 * @flags: set of ICMPCTL_MONITOR_F_*: _CHECK to only ask whether it would be added
 *
 * Return: the message, NULL without memory.
 */
struct nl_msg *monitor_add_msg(const struct nlc *c, const char *name, const char *options,
			       const struct session_params *p, const struct target *targets,
			       const struct session_hop *hops, unsigned int n,
			       const uint32_t *keep, uint32_t flags)
{
	struct nl_msg *msg = nlc_request(c, ICMPCTL_CMD_MONITOR_ADD, 0,
					 ADD_ROOM + (size_t)n * TARGET_ROOM);
	struct nlattr *nest;

	if (!msg)
		return NULL;
	nest = nla_nest_start(msg, ICMPCTL_SESSION_A_MONITOR | NLA_F_NESTED);
	if (!nest)
		goto nla_put_failure;
	NLA_PUT_STRING(msg, ICMPCTL_MONITOR_A_NAME, name);
	if (options)
		NLA_PUT_STRING(msg, ICMPCTL_MONITOR_A_OPTIONS, options);
	if (keep)
		NLA_PUT_U32(msg, ICMPCTL_MONITOR_A_KEEP, *keep);
	if (flags)
		NLA_PUT_U32(msg, ICMPCTL_MONITOR_A_FLAGS, flags);
	nla_nest_end(msg, nest);
	if (session_put_params(msg, p))
		goto nla_put_failure;
	for (unsigned int i = 0; i < n; i++) {
		const struct target *t = &targets[hops ? 0 : i];

		if (session_put_target(msg, t, hops ? &hops[i] : NULL, t->given))
			goto nla_put_failure;
	}
	return msg;

nla_put_failure:
	nlmsg_free(msg);
	return NULL;
}

/* A request about one monitor, or about all: @name NULL; @value of @attr, 0 for the default. */
static struct nl_msg *ask_msg(const struct nlc *c, int command, int nl_flags, const char *name,
			      int attr, uint32_t value, uint32_t first)
{
	struct nl_msg *msg = nlc_request(c, command, nl_flags, ASK_ROOM);
	char asked[ASK_NAME_MAX + 1];
	struct nlattr *nest;

	if (!msg)
		return NULL;
	nest = nla_nest_start(msg, ICMPCTL_SESSION_A_MONITOR | NLA_F_NESTED);
	if (!nest)
		goto nla_put_failure;
	if (name) {
		snprintf(asked, sizeof(asked), "%s", name);
		NLA_PUT_STRING(msg, ICMPCTL_MONITOR_A_NAME, asked);
	}
	if (value)
		NLA_PUT_U32(msg, attr, value);
	nla_nest_end(msg, nest);
	if (first)
		NLA_PUT_U32(msg, ICMPCTL_SESSION_A_TARGET_FIRST, first);
	return msg;

nla_put_failure:
	nlmsg_free(msg);
	return NULL;
}

/**
 * monitor_delete - end a monitor
 * @c: a socket to the module
 * @name: of the monitor
 * @why: gets the reason if it is refused
 *
 * Return: 0 or a negative errno.
 */
int monitor_delete(struct nlc *c, const char *name, struct nlc_refusal *why)
{
	return nlc_call(c, ask_msg(c, ICMPCTL_CMD_MONITOR_DEL, 0, name, 0, 0, 0), NULL, NULL,
			why);
}

/**
 * monitor_reset - begin the statistics since the reset of a monitor
 * @c: a socket to the module
 * @name: of the monitor
 * @why: gets the reason if it is refused
 *
 * Return: 0 or a negative errno.
 */
int monitor_reset(struct nlc *c, const char *name, struct nlc_refusal *why)
{
	return nlc_call(c, ask_msg(c, ICMPCTL_CMD_MONITOR_RESET, 0, name, 0, 0, 0), NULL, NULL,
			why);
}

struct records_call {
	session_record_fn *fn;
	void *arg;
};

static int on_records(void *arg, const struct nlmsghdr *nlh)
{
	const struct records_call *call = arg;

	return session_records(nlh, call->fn, call->arg);
}

/**
 * monitor_records - read what became of the last probes of a monitor; that changes nothing
 * @c: a socket to the module
 * @name: of the monitor
 * @last: of how many probes of each target, not 0
 * @fn: gets them, target by target, each in the order in which it was known
 * @arg: its first argument
 * @why: gets the reason if it is refused
 *
 * Return: 0 or a negative errno.
 */
int monitor_records(struct nlc *c, const char *name, uint32_t last, session_record_fn *fn,
		    void *arg, struct nlc_refusal *why)
{
	struct records_call call = { fn, arg };

	return nlc_call(c, ask_msg(c, ICMPCTL_CMD_MONITOR_RECORDS, NLM_F_DUMP, name,
				   ICMPCTL_MONITOR_A_LAST, last, 0), on_records, &call, why);
}

static char *copy(const struct nlattr *attr)
{
	return attr ? strndup(nla_data(attr), nla_len(attr)) : NULL;
}

static int take_buckets(struct monitor_target *t, struct nlattr *stats)
{
	struct nlattr *attr;
	unsigned int n = 0;
	int rest;

	nla_for_each_nested(attr, stats, rest)
		n += nla_type(attr) == ICMPCTL_STATS_A_RTT_BUCKET;
	if (!n)
		return 0;
	t->buckets = calloc(n, sizeof(*t->buckets));
	if (!t->buckets)
		return -ENOMEM;
	nla_for_each_nested(attr, stats, rest) {
		size_t len = nla_len(attr), size = sizeof(*t->buckets);

		if (nla_type(attr) == ICMPCTL_STATS_A_RTT_BUCKET)
			memcpy(&t->buckets[t->n_buckets++], nla_data(attr),
			       len < size ? len : size);
	}
	return 0;
}

/* An address of 4 or 16 bytes; its family, 0 for neither. */
static int take_address(uint8_t *addr, const struct nlattr *attr)
{
	if (!attr || (nla_len(attr) != 4 && nla_len(attr) != 16))
		return 0;
	memcpy(addr, nla_data(attr), nla_len(attr));
	return nla_len(attr) == 4 ? 4 : 6;
}

static int take_target(struct monitor *m, struct nlattr *attr)
{
	struct nlattr *tb[ICMPCTL_TARGET_A_MAX + 1];
	struct monitor_target *more, *t;

	if (nla_parse_nested(tb, ICMPCTL_TARGET_A_MAX, attr, NULL) ||
	    !tb[ICMPCTL_TARGET_A_ADDRESS] || !tb[ICMPCTL_TARGET_A_STATS])
		return -EINVAL;
	more = grow(m->targets, m->n, sizeof(*more));
	if (!more)
		return -ENOMEM;
	m->targets = more;
	t = &more[m->n++];
	t->family = take_address(t->addr, tb[ICMPCTL_TARGET_A_ADDRESS]);
	t->by_family = take_address(t->by, tb[ICMPCTL_TARGET_A_ANSWERED_BY]);
	t->name = copy(tb[ICMPCTL_TARGET_A_NAME]);
	t->scope = nlc_uint(tb[ICMPCTL_TARGET_A_IFINDEX]);
	t->ttl = nlc_uint(tb[ICMPCTL_TARGET_A_TTL]);
	if (session_stats_parse(&t->stats, tb[ICMPCTL_TARGET_A_STATS]))
		return -EINVAL;
	return take_buckets(t, tb[ICMPCTL_TARGET_A_STATS]);
}

/* Where a message's monitor stands: the last one, if it goes on, or a new one. */
static struct monitor *place(struct monitors *all, uint32_t id)
{
	struct monitor *more;

	if (all->n && all->list[all->n - 1].info.id == id)
		return &all->list[all->n - 1];
	more = grow(all->list, all->n, sizeof(*more));
	if (!more)
		return NULL;
	all->list = more;
	return &more[all->n++];
}

static int on_monitor(void *arg, const struct nlmsghdr *nlh)
{
	struct nlattr *tb[ICMPCTL_SESSION_A_MAX + 1], *own[ICMPCTL_MONITOR_A_MAX + 1], *attr;
	struct genlmsghdr *ghdr = nlmsg_data(nlh);
	struct monitors *all = arg;
	struct monitor *m;
	int rest, err = 0;

	if (nlc_parse(nlh, tb, ICMPCTL_SESSION_A_MAX) || !tb[ICMPCTL_SESSION_A_MONITOR] ||
	    nla_parse_nested(own, ICMPCTL_MONITOR_A_MAX, tb[ICMPCTL_SESSION_A_MONITOR], NULL) ||
	    !own[ICMPCTL_MONITOR_A_NAME])
		return -EINVAL;
	m = place(all, nlc_uint(tb[ICMPCTL_SESSION_A_ID]));
	if (!m)
		return -ENOMEM;
	if (!m->info.id) {
		session_info_parse(&m->info, nlh);
		nla_strlcpy(m->name, own[ICMPCTL_MONITOR_A_NAME], sizeof(m->name));
		m->options = copy(own[ICMPCTL_MONITOR_A_OPTIONS]);
		m->memory_bytes = nlc_uint(own[ICMPCTL_MONITOR_A_MEMORY_BYTES]);
		m->keep_bytes = nlc_uint(own[ICMPCTL_MONITOR_A_KEEP_BYTES]);
		m->keep = nlc_uint(own[ICMPCTL_MONITOR_A_KEEP]);
		m->reset_ns = nlc_uint(own[ICMPCTL_MONITOR_A_RESET_NS]);
		m->reset_unix_ns = nlc_uint(own[ICMPCTL_MONITOR_A_RESET_UNIX_NS]);
		m->size = nlc_uint(tb[ICMPCTL_SESSION_A_SIZE]);
		m->flags = nlc_uint(tb[ICMPCTL_SESSION_A_FLAGS]);
		m->timeout_ns = nlc_uint(tb[ICMPCTL_SESSION_A_TIMEOUT_NS]);
	}
	nla_for_each_attr(attr, genlmsg_attrdata(ghdr, 0), genlmsg_attrlen(ghdr, 0), rest)
		if (!err && nla_type(attr) == ICMPCTL_SESSION_A_TARGET)
			err = take_target(m, attr);
	return err;
}

/* One monitor: as many requests as its targets need. */
static int read_one(struct nlc *c, const char *name, uint32_t flags, struct monitors *m,
		    struct nlc_refusal *why)
{
	unsigned int before;
	int err;

	do {
		before = m->n ? m->list[0].n : 0;
		err = nlc_call(c, ask_msg(c, ICMPCTL_CMD_MONITOR_GET, 0, name,
					  ICMPCTL_MONITOR_A_FLAGS, flags, before),
			       on_monitor, m, why);
	} while (!err && m->n == 1 && m->list[0].n > before &&
		 m->list[0].n < m->list[0].info.targets);
	return err;
}

static void free_one(struct monitor *m)
{
	for (unsigned int j = 0; j < m->n; j++) {
		free(m->targets[j].name);
		free(m->targets[j].buckets);
	}
	free(m->targets);
	free(m->options);
}

static int by_name_and_place(const void *a, const void *b)
{
	const struct monitor *x = *(struct monitor *const *)a, *y = *(struct monitor *const *)b;
	int order = strcmp(x->name, y->name);

	return order ? order : (x > y) - (x < y);
}

/*
 * The module tells its monitors in the order in which they were added, and lets others change them
 * between two messages. One that was told, ended and was added anew meanwhile is told twice: the
 * last of a name is the one there is.
 */
static int drop_replaced(struct monitors *m)
{
	struct monitor **list = calloc(m->n + 1, sizeof(*list));
	unsigned int n = 0;

	if (!list)
		return -ENOMEM;
	for (unsigned int i = 0; i < m->n; i++)
		list[i] = &m->list[i];
	qsort(list, m->n, sizeof(*list), by_name_and_place);
	/* No session has the id 0. */
	for (unsigned int i = 0; i + 1 < m->n; i++)
		if (!strcmp(list[i]->name, list[i + 1]->name))
			list[i]->info.id = 0;
	free(list);
	for (unsigned int i = 0; i < m->n; i++) {
		if (m->list[i].info.id)
			m->list[n++] = m->list[i];
		else
			free_one(&m->list[i]);
	}
	m->n = n;
	return 0;
}

/**
 * monitors_read - read monitors and their statistics; that changes nothing
 * @c: a socket to the module
 * @name: of the one to be read, NULL for all
 * @flags: set of ICMPCTL_MONITOR_F_*
 * @m: the result, to be freed with monitors_free() in any case
 * @why: gets the reason if it is refused
 *
 * Each target is a picture of one instant; of different targets they are not the same.
 *
 * Return: 0 or a negative errno; -ENOENT if there is none of that name.
 */
int monitors_read(struct nlc *c, const char *name, uint32_t flags, struct monitors *m,
		  struct nlc_refusal *why)
{
	int err;

	*m = (struct monitors){ .n = 0 };
	err = name ? read_one(c, name, flags, m, why) :
		     nlc_call(c, ask_msg(c, ICMPCTL_CMD_MONITOR_GET, NLM_F_DUMP, NULL,
				 ICMPCTL_MONITOR_A_FLAGS, flags, 0),
			      on_monitor, m, why);
	if (!err && !name)
		err = drop_replaced(m);
	if (err && !why->error)
		why->error = -err;
	return err;
}

/**
 * monitors_take - put some monitors behind others
 * @to: the others
 * @from: the monitors; those that were taken are empty there
 *
 * Return: 0, or -ENOMEM.
 */
int monitors_take(struct monitors *to, struct monitors *from)
{
	for (unsigned int i = 0; i < from->n; i++) {
		struct monitor *more = grow(to->list, to->n, sizeof(*more));

		if (!more)
			return -ENOMEM;
		to->list = more;
		more[to->n++] = from->list[i];
		from->list[i] = (struct monitor){ .n = 0 };
	}
	return 0;
}

/**
 * monitors_free - give back what monitors_read() got
 * @m: the monitors
 */
void monitors_free(struct monitors *m)
{
	for (unsigned int i = 0; i < m->n; i++)
		free_one(&m->list[i]);
	free(m->list);
	*m = (struct monitors){ .n = 0 };
}
