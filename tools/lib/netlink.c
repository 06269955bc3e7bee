// SPDX-License-Identifier: GPL-2.0
/*
 * A generic netlink socket on which answers and events arrive mixed: a session
 * belongs to the socket that started it, so requests about it and all it tells
 * share that socket. Answers are known by their sequence number, events by
 * their command.
 *
 * Nothing here prints; every failure goes back to the caller.
 */
#include "lib/netlink.h"

#include <errno.h>
#include <linux/genetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define RCVBUF		(8 << 20)
/* 4,096 targets with the longest of names. */
#define SNDBUF		(2 << 20)
#define DATAGRAM_MAX	(256 << 10)
/* The kernel answers within the call; this is for a socket that is full. */
#define ANSWER_MS	5000
/* Datagrams read before the loop may look at signals again. */
#define READ_BATCH	64

static void set_option(int fd, int level, int name, int value)
{
	/* Each of them only makes things better: without it we go on. */
	(void)!setsockopt(fd, level, name, &value, sizeof(value));
}

/* Beyond the bound of the machine, if that may be. */
static void set_buffer(int fd, int force, int name, int size)
{
	if (setsockopt(fd, SOL_SOCKET, force, &size, sizeof(size)))
		set_option(fd, SOL_SOCKET, name, size);
}

/**
 * nlc_open - open a socket
 * @c: the socket, to be closed with nlc_close() in any case
 *
 * Return: 0 or a negative errno.
 */
int nlc_open(struct nlc *c)
{
	int fd;

	*c = (struct nlc){ .buf = malloc(DATAGRAM_MAX) };
	c->held_end = &c->held;
	c->sk = nl_socket_alloc();
	if (!c->sk || !c->buf)
		return -ENOMEM;
	errno = 0;
	if (genl_connect(c->sk) < 0)
		return errno ? -errno : -EPROTO;
	fd = nl_socket_get_fd(c->sk);
	set_buffer(fd, SO_RCVBUFFORCE, SO_RCVBUF, RCVBUF);
	set_buffer(fd, SO_SNDBUFFORCE, SO_SNDBUF, SNDBUF);
	set_option(fd, SOL_NETLINK, NETLINK_EXT_ACK, 1);
	set_option(fd, SOL_NETLINK, NETLINK_CAP_ACK, 1);
	/* The module counts what it could not deliver: no second opinion. */
	set_option(fd, SOL_NETLINK, NETLINK_NO_ENOBUFS, 1);
	return 0;
}

/**
 * nlc_close - close the socket; the sessions it started end with it
 * @c: the socket
 */
void nlc_close(struct nlc *c)
{
	while (c->held) {
		struct nlc_held *h = c->held;

		c->held = h->next;
		free(h);
	}
	if (c->sk)
		nl_socket_free(c->sk);
	free(c->buf);
	*c = (struct nlc){ .sk = NULL };
}

/**
 * nlc_fd - the descriptor to wait for
 * @c: the socket
 *
 * Return: it.
 */
int nlc_fd(const struct nlc *c)
{
	return nl_socket_get_fd(c->sk);
}

/**
 * nlc_uint - an unsigned integer of whatever size it was sent in
 * @attr: the attribute, or NULL
 *
 * Return: its value; 0 without one.
 */
uint64_t nlc_uint(const struct nlattr *attr)
{
	uint64_t u64;
	uint32_t u32;
	uint16_t u16;

	if (!attr)
		return 0;
	switch (nla_len(attr)) {
	case 1:
		return *(const uint8_t *)nla_data(attr);
	case 2:
		memcpy(&u16, nla_data(attr), sizeof(u16));
		return u16;
	case 4:
		memcpy(&u32, nla_data(attr), sizeof(u32));
		return u32;
	case 8:
		memcpy(&u64, nla_data(attr), sizeof(u64));
		return u64;
	}
	return 0;
}

