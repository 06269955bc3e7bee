// SPDX-License-Identifier: GPL-2.0
/*
 * What the kernel's routing tells: interfaces, ways, neighbours. Asked by
 * rtnetlink and not read from /sys, which may be another namespace's.
 */
#include "lib/rtnl.h"

#include <errno.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The kernel makes its dumps no larger. */
#define ROOM 32768
/* It answers at once; this only ends what would hang. */
#define PATIENCE_S 2

/* Gets a message; nonzero ends the reading and is its result. */
typedef int rtnl_fn(void *arg, struct nlmsghdr *nlh);

/* One datagram: 0 to go on, 1 at the end, a negative errno, or what @fn returned. */
static int datagram(char *buf, int len, rtnl_fn *fn, void *arg)
{
	struct nlmsghdr *nlh = (struct nlmsghdr *)buf;
	int result;

	for (; nlmsg_ok(nlh, len); nlh = nlmsg_next(nlh, &len)) {
		if (nlh->nlmsg_type == NLMSG_DONE)
			return 1;
		if (nlh->nlmsg_type == NLMSG_ERROR) {
			const struct nlmsgerr *err = nlmsg_data(nlh);

			if (nlmsg_datalen(nlh) < (int)sizeof(*err))
				return -EINVAL;
			return err->error ? err->error : 1;
		}
		result = fn(arg, nlh);
		if (result)
			return result;
		if (!(nlh->nlmsg_flags & NLM_F_MULTI))
			return 1;
	}
	return 0;
}

/* Sends @msg, which is freed, and hands on the answers. */
static int ask(struct nl_msg *msg, rtnl_fn *fn, void *arg)
{
	struct timeval patience = { .tv_sec = PATIENCE_S };
	char *buf = malloc(ROOM);
	int fd, result = 0;
	ssize_t len;

	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (fd < 0 || !buf || !msg) {
		result = fd < 0 ? -errno : -ENOMEM;
		goto out;
	}
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (send(fd, nlmsg_hdr(msg), nlmsg_hdr(msg)->nlmsg_len, 0) < 0)
		result = -errno;
	while (!result) {
		len = recv(fd, buf, ROOM, 0);
		if (len < 0)
			result = -errno;
		else
			result = datagram(buf, len, fn, arg);
	}
out:
	if (fd >= 0)
		close(fd);
	if (msg)
		nlmsg_free(msg);
	free(buf);
	return result < 0 ? result : 0;
}

static struct nl_msg *request(int type, int flags, void *header, size_t len)
{
	struct nl_msg *msg = nlmsg_alloc_simple(type, NLM_F_REQUEST | flags);

	if (msg && nlmsg_append(msg, header, len, NLMSG_ALIGNTO)) {
		nlmsg_free(msg);
		return NULL;
	}
	/* libnl would number it on sending; whose answer it is, is clear here. */
	return msg;
}

struct links {
	struct rtnl_link *list;
	unsigned int n;
};

static void link_parse(struct rtnl_link *link, const struct ifinfomsg *ifi,
		       struct nlattr **tb)
{
	struct nlattr *info[IFLA_INFO_MAX + 1];

	*link = (struct rtnl_link){
		.index = ifi->ifi_index,
		.loopback = ifi->ifi_flags & IFF_LOOPBACK,
		.hardware = tb[IFLA_PARENT_DEV_NAME],
		.elsewhere = tb[IFLA_LINK_NETNSID],
	};
	if (tb[IFLA_LINK])
		link->lower = nla_get_u32(tb[IFLA_LINK]);
	if (tb[IFLA_MASTER])
		link->master = nla_get_u32(tb[IFLA_MASTER]);
	if (tb[IFLA_IFNAME])
		nla_strlcpy(link->name, tb[IFLA_IFNAME], sizeof(link->name));
	if (tb[IFLA_LINKINFO] &&
	    !nla_parse_nested(info, IFLA_INFO_MAX, tb[IFLA_LINKINFO], NULL) &&
	    info[IFLA_INFO_KIND])
		nla_strlcpy(link->kind, info[IFLA_INFO_KIND], sizeof(link->kind));
}

static int on_link(void *arg, struct nlmsghdr *nlh)
{
	struct nlattr *tb[IFLA_MAX + 1];
	struct links *links = arg;
	struct rtnl_link *more;

	if (nlh->nlmsg_type != RTM_NEWLINK ||
	    nlmsg_parse(nlh, sizeof(struct ifinfomsg), tb, IFLA_MAX, NULL))
		return 0;
	more = realloc(links->list, (links->n + 1) * sizeof(*more));
	if (!more)
		return -ENOMEM;
	links->list = more;
	link_parse(&more[links->n++], nlmsg_data(nlh), tb);
	return 0;
}

/**
 * rtnl_links - all interfaces of this network namespace
 * @links: gets them, to be freed; NULL if there is none
 * @n: gets how many they are
 *
 * Return: 0 or a negative errno.
 */
