// SPDX-License-Identifier: GPL-2.0
/*
 * Does a host that does not reply to echo requests answer anything else? A TCP
 * connection that is accepted or refused, or a UDP datagram that is answered by "port
 * unreachable", says that it is up. Nothing is sent on a connection, and it is closed at
 * once.
 */
#include "lib/knock.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* What most hosts have open, and what traceroute asks because nobody has. */
static const struct {
	uint16_t port;
	int type;
} doors[KNOCKS] = {
	{ 443, SOCK_STREAM }, { 80, SOCK_STREAM }, { 22, SOCK_STREAM }, { 33434, SOCK_DGRAM },
};

union address {
	struct sockaddr sa;
	struct sockaddr_in sin;
	struct sockaddr_in6 sin6;
};

static socklen_t fill(union address *a, int family, const uint8_t *addr, uint16_t port,
		      uint32_t scope)
{
	memset(a, 0, sizeof(*a));
	if (family == 4) {
		a->sin.sin_family = AF_INET;
		a->sin.sin_port = htons(port);
		memcpy(&a->sin.sin_addr, addr, 4);
		return sizeof(a->sin);
	}
	a->sin6.sin6_family = AF_INET6;
	a->sin6.sin6_port = htons(port);
	a->sin6.sin6_scope_id = scope;
	memcpy(&a->sin6.sin6_addr, addr, 16);
	return sizeof(a->sin6);
}

static void hear(struct knock *k, int i, int error)
{
	if (error == 0 && doors[i].type == SOCK_STREAM)
		k->heard = KNOCK_OPEN;
	else if (error == ECONNREFUSED)
		k->heard = doors[i].type == SOCK_STREAM ? KNOCK_CLOSED : KNOCK_UDP;
	if (k->heard)
		k->port = doors[i].port;
}

static void shut(struct knock *k, int i)
{
	if (k->fd[i] >= 0)
		close(k->fd[i]);
	k->fd[i] = -1;
}

/**
 * knock_start - ask a host
 * @k: to be closed with knock_close()
 * @t: the host
 * @device: interface to leave by, NULL for the route's
 * @mark: firewall mark, 0 for none
 * @source: source address, NULL for the route's
 */
void knock_start(struct knock *k, const struct target *t, const char *device, uint32_t mark,
		 const uint8_t *source)
{
	union address to, from;

	*k = (struct knock){ .heard = KNOCK_NOTHING };
	for (int i = 0; i < KNOCKS; i++) {
		socklen_t len = fill(&to, t->family, t->addr, doors[i].port, t->scope);
		int fd = socket(to.sa.sa_family, doors[i].type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

		k->fd[i] = fd;
		if (fd < 0)
			continue;
		if ((device && setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, device,
					  strlen(device) + 1)) ||
		    (mark && setsockopt(fd, SOL_SOCKET, SO_MARK, &mark, sizeof(mark))) ||
		    (source && bind(fd, &from.sa, fill(&from, t->family, source, 0, t->scope)))) {
			shut(k, i);
			continue;
		}
		if (connect(fd, &to.sa, len) && errno != EINPROGRESS) {
			hear(k, i, errno);
			shut(k, i);
		} else if (doors[i].type == SOCK_DGRAM && send(fd, "", 1, 0) < 0) {
			hear(k, i, errno);
			shut(k, i);
		}
	}
}

/**
 * knock_poll - has it answered
 * @k: the sockets
 *
 * Return: true if it has, or if no answer can come any more.
 */
bool knock_poll(struct knock *k)
{
	bool open = false;

	for (int i = 0; i < KNOCKS && !k->heard; i++) {
		struct pollfd pfd = {
			.fd = k->fd[i],
			.events = doors[i].type == SOCK_STREAM ? POLLOUT : POLLIN,
		};
		socklen_t len = sizeof(int);
		int error = 0;

		if (k->fd[i] < 0)
			continue;
		open = true;
		if (poll(&pfd, 1, 0) <= 0)
			continue;
		if (getsockopt(k->fd[i], SOL_SOCKET, SO_ERROR, &error, &len))
			error = errno;
		hear(k, i, error);
		shut(k, i);
	}
	return k->heard || !open;
}

/**
 * knock_close - ask no longer
 * @k: the sockets
 */
void knock_close(struct knock *k)
{
	for (int i = 0; i < KNOCKS; i++)
		shut(k, i);
}
