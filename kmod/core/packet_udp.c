// SPDX-License-Identifier: GPL-2.0
/*
 * packet_udp.c - UDP probes: their number is told by the checksum
 *
 * Ports stay as they are, so that all probes of a flow go one way, and a router quotes
 * no more than eight bytes for sure: source port, destination port, length, checksum.
 * So the checksum is the one thing that can tell them apart (Augustin et al., "Avoiding
 * traceroute anomalies with Paris traceroute", IMC 2006). Two bytes of the payload make
 * it what it shall be. It is never 0, which would mean that there is none: its first
 * bit is set, and the other 15 are the key.
 */
#include <linux/string.h>

#include "bytes.h"
#include "packet.h"

#define UDP_CHECK	6
/* The last two bytes of the cookie. */
#define UDP_BALANCE	(ICMPCTL_UDP_HLEN + ICMPCTL_COOKIE_LEN - 2)

/**
 * icmpctl_packet_udp_header() - write the header of a UDP probe
 * @hdr: <- ICMPCTL_UDP_HLEN bytes, the checksum being 0.
 * @source: source port.
 * @port: destination port.
 * @len: bytes of payload, at most 65,527.
 */
void icmpctl_packet_udp_header(u8 *hdr, u16 source, u16 port, u32 len)
{
	put_be16(hdr, source);
	put_be16(hdr + 2, port);
	put_be16(hdr + 4, ICMPCTL_UDP_HLEN + len);
	put_be16(hdr + UDP_CHECK, 0);
}

/**
 * icmpctl_packet_udp_seal() - give a UDP probe the checksum that names it
 * @udp: its header and at least the cookie, whose last two bytes are given up; these and
 *	the checksum are written.
 * @sum: sum in one's complement over pseudo-header, header and payload, taken while these
 *	two bytes and the checksum were 0.
 * @key: what shall name it, less than ICMPCTL_KEYS.
 */
void icmpctl_packet_udp_seal(u8 *udp, u16 sum, u16 key)
{
	u16 check = icmpctl_packet_udp_check(key);

	put_be16(udp + UDP_CHECK, check);
	put_be16(udp + UDP_BALANCE, sum_be16(~check, ~sum));
}

/**
 * icmpctl_packet_udp_quoted() - which UDP probe is quoted
 * @udp: the quoted UDP header.
 * @len: bytes that came, of which no more than header and cookie matter.
 * @msg: <- ports, key and cookie.
 *
 * Return: false if it is none that could be ours.
 */
bool icmpctl_packet_udp_quoted(const u8 *udp, u32 len, struct icmpctl_msg *msg)
{
	u16 check;

	if (len < ICMPCTL_UDP_HLEN)
		return false;
	check = get_be16(udp + UDP_CHECK);
	if (!(check & ICMPCTL_KEYS))
		return false;
	msg->probe = ICMPCTL_PROBE_UDP;
	msg->id = get_be16(udp);
	msg->port = get_be16(udp + 2);
	msg->seq = check & (ICMPCTL_KEYS - 1);
	if (len >= ICMPCTL_UDP_HLEN + ICMPCTL_COOKIE_LEN) {
		msg->cookie = get_be64(udp + ICMPCTL_UDP_HLEN);
		msg->has_cookie = msg->cookie;
	}
	return true;
}

/**
 * icmpctl_packet_udp_parse() - what a received datagram says
 * @data: the datagram from its UDP header on, checksum not looked at.
 * @len: bytes of it, of which no more than header and cookie matter.
 * @msg: <- a reply, or ICMPCTL_MSG_OTHER. One that carries what was sent (RFC 862) has
 *	the key and the cookie of the probe: ports and addresses are the same, swapped.
 *	In any other they mean nothing; whose checksum cannot be ours has no cookie.
 */
void icmpctl_packet_udp_parse(const u8 *data, u32 len, struct icmpctl_msg *msg)
{
	u16 check;

	memset(msg, 0, sizeof(*msg));
	if (len < ICMPCTL_UDP_HLEN)
		return;
	check = get_be16(data + UDP_CHECK);
	msg->kind = ICMPCTL_MSG_REPLY;
	msg->probe = ICMPCTL_PROBE_UDP;
	msg->id = get_be16(data + 2);
	msg->port = get_be16(data);
	msg->seq = check & (ICMPCTL_KEYS - 1);
	if (len >= ICMPCTL_UDP_HLEN + ICMPCTL_COOKIE_LEN && check & ICMPCTL_KEYS) {
		msg->cookie = get_be64(data + ICMPCTL_UDP_HLEN);
		msg->has_cookie = true;
	}
}
