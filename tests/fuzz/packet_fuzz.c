// SPDX-License-Identifier: GPL-2.0
/*
 * packet_fuzz.c - libFuzzer target: what is received, as kmod/core reads it
 *
 * The first byte of the input chooses the family and the piece that is verified; the
 * rest is the message. What is parsed lies in memory of its own, of the exact size,
 * so that AddressSanitizer sees a read beyond it.
 */
#include <linux/limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <uapi/linux/icmp.h>
#include <uapi/linux/icmpv6.h>

#include "extension.h"
#include "packet.h"

#define CHECK(condition) do { if (!(condition)) abort(); } while (0)

static const struct icmpctl_payload payloads[] = {
	{ .cookie = 0x0123456789abcdefULL, .size = 56 },
	{ .cookie = 0x0123456789abcdefULL, .size = 7, .pattern_len = 3, .pattern = "abc" },
	{ .cookie = 0, .size = 65507, .pattern_len = 16, .pattern = "0123456789abcdef" },
	{ .cookie = U64_MAX, .size = 1472, .pattern_len = 1, .pattern = "x" },
};

static void check_parse(const u8 *data, u32 len, int family)
{
	struct icmpctl_msg msg, start;

	icmpctl_packet_parse(data, len, family, &msg);
	CHECK(msg.kind <= ICMPCTL_MSG_REDIRECT);
	CHECK(msg.has_cookie || !msg.cookie || msg.kind == ICMPCTL_MSG_OTHER);
	if (len >= 2)
		CHECK(msg.type == data[0] && msg.code == data[1]);
	if (msg.kind != ICMPCTL_MSG_OTHER)
		CHECK(len >= ICMPCTL_ICMP_HLEN);
	if (msg.kind != ICMPCTL_MSG_OTHER && icmpctl_packet_has_port(msg.probe))
		CHECK(msg.kind != ICMPCTL_MSG_REPLY && msg.seq < ICMPCTL_KEYS);
	if (msg.kind != ICMPCTL_MSG_OTHER && msg.probe == ICMPCTL_PROBE_EXTENDED)
		CHECK(msg.seq < ICMPCTL_EXTENDED_KEYS && !msg.has_cookie);
	if (msg.kind != ICMPCTL_MSG_OTHER)
		CHECK(msg.probe <= ICMPCTL_PROBE_MAX);
	if (len <= ICMPCTL_PARSE_LEN)
		return;
	/* What is told by the first bytes, no further ones may contradict. */
	icmpctl_packet_parse(data, ICMPCTL_PARSE_LEN, family, &start);
	CHECK(start.kind == ICMPCTL_MSG_OTHER || !memcmp(&msg, &start, sizeof(msg)) ||
	      !start.has_cookie);
}

/* What is behind a quote: whatever it is has a name. */
static void check_extension(const u8 *data, u32 len, int family)
{
	bool told;
	u32 at;

	if (len < ICMPCTL_ICMP_HLEN)
		return;
	at = icmpctl_extension_offset(data, len, family, &told);
	if (at && at < len)
		CHECK(icmpctl_extension_check(data + at, len - at, told) <=
		      ICMPCTL_EXTENSION_TOO_LONG);
	/* And of everything as if it were one. */
	CHECK(icmpctl_extension_check(data, len, true) != ICMPCTL_EXTENSION_NONE);
	CHECK(icmpctl_extension_check(data, len, false) <= ICMPCTL_EXTENSION_GOOD);
}

/* What comes to a port, and what an error quotes of it: a datagram, a segment. */
static void check_ports(const u8 *data, u32 len)
{
	struct icmpctl_msg msg;

	memset(&msg, 0, sizeof(msg));
	if (icmpctl_packet_udp_quoted(data, len, &msg))
		CHECK(len >= ICMPCTL_UDP_HLEN && msg.probe == ICMPCTL_PROBE_UDP &&
		      msg.seq < ICMPCTL_KEYS && (msg.has_cookie || !msg.cookie));
	memset(&msg, 0, sizeof(msg));
	if (icmpctl_packet_tcp_quoted(data, len, &msg))
		CHECK(len >= 8 && msg.probe == ICMPCTL_PROBE_TCP && msg.has_cookie &&
		      msg.seq < ICMPCTL_KEYS && !(msg.cookie >> 17));

	icmpctl_packet_udp_parse(data, len, &msg);
	CHECK(msg.kind == (len < ICMPCTL_UDP_HLEN ? ICMPCTL_MSG_OTHER : ICMPCTL_MSG_REPLY));
	CHECK(msg.seq < ICMPCTL_KEYS && !msg.code);
	icmpctl_packet_tcp_parse(data, len, &msg);
	CHECK(msg.kind == ICMPCTL_MSG_OTHER || (msg.kind == ICMPCTL_MSG_REPLY && len >= 20));
	CHECK(msg.seq < ICMPCTL_KEYS && !(msg.cookie >> 17));
}