/**
 * nlc_parse - find the attributes of a message
 * @nlh: the message
 * @tb: gets them, @max + 1 entries; of one that comes often, the last
 * @max: the greatest type known; others are passed over
 *
 * Return: 0, or -EINVAL if the message is cut short.
 */
int nlc_parse(const struct nlmsghdr *nlh, struct nlattr **tb, int max)
{
	struct genlmsghdr *ghdr = nlmsg_data(nlh);

	memset(tb, 0, (max + 1) * sizeof(*tb));
	if (nlmsg_datalen(nlh) < (int)GENL_HDRLEN)
		return -EINVAL;
	if (nla_parse(tb, max, genlmsg_attrdata(ghdr, 0), genlmsg_attrlen(ghdr, 0), NULL))
		return -EINVAL;
	return 0;
}

/**
 * nlc_refusal_parse - read an NLMSG_ERROR and its extended ACK
 * @why: the result
 * @nlh: the message
 */
void nlc_refusal_parse(struct nlc_refusal *why, const struct nlmsghdr *nlh)
{
	const struct nlmsgerr *err = nlmsg_data(nlh);
	struct nlattr *tb[NLMSGERR_ATTR_MAX + 1];
	int skip = sizeof(*err), len = nlmsg_datalen(nlh);

	*why = (struct nlc_refusal){ .error = EPROTO };
	if (len < (int)sizeof(*err))
		return;
	why->error = err->error < 0 ? -err->error : 0;
	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	/* Unless capped, the whole request stands before the attributes. */
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED)) {
		if (err->msg.nlmsg_len < sizeof(err->msg) ||
		    err->msg.nlmsg_len - sizeof(err->msg) > (size_t)(len - skip))
			return;
		skip += NLMSG_ALIGN(err->msg.nlmsg_len - sizeof(err->msg));
	}
	if (len <= skip ||
	    nla_parse(tb, NLMSGERR_ATTR_MAX,
		      (struct nlattr *)((char *)nlmsg_data(nlh) + skip),
		      len - skip, NULL))
		return;
	if (tb[NLMSGERR_ATTR_MSG])
		nla_strlcpy(why->text, tb[NLMSGERR_ATTR_MSG], sizeof(why->text));
	why->offset = nlc_uint(tb[NLMSGERR_ATTR_OFFS]);
}

/**
 * nlc_request - begin a request
 * @c: the socket
 * @command: of the family
 * @flags: NLM_F_DUMP or 0
 * @payload: room for attributes
 *
 * Return: the message, for nlc_call() or nlc_send(); NULL without memory.
 */
struct nl_msg *nlc_request(const struct nlc *c, int command, int flags, size_t payload)
{
	struct nl_msg *msg = nlmsg_alloc_size(NLMSG_HDRLEN + GENL_HDRLEN + payload);

	if (msg && !genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, c->family, 0,
				NLM_F_REQUEST | NLM_F_ACK | flags, command,
				c->version)) {
		nlmsg_free(msg);
		return NULL;
	}
	return msg;
}

static int hold_event(struct nlc *c, const struct nlmsghdr *nlh)
{
	struct nlc_held *h = malloc(offsetof(struct nlc_held, nlh) + nlh->nlmsg_len);

	if (!h)
		return -ENOMEM;
	memcpy(&h->nlh, nlh, nlh->nlmsg_len);
	h->next = NULL;
	*c->held_end = h;
	c->held_end = &h->next;
	return 0;
}

static int event(struct nlc *c, const struct nlmsghdr *nlh)
{
	struct genlmsghdr *ghdr = nlmsg_data(nlh);

	if (nlh->nlmsg_type != c->family || nlmsg_datalen(nlh) < (int)GENL_HDRLEN ||
	    !c->on_event || ghdr->cmd < c->first_event)
		return 0;
	return c->holding ? hold_event(c, nlh) : c->on_event(c->arg, nlh);
}

