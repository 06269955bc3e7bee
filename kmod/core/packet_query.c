// SPDX-License-Identifier: GPL-2.0
/*
 * packet_query.c - the ICMP requests that are no echo: timestamp, address mask, extended echo
 *
 * Identifier and sequence number stand where those of an echo do. A timestamp request has
 * room for a part of the cookie; the others have none, and are named by those two alone.
 */
#include <linux/in6.h>
#include <linux/socket.h>
#include <linux/string.h>
#include <uapi/linux/icmp.h>
#include <uapi/linux/icmpv6.h>

#include "bytes.h"
#include "packet.h"

/* RFC 8335, 2: the local bit, an extension of version 2, its one object */
#define EXTENDED_LOCAL		0x01
#define EXTENSION_VERSION	(2 << 4)
#define INTERFACE_CLASS		3

/* RFC 8335, 2.1: an address is preceded by its family and its length. */
#define ADDRESS_HLEN		4
#define AFI_IPV4		1
#define AFI_IPV6		2

static u32 address_len(int family)
{
	return family == AF_INET6 ? 16 : 4;
}

/**
 * icmpctl_packet_hlen() - bytes between the IP header of a probe and its payload
 * @kind: enum icmpctl_probe_kind.
 * @family: AF_INET or AF_INET6.
 * @query: of an extended echo request.
 *
 * Return: bytes; all of it for a kind without payload.
 */
u32 icmpctl_packet_hlen(u8 kind, int family, const struct icmpctl_query *query)
{
	u32 len = query->len;

	switch (kind) {
	case ICMPCTL_PROBE_TCP:
		return ICMPCTL_TCP_HLEN;
	case ICMPCTL_PROBE_TIMESTAMP:
		return ICMPCTL_TIMESTAMP_LEN;
	case ICMPCTL_PROBE_MASK:
		return ICMPCTL_MASK_LEN;
	case ICMPCTL_PROBE_EXTENDED:
		if (query->by == ICMPCTL_QUERY_BY_TARGET)
			len = ADDRESS_HLEN + address_len(family);
		return ICMPCTL_ICMP_HLEN + ICMPCTL_QUERY_HLEN + len;
	default:
		return ICMPCTL_ICMP_HLEN;
	}
}

/**
 * icmpctl_packet_timestamp() - write a timestamp request (RFC 792)
 * @msg: <- ICMPCTL_TIMESTAMP_LEN bytes, the checksum being 0.
 * @id: identifier.
 * @seq: sequence number.
 * @cookie: of the probe.
 */
void icmpctl_packet_timestamp(u8 *msg, u16 id, u16 seq, u64 cookie)
{
	memset(msg, 0, ICMPCTL_TIMESTAMP_LEN);
	msg[0] = ICMP_TIMESTAMP;
	put_be16(msg + 4, id);
	put_be16(msg + 6, seq);
	put_be32(msg + 8, icmpctl_packet_originate(cookie));
}

/**
 * icmpctl_packet_mask() - write an address mask request (RFC 950)
 * @msg: <- ICMPCTL_MASK_LEN bytes, the checksum being 0.
 * @id: identifier.
 * @seq: sequence number.
 */
void icmpctl_packet_mask(u8 *msg, u16 id, u16 seq)
{
	memset(msg, 0, ICMPCTL_MASK_LEN);
	msg[0] = ICMP_ADDRESS;
	put_be16(msg + 4, id);
	put_be16(msg + 6, seq);
}

/**
 * icmpctl_query_by_name() - ask about the interface of this name
 * @query: <- filled.
 * @name: its bytes.
 * @len: how many.
 *
 * Return: 0, or -1 if there are none or too many.
 */
int icmpctl_query_by_name(struct icmpctl_query *query, const char *name, u32 len)
{
	if (!len || len > ICMPCTL_QUERY_NAME_MAX)
		return -1;
	memset(query, 0, sizeof(*query));
	query->by = ICMPCTL_QUERY_BY_NAME;
	query->len = (len + 3) & ~3U;
	memcpy(query->data, name, len);
	return 0;
}

/**
 * icmpctl_query_by_index() - ask about the interface of this index
 * @query: <- filled.
 * @index: as the host that is asked numbers it.
 */
void icmpctl_query_by_index(struct icmpctl_query *query, u32 index)
{
	memset(query, 0, sizeof(*query));
	query->by = ICMPCTL_QUERY_BY_INDEX;
	query->len = sizeof(index);
	put_be32(query->data, index);
}

/**
 * icmpctl_query_by_address() - ask about the interface that has this address
 * @query: <- filled.
 * @family: AF_INET or AF_INET6.
 * @addr: the address.
 */
void icmpctl_query_by_address(struct icmpctl_query *query, int family,
			      const union icmpctl_addr *addr)
{
	u32 len = address_len(family);

	memset(query, 0, sizeof(*query));
	query->by = ICMPCTL_QUERY_BY_ADDRESS;
	query->len = ADDRESS_HLEN + len;
	put_be16(query->data, family == AF_INET6 ? AFI_IPV6 : AFI_IPV4);
	query->data[2] = len;
	memcpy(query->data + ADDRESS_HLEN, addr->bytes, len);
}