/* Whatever verify calls right is what fill would write, and the byte behind is not. */
static void check_verify(const struct icmpctl_payload *payload, const u8 *data, u32 len,
			 u32 offset)
{
	u32 right;
	u8 *want;

	if (offset > payload->size)
		return;
	if (len > payload->size - offset)
		len = payload->size - offset;
	want = malloc(len + !len);
	CHECK(want);
	icmpctl_packet_fill(payload, want, offset, len);
	CHECK(icmpctl_packet_verify(payload, want, offset, len) == len);
	right = icmpctl_packet_verify(payload, data, offset, len);
	CHECK(right <= len);
	CHECK(!memcmp(data, want, right));
	CHECK(right == len || data[right] != want[right]);
	free(want);
}

/* What is sent, quoted, names the same probe. */
static void check_round_trip(const u8 *data, u32 len)
{
	u16 id, port, key, sum;
	struct icmpctl_msg msg;
	u64 cookie;
	u8 hdr[ICMPCTL_TCP_HLEN];

	if (len < 16)
		return;
	memcpy(&id, data, 2);
	memcpy(&port, data + 2, 2);
	memcpy(&key, data + 4, 2);
	memcpy(&sum, data + 6, 2);
	memcpy(&cookie, data + 8, 8);

	icmpctl_packet_header(hdr, AF_INET6, id, port);
	CHECK(hdr[0] == 128 && hdr[4] == id >> 8 && hdr[7] == (port & 0xff));
	key &= ICMPCTL_KEYS - 1;
	memset(&msg, 0, sizeof(msg));
	icmpctl_packet_tcp_header(hdr, id, port, 1460, key, cookie);
	CHECK(icmpctl_packet_tcp_quoted(hdr, sizeof(hdr), &msg) && msg.id == id &&
	      msg.port == port && msg.seq == key &&
	      msg.cookie == icmpctl_packet_tcp_cookie(cookie));
	memset(&msg, 0, sizeof(msg));
	icmpctl_packet_udp_header(hdr, id, port, 8);
	memcpy(hdr + ICMPCTL_UDP_HLEN, data + 8, 8);
	icmpctl_packet_udp_seal(hdr, sum, key);
	CHECK(icmpctl_packet_udp_quoted(hdr, ICMPCTL_UDP_HLEN + 8, &msg) && msg.id == id &&
	      msg.port == port && msg.seq == key);
}

/* An ICMP request, its reply and an error that quotes it name the same probe. */
static void check_request(u8 *request, u32 len, int family, u8 kind, u8 reply_type, u16 id,
			  u16 seq, u64 cookie)
{
	u32 ip_len = family == AF_INET6 ? 40 : 20, error_len = ICMPCTL_ICMP_HLEN + ip_len + len;
	u8 *error = calloc(1, error_len);
	u8 *ip = error + ICMPCTL_ICMP_HLEN;
	struct icmpctl_msg msg;

	CHECK(error);
	CHECK(request[0] == icmpctl_packet_request_type(kind, family));
	CHECK(icmpctl_packet_request_kind(request[0], family) == kind);
	icmpctl_packet_parse(request, len, family, &msg);
	CHECK(msg.kind == ICMPCTL_MSG_OTHER);

	error[0] = family == AF_INET6 ? ICMPV6_TIME_EXCEED : ICMP_TIME_EXCEEDED;
	ip[0] = family == AF_INET6 ? 0x60 : 0x45;
	ip[family == AF_INET6 ? 6 : 9] = family == AF_INET6 ? 58 : 1;
	memcpy(ip + ip_len, request, len);
	icmpctl_packet_parse(error, error_len, family, &msg);
	CHECK(msg.kind == ICMPCTL_MSG_ERROR && msg.probe == kind && msg.id == id &&
	      msg.seq == seq && msg.cookie == cookie);
	free(error);

	request[0] = reply_type;
	icmpctl_packet_parse(request, len, family, &msg);
	CHECK(msg.kind == ICMPCTL_MSG_REPLY && msg.probe == kind && msg.id == id &&
	      msg.seq == seq && msg.cookie == cookie);
	/* A byte less is none, but of an extended echo, which any head answers. */
	icmpctl_packet_parse(request, len - 1, family, &msg);
	CHECK((msg.kind == ICMPCTL_MSG_REPLY) == (kind == ICMPCTL_PROBE_EXTENDED));
}