/* Its extended ACK stands behind the error alone: without a request. */
static int dump_failed(struct nlc_refusal *why, const struct nlmsghdr *nlh, int error)
{
	struct nlattr *tb[NLMSGERR_ATTR_MAX + 1];
	int skip = NLMSG_ALIGN(sizeof(error)), len = nlmsg_datalen(nlh);

	*why = (struct nlc_refusal){ .error = -error };
	if (nlh->nlmsg_flags & NLM_F_ACK_TLVS && len > skip &&
	    !nla_parse(tb, NLMSGERR_ATTR_MAX, (struct nlattr *)((char *)nlmsg_data(nlh) + skip),
		       len - skip, NULL) && tb[NLMSGERR_ATTR_MSG])
		nla_strlcpy(why->text, tb[NLMSGERR_ATTR_MSG], sizeof(why->text));
	return error;
}

/* What one nlc_call() waits for. */
struct call {
	uint32_t seq;
	nlc_fn *reply;
	void *arg;
	struct nlc_refusal *why;
	bool done;
	int result;
};

/* One message: of the call in progress, if there is one, or an event. */
static int message(struct nlc *c, struct call *call, const struct nlmsghdr *nlh)
{
	const int *error = nlmsg_data(nlh);

	if (!call || nlh->nlmsg_seq != call->seq) {
		/* Errors of requests that nobody waits for come here as well. */
		if (nlh->nlmsg_type < NLMSG_MIN_TYPE)
			return 0;
		return event(c, nlh);
	}
	switch (nlh->nlmsg_type) {
	case NLMSG_ERROR:
		nlc_refusal_parse(call->why, nlh);
		call->done = true;
		call->result = -call->why->error;
		return 0;
	case NLMSG_DONE:
		/* A dump that failed says so here. */
		call->done = true;
		if (nlmsg_datalen(nlh) >= (int)sizeof(*error) && *error < 0)
			call->result = dump_failed(call->why, nlh, *error);
		return 0;
	}
	if (nlh->nlmsg_type < NLMSG_MIN_TYPE)
		return 0;
	return call->reply ? call->reply(call->arg, nlh) : 0;
}

/* Reads one datagram; 1 if there was one, 0 if not, else a negative errno. */
static int datagram(struct nlc *c, struct call *call, int *result)
{
	struct sockaddr_nl from = { .nl_pid = 0 };
	socklen_t from_len = sizeof(from);
	struct nlmsghdr *nlh = (struct nlmsghdr *)c->buf;
	ssize_t n;
	int len;

	n = recvfrom(nlc_fd(c), c->buf, DATAGRAM_MAX, MSG_DONTWAIT | MSG_TRUNC,
		     (struct sockaddr *)&from, &from_len);
	if (n < 0) {
		if (errno == EAGAIN || errno == EINTR)
			return 0;
		/* What is lost is counted on the other side. */
		return errno == ENOBUFS ? 1 : -errno;
	}
	/* Only the kernel is listened to, and only in whole. */
	if (from.nl_pid != 0 || n > DATAGRAM_MAX)
		return 1;
	for (len = n; nlmsg_ok(nlh, len); nlh = nlmsg_next(nlh, &len)) {
		*result = message(c, call, nlh);
		if (*result)
			break;
	}
	return 1;
}

/**
 * nlc_send - send a request without waiting for what becomes of it
 * @c: the socket
 * @msg: the request, which is freed
 *
 * Return: 0 or a negative errno.
 */
int nlc_send(struct nlc *c, struct nl_msg *msg)
{
	int err;

	if (!msg)
		return -ENOMEM;
	errno = 0;
	nl_complete_msg(c->sk, msg);
	err = nl_send(c->sk, msg);
	nlmsg_free(msg);
	if (err < 0)
		return errno ? -errno : -EIO;
	return 0;
}

