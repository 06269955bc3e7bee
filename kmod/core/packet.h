/* SPDX-License-Identifier: GPL-2.0 */
/*
 * packet.h - the bytes of a probe and of its answers
 *
 * Pure: bytes in, bytes and plain structures out. Nothing here sees an sk_buff.
 */
#ifndef _ICMPCTL_CORE_PACKET_H
#define _ICMPCTL_CORE_PACKET_H

#include <linux/types.h>
#include <uapi/linux/icmpctl.h>

#include "addr.h"

/* ICMP and ICMPv6 echo: type, code, checksum, identifier, sequence number */
#define ICMPCTL_ICMP_HLEN	8
#define ICMPCTL_UDP_HLEN	8
/* TCP: with the maximum segment size */
#define ICMPCTL_TCP_HLEN	24

/* So many UDP or TCP probes of one source port can be told apart. */
#define ICMPCTL_KEYS		32768

/* A payload of at least this size begins with a cookie. */
#define ICMPCTL_COOKIE_LEN	8

/*
 * How much of an answer icmpctl_packet_parse() wants to see. The longest is an
 * ICMPv6 redirect: header and addresses (40), the router's link-layer address (8
 * to 24), the head of the option that quotes (8), an IPv6 header with a fragment
 * header (48), and the quoted ICMPv6 header with its cookie (16). The rest is
 * for extension headers.
 */
#define ICMPCTL_PARSE_LEN	160U

/**
 * struct icmpctl_payload - what a probe carries behind its ICMP header
 * @cookie: proof that an answer is one to this probe; the first eight bytes,
 *	big-endian, of a payload of at least that size.
 * @size: bytes of payload.
 * @pattern_len: bytes of @pattern in use; 0: byte i of the payload is i % 256.
 * @pattern: repeated over the payload: byte i is pattern[i % pattern_len].
 */
struct icmpctl_payload {
	u64 cookie;
	u32 size;
	u8 pattern_len;
	u8 pattern[16];
};

/**
 * enum icmpctl_msg_kind - what a message may mean to us
 * @ICMPCTL_MSG_OTHER: nothing: not an answer, too short, or not understood.
 * @ICMPCTL_MSG_REPLY: an echo reply, a datagram, a SYN-ACK or RST.
 * @ICMPCTL_MSG_ERROR: an ICMP error that quotes a probe.
 * @ICMPCTL_MSG_REDIRECT: an ICMP redirect that quotes a probe.
 */
enum icmpctl_msg_kind {
	ICMPCTL_MSG_OTHER,
	ICMPCTL_MSG_REPLY,
	ICMPCTL_MSG_ERROR,
	ICMPCTL_MSG_REDIRECT,
};

/**
 * struct icmpctl_msg - one received message, decoded
 * @kind: enum icmpctl_msg_kind; for OTHER only @type and @code may be looked at.
 * @probe: enum icmpctl_probe_kind of what it answers or quotes.
 * @type: ICMP or ICMPv6 type as received; 0 without ICMP.
 * @code: code as received; likewise.
 * @tcp_flags: REPLY to a TCP probe: its flags.
 * @has_cookie: @cookie was within the bytes that came. A quoted one of 0 counts as
 *	padding, which some routers put behind the eight bytes they quote.
 * @quoted_ttl: ERROR, REDIRECT: TTL or hop limit in the quoted header.
 * @id: identifier of the echo reply or of the quoted echo request; UDP, TCP: the
 *	probe's source port.
 * @seq: sequence number, likewise; UDP, TCP: the key, less than ICMPCTL_KEYS.
 * @port: UDP, TCP: the probe's destination port.
 * @info: ERROR: next-hop MTU (IPv4 type 3 code 4, IPv6 type 2) or pointer
 *	(parameter problem); else 0.
 * @cookie: first eight bytes of the payload, big-endian, of which UDP gives up the last
 *	two; TCP: see icmpctl_packet_tcp_cookie().
 * @quoted_src: ERROR, REDIRECT: source address of the quoted packet.
 * @quoted_dst: ERROR, REDIRECT: destination address of the quoted packet.
 * @gateway: REDIRECT: the better next hop.
 */
struct icmpctl_msg {
	u8 kind;
	u8 probe;
	u8 type;
	u8 code;
	u8 tcp_flags;
	bool has_cookie;
	u8 quoted_ttl;
	u16 id;
	u16 seq;
	u16 port;
	u32 info;
	u64 cookie;
	union icmpctl_addr quoted_src;
	union icmpctl_addr quoted_dst;
	union icmpctl_addr gateway;
};

/* Bytes between IP header and payload. */
static inline u32 icmpctl_packet_hlen(u8 kind)
{
	return kind == ICMPCTL_PROBE_TCP ? ICMPCTL_TCP_HLEN : ICMPCTL_ICMP_HLEN;
}

/* How much of a cookie a TCP probe has room for. */
static inline u32 icmpctl_packet_tcp_cookie(u64 cookie)
{
	return cookie >> 47;
}

/* The checksum of the UDP probe that a key names: never 0, which would mean none. */
static inline u16 icmpctl_packet_udp_check(u16 key)
{
	return ICMPCTL_KEYS | key;
}

void icmpctl_packet_header(u8 *hdr, int family, u16 id, u16 seq);
void icmpctl_packet_fill(const struct icmpctl_payload *payload, u8 *buf,
			 u32 offset, u32 len);
u32 icmpctl_packet_verify(const struct icmpctl_payload *payload, const u8 *buf,
			  u32 offset, u32 len);
void icmpctl_packet_parse(const u8 *data, u32 len, int family,
			  struct icmpctl_msg *msg);

void icmpctl_packet_udp_header(u8 *hdr, u16 source, u16 port, u32 len);
void icmpctl_packet_udp_seal(u8 *udp, u16 sum, u16 key);
bool icmpctl_packet_udp_quoted(const u8 *udp, u32 len, struct icmpctl_msg *msg);
void icmpctl_packet_udp_parse(const u8 *data, u32 len, struct icmpctl_msg *msg);

void icmpctl_packet_tcp_header(u8 *hdr, u16 source, u16 port, u16 mss, u16 key, u64 cookie);
bool icmpctl_packet_tcp_quoted(const u8 *tcp, u32 len, struct icmpctl_msg *msg);
void icmpctl_packet_tcp_parse(const u8 *data, u32 len, struct icmpctl_msg *msg);

#endif /* _ICMPCTL_CORE_PACKET_H */
