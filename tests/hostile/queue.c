// SPDX-License-Identifier: GPL-2.0
/*
 * queue.c - a queue that holds packets back, by rtnetlink
 */
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "genl.h"
#include "queue.h"

#define ROOM	16384
/* What netem counts its delays in. */
#define TICK_NS	64
#define PACKETS	100000

/* A message with a struct tcmsg behind its header. */
static void tc_begin(struct message *m, uint16_t type, uint16_t flags, int ifindex)
{
	struct nlmsghdr nlh = { .nlmsg_type = type, .nlmsg_flags = flags, .nlmsg_seq = 1 };
	struct tcmsg tc = { .tcm_family = AF_UNSPEC, .tcm_ifindex = ifindex,
			    .tcm_parent = TC_H_ROOT };

	memcpy(m->data, &nlh, sizeof(nlh));
	memcpy(m->data + NLMSG_HDRLEN, &tc, sizeof(tc));
	m->len = NLMSG_HDRLEN + NLMSG_ALIGN(sizeof(tc));
}

static int ask(struct message *m)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	message_end(m, 0);
	if (fd >= 0 && send(fd, m->data, m->len, 0) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

static int queue(int ifindex, const struct tc_netem_qopt *netem,
		 const struct tc_netem_slot *slot)
{
	uint8_t data[ROOM];
	struct message m = { .data = data, .room = sizeof(data) };
	uint8_t options[NLA_ALIGN(sizeof(*netem)) + NLA_HDRLEN + sizeof(*slot)] = {};
	const struct nlattr attr = { NLA_HDRLEN + sizeof(*slot), TCA_NETEM_SLOT };
	const struct nlmsghdr *nlh = (void *)data;
	int fd, err = -1;

	tc_begin(&m, RTM_NEWQDISC, NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE,
		 ifindex);
	message_attr(&m, TCA_KIND, "netem", sizeof("netem"));
	/* The old structure, and behind it attributes. */
	memcpy(options, netem, sizeof(*netem));
	memcpy(options + NLA_ALIGN(sizeof(*netem)), &attr, sizeof(attr));
	memcpy(options + NLA_ALIGN(sizeof(*netem)) + NLA_HDRLEN, slot, sizeof(*slot));
	message_attr(&m, TCA_OPTIONS, options, sizeof(options));
	fd = ask(&m);
	if (fd >= 0 && recv(fd, data, sizeof(data), 0) >= (ssize_t)NLMSG_LENGTH(sizeof(int)) &&
	    nlh->nlmsg_type == NLMSG_ERROR)
		err = *(const int *)NLMSG_DATA(nlh);
	if (fd >= 0)
		close(fd);
	if (err)
		fprintf(stderr, "netem: %s\n", strerror(err < 0 ? -err : err));
	return err;
}

int queue_delay(int ifindex, uint32_t delay_us, uint32_t jitter_us)
{
	const struct tc_netem_qopt netem = {
		.latency = delay_us * 1000ULL / TICK_NS, .jitter = jitter_us * 1000ULL / TICK_NS,
		.limit = PACKETS,
	};
	/* It would keep what it was told of them before. */
	const struct tc_netem_slot none = {};

	return queue(ifindex, &netem, &none);
}

int queue_bunch(int ifindex, uint32_t least_us, uint32_t most_us)
{
	const struct tc_netem_qopt netem = { .limit = PACKETS };
	const struct tc_netem_slot slot = {
		.min_delay = least_us * 1000LL, .max_delay = most_us * 1000LL,
	};

	return queue(ifindex, &netem, &slot);
}

uint32_t queue_length(int ifindex)
{
	uint8_t data[ROOM];
	struct message m = { .data = data, .room = sizeof(data) };
	const size_t head = NLMSG_HDRLEN + NLMSG_ALIGN(sizeof(struct tcmsg));
	const struct nlmsghdr *nlh = (void *)data;
	const struct nlattr *attr;
	struct tc_stats stats;
	uint32_t length = 0;
	int fd;

	/* Without a dump it is of this one, and told to a group unless asked for so. */
	tc_begin(&m, RTM_GETQDISC, NLM_F_REQUEST | NLM_F_ACK | NLM_F_ECHO, ifindex);
	fd = ask(&m);
	if (fd < 0)
		return 0;
	if (recv(fd, data, sizeof(data), 0) > (ssize_t)head &&
	    nlh->nlmsg_type == RTM_NEWQDISC) {
		attr = genl_find(data + head, nlh->nlmsg_len - head, TCA_STATS);
		if (attr && attr->nla_len >= NLA_HDRLEN + sizeof(stats)) {
			memcpy(&stats, attr + 1, sizeof(stats));
			length = stats.qlen;
		}
	}
	close(fd);
	return length;
}
