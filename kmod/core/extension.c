// SPDX-License-Identifier: GPL-2.0
/*
 * extension.c - what stands behind the packet that an ICMP error quotes (RFC 4884)
 *
 * Objects are handed on as they came, but only if all of them are built as their RFCs
 * say: MPLS label stacks (RFC 4950) and information about interfaces (RFC 5837) down to
 * their parts, others by their length. What is wrong with the rest is told by name.
 */
#include <linux/socket.h>
#include <uapi/linux/icmp.h>
#include <uapi/linux/icmpv6.h>

#include "bytes.h"
#include "extension.h"
#include "packet.h"

/* RFC 4884, 5.5: where it stands if no length is told */
#define QUOTE_LEN_UNTOLD	128

#define VERSION			2

#define OBJECT_HLEN		4
#define CLASS_MPLS		1
#define CLASS_INTERFACE		2

#define MPLS_STACK		1
#define MPLS_ENTRY_LEN		4

/* RFC 5837: which parts an interface has, in this order */
#define INTERFACE_INDEX		0x08
#define INTERFACE_ADDRESS	0x04
#define INTERFACE_NAME		0x02
#define INTERFACE_MTU		0x01
#define AFI_IPV4		1
#define AFI_IPV6		2
#define NAME_LEN_MAX		64

/**
 * icmpctl_extension_offset() - where an ICMP error has its extension
 * @icmp: its first ICMPCTL_ICMP_HLEN bytes.
 * @len: bytes of the whole message.
 * @family: AF_INET or AF_INET6.
 * @told: <- the message tells where; else it may be something else that stands there.
 *
 * Return: the offset, possibly beyond the message; 0 if it has none.
 */
u32 icmpctl_extension_offset(const u8 *icmp, u32 len, int family, bool *told)
{
	u32 quote;

	*told = false;
	if (len < ICMPCTL_ICMP_HLEN)
		return 0;
	if (family == AF_INET) {
		if (icmp[0] != ICMP_DEST_UNREACH && icmp[0] != ICMP_TIME_EXCEEDED &&
		    icmp[0] != ICMP_PARAMETERPROB)
			return 0;
		quote = icmp[5] * 4;
	} else {
		if (icmp[0] != ICMPV6_DEST_UNREACH && icmp[0] != ICMPV6_TIME_EXCEED)
			return 0;
		quote = icmp[4] * 8;
	}
	*told = quote;
	if (!quote)
		quote = QUOTE_LEN_UNTOLD;
	quote += ICMPCTL_ICMP_HLEN;
	if (len == quote || (!*told && len < quote + ICMPCTL_EXTENSION_HLEN + OBJECT_HLEN))
		return 0;
	return quote;
}

/* The part of an interface object whose length hangs on what is in it; 0: it is wrong. */
static u32 address_len(const u8 *data, u32 len)
{
	if (len < 8)
		return 0;
	switch (get_be16(data)) {
	case AFI_IPV4:
		return 8;
	case AFI_IPV6:
		return 20;
	default:
		return 0;
	}
}

static u32 name_len(const u8 *data, u32 len)
{
	u32 told = len ? data[0] : 0;

	return told % 4 || told > NAME_LEN_MAX ? 0 : told;
}

static bool interface_ok(u8 ctype, const u8 *data, u32 len)
{
	u32 at = 0, part;

	if (ctype & INTERFACE_INDEX)
		at += 4;
	if (at > len)
		return false;
	if (ctype & INTERFACE_ADDRESS) {
		part = address_len(data + at, len - at);
		if (!part || part > len - at)
			return false;
		at += part;
	}
	if (ctype & INTERFACE_NAME) {
		part = name_len(data + at, len - at);
		if (!part || part > len - at)
			return false;
		at += part;
	}
	if (ctype & INTERFACE_MTU)
		at += 4;
	return at == len;
}

static bool object_ok(u8 class, u8 ctype, const u8 *data, u32 len)
{
	switch (class) {
	case CLASS_MPLS:
		return ctype != MPLS_STACK || (len && len % MPLS_ENTRY_LEN == 0);
	case CLASS_INTERFACE:
		return interface_ok(ctype, data, len);
	default:
		return true;
	}
}

static enum icmpctl_extension_state check_objects(const u8 *data, u32 len)
{
	u32 at = 0, object;

	while (at < len) {
		if (len - at < OBJECT_HLEN)
			return ICMPCTL_EXTENSION_CUT;
		object = get_be16(data + at);
		if (object < OBJECT_HLEN || object % 4)
			return ICMPCTL_EXTENSION_BAD_LENGTH;
		if (object > len - at)
			return ICMPCTL_EXTENSION_CUT;
		if (!object_ok(data[at + 2], data[at + 3], data + at + OBJECT_HLEN,
			       object - OBJECT_HLEN))
			return ICMPCTL_EXTENSION_BAD_OBJECT;
		at += object;
	}
	return ICMPCTL_EXTENSION_GOOD;
}

static bool checksum_ok(const u8 *data, u32 len)
{
	u16 sum = 0;
	u32 i;

	for (i = 0; i + 1 < len; i += 2)
		sum = sum_be16(sum, get_be16(data + i));
	if (len % 2)
		sum = sum_be16(sum, data[len - 1] << 8);
	return sum == 0xffff;
}

static enum icmpctl_extension_state check(const u8 *data, u32 len)
{
	if (len < ICMPCTL_EXTENSION_HLEN)
		return ICMPCTL_EXTENSION_CUT;
	if (len > ICMPCTL_EXTENSION_LEN)
		return ICMPCTL_EXTENSION_TOO_LONG;
	if (data[0] >> 4 != VERSION)
		return ICMPCTL_EXTENSION_BAD_VERSION;
	/* 0: whoever sent it made none. */
	if (get_be16(data + 2) && !checksum_ok(data, len))
		return ICMPCTL_EXTENSION_BAD_CHECKSUM;
	return check_objects(data + ICMPCTL_EXTENSION_HLEN, len - ICMPCTL_EXTENSION_HLEN);
}

/**
 * icmpctl_extension_check() - is an extension built as it should be
 * @data: the extension; of more than ICMPCTL_EXTENSION_LEN bytes nothing is looked at.
 * @len: bytes from there to the end of the message; 0: it begins beyond that.
 * @told: icmpctl_extension_offset() knew. If not, only one that is right and has a
 *	checksum is one.
 *
 * Return: what it is.
 */
enum icmpctl_extension_state icmpctl_extension_check(const u8 *data, u32 len, bool told)
{
	enum icmpctl_extension_state state = check(data, len);

	if (!told && (state != ICMPCTL_EXTENSION_GOOD || !get_be16(data + 2)))
		return ICMPCTL_EXTENSION_NONE;
	return state;
}
