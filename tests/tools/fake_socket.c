// SPDX-License-Identifier: GPL-2.0
/*
 * The socket to the module that is none (fake_module.c): what that has to say waits here,
 * a datagram a message, and a descriptor that can be polled says that there is one.
 */
#include <errno.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "fake_module.h"

struct datagram {
	struct datagram *next;
	size_t len;
	char data[];
};

static struct {
	int fd;
	struct datagram *first, **end;
} inbox = { .fd = -1 };

/* One more may be read. */
static void count_one(void)
{
	uint64_t one = 1;

	if (write(inbox.fd, &one, sizeof(one)) != sizeof(one))
		abort();
}

/* Without being counted. */
static void put(struct nl_msg *msg)
{
	struct nl_msg *aged = nlmsg_hdr(msg)->nlmsg_type == FAKE_FAMILY ?
			      fake_aged(nlmsg_hdr(msg)) : NULL;
	struct nlmsghdr *nlh = nlmsg_hdr(aged ? aged : msg);
	struct datagram *d = malloc(sizeof(*d) + nlh->nlmsg_len);

	d->next = NULL;
	d->len = nlh->nlmsg_len;
	memcpy(d->data, nlh, d->len);
	*inbox.end = d;
	inbox.end = &d->next;
	nlmsg_free(aged);
	nlmsg_free(msg);
}

/* A message from the module; it is freed. */
void fake_queue(struct nl_msg *msg)
{
	put(msg);
	count_one();
}

static void *count_later(void *arg)
{
	const unsigned int *ms = arg;

	usleep(*ms * 1000);
	count_one();
	return NULL;
}

/* The same, the last one of all, that comes in so many milliseconds. */
void fake_queue_late(struct nl_msg *msg, unsigned int ms)
{
	static unsigned int later;
	pthread_t thread;

	put(msg);
	later = ms;
	if (pthread_create(&thread, NULL, count_later, &later) || pthread_detach(thread))
		abort();
}

/* A message of a family; @seq is that of the request, or 0 of an event. */
struct nl_msg *fake_begin(uint32_t seq, int type, int command)
{
	struct nl_msg *msg = nlmsg_alloc_size(60000);

	genlmsg_put(msg, 1, seq, type, 0, 0, command, 1);
	return msg;
}

int __wrap_genl_connect(struct nl_sock *sk)
{
	(void)sk;
	inbox.fd = eventfd(0, EFD_SEMAPHORE | EFD_NONBLOCK);
	inbox.end = &inbox.first;
	return inbox.fd < 0 ? -1 : 0;
}

/* What was not read any more goes with it. */
void __wrap_nl_socket_free(struct nl_sock *sk)
{
	while (inbox.first) {
		struct datagram *d = inbox.first;

		inbox.first = d->next;
		free(d);
	}
	if (inbox.fd >= 0)
		close(inbox.fd);
	inbox.fd = -1;
	__real_nl_socket_free(sk);
}

int __wrap_nl_socket_get_fd(const struct nl_sock *sk)
{
	(void)sk;
	return inbox.fd;
}

ssize_t __wrap_recvfrom(int fd, void *buf, size_t len, int flags, struct sockaddr *from,
			socklen_t *from_len)
{
	struct datagram *d = inbox.first;
	uint64_t one;
	size_t n;

	(void)flags, (void)from, (void)from_len;
	if (!d || read(fd, &one, sizeof(one)) != sizeof(one)) {
		errno = EAGAIN;
		return -1;
	}
	inbox.first = d->next;
	if (!inbox.first)
		inbox.end = &inbox.first;
	n = d->len;
	memcpy(buf, d->data, n < len ? n : len);
	free(d);
	return n;
}
