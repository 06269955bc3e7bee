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
/* ICMP timestamp: three of them behind what an echo has */
#define ICMPCTL_TIMESTAMP_LEN	20
/* ICMP address mask: the mask behind what an echo has */
#define ICMPCTL_MASK_LEN	12

/* So many UDP or TCP probes of one source port can be told apart. */
#define ICMPCTL_KEYS		32768

/* So many extended echo requests of one identifier can be told apart. */
#define ICMPCTL_EXTENDED_KEYS	256

/*
 * What an extended echo request has behind its header (RFC 8335): the head of an extension,
 * the head of its object, and at most a name, filled up to a multiple of 4.
 */
#define ICMPCTL_QUERY_HLEN	8
#define ICMPCTL_QUERY_MAX	64

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
 * enum icmpctl_query_by - by what an extended echo request names an interface
 * @ICMPCTL_QUERY_BY_TARGET: by the address it goes to.
 * @ICMPCTL_QUERY_BY_NAME: this and the others are the C-types of RFC 8335, 2.1.
 * @ICMPCTL_QUERY_BY_INDEX: by its index.
 * @ICMPCTL_QUERY_BY_ADDRESS: by an address.
 */
enum icmpctl_query_by {
	ICMPCTL_QUERY_BY_TARGET,
	ICMPCTL_QUERY_BY_NAME,
	ICMPCTL_QUERY_BY_INDEX,
	ICMPCTL_QUERY_BY_ADDRESS,
};

/**
 * struct icmpctl_query - which interface an extended echo request asks about
 * @by: enum icmpctl_query_by.
 * @len: bytes of @data in use, a multiple of 4.
 * @data: what names it, as on the wire; nothing with BY_TARGET.
 */
struct icmpctl_query {
	u8 by;
	u8 len;
	u8 data[ICMPCTL_QUERY_MAX];
};

/**
 * enum icmpctl_msg_kind - what a message may mean to us
 * @ICMPCTL_MSG_OTHER: nothing: not an answer, too short, or not understood.
 * @ICMPCTL_MSG_REPLY: a reply to one of the ICMP requests, a datagram, a SYN-ACK or RST.
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
 * @id: identifier of the ICMP reply or of the quoted ICMP request; UDP, TCP: the
 *	probe's source port.
 * @seq: sequence number, likewise; UDP, TCP: the key, less than ICMPCTL_KEYS; extended
 *	echo: less than ICMPCTL_EXTENDED_KEYS.
 * @port: UDP, TCP: the probe's destination port.
 * @info: ERROR: next-hop MTU (IPv4 type 3 code 4, IPv6 type 2) or pointer
 *	(parameter problem). REPLY: timestamp: the receive timestamp; address mask: the
 *	mask; extended echo: state and flags, the last byte of the header. Else 0.
 * @info2: REPLY: timestamp: the transmit timestamp. Else 0.
 * @cookie: first eight bytes of the payload, big-endian, of which UDP gives up the last
 *	two; TCP: see icmpctl_packet_tcp_cookie(); timestamp: the originate timestamp,
 *	see icmpctl_packet_originate(); address mask and extended echo have none.
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
	u32 info2;
	u64 cookie;
	union icmpctl_addr quoted_src;
	union icmpctl_addr quoted_dst;
	union icmpctl_addr gateway;
};

/* Probes of this kind have ports, and are not ICMP. */
static inline bool icmpctl_packet_has_port(u8 kind)
{
	return kind == ICMPCTL_PROBE_UDP || kind == ICMPCTL_PROBE_TCP;
}

/* Identifier and sequence number of an echo are not what names a probe of this kind. */
static inline bool icmpctl_packet_has_stream(u8 kind)
{
	return icmpctl_packet_has_port(kind) || kind == ICMPCTL_PROBE_EXTENDED;
}

/* Probes of this kind carry SESSION_A_SIZE bytes of payload. */
static inline bool icmpctl_packet_has_payload(u8 kind)
{
	return kind == ICMPCTL_PROBE_ECHO || kind == ICMPCTL_PROBE_UDP;
}

/* ICMPv6 has no such message. */
static inline bool icmpctl_packet_is_ipv4_only(u8 kind)
{
	return kind == ICMPCTL_PROBE_TIMESTAMP || kind == ICMPCTL_PROBE_MASK;
}

/* How much of a cookie a TCP probe has room for. */
static inline u32 icmpctl_packet_tcp_cookie(u64 cookie)
{
	return cookie >> 47;
}

/*
 * The originate timestamp of a timestamp request: no time, which RFC 792 has the high bit
 * say, but as much of a cookie as there is room for; it comes back unchanged.
 */
static inline u32 icmpctl_packet_originate(u64 cookie)
{
	return 0x80000000 | cookie >> 33;
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

void icmpctl_packet_timestamp(u8 *msg, u16 id, u16 seq, u64 cookie);
void icmpctl_packet_mask(u8 *msg, u16 id, u16 seq);
void icmpctl_packet_extended(u8 *msg, int family, u16 id, u8 seq,
			     const struct icmpctl_query *query, const union icmpctl_addr *target);
u32 icmpctl_packet_hlen(u8 kind, int family, const struct icmpctl_query *query);
int icmpctl_query_by_name(struct icmpctl_query *query, const char *name, u32 len);
void icmpctl_query_by_index(struct icmpctl_query *query, u32 index);
void icmpctl_query_by_address(struct icmpctl_query *query, int family,
			      const union icmpctl_addr *addr);
u8 icmpctl_packet_request_kind(u8 type, int family);
u8 icmpctl_packet_request_type(u8 kind, int family);
u8 icmpctl_packet_query_reply(const u8 *data, u32 len, struct icmpctl_msg *msg);

void icmpctl_packet_udp_header(u8 *hdr, u16 source, u16 port, u32 len);
void icmpctl_packet_udp_seal(u8 *udp, u16 sum, u16 key);
bool icmpctl_packet_udp_quoted(const u8 *udp, u32 len, struct icmpctl_msg *msg);
void icmpctl_packet_udp_parse(const u8 *data, u32 len, struct icmpctl_msg *msg);

void icmpctl_packet_tcp_header(u8 *hdr, u16 source, u16 port, u16 mss, u16 key, u64 cookie);
bool icmpctl_packet_tcp_quoted(const u8 *tcp, u32 len, struct icmpctl_msg *msg);
void icmpctl_packet_tcp_parse(const u8 *data, u32 len, struct icmpctl_msg *msg);

#endif /* _ICMPCTL_CORE_PACKET_H */