/* The checksum of RFC 1071 over whole words. */
static u16 checksum(const u8 *data, u32 len)
{
	u16 sum = 0;
	u32 i;

	for (i = 0; i < len; i += 2)
		sum = sum_be16(sum, get_be16(data + i));
	return ~sum;
}

/**
 * icmpctl_packet_extended() - write an extended echo request (RFC 8335)
 * @msg: <- as many bytes as icmpctl_packet_hlen() tells, the checksum being 0.
 * @family: AF_INET or AF_INET6.
 * @id: identifier.
 * @seq: sequence number.
 * @query: which interface is asked about.
 * @target: the address it goes to.
 */
void icmpctl_packet_extended(u8 *msg, int family, u16 id, u8 seq,
			     const struct icmpctl_query *query, const union icmpctl_addr *target)
{
	u8 *extension = msg + ICMPCTL_ICMP_HLEN;
	u8 *object = extension + 4;
	struct icmpctl_query own;

	if (query->by == ICMPCTL_QUERY_BY_TARGET) {
		icmpctl_query_by_address(&own, family, target);
		query = &own;
	}
	memset(msg, 0, ICMPCTL_ICMP_HLEN + ICMPCTL_QUERY_HLEN);
	msg[0] = family == AF_INET6 ? ICMPV6_EXT_ECHO_REQUEST : ICMP_EXT_ECHO;
	put_be16(msg + 4, id);
	msg[6] = seq;
	msg[7] = EXTENDED_LOCAL;
	extension[0] = EXTENSION_VERSION;
	put_be16(object, 4 + query->len);
	object[2] = INTERFACE_CLASS;
	object[3] = query->by;
	memcpy(object + 4, query->data, query->len);
	put_be16(extension + 2, checksum(extension, ICMPCTL_QUERY_HLEN + query->len));
}

/**
 * icmpctl_packet_request_type() - which type has this request
 * @kind: enum icmpctl_probe_kind.
 * @family: AF_INET or AF_INET6.
 *
 * Return: ICMP or ICMPv6 type; 0 for none.
 */
u8 icmpctl_packet_request_type(u8 kind, int family)
{
	bool ipv6 = family == AF_INET6;

	switch (kind) {
	case ICMPCTL_PROBE_ECHO:
		return ipv6 ? ICMPV6_ECHO_REQUEST : ICMP_ECHO;
	case ICMPCTL_PROBE_TIMESTAMP:
		return ipv6 ? 0 : ICMP_TIMESTAMP;
	case ICMPCTL_PROBE_MASK:
		return ipv6 ? 0 : ICMP_ADDRESS;
	case ICMPCTL_PROBE_EXTENDED:
		return ipv6 ? ICMPV6_EXT_ECHO_REQUEST : ICMP_EXT_ECHO;
	default:
		return 0;
	}
}

/**
 * icmpctl_packet_request_kind() - which of our requests has this type
 * @type: ICMP or ICMPv6 type.
 * @family: AF_INET or AF_INET6.
 *
 * Return: enum icmpctl_probe_kind, or one above all of these for none.
 */
u8 icmpctl_packet_request_kind(u8 type, int family)
{
	u8 kind;

	for (kind = 0; kind <= ICMPCTL_PROBE_MAX; kind++)
		if (type && icmpctl_packet_request_type(kind, family) == type)
			break;
	return kind;
}

/**
 * icmpctl_packet_query_reply() - what a message says that may be a reply to one of these
 * @data: the message from its ICMP header on.
 * @len: bytes of it, ICMPCTL_ICMP_HLEN at least.
 * @msg: its type and code are set; <- the rest, if it is such a reply.
 *
 * An extended echo reply is one whatever its code says: somebody has answered.
 *
 * Return: ICMPCTL_MSG_REPLY, or ICMPCTL_MSG_OTHER.
 */
u8 icmpctl_packet_query_reply(const u8 *data, u32 len, struct icmpctl_msg *msg)
{
	msg->id = get_be16(data + 4);
	msg->seq = get_be16(data + 6);
	switch (msg->type) {
	case ICMP_TIMESTAMPREPLY:
		if (msg->code || len < ICMPCTL_TIMESTAMP_LEN)
			return ICMPCTL_MSG_OTHER;
		msg->probe = ICMPCTL_PROBE_TIMESTAMP;
		msg->cookie = get_be32(data + 8);
		msg->has_cookie = true;
		msg->info = get_be32(data + 12);
		msg->info2 = get_be32(data + 16);
		return ICMPCTL_MSG_REPLY;
	case ICMP_ADDRESSREPLY:
		if (msg->code || len < ICMPCTL_MASK_LEN)
			return ICMPCTL_MSG_OTHER;
		msg->probe = ICMPCTL_PROBE_MASK;
		msg->info = get_be32(data + 8);
		return ICMPCTL_MSG_REPLY;
	case ICMP_EXT_ECHOREPLY:
	case ICMPV6_EXT_ECHO_REPLY:
		msg->probe = ICMPCTL_PROBE_EXTENDED;
		msg->seq = data[6];
		msg->info = data[7];
		return ICMPCTL_MSG_REPLY;
	}
	return ICMPCTL_MSG_OTHER;
}