/**
 * nlc_call - send a request and wait until it is answered
 * @c: the socket
 * @msg: the request, which is freed
 * @reply: gets the messages of the answer, may be NULL
 * @arg: its first argument
 * @why: gets the reason if it is refused
 *
 * Events that come meanwhile are handed on as by nlc_read().
 *
 * Return: 0, a negative errno, or what a function returned that was not 0.
 */
int nlc_call(struct nlc *c, struct nl_msg *msg, nlc_fn *reply, void *arg,
	     struct nlc_refusal *why)
{
	struct call call = { .reply = reply, .arg = arg, .why = why };
	struct pollfd pfd = { .fd = nlc_fd(c), .events = POLLIN };
	int err, result = 0;

	*why = (struct nlc_refusal){ .error = 0 };
	if (!msg)
		goto no_memory;
	nl_complete_msg(c->sk, msg);
	call.seq = nlmsg_hdr(msg)->nlmsg_seq;
	err = nlc_send(c, msg);
	while (!err && !call.done && !result) {
		err = datagram(c, &call, &result);
		if (err > 0) {
			err = 0;
			continue;
		}
		if (!err && poll(&pfd, 1, ANSWER_MS) == 0)
			err = -ETIMEDOUT;
	}
	if (err)
		why->error = -err;
	return err ? err : result ? result : call.result;

no_memory:
	why->error = ENOMEM;
	return -ENOMEM;
}

/**
 * nlc_read - hand on the events that have come
 * @c: the socket
 *
 * Return: 0 when there is nothing more to read or it is another's turn, a
 * negative errno, or what a function returned that was not 0.
 */
int nlc_read(struct nlc *c)
{
	for (int i = 0; i < READ_BATCH; i++) {
		int result = 0, n = datagram(c, NULL, &result);

		if (n <= 0)
			return n;
		if (result)
			return result;
	}
	return 0;
}

/**
 * nlc_hold - keep the events that come from now on
 * @c: the socket
 */
void nlc_hold(struct nlc *c)
{
	c->holding = true;
}

/**
 * nlc_release - hand on the events that were kept, and keep no more
 * @c: the socket
 *
 * Return: as nlc_read().
 */
int nlc_release(struct nlc *c)
{
	int result = 0;

	c->holding = false;
	while (c->held && !result) {
		struct nlc_held *h = c->held;

		c->held = h->next;
		if (!c->held)
			c->held_end = &c->held;
		result = c->on_event(c->arg, &h->nlh);
		free(h);
	}
	return result;
}

struct family_reply {
	int id;
	int version;
};

static int family_reply(void *arg, const struct nlmsghdr *nlh)
{
	struct nlattr *tb[CTRL_ATTR_MAX + 1];
	struct family_reply *f = arg;

	if (nlc_parse(nlh, tb, CTRL_ATTR_MAX))
		return 0;
	f->id = nlc_uint(tb[CTRL_ATTR_FAMILY_ID]);
	f->version = nlc_uint(tb[CTRL_ATTR_VERSION]);
	return 0;
}

/**
 * nlc_family - find a family by its name, and speak it from now on
 * @c: the socket
 * @name: of the family; the kernel loads the module that has it, if it can
 * @why: gets the reason if there is none
 *
 * Return: 0 or a negative errno; -ENOENT if there is no such family.
 */
int nlc_family(struct nlc *c, const char *name, struct nlc_refusal *why)
{
	struct nl_msg *msg = nlmsg_alloc();
	struct family_reply f = { .id = 0 };
	int err;

	if (msg && (!genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, GENL_ID_CTRL, 0,
				 NLM_F_REQUEST | NLM_F_ACK, CTRL_CMD_GETFAMILY, 1) ||
		    nla_put_string(msg, CTRL_ATTR_FAMILY_NAME, name))) {
		nlmsg_free(msg);
		msg = NULL;
	}
	err = nlc_call(c, msg, family_reply, &f, why);
	if (err)
		return err;
	if (!f.id) {
		why->error = ENOENT;
		return -ENOENT;
	}
	c->family = f.id;
	c->version = f.version;
	return 0;
}