/* Requests that are no echo, of such bytes. */
static void check_requests(const u8 *data, u32 len, int family)
{
	static const struct icmpctl_query by_target;
	u8 request[ICMPCTL_TIMESTAMP_LEN], *extended;
	struct icmpctl_query query = by_target;
	union icmpctl_addr addr;
	u16 id, seq;
	u64 cookie;
	u32 size;
	u8 kind;

	if (len < 20)
		return;
	kind = icmpctl_packet_request_kind(data[0], family);
	CHECK(kind > ICMPCTL_PROBE_MAX || icmpctl_packet_request_type(kind, family) == data[0]);
	memcpy(&id, data, 2);
	memcpy(&seq, data + 2, 2);
	memcpy(&cookie, data + 4, 8);
	memcpy(&addr, data + 4, 16);

	icmpctl_packet_timestamp(request, id, seq, cookie);
	CHECK(icmpctl_packet_hlen(ICMPCTL_PROBE_TIMESTAMP, AF_INET, &query) == sizeof(request));
	check_request(request, sizeof(request), AF_INET, ICMPCTL_PROBE_TIMESTAMP,
		      ICMP_TIMESTAMPREPLY, id, seq, icmpctl_packet_originate(cookie));
	icmpctl_packet_mask(request, id, seq);
	CHECK(icmpctl_packet_hlen(ICMPCTL_PROBE_MASK, AF_INET, &query) == ICMPCTL_MASK_LEN);
	check_request(request, ICMPCTL_MASK_LEN, AF_INET, ICMPCTL_PROBE_MASK, ICMP_ADDRESSREPLY,
		      id, seq, 0);

	switch (data[0] & 3) {
	case ICMPCTL_QUERY_BY_NAME:
		if (icmpctl_query_by_name(&query, (const char *)data + 20, len - 20))
			CHECK(len == 20 || len - 20 > ICMPCTL_QUERY_NAME_MAX);
		break;
	case ICMPCTL_QUERY_BY_INDEX:
		icmpctl_query_by_index(&query, cookie);
		break;
	case ICMPCTL_QUERY_BY_ADDRESS:
		icmpctl_query_by_address(&query, data[1] & 1 ? AF_INET6 : AF_INET, &addr);
		break;
	}
	size = icmpctl_packet_hlen(ICMPCTL_PROBE_EXTENDED, family, &query);
	CHECK(size <= ICMPCTL_ICMP_HLEN + ICMPCTL_QUERY_HLEN + ICMPCTL_QUERY_MAX && !(size % 4));
	extended = malloc(size);
	CHECK(extended);
	icmpctl_packet_extended(extended, family, id, seq & 0xff, &query, &addr);
	CHECK(icmpctl_extension_check(extended + ICMPCTL_ICMP_HLEN, size - ICMPCTL_ICMP_HLEN,
				      true) == ICMPCTL_EXTENSION_GOOD);
	check_request(extended, size, family, ICMPCTL_PROBE_EXTENDED,
		      family == AF_INET6 ? ICMPV6_EXT_ECHO_REPLY : ICMP_EXT_ECHOREPLY,
		      id, seq & 0xff, 0);
	free(extended);
	/* What stands before a payload. */
	CHECK(icmpctl_packet_hlen(ICMPCTL_PROBE_ECHO, family, &query) == ICMPCTL_ICMP_HLEN);
	CHECK(icmpctl_packet_hlen(ICMPCTL_PROBE_UDP, family, &query) == ICMPCTL_UDP_HLEN);
	CHECK(icmpctl_packet_hlen(ICMPCTL_PROBE_TCP, family, &query) == ICMPCTL_TCP_HLEN);
}

int LLVMFuzzerTestOneInput(const u8 *input, size_t size)
{
	u32 len, choice;
	u8 *data;

	if (!size)
		return 0;
	choice = input[0];
	len = size - 1;
	data = malloc(len + !len);
	CHECK(data);
	memcpy(data, input + 1, len);
	check_parse(data, len, choice & 1 ? AF_INET6 : AF_INET);
	check_ports(data, len);
	check_extension(data, len, choice & 1 ? AF_INET6 : AF_INET);
	check_round_trip(data, len);
	check_requests(data, len, choice & 1 ? AF_INET6 : AF_INET);
	check_verify(&payloads[choice >> 1 & 3], data, len, choice >> 3);
	free(data);
	return 0;
}
