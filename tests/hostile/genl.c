// SPDX-License-Identifier: GPL-2.0
/*
 * genl.c - netlink by hand
 */
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "genl.h"

uint64_t chance_next(struct chance *chance)
{
	uint64_t z = chance->state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

uint32_t chance_below(struct chance *chance, uint32_t n)
{
	return (chance_next(chance) >> 32) * n >> 32;
}

bool chance_one_in(struct chance *chance, uint32_t n)
{
	return !chance_below(chance, n);
}

static void append(struct message *m, const void *data, size_t len)
{
	if (len > m->room - m->len)
		len = m->room - m->len;
	if (data)
		memcpy(m->data + m->len, data, len);
	else
		memset(m->data + m->len, 0, len);
	m->len += len;
}

static void align(struct message *m)
{
	append(m, NULL, NLMSG_ALIGN(m->len) - m->len);
}

size_t message_begin(struct message *m, uint16_t type, uint16_t flags, uint32_t seq, uint8_t cmd,
		     uint8_t version)
{
	size_t start = m->len;
	struct nlmsghdr nlh = { .nlmsg_type = type, .nlmsg_flags = flags, .nlmsg_seq = seq };
	struct genlmsghdr genl = { .cmd = cmd, .version = version };

	append(m, &nlh, sizeof(nlh));
	append(m, &genl, sizeof(genl));
	return start;
}

void message_end(struct message *m, size_t start)
{
	uint32_t len = m->len - start;

	memcpy(m->data + start, &len, sizeof(len));
	align(m);
}

size_t message_attr(struct message *m, uint16_t type, const void *data, size_t len)
{
	size_t start = m->len;
	struct nlattr attr = { .nla_len = NLA_HDRLEN + len, .nla_type = type };

	append(m, &attr, sizeof(attr));
	append(m, data, len);
	align(m);
	return start;
}

void message_attr_end(struct message *m, size_t start)
{
	uint16_t len = m->len - start;

	if (start + NLA_HDRLEN <= m->room)
		memcpy(m->data + start, &len, sizeof(len));
}

void message_u32(struct message *m, uint16_t type, uint32_t value)
{
	message_attr(m, type, &value, sizeof(value));
}

void message_u64(struct message *m, uint16_t type, uint64_t value)
{
	message_attr(m, type, &value, sizeof(value));
}

size_t message_nest(struct message *m, uint16_t type)
{
	return message_attr(m, type | NLA_F_NESTED, NULL, 0);
}

void message_address(struct message *m, uint16_t type, const char *text)
{
	uint8_t address[16];
	int family = strchr(text, ':') ? AF_INET6 : AF_INET;

	if (inet_pton(family, text, address) == 1)
		message_attr(m, type, address, family == AF_INET6 ? 16 : 4);
}

int genl_open(int rcvbuf)
{
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC), on = 1;

	if (fd < 0 || bind(fd, (void *)&addr, sizeof(addr)) ||
	    setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on)) ||
	    setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on))) {
		perror("netlink socket");
		return -1;
	}
	/* Root of a user namespace has as much as anybody may. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &rcvbuf, sizeof(rcvbuf)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &rcvbuf, sizeof(rcvbuf));
	return fd;
}

const struct nlattr *genl_find(const void *at, size_t len, uint16_t type)
{
	const uint8_t *data = at;

	while (len >= NLA_HDRLEN) {
		const struct nlattr *attr = (const void *)data;
		size_t step = NLA_ALIGN(attr->nla_len);

		if (attr->nla_len < NLA_HDRLEN || attr->nla_len > len)
			return NULL;
		if ((attr->nla_type & NLA_TYPE_MASK) == type)
			return attr;
		if (step > len)
			return NULL;
		data += step;
		len -= step;
	}
	return NULL;
}

uint16_t genl_family(int fd, const char *name)
{
	uint8_t data[8192];
	struct message m = { .data = data, .room = sizeof(data) };
	size_t start = message_begin(&m, GENL_ID_CTRL, NLM_F_REQUEST, 1, CTRL_CMD_GETFAMILY, 1);
	const struct nlattr *attr;
	const struct nlmsghdr *nlh = (void *)data;
	ssize_t len;

	message_attr(&m, CTRL_ATTR_FAMILY_NAME, name, strlen(name) + 1);
	message_end(&m, start);
	if (send(fd, data, m.len, 0) < 0)
		return 0;
	len = recv(fd, data, sizeof(data), 0);
	if (len < (ssize_t)(NLMSG_HDRLEN + GENL_HDRLEN) || nlh->nlmsg_type == NLMSG_ERROR)
		return 0;
	attr = genl_find(data + NLMSG_HDRLEN + GENL_HDRLEN, len - NLMSG_HDRLEN - GENL_HDRLEN,
			 CTRL_ATTR_FAMILY_ID);
	return attr ? *(const uint16_t *)(attr + 1) : 0;
}

int interface_up(const char *name)
{
	struct ifreq request = { .ifr_flags = IFF_UP };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), err;

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	err = fd < 0 || ioctl(fd, SIOCSIFFLAGS, &request);
	if (err)
		perror(name);
	close(fd);
	return err;
}
