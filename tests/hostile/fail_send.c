// SPDX-License-Identifier: GPL-2.0
/*
 * fail_send.c - one request of somebody else's program, without memory
 *
 *	LD_PRELOAD=fail_send.so FAIL_COMMAND=2 FAIL_NTH=5 icmpctl ping ...
 *
 * While a generic netlink request of that number is sent, the kernel refuses its task the nth
 * allocation. So the program shows what it makes of it.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <linux/genetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int number(const char *name)
{
	const char *value = getenv(name);

	return value ? atoi(value) : -1;
}

static void arm(const char *nth)
{
	int fd = open("/proc/thread-self/fail-nth", O_WRONLY | O_CLOEXEC);

	if (fd >= 0 && write(fd, nth, strlen(nth)) < 0)
		_exit(99);
	close(fd);
}

static int is_it(const struct msghdr *msg)
{
	struct {
		struct nlmsghdr nlh;
		struct genlmsghdr genl;
	} head;

	if (!msg->msg_iovlen || msg->msg_iov[0].iov_len < sizeof(head))
		return 0;
	memcpy(&head, msg->msg_iov[0].iov_base, sizeof(head));
	return head.nlh.nlmsg_type > GENL_ID_CTRL && head.genl.cmd == number("FAIL_COMMAND");
}

ssize_t sendmsg(int fd, const struct msghdr *msg, int flags)
{
	ssize_t (*next)(int, const struct msghdr *, int) =
		(ssize_t (*)(int, const struct msghdr *, int))dlsym(RTLD_NEXT, "sendmsg");
	int here = is_it(msg);
	ssize_t sent;

	if (here)
		arm(getenv("FAIL_NTH"));
	sent = next(fd, msg, flags);
	if (here)
		arm("0");
	return sent;
}
