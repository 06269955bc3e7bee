/* SPDX-License-Identifier: GPL-2.0 */
/* Names of ICMP and ICMPv6 types and codes. */
#ifndef ICMPCTL_ICMP_NAMES_H
#define ICMPCTL_ICMP_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ICMP_NAME_LEN 96

const char *icmp_key(char buf[ICMP_NAME_LEN], int family, uint8_t type, uint8_t code);
const char *icmp_text(char buf[ICMP_NAME_LEN], int family, uint8_t type,
		      uint8_t code, uint32_t info);
bool icmp_is_echo_reply(int family, uint8_t type);
bool icmp_has_mtu(int family, uint8_t type, uint8_t code);
bool icmp_has_pointer(int family, uint8_t type);

#endif
