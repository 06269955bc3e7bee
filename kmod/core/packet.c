// SPDX-License-Identifier: GPL-2.0
/*
 * packet.c - the bytes of a probe and of its answers
 */
#include <linux/in6.h>
#include <linux/minmax.h>
#include <linux/socket.h>
#include <linux/stddef.h>
#include <linux/string.h>
#include <uapi/linux/icmp.h>
#include <uapi/linux/icmpv6.h>
#include <uapi/linux/in.h>
#include <uapi/linux/ip.h>
#include <uapi/linux/ipv6.h>

#include "bytes.h"
#include "packet.h"

/* RFC 4861: redirect, and its option that quotes the packet */
#define ND_REDIRECT		137
#define ND_REDIRECT_HLEN	40
#define ND_OPT_REDIRECTED	4
#define ND_OPT_REDIRECTED_HLEN	8

#define IP4_OFFSET_MASK		0x1fff
#define IP6_OFFSET_MASK		0xfff8
#define IP6_EXT_UNIT		8

/* After so many bytes the pattern of a payload without one comes again. */
#define COUNT_PERIOD		256U

/* So much of a payload is compared at once. */
#define COMPARE_LEN		512U

/* The pattern of a payload without one, once. */
static const u8 counting[COUNT_PERIOD] = {
	0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b,
	0x0c, 0x0d, 0x0e, 0x0f, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17,
	0x18, 0x19, 0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x1f, 0x20, 0x21, 0x22, 0x23,
	0x24, 0x25, 0x26, 0x27, 0x28, 0x29, 0x2a, 0x2b, 0x2c, 0x2d, 0x2e, 0x2f,
	0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3a, 0x3b,
	0x3c, 0x3d, 0x3e, 0x3f, 0x40, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47,
	0x48, 0x49, 0x4a, 0x4b, 0x4c, 0x4d, 0x4e, 0x4f, 0x50, 0x51, 0x52, 0x53,
	0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5a, 0x5b, 0x5c, 0x5d, 0x5e, 0x5f,
	0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b,
	0x6c, 0x6d, 0x6e, 0x6f, 0x70, 0x71, 0x72, 0x73, 0x74, 0x75, 0x76, 0x77,
	0x78, 0x79, 0x7a, 0x7b, 0x7c, 0x7d, 0x7e, 0x7f, 0x80, 0x81, 0x82, 0x83,
	0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x8b, 0x8c, 0x8d, 0x8e, 0x8f,
	0x90, 0x91, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9a, 0x9b,
	0x9c, 0x9d, 0x9e, 0x9f, 0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7,
	0xa8, 0xa9, 0xaa, 0xab, 0xac, 0xad, 0xae, 0xaf, 0xb0, 0xb1, 0xb2, 0xb3,
	0xb4, 0xb5, 0xb6, 0xb7, 0xb8, 0xb9, 0xba, 0xbb, 0xbc, 0xbd, 0xbe, 0xbf,
	0xc0, 0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7, 0xc8, 0xc9, 0xca, 0xcb,
	0xcc, 0xcd, 0xce, 0xcf, 0xd0, 0xd1, 0xd2, 0xd3, 0xd4, 0xd5, 0xd6, 0xd7,
	0xd8, 0xd9, 0xda, 0xdb, 0xdc, 0xdd, 0xde, 0xdf, 0xe0, 0xe1, 0xe2, 0xe3,
	0xe4, 0xe5, 0xe6, 0xe7, 0xe8, 0xe9, 0xea, 0xeb, 0xec, 0xed, 0xee, 0xef,
	0xf0, 0xf1, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8, 0xf9, 0xfa, 0xfb,
	0xfc, 0xfd, 0xfe, 0xff,
};

/**
 * struct quote - the packet that an error or a redirect quotes
 * @data: its first byte.
 * @len: bytes of it that came.
 * @told_len: length of it as the message tells (RFC 4884); 0: not told.
 */
struct quote {
	const u8 *data;
	u32 len;
	u32 told_len;
};

/**
 * icmpctl_packet_header() - write the header of an echo request
 * @hdr: <- ICMPCTL_ICMP_HLEN bytes, the checksum being 0.
 * @family: AF_INET or AF_INET6.
 * @id: identifier.
 * @seq: sequence number.
 */
void icmpctl_packet_header(u8 *hdr, int family, u16 id, u16 seq)
{
	memset(hdr, 0, ICMPCTL_ICMP_HLEN);
	hdr[0] = family == AF_INET6 ? ICMPV6_ECHO_REQUEST : ICMP_ECHO;
	put_be16(hdr + 4, id);
	put_be16(hdr + 6, seq);
}

