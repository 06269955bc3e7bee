/* SPDX-License-Identifier: GPL-2.0 */
/* A generic netlink socket on which answers and events arrive mixed. */
#ifndef ICMPCTL_NETLINK_H
#define ICMPCTL_NETLINK_H

#include <linux/netlink.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct nlc_refusal - why a request failed
 * @error: positive errno
 * @text: the kernel's own sentence, "" without one
 * @offset: place in the request of the attribute to blame, 0 if not known
 */
struct nlc_refusal {
	int error;
	char text[512];
	uint32_t offset;
};

/* Gets a message of the family; nonzero ends the reading and is its result. */
typedef int nlc_fn(void *arg, const struct nlmsghdr *nlh);

/* The events that came before anyone could know what to do with them. */
struct nlc_held {
	struct nlc_held *next;
	struct nlmsghdr nlh;
};

/**
 * struct nlc - the socket
 * @sk: libnl's part of it
 * @family: id of the family spoken
 * @version: its version, as the kernel told it
 * @first_event: commands from here on are events, all others answers
 * @on_event: gets the events
 * @arg: its first argument
 * @holding: events are kept instead
 * @held: where
 * @buf: for one datagram
 */
struct nlc {
	struct nl_sock *sk;
	int family;
	int version;
	int first_event;
	nlc_fn *on_event;
	void *arg;
	bool holding;
	struct nlc_held *held;
	struct nlc_held **held_end;
	char *buf;
};

int nlc_open(struct nlc *c);
void nlc_close(struct nlc *c);
int nlc_fd(const struct nlc *c);
int nlc_family(struct nlc *c, const char *name, struct nlc_refusal *why);
struct nl_msg *nlc_request(const struct nlc *c, int command, int flags, size_t payload);
int nlc_call(struct nlc *c, struct nl_msg *msg, nlc_fn *reply, void *arg,
	     struct nlc_refusal *why);
int nlc_send(struct nlc *c, struct nl_msg *msg);
int nlc_read(struct nlc *c);
void nlc_hold(struct nlc *c);
int nlc_release(struct nlc *c);
int nlc_parse(const struct nlmsghdr *nlh, struct nlattr **tb, int max);
uint64_t nlc_uint(const struct nlattr *attr);
void nlc_refusal_parse(struct nlc_refusal *why, const struct nlmsghdr *nlh);

#endif