int rtnl_links(struct rtnl_link **links, unsigned int *n)
{
	struct ifinfomsg ifi = { .ifi_family = AF_UNSPEC };
	struct links found = { .list = NULL };
	int err = ask(request(RTM_GETLINK, NLM_F_DUMP, &ifi, sizeof(ifi)), on_link, &found);

	if (err) {
		free(found.list);
		found = (struct links){ .list = NULL };
	}
	*links = found.list;
	*n = found.n;
	return err;
}

static void take_host(struct rtnl_host *host, int family, const struct nlattr *addr)
{
	int len = family == AF_INET ? 4 : 16;

	if (!addr || nla_len(addr) < len)
		return;
	host->family = family == AF_INET ? 4 : 6;
	memcpy(host->addr, nla_data(addr), len);
}

static int on_way(void *arg, struct nlmsghdr *nlh)
{
	const struct rtmsg *rtm = nlmsg_data(nlh);
	struct nlattr *tb[RTA_MAX + 1];
	struct rtnl_route *route = arg;

	if (nlh->nlmsg_type != RTM_NEWROUTE ||
	    nlmsg_parse(nlh, sizeof(*rtm), tb, RTA_MAX, NULL) || !tb[RTA_OIF])
		return -ENETUNREACH;
	/* IPv6 tells of such a route instead of refusing it. */
	switch (rtm->rtm_type) {
	case RTN_UNREACHABLE:
		return -EHOSTUNREACH;
	case RTN_PROHIBIT:
		return -EACCES;
	case RTN_BLACKHOLE:
		return -EINVAL;
	}
	route->ifindex = nla_get_u32(tb[RTA_OIF]);
	take_host(&route->gateway, rtm->rtm_family, tb[RTA_GATEWAY]);
	take_host(&route->source, rtm->rtm_family, tb[RTA_PREFSRC]);
	return 0;
}

/**
 * rtnl_route - by which way an address is reached
 * @family: 4 or 6
 * @addr: the address
 * @ifindex: interface that is prescribed, 0 for the route's
 * @mark: firewall mark of the packet
 * @route: gets the way
 *
 * Return: 0 or a negative errno, as a packet would meet it.
 */
int rtnl_route(int family, const uint8_t *addr, uint32_t ifindex, uint32_t mark,
	       struct rtnl_route *route)
{
	struct rtmsg rtm = {
		.rtm_family = family == 4 ? AF_INET : AF_INET6,
		.rtm_dst_len = family == 4 ? 32 : 128,
	};
	struct nl_msg *msg = request(RTM_GETROUTE, 0, &rtm, sizeof(rtm));

	*route = (struct rtnl_route){ .ifindex = 0 };
	if (!msg)
		return -ENOMEM;
	NLA_PUT(msg, RTA_DST, family == 4 ? 4 : 16, addr);
	if (ifindex)
		NLA_PUT_U32(msg, RTA_OIF, ifindex);
	if (mark)
		NLA_PUT_U32(msg, RTA_MARK, mark);
	return ask(msg, on_way, route);

nla_put_failure:
	nlmsg_free(msg);
	return -EMSGSIZE;
}

/**
 * rtnl_way - by which interface an address is reached
 * @family: 4 or 6
 * @addr: the address
 * @ifindex: interface that is prescribed, 0 for the route's
 * @mark: firewall mark of the packet
 * @leaves_by: gets the interface
 *
 * Return: 0 or a negative errno, as a packet would meet it.
 */
int rtnl_way(int family, const uint8_t *addr, uint32_t ifindex, uint32_t mark,
	     uint32_t *leaves_by)
{
	struct rtnl_route route;
	int err = rtnl_route(family, addr, ifindex, mark, &route);

	*leaves_by = route.ifindex;
	return err;
}

/* The best host so far: the lower the rank the better. */
struct search {
	uint32_t ifindex;
	int rank;
	struct rtnl_host *host;
};

static void propose(struct search *s, int rank, int family, const struct nlattr *addr)
{
	int len = family == AF_INET ? 4 : 16;

	if ((family != AF_INET && family != AF_INET6) || rank >= s->rank ||
	    nla_len(addr) < len)
		return;
	s->rank = rank;
	s->host->family = family == AF_INET ? 4 : 6;
	memset(s->host->addr, 0, sizeof(s->host->addr));
	memcpy(s->host->addr, nla_data(addr), len);
}

static int on_route(void *arg, struct nlmsghdr *nlh)
{
	const struct rtmsg *rtm = nlmsg_data(nlh);
	struct nlattr *tb[RTA_MAX + 1];
	struct search *s = arg;

	if (nlh->nlmsg_type != RTM_NEWROUTE ||
	    nlmsg_parse(nlh, sizeof(*rtm), tb, RTA_MAX, NULL) || !tb[RTA_OIF] ||
	    !tb[RTA_GATEWAY] || nla_get_u32(tb[RTA_OIF]) != s->ifindex)
		return 0;
	/* The default route's router first: it is there for everybody. */
	propose(s, rtm->rtm_dst_len ? 2 : 1, rtm->rtm_family, tb[RTA_GATEWAY]);
	return 0;
}

