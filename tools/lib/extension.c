// SPDX-License-Identifier: GPL-2.0
/*
 * What ICMP errors append to the packet they quote. The module has checked how it is
 * built; here nothing is taken for granted all the same.
 */
#include "lib/extension.h"

#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "lib/text.h"

#define OBJECT_HLEN	4

/* Type of an interface object: its role, and which parts it has, in this order. */
#define INTERFACE_INDEX		0x08
#define INTERFACE_ADDRESS	0x04
#define INTERFACE_NAME		0x02
#define INTERFACE_MTU		0x01

static uint16_t get_be16(const uint8_t *p)
{
	return p[0] << 8 | p[1];
}

static uint32_t get_be32(const uint8_t *p)
{
	return (uint32_t)get_be16(p) << 16 | get_be16(p + 2);
}

/**
 * extension_next - the next object
 * @e: the objects
 * @at: where it stands, 0 to begin with; moved on
 * @o: the result
 *
 * Return: false if there is none any more.
 */
bool extension_next(const struct icmpctl_extension *e, size_t *at, struct extension_object *o)
{
	size_t end = e->len < sizeof(e->objects) ? e->len : sizeof(e->objects), len;

	if (*at + OBJECT_HLEN > end)
		return false;
	len = get_be16(e->objects + *at);
	if (len < OBJECT_HLEN || len > end - *at)
		return false;
	*o = (struct extension_object){
		.class = e->objects[*at + 2],
		.type = e->objects[*at + 3],
		.data = e->objects + *at + OBJECT_HLEN,
		.len = len - OBJECT_HLEN,
	};
	*at += len;
	return true;
}

/**
 * extension_is_mpls - is an object an MPLS label stack (RFC 4950)
 * @o: the object
 *
 * Return: true if so; it has o->len / 4 labels.
 */
bool extension_is_mpls(const struct extension_object *o)
{
	return o->class == EXTENSION_MPLS && o->type == 1 && o->len >= 4;
}

/**
 * extension_label - an entry of a label stack
 * @o: the object
 * @n: the how-manieth, from 0
 *
 * Return: label << 12, traffic class << 9, bottom of the stack << 8, TTL.
 */
uint32_t extension_label(const struct extension_object *o, size_t n)
{
	return get_be32(o->data + 4 * n);
}

/* Takes so many bytes; NULL if there are fewer. */
static const uint8_t *take(const uint8_t **data, size_t *len, size_t want)
{
	const uint8_t *p = *data;

	if (*len < want)
		return NULL;
	*data += want;
	*len -= want;
	return p;
}

static bool take_address(const uint8_t **data, size_t *len, char text[64])
{
	const uint8_t *head = take(data, len, 4), *addr;
	bool v4 = head && get_be16(head) == 1;

	addr = head ? take(data, len, v4 ? 4 : 16) : NULL;
	return addr && inet_ntop(v4 ? AF_INET : AF_INET6, addr, text, 64);
}

static bool take_name(const uint8_t **data, size_t *len, char name[64])
{
	const uint8_t *p = *len && **data && **data <= 64 ? take(data, len, **data) : NULL;

	if (!p)
		return false;
	snprintf(name, 64, "%.*s", p[0] - 1, (const char *)p + 1);
	return true;
}

/**
 * extension_interface - what an object tells of an interface (RFC 5837)
 * @o: the object
 * @i: the result
 *
 * Return: false if it tells of none.
 */