static u32 period(const struct icmpctl_payload *payload)
{
	return payload->pattern_len ?: COUNT_PERIOD;
}

/* Bytes of [@offset, @offset + @len) that belong to the cookie. */
static u32 cookie_part(const struct icmpctl_payload *payload, u32 offset, u32 len)
{
	if (payload->size < ICMPCTL_COOKIE_LEN || offset >= ICMPCTL_COOKIE_LEN)
		return 0;
	return min(len, ICMPCTL_COOKIE_LEN - offset);
}

static u8 cookie_byte(const struct icmpctl_payload *payload, u32 i)
{
	return payload->cookie >> (8 * (ICMPCTL_COOKIE_LEN - 1 - i));
}

static u8 pattern_byte(const struct icmpctl_payload *payload, u32 i)
{
	return payload->pattern[i % payload->pattern_len];
}

/* One period or less of the pattern, from byte @offset of the payload on. */
static void pattern_fill(const struct icmpctl_payload *payload, u8 *buf, u32 offset, u32 len)
{
	u32 at = offset % COUNT_PERIOD;
	u32 part = min(len, COUNT_PERIOD - at);
	u32 i;

	if (!payload->pattern_len) {
		memcpy(buf, counting + at, part);
		memcpy(buf + part, counting, len - part);
		return;
	}
	for (i = 0; i < len; i++)
		buf[i] = pattern_byte(payload, offset + i);
}

/* How many bytes are alike, up to the first that is not. */
static u32 alike(const u8 *a, const u8 *b, u32 len)
{
	u32 i;

	if (!memcmp(a, b, len))
		return len;
	for (i = 0; a[i] == b[i]; i++)
		;
	return i;
}

/* How many bytes of one period or less are the pattern's. */
static u32 pattern_verify(const struct icmpctl_payload *payload, const u8 *buf, u32 offset,
			  u32 len)
{
	u32 at = offset % COUNT_PERIOD;
	u32 part = min(len, COUNT_PERIOD - at);
	u8 pattern[sizeof(payload->pattern)];
	u32 right;

	if (payload->pattern_len) {
		pattern_fill(payload, pattern, offset, len);
		return alike(buf, pattern, len);
	}
	right = alike(buf, counting + at, part);
	if (right == part)
		right += alike(buf + part, counting, len - part);
	return right;
}

/**
 * icmpctl_packet_fill() - write a piece of a payload
 * @payload: what it is made of.
 * @buf: <- the piece.
 * @offset: where in the payload it begins.
 * @len: bytes of it.
 */
void icmpctl_packet_fill(const struct icmpctl_payload *payload, u8 *buf,
			 u32 offset, u32 len)
{
	u32 cookie_len = cookie_part(payload, offset, len);
	u32 i, done;

	if (cookie_len == ICMPCTL_COOKIE_LEN)
		put_be64(buf, payload->cookie);
	else
		for (i = 0; i < cookie_len; i++)
			buf[i] = cookie_byte(payload, offset + i);
	buf += cookie_len;
	offset += cookie_len;
	len -= cookie_len;

	/* One period; then it is doubled. */
	done = min(len, period(payload));
	pattern_fill(payload, buf, offset, done);
	while (done < len) {
		u32 part = min(done, len - done);

		memcpy(buf + done, buf, part);
		done += part;
	}
}

/**
 * icmpctl_packet_verify() - compare a received piece with the payload sent
 * @payload: what was sent.
 * @buf: the piece.
 * @offset: where in the payload it begins.
 * @len: bytes of it.
 *
 * Return: how many of its bytes are right, up to the first wrong one; @len when
 * all are.
 */
u32 icmpctl_packet_verify(const struct icmpctl_payload *payload, const u8 *buf,
			  u32 offset, u32 len)
{
	u32 cookie_len = cookie_part(payload, offset, len);
	u32 repeat = period(payload);
	u32 i, head, part;

	if (cookie_len != ICMPCTL_COOKIE_LEN || get_be64(buf) != payload->cookie) {
		for (i = 0; i < cookie_len; i++) {
			if (buf[i] != cookie_byte(payload, offset + i))
				return i;
		}
	}
	head = min(len - cookie_len, repeat);
	i = cookie_len + pattern_verify(payload, buf + cookie_len, offset + cookie_len, head);
	if (i < cookie_len + head)
		return i;
	/* The rest is right as far as it equals what stands one period before it. */
	for (; i < len; i += part) {
		part = min(len - i, COMPARE_LEN);
		if (memcmp(buf + i, buf + i - repeat, part))
			break;
	}
	while (i < len && buf[i] == buf[i - repeat])
		i++;
	return i;
}