static int search(struct search *s, int type, void *header, size_t len, rtnl_fn *fn)
{
	int err = ask(request(type, NLM_F_DUMP, header, len), fn, s);

	if (err)
		return err;
	return s->host->family ? 0 : -ENOENT;
}

/**
 * rtnl_gateway - a router that is reached by an interface
 * @ifindex: the interface
 * @host: gets the router
 *
 * Return: 0, -ENOENT if no route names one, or a negative errno.
 */
int rtnl_gateway(uint32_t ifindex, struct rtnl_host *host)
{
	struct search s = { .ifindex = ifindex, .rank = INT32_MAX, .host = host };
	static const int families[] = { AF_INET, AF_INET6 };
	int err = -ENOENT;

	host->family = 0;
	for (int i = 0; i < 2 && err == -ENOENT; i++) {
		struct rtmsg rtm = { .rtm_family = families[i] };

		err = search(&s, RTM_GETROUTE, &rtm, sizeof(rtm), on_route);
	}
	return err;
}

static int on_neighbour(void *arg, struct nlmsghdr *nlh)
{
	const struct ndmsg *ndm = nlmsg_data(nlh);
	struct nlattr *tb[NDA_MAX + 1];
	struct search *s = arg;
	int rank;

	if (nlh->nlmsg_type != RTM_NEWNEIGH ||
	    nlmsg_parse(nlh, sizeof(*ndm), tb, NDA_MAX, NULL) || !tb[NDA_DST] ||
	    (uint32_t)ndm->ndm_ifindex != s->ifindex || ndm->ndm_type != RTN_UNICAST)
		return 0;
	if (ndm->ndm_state & NUD_REACHABLE)
		rank = 1;
	else if (ndm->ndm_state & NUD_PERMANENT)
		rank = 2;
	else if (ndm->ndm_state & (NUD_STALE | NUD_DELAY | NUD_PROBE))
		rank = 3;
	else
		return 0;
	/* IPv4 before IPv6 where both are known equally well. */
	propose(s, 2 * rank + (ndm->ndm_family == AF_INET6), ndm->ndm_family, tb[NDA_DST]);
	return 0;
}

/**
 * rtnl_neighbour - a host on an interface's own link
 * @ifindex: the interface
 * @host: gets the one that is known best
 *
 * Return: 0, -ENOENT if none is known, or a negative errno.
 */
int rtnl_neighbour(uint32_t ifindex, struct rtnl_host *host)
{
	struct search s = { .ifindex = ifindex, .rank = INT32_MAX, .host = host };
	struct ndmsg ndm = { .ndm_family = AF_UNSPEC };

	host->family = 0;
	return search(&s, RTM_GETNEIGH, &ndm, sizeof(ndm), on_neighbour);
}

/* Whose entry is wanted, and what it says. */
struct entry {
	uint32_t ifindex;
	int family;
	const uint8_t *addr;
	uint16_t state;
	bool found;
};

static int on_entry(void *arg, struct nlmsghdr *nlh)
{
	const struct ndmsg *ndm = nlmsg_data(nlh);
	struct nlattr *tb[NDA_MAX + 1];
	struct entry *e = arg;
	int len = e->family == 4 ? 4 : 16;

	if (nlh->nlmsg_type != RTM_NEWNEIGH ||
	    nlmsg_parse(nlh, sizeof(*ndm), tb, NDA_MAX, NULL) || !tb[NDA_DST] ||
	    (uint32_t)ndm->ndm_ifindex != e->ifindex || nla_len(tb[NDA_DST]) != len ||
	    memcmp(nla_data(tb[NDA_DST]), e->addr, len))
		return 0;
	e->state = ndm->ndm_state;
	e->found = true;
	return 0;
}

/**
 * rtnl_neighbour_state - what is known of a host on an interface's own link
 * @ifindex: the interface
 * @family: 4 or 6
 * @addr: the host
 *
 * Return: "reachable", "stale", "delay", "probe", "incomplete", "failed", "permanent" or
 * "noarp" as ip(8) says it, or "none".
 */
const char *rtnl_neighbour_state(uint32_t ifindex, int family, const uint8_t *addr)
{
	static const struct {
		uint16_t state;
		const char *name;
	} names[] = {
		{ NUD_REACHABLE, "reachable" }, { NUD_STALE, "stale" }, { NUD_DELAY, "delay" },
		{ NUD_PROBE, "probe" }, { NUD_INCOMPLETE, "incomplete" },
		{ NUD_FAILED, "failed" }, { NUD_PERMANENT, "permanent" }, { NUD_NOARP, "noarp" },
	};
	struct ndmsg ndm = { .ndm_family = family == 4 ? AF_INET : AF_INET6 };
	struct entry e = { .ifindex = ifindex, .family = family, .addr = addr };

	if (ask(request(RTM_GETNEIGH, NLM_F_DUMP, &ndm, sizeof(ndm)), on_entry, &e))
		return "none";
	for (unsigned int i = 0; e.found && i < sizeof(names) / sizeof(names[0]); i++)
		if (e.state & names[i].state)
			return names[i].name;
	return "none";
}
