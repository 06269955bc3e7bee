/* SPDX-License-Identifier: GPL-2.0 */
/* What ICMP errors append to the packet they quote: RFC 4884, 4950, 5837. */
#ifndef ICMPCTL_EXTENSION_H
#define ICMPCTL_EXTENSION_H

#include <linux/icmpctl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EXTENSION_TEXT_LEN 2048

/**
 * struct extension_object - one object
 * @class: class, as the RFCs number it
 * @type: type in that class
 * @data: what it says
 * @len: bytes of that
 */
struct extension_object {
	uint8_t class, type;
	const uint8_t *data;
	size_t len;
};

/**
 * struct extension_interface - what RFC 5837 tells of an interface
 * @role: "incoming", "sub-ip", "outgoing" or "next-hop"
 * @short_role: as traceroute writes it
 * @has_index: @index was told
 * @has_mtu: @mtu was told
 * @index: number of the interface
 * @mtu: its MTU
 * @address: as text, "" if it was not told
 * @name: likewise; any bytes
 */
struct extension_interface {
	const char *role, *short_role;
	bool has_index, has_mtu;
	uint32_t index, mtu;
	char address[64];
	char name[64];
};

#define EXTENSION_MPLS 1
#define EXTENSION_INTERFACE 2

bool extension_next(const struct icmpctl_extension *e, size_t *at, struct extension_object *o);
bool extension_is_mpls(const struct extension_object *o);
uint32_t extension_label(const struct extension_object *o, size_t n);
bool extension_interface(const struct extension_object *o, struct extension_interface *i);
const char *extension_text(char buf[EXTENSION_TEXT_LEN], const struct icmpctl_extension *e);
const char *extension_fault(uint8_t state);

#endif