/* The quoted ICMP header: is it one of our requests, and which one. */
static bool parse_quoted_icmp(const u8 *icmp, u32 len, int family, struct icmpctl_msg *msg)
{
	if (len < ICMPCTL_ICMP_HLEN || icmp[1])
		return false;
	msg->probe = icmpctl_packet_request_kind(icmp[0], family);
	msg->id = get_be16(icmp + 4);
	msg->seq = get_be16(icmp + 6);
	switch (msg->probe) {
	case ICMPCTL_PROBE_ECHO:
		if (len >= ICMPCTL_ICMP_HLEN + ICMPCTL_COOKIE_LEN)
			msg->cookie = get_be64(icmp + ICMPCTL_ICMP_HLEN);
		break;
	case ICMPCTL_PROBE_TIMESTAMP:
		if (len >= ICMPCTL_ICMP_HLEN + 4)
			msg->cookie = get_be32(icmp + ICMPCTL_ICMP_HLEN);
		break;
	case ICMPCTL_PROBE_MASK:
		break;
	case ICMPCTL_PROBE_EXTENDED:
		msg->seq = icmp[6];
		break;
	default:
		return false;
	}
	msg->has_cookie = msg->cookie;
	return true;
}

/* What is quoted behind the IP headers: is it a probe, and which one. */
static bool parse_quoted(const struct quote *quote, u32 at, u8 protocol, struct icmpctl_msg *msg)
{
	const u8 *data = quote->data + at;
	u32 len;

	if (quote->len < at + ICMPCTL_ICMP_HLEN)
		return false;
	len = quote->len - at;
	/* Behind the length told may be anything: no cookie is taken from there. */
	if (quote->told_len && quote->told_len < quote->len)
		len = quote->told_len < at + ICMPCTL_ICMP_HLEN ? ICMPCTL_ICMP_HLEN
							       : quote->told_len - at;
	switch (protocol) {
	case IPPROTO_ICMP:
		return parse_quoted_icmp(data, len, AF_INET, msg);
	case IPPROTO_ICMPV6:
		return parse_quoted_icmp(data, len, AF_INET6, msg);
	case IPPROTO_UDP:
		return icmpctl_packet_udp_quoted(data, len, msg);
	case IPPROTO_TCP:
		return icmpctl_packet_tcp_quoted(data, len, msg);
	default:
		return false;
	}
}

static bool parse_quote4(const struct quote *quote, struct icmpctl_msg *msg)
{
	struct iphdr ip;

	if (quote->len < sizeof(ip))
		return false;
	memcpy(&ip, quote->data, sizeof(ip));
	/* Only the first fragment has the header behind. */
	if (ip.version != 4 || ip.ihl < 5 || ip.protocol == IPPROTO_ICMPV6 ||
	    get_be16(quote->data + offsetof(struct iphdr, frag_off)) & IP4_OFFSET_MASK)
		return false;
	msg->quoted_ttl = ip.ttl;
	msg->quoted_src.v4 = ip.saddr;
	msg->quoted_dst.v4 = ip.daddr;
	return parse_quoted(quote, ip.ihl * 4, ip.protocol, msg);
}

static bool parse_quote6(const struct quote *quote, struct icmpctl_msg *msg)
{
	u32 at = sizeof(struct ipv6hdr);
	struct ipv6hdr ip;
	u8 next;

	if (quote->len < sizeof(ip))
		return false;
	memcpy(&ip, quote->data, sizeof(ip));
	if (ip.version != 6)
		return false;
	msg->quoted_ttl = ip.hop_limit;
	msg->quoted_src.v6 = ip.saddr;
	msg->quoted_dst.v6 = ip.daddr;

	next = ip.nexthdr;
	while (next != IPPROTO_ICMPV6 && next != IPPROTO_UDP && next != IPPROTO_TCP) {
		const u8 *ext;

		if (quote->len < at + IP6_EXT_UNIT)
			return false;
		ext = quote->data + at;
		switch (next) {
		case IPPROTO_HOPOPTS:
		case IPPROTO_ROUTING:
		case IPPROTO_DSTOPTS:
			at += (ext[1] + 1) * IP6_EXT_UNIT;
			break;
		case IPPROTO_FRAGMENT:
			if (get_be16(ext + 2) & IP6_OFFSET_MASK)
				return false;
			at += IP6_EXT_UNIT;
			break;
		default:
			return false;
		}
		next = ext[0];
	}
	return parse_quoted(quote, at, next, msg);
}

