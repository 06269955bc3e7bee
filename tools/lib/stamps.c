// SPDX-License-Identifier: GPL-2.0
/* Which time stamps the interfaces of this network namespace can take, and do. */
#include "lib/stamps.h"

#include <errno.h>
#include <linux/ethtool.h>
#include <linux/net_tstamp.h>
#include <linux/sockios.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static void ask(int fd, struct stamps *s, const char *name)
{
	struct ethtool_ts_info info = { .cmd = ETHTOOL_GET_TS_INFO };
	struct ifreq ifr = { .ifr_data = (void *)&info };
	struct hwtstamp_config set = { .flags = 0 };

	*s = (struct stamps){ .clock = -1 };
	snprintf(s->name, sizeof(s->name), "%s", name);
	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", name);
	if (fd < 0 || ioctl(fd, SIOCETHTOOL, &ifr)) {
		s->error = errno;
		return;
	}
	s->known = true;
	s->driver_tx = info.so_timestamping & SOF_TIMESTAMPING_TX_SOFTWARE;
	s->hardware_tx = info.so_timestamping & SOF_TIMESTAMPING_TX_HARDWARE;
	s->hardware_rx = info.so_timestamping & SOF_TIMESTAMPING_RX_HARDWARE;
	s->hardware_rx_all = s->hardware_rx && info.rx_filters & (1U << HWTSTAMP_FILTER_ALL);
	s->clock = info.phc_index;
	if (!s->hardware_tx && !s->hardware_rx)
		return;
	ifr.ifr_data = (void *)&set;
	if (ioctl(fd, SIOCGHWTSTAMP, &ifr))
		return;
	s->set_known = true;
	s->tx_on = set.tx_type != HWTSTAMP_TX_OFF;
	s->rx_on = set.rx_filter == HWTSTAMP_FILTER_ALL;
}

/**
 * stamps_ask - ask one interface
 * @s: gets what it can, and what is switched on
 * @name: its name
 */
void stamps_ask(struct stamps *s, const char *name)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	ask(fd, s, name);
	if (fd >= 0)
		close(fd);
}

/**
 * stamps_best - which stamps an interface will take
 * @s: what it told
 * @wanted: the best that are to be used
 *
 * Return: those that are to be expected; what each RTT rests on is in its record.
 */
enum icmpctl_timestamps stamps_best(const struct stamps *s, enum icmpctl_timestamps wanted)
{
	bool hardware = wanted == ICMPCTL_TIMESTAMPS_AUTO ||
			wanted == ICMPCTL_TIMESTAMPS_HARDWARE;

	if (hardware && s->set_known && s->tx_on && s->rx_on)
		return ICMPCTL_TIMESTAMPS_HARDWARE;
	if (wanted != ICMPCTL_TIMESTAMPS_HOOK && s->known && s->driver_tx)
		return ICMPCTL_TIMESTAMPS_DRIVER;
	return ICMPCTL_TIMESTAMPS_HOOK;
}

/**
 * stamps_list - ask all interfaces
 * @n: gets how many they are
 *
 * Return: what they can, to be freed; NULL if there is none.
 */
struct stamps *stamps_list(unsigned int *n)
{
	struct if_nameindex *list = if_nameindex();
	struct stamps *stamps = NULL;
	unsigned int count = 0;
	int fd;

	*n = 0;
	if (!list)
		return NULL;
	while (list[count].if_index)
		count++;
	if (count)
		stamps = calloc(count, sizeof(*stamps));
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	for (unsigned int i = 0; stamps && i < count; i++)
		ask(fd, &stamps[i], list[i].if_name);
	if (stamps)
		*n = count;
	if (fd >= 0)
		close(fd);
	if_freenameindex(list);
	return stamps;
}
