// SPDX-License-Identifier: GPL-2.0
/* The way to the module: found, loaded if need be, of the right version. */
#include "lib/client.h"

#include <errno.h>
#include <linux/icmpctl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/report.h"

/**
 * client_open - open a socket to the module
 * @c: the socket, to be closed with nlc_close() in any case
 * @on_event: gets the events, may be NULL
 * @arg: its first argument
 *
 * A failure is told on stderr.
 *
 * Return: 0 or -1.
 */
int client_open(struct nlc *c, nlc_fn *on_event, void *arg)
{
	int err = nlc_open(c);

	c->first_event = ICMPCTL_CMD_PROBES_EVENT;
	c->on_event = on_event;
	c->arg = arg;
	if (err) {
		report("cannot open a netlink socket: %s", strerror(-err));
		return -1;
	}
	return client_find_module(c);
}

/**
 * client_find_module - find the module's family on an open socket
 * @c: the socket
 *
 * Asking for the family makes the kernel load the module. Where that did not
 * work, we try once ourselves: then we hear why.
 *
 * Return: 0 or -1, and then it was told why.
 */
int client_find_module(struct nlc *c)
{
	struct nlc_refusal why;
	int err;

	err = nlc_family(c, ICMPCTL_FAMILY_NAME, &why);
	if (err == -ENOENT) {
		if (module_load())
			return -1;
		err = nlc_family(c, ICMPCTL_FAMILY_NAME, &why);
		if (err == -ENOENT) {
			module_report_absent();
			return -1;
		}
	}
	if (err) {
		report("cannot ask the kernel for the family %s: %s",
		       ICMPCTL_FAMILY_NAME, strerror(-err));
		return -1;
	}
	if (c->version != ICMPCTL_FAMILY_VERSION) {
		report("the loaded module speaks version %d of the protocol and this command version %d: install both from the same release, then `sudo modprobe -r icmpctl` and try again",
		       c->version, ICMPCTL_FAMILY_VERSION);
		return -1;
	}
	return 0;
}

/**
 * client_report - tell the user why the module refused
 * @why: the refusal
 * @option: what the user gave that is to blame ("-i 1us", a host), or NULL
 * @needs_right: what a user without the right to do it wanted to do
 */
void client_report(const struct nlc_refusal *why, const char *option,
		   const char *needs_right)
{
	const char *text = why->text;

	if (why->error == EPERM && !*text) {
		report("%s needs the capability CAP_NET_ADMIN in this network namespace: try it with sudo",
		       needs_right);
		return;
	}
	if (why->error == ETIMEDOUT && !*text)
		text = "the module did not answer";
	else if ((why->error == ENOMEM || why->error == ENOBUFS) && !*text)
		/* As the module has it: here the netlink core had none, for request or answer. */
		text = "the kernel has not enough memory for this now";
	else if (!*text)
		text = strerror(why->error);
	report("%.200s%s%s%s", option ? option : "", option ? ": " : "", text,
	       why->error == EPERM && geteuid() ? "; try it with sudo" : "");
}

/**
 * client_ipv6_off - is IPv6 switched off in this network namespace
 *
 * Return: true if no interface has it; a missing route is then no surprise.
 */
bool client_ipv6_off(void)
{
	FILE *f = fopen("/proc/sys/net/ipv6/conf/all/disable_ipv6", "re");
	int value = 0;

	if (!f)
		return !access("/proc/sys/net", F_OK);
	if (fscanf(f, "%d", &value) != 1)
		value = 0;
	fclose(f);
	return value != 0;
}

/**
 * client_report_host - tell the user why the module refused to probe a host
 * @why: the refusal, which is about the host
 * @host: as the user gave it
 * @family: 4 or 6
 */
void client_report_host(const struct nlc_refusal *why, const char *host, int family)
{
	if (family == 6 && client_ipv6_off())
		report("%.200s: IPv6 is switched off %s", host,
		       access("/proc/sys/net/ipv6", F_OK) ?
		       "on this machine (ipv6.disable=1 on the kernel's command line)" :
		       "in this network namespace (net.ipv6.conf.all.disable_ipv6 is 1)");
	else
		client_report(why, host, "probing");
}

/**
 * client_report_path - tell the user why the module refused to probe the path to a host
 * @why: the refusal, which is about the host
 * @host: as the user gave it
 * @family: 4 or 6
 *
 * Groups were refused before: what is left is a broadcast address, which only routes tell
 * from others. The module says that it may be asked for; where a path is meant it may not.
 */
void client_report_path(const struct nlc_refusal *why, const char *host, int family)
{
	if (why->error == EACCES && strstr(why->text, "broadcast"))
		report("%.200s: no path leads to a broadcast address", host);
	else
		client_report_host(why, host, family);
}
