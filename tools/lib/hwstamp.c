// SPDX-License-Identifier: GPL-2.0
/*
 * Hardware stamps switched on for a run, and put back whatever becomes of it.
 *
 * Before the first interface is changed, a guardian is forked: a process of its own
 * session that holds the other end of a channel, is told what was set before, and puts
 * it back when the channel is closed: by hwstamp_restore(), or by the kernel, when the
 * command has ended in another way, SIGKILL included. There is one way back for all
 * ends. What is not covered: both processes killed at once.
 */
#include "lib/hwstamp.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/net_tstamp.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/stamps.h"

#define INTERFACES_MAX 64

/* What the guardian is told: before an interface is changed, and again afterwards. */
struct change {
	uint32_t ifindex;
	bool done;
	struct hwtstamp_config before, after;
};

static int config_ioctl(int fd, int request, uint32_t ifindex,
			struct hwtstamp_config *config)
{
	struct ifreq ifr = { .ifr_ifindex = ifindex };

	/* By number: it may have been renamed meanwhile. */
	if (ioctl(fd, SIOCGIFNAME, &ifr))
		return -errno;
	ifr.ifr_data = (void *)config;
	return ioctl(fd, request, &ifr) ? -errno : 0;
}

static bool same(const struct hwtstamp_config *a, const struct hwtstamp_config *b)
{
	return a->tx_type == b->tx_type && a->rx_filter == b->rx_filter;
}

static bool put_back(int fd, const struct change *c)
{
	struct hwtstamp_config now, before = c->before;
	int err = config_ioctl(fd, SIOCGHWTSTAMP, c->ifindex, &now);

	if (err)
		return err == -ENODEV || err == -ENXIO;
	/* Somebody else has set it since: theirs is what is wanted now. */
	if (same(&now, &c->before) || (c->done && !same(&now, &c->after)))
		return true;
	return !config_ioctl(fd, SIOCSHWTSTAMP, c->ifindex, &before);
}

/* Reads until the command is gone. Only what is safe after fork() is called. */
static void __attribute__((noreturn)) guard(int fd, int from)
{
	struct change change[INTERFACES_MAX], c;
	bool good = true;
	ssize_t len;
	int n = 0;

	for (;;) {
		len = read(from, &c, sizeof(c));
		if (len < 0 && errno == EINTR)
			continue;
		if (len != sizeof(c))
			break;
		if (c.done)
			change[n - 1] = c;
		else
			change[n++] = c;
	}
	while (n-- > 0)
		good = put_back(fd, &change[n]) && good;
	_exit(!good);
}

static void __attribute__((noreturn)) become_guardian(int fd, int from)
{
	static const int ignored[] = { SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGPIPE };
	int null = open("/dev/null", O_RDWR);

	/* Neither Ctrl-C nor the end of the terminal is for it. */
	setsid();
	for (unsigned int i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
		signal(ignored[i], SIG_IGN);
	prctl(PR_SET_NAME, "icmpctl-hwstamp");
	/*
	 * Nothing that was open stays so: who reads the command's output waits for its
	 * end, and the session lasts as long as its socket.
	 */
	for (int i = 0; i <= 2; i++)
		dup2(null, i);
	from = dup2(from, 3);
	fd = dup2(fd, 4);
	if (null < 0 || fd < 0 || from < 0 || close_range(5, ~0U, 0))
		_exit(2);
	guard(fd, from);
}

static int start_guardian(struct hwstamp *h)
{
	int end[2], from, fd;

	if (h->channel >= 0)
		return 0;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, end))
		return -errno;
	/* Out of the way of the numbers that the guardian will use. */
	from = fcntl(end[0], F_DUPFD_CLOEXEC, 16);
	fd = fcntl(h->socket, F_DUPFD_CLOEXEC, 16);
	close(end[0]);
	h->guardian = from < 0 || fd < 0 ? -1 : fork();
	if (!h->guardian)
		become_guardian(fd, from);
	if (from >= 0)
		close(from);
	if (fd >= 0)
		close(fd);
	if (h->guardian < 0) {
		close(end[1]);
		return -EAGAIN;
	}
	h->channel = end[1];
	return 0;
}

static bool tell(struct hwstamp *h, const struct change *c)
{
	return send(h->channel, c, sizeof(*c), MSG_NOSIGNAL) == sizeof(*c);
}

static const char *trouble(int err)
{
	switch (-err) {
	case EPERM:
		return "switching them on needs the capability CAP_NET_ADMIN";
	case EOPNOTSUPP:
	case EINVAL:
	case ERANGE:
		return "the interface stamps only what is not ICMP";
	case ENODEV:
	case ENXIO:
		return "the interface is gone";
	case EBUSY:
		return "the interface is busy";
	}
	return strerror(-err);
}

/**
 * hwstamp_on - have an interface stamp all that it sends and receives
 * @h: what was changed so far
 * @ifindex: the interface
 *
 * One that does so already is left alone. To be called while there is one thread.
 *
 * Return: NULL, or why there will be no hardware stamps, as the end of a sentence.
 */
const char *hwstamp_on(struct hwstamp *h, uint32_t ifindex)
{
	struct change c = { .ifindex = ifindex };
	char name[IF_NAMESIZE] = "";
	struct stamps can;
	int err;

	if (!if_indextoname(ifindex, name))
		return "the interface is gone";
	stamps_ask(&can, name);
	if (!can.known || !can.hardware_tx || !can.hardware_rx)
		return "the interface has none";
	if (h->socket < 0)
		h->socket = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (h->socket < 0)
		return strerror(errno);
	if (config_ioctl(h->socket, SIOCGHWTSTAMP, ifindex, &c.before))
		return "the interface does not tell how it is set, so it could not be put back";
	if (c.before.tx_type == HWTSTAMP_TX_ON && c.before.rx_filter == HWTSTAMP_FILTER_ALL)
		return NULL;
	err = start_guardian(h);
	if (err)
		return strerror(-err);
	if (h->told == INTERFACES_MAX || !tell(h, &c))
		return "they could not be put back afterwards";
	h->told++;
	c.after = (struct hwtstamp_config){
		.flags = c.before.flags,
		.tx_type = HWTSTAMP_TX_ON,
		.rx_filter = HWTSTAMP_FILTER_ALL,
	};
	err = config_ioctl(h->socket, SIOCSHWTSTAMP, ifindex, &c.after);
	if (err)
		return trouble(err);
	c.done = true;
	tell(h, &c);
	/* The driver answers with what it made of it. */
	if (c.after.tx_type == HWTSTAMP_TX_OFF || c.after.rx_filter != HWTSTAMP_FILTER_ALL)
		return "the interface stamps only what is not ICMP";
	return NULL;
}

/**
 * hwstamp_restore - put back what was changed
 * @h: what was changed; nothing afterwards
 *
 * Return: 0, or -1 if not all of it could be put back.
 */
int hwstamp_restore(struct hwstamp *h)
{
	int status = 0;

	if (h->channel >= 0) {
		close(h->channel);
		while (waitpid(h->guardian, &status, 0) < 0 && errno == EINTR)
			;
	}
	if (h->socket >= 0)
		close(h->socket);
	*h = (struct hwstamp)HWSTAMP_NONE;
	return status ? -1 : 0;
}
