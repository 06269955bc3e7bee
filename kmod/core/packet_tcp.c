// SPDX-License-Identifier: GPL-2.0
/*
 * packet_tcp.c - TCP probes: SYNs whose number is told by the sequence number
 *
 * The sequence number is among the eight bytes that every router quotes, and whoever
 * answers a SYN must acknowledge it (RFC 9293, 3.5): the lower 15 bits are the key, the
 * upper 17 those of the cookie.
 */
#include <linux/string.h>

#include "bytes.h"
#include "packet.h"

#define TCP_HLEN_MIN	20
#define TCP_SEQ		4
#define TCP_ACK		8
#define TCP_OFFSET	12
#define TCP_FLAGS	13
#define TCP_WINDOW	14
#define TCP_OPTION	20

#define FLAG_SYN	0x02
#define FLAG_RST	0x04
#define FLAG_ACK	0x10

#define OPTION_MSS	0x0204

/* What Linux announces on an Ethernet. */
#define WINDOW		64240

#define KEY_BITS	15

/**
 * icmpctl_packet_tcp_header() - write a SYN
 * @hdr: <- ICMPCTL_TCP_HLEN bytes, the checksum being 0.
 * @source: source port.
 * @port: destination port.
 * @mss: maximum segment size announced, without which some firewalls drop a SYN.
 * @key: what names the probe, less than ICMPCTL_KEYS.
 * @cookie: of the probe.
 */
void icmpctl_packet_tcp_header(u8 *hdr, u16 source, u16 port, u16 mss, u16 key, u64 cookie)
{
	memset(hdr, 0, ICMPCTL_TCP_HLEN);
	put_be16(hdr, source);
	put_be16(hdr + 2, port);
	put_be32(hdr + TCP_SEQ, icmpctl_packet_tcp_cookie(cookie) << KEY_BITS | key);
	hdr[TCP_OFFSET] = ICMPCTL_TCP_HLEN / 4 << 4;
	hdr[TCP_FLAGS] = FLAG_SYN;
	put_be16(hdr + TCP_WINDOW, WINDOW);
	put_be16(hdr + TCP_OPTION, OPTION_MSS);
	put_be16(hdr + TCP_OPTION + 2, mss);
}

static void sequence(struct icmpctl_msg *msg, u32 seq)
{
	msg->probe = ICMPCTL_PROBE_TCP;
	msg->seq = seq & (ICMPCTL_KEYS - 1);
	msg->cookie = seq >> KEY_BITS;
	msg->has_cookie = true;
}

/**
 * icmpctl_packet_tcp_quoted() - which TCP probe is quoted
 * @tcp: the quoted TCP header.
 * @len: bytes that came, of which no more than eight matter.
 * @msg: <- ports, key and the cookie's bits.
 *
 * Return: false if it is none.
 */
bool icmpctl_packet_tcp_quoted(const u8 *tcp, u32 len, struct icmpctl_msg *msg)
{
	if (len < TCP_SEQ + 4)
		return false;
	msg->id = get_be16(tcp);
	msg->port = get_be16(tcp + 2);
	sequence(msg, get_be32(tcp + TCP_SEQ));
	return true;
}

/**
 * icmpctl_packet_tcp_parse() - what a received TCP segment says
 * @data: the segment from its TCP header on, checksum not looked at.
 * @len: bytes of it, of which no more than the header matter.
 * @msg: <- a reply if it is a SYN or RST that acknowledges, else ICMPCTL_MSG_OTHER.
 */
void icmpctl_packet_tcp_parse(const u8 *data, u32 len, struct icmpctl_msg *msg)
{
	memset(msg, 0, sizeof(*msg));
	if (len < TCP_HLEN_MIN)
		return;
	msg->tcp_flags = data[TCP_FLAGS];
	if (!(msg->tcp_flags & FLAG_ACK) || !(msg->tcp_flags & (FLAG_SYN | FLAG_RST)))
		return;
	msg->kind = ICMPCTL_MSG_REPLY;
	msg->id = get_be16(data + 2);
	msg->port = get_be16(data);
	sequence(msg, get_be32(data + TCP_ACK) - 1);
}