bool extension_interface(const struct extension_object *o, struct extension_interface *i)
{
	static const char *const roles[] = { "incoming", "sub-ip", "outgoing", "next-hop" };
	static const char *const short_roles[] = { "INC", "SUB", "OUT", "NXT" };
	const uint8_t *data = o->data, *p;
	size_t len = o->len;

	if (o->class != EXTENSION_INTERFACE)
		return false;
	*i = (struct extension_interface){
		.role = roles[o->type >> 6],
		.short_role = short_roles[o->type >> 6],
	};
	if (o->type & INTERFACE_INDEX) {
		p = take(&data, &len, 4);
		if (!p)
			return false;
		i->has_index = true;
		i->index = get_be32(p);
	}
	if (o->type & INTERFACE_ADDRESS && !take_address(&data, &len, i->address))
		return false;
	if (o->type & INTERFACE_NAME && !take_name(&data, &len, i->name))
		return false;
	if (o->type & INTERFACE_MTU) {
		p = take(&data, &len, 4);
		if (!p)
			return false;
		i->has_mtu = true;
		i->mtu = get_be32(p);
	}
	return true;
}

struct line {
	char *buf;
	size_t used;
};

static void __attribute__((format(printf, 2, 3))) put(struct line *l, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(l->buf + l->used, EXTENSION_TEXT_LEN - l->used, format, args);
	va_end(args);
	if (n > 0)
		l->used += n;
	if (l->used >= EXTENSION_TEXT_LEN)
		l->used = EXTENSION_TEXT_LEN - 1;
}

static void put_interface(struct line *l, const struct extension_interface *i)
{
	const char *comma = "";
	char name[4 * sizeof(i->name) + 1];

	put(l, "%s:", i->short_role);
	if (i->has_index) {
		put(l, "%u", i->index);
		comma = ",";
	}
	if (*i->address) {
		put(l, "%s%s", comma, i->address);
		comma = ",";
	}
	if (*i->name) {
		put(l, "%s\"%s\"", comma, text_safe(name, sizeof(name), i->name));
		comma = ",";
	}
	if (i->has_mtu)
		put(l, "%smtu=%u", comma, i->mtu);
}

/**
 * extension_text - the objects as traceroute -e writes them
 * @buf: where they are put together
 * @e: the objects
 *
 * Return: "MPLS:L=16,E=0,S=1,T=1;INC:2,"eth0"" and the like.
 */
const char *extension_text(char buf[EXTENSION_TEXT_LEN], const struct icmpctl_extension *e)
{
	struct line l = { buf, 0 };
	struct extension_interface i;
	struct extension_object o;
	size_t at = 0;

	buf[0] = '\0';
	while (extension_next(e, &at, &o)) {
		if (l.used)
			put(&l, ";");
		if (extension_is_mpls(&o)) {
			put(&l, "MPLS:");
			for (size_t n = 0; n < o.len / 4; n++) {
				uint32_t label = extension_label(&o, n);

				put(&l, "%sL=%u,E=%u,S=%u,T=%u", n ? "/" : "", label >> 12,
				    label >> 9 & 7, label >> 8 & 1, label & 255);
			}
		} else if (extension_interface(&o, &i)) {
			put_interface(&l, &i);
		} else {
			put(&l, "%u/%u:", o.class, o.type);
			for (size_t n = 0; n < o.len / 4; n++)
				put(&l, "%s%08x", n ? "," : "", get_be32(o.data + 4 * n));
		}
	}
	return buf;
}

/**
 * extension_fault - what is wrong with an extension
 * @state: an enum icmpctl_extension_state
 *
 * Return: its name, NULL if nothing is wrong.
 */
const char *extension_fault(uint8_t state)
{
	static const char *const names[] = {
		[ICMPCTL_EXTENSION_CUT] = "cut",
		[ICMPCTL_EXTENSION_BAD_VERSION] = "wrong-version",
		[ICMPCTL_EXTENSION_BAD_CHECKSUM] = "wrong-checksum",
		[ICMPCTL_EXTENSION_BAD_LENGTH] = "wrong-length",
		[ICMPCTL_EXTENSION_BAD_OBJECT] = "wrong-object",
		[ICMPCTL_EXTENSION_TOO_LONG] = "too-long",
	};

	return state < sizeof(names) / sizeof(names[0]) ? names[state] : "unknown";
}