static u8 parse_reply(const u8 *data, u32 len, struct icmpctl_msg *msg)
{
	if (msg->code)
		return ICMPCTL_MSG_OTHER;
	msg->id = get_be16(data + 4);
	msg->seq = get_be16(data + 6);
	if (len >= ICMPCTL_ICMP_HLEN + ICMPCTL_COOKIE_LEN) {
		msg->cookie = get_be64(data + ICMPCTL_ICMP_HLEN);
		msg->has_cookie = true;
	}
	return ICMPCTL_MSG_REPLY;
}

static u8 parse4(const u8 *data, u32 len, struct icmpctl_msg *msg)
{
	struct quote quote = {
		.data = data + ICMPCTL_ICMP_HLEN,
		.len = len - ICMPCTL_ICMP_HLEN,
	};
	u8 kind = ICMPCTL_MSG_ERROR;

	switch (msg->type) {
	case ICMP_ECHOREPLY:
		return parse_reply(data, len, msg);
	case ICMP_TIMESTAMPREPLY:
	case ICMP_ADDRESSREPLY:
	case ICMP_EXT_ECHOREPLY:
		return icmpctl_packet_query_reply(data, len, msg);
	case ICMP_DEST_UNREACH:
		if (msg->code == ICMP_FRAG_NEEDED)
			msg->info = get_be16(data + 6);
		quote.told_len = data[5] * 4;
		break;
	case ICMP_PARAMETERPROB:
		msg->info = data[4];
		quote.told_len = data[5] * 4;
		break;
	case ICMP_TIME_EXCEEDED:
		quote.told_len = data[5] * 4;
		break;
	case ICMP_SOURCE_QUENCH:
		break;
	case ICMP_REDIRECT:
		memcpy(&msg->gateway.v4, data + 4, sizeof(msg->gateway.v4));
		kind = ICMPCTL_MSG_REDIRECT;
		break;
	default:
		return ICMPCTL_MSG_OTHER;
	}
	return parse_quote4(&quote, msg) ? kind : ICMPCTL_MSG_OTHER;
}

static u8 parse_redirect6(const u8 *data, u32 len, struct icmpctl_msg *msg)
{
	u32 at = ND_REDIRECT_HLEN;

	while (len >= at + ND_OPT_REDIRECTED_HLEN) {
		u32 opt_len = data[at + 1] * 8;

		if (!opt_len)
			break;
		if (data[at] == ND_OPT_REDIRECTED) {
			struct quote quote = {
				.data = data + at + ND_OPT_REDIRECTED_HLEN,
				.len = min(opt_len, len - at) - ND_OPT_REDIRECTED_HLEN,
			};

			memcpy(&msg->gateway.v6, data + 8, sizeof(msg->gateway.v6));
			return parse_quote6(&quote, msg) ? ICMPCTL_MSG_REDIRECT :
							   ICMPCTL_MSG_OTHER;
		}
		at += opt_len;
	}
	return ICMPCTL_MSG_OTHER;
}

static u8 parse6(const u8 *data, u32 len, struct icmpctl_msg *msg)
{
	struct quote quote = {
		.data = data + ICMPCTL_ICMP_HLEN,
		.len = len - ICMPCTL_ICMP_HLEN,
	};

	if (msg->type == ICMPV6_ECHO_REPLY)
		return parse_reply(data, len, msg);
	if (msg->type == ICMPV6_EXT_ECHO_REPLY)
		return icmpctl_packet_query_reply(data, len, msg);
	if (msg->type == ND_REDIRECT)
		return parse_redirect6(data, len, msg);
	if (msg->type & ICMPV6_INFOMSG_MASK)
		return ICMPCTL_MSG_OTHER;

	switch (msg->type) {
	case ICMPV6_DEST_UNREACH:
	case ICMPV6_TIME_EXCEED:
		quote.told_len = data[4] * 8;
		break;
	case ICMPV6_PKT_TOOBIG:
	case ICMPV6_PARAMPROB:
		msg->info = get_be32(data + 4);
		break;
	}
	return parse_quote6(&quote, msg) ? ICMPCTL_MSG_ERROR : ICMPCTL_MSG_OTHER;
}

/**
 * icmpctl_packet_parse() - what a received ICMP message says
 * @data: the message from its ICMP header on, checksum not looked at.
 * @len: bytes of it, of which no more than ICMPCTL_PARSE_LEN matter.
 * @family: AF_INET or AF_INET6.
 * @msg: <- the meaning.
 */
void icmpctl_packet_parse(const u8 *data, u32 len, int family,
			  struct icmpctl_msg *msg)
{
	memset(msg, 0, sizeof(*msg));
	if (len < 2)
		return;
	msg->type = data[0];
	msg->code = data[1];
	if (len < ICMPCTL_ICMP_HLEN)
		return;
	msg->kind = family == AF_INET6 ? parse6(data, len, msg) : parse4(data, len, msg);
}
