// SPDX-License-Identifier: GPL-2.0
/* Names of types and codes: ping's words, and keys that a machine can rely on. */
#include <ctype.h>
#include <string.h>

#include "check.h"
#include "lib/icmp_names.h"

static const struct {
	int family, type, code;
	unsigned int info;
	const char *key, *text;
} names[] = {
	{ 4, 0, 0, 0, "echo-reply", "Echo Reply" },
	{ 4, 3, 0, 0, "net-unreachable", "Destination Net Unreachable" },
	{ 4, 3, 1, 0, "host-unreachable", "Destination Host Unreachable" },
	{ 4, 3, 4, 1400, "fragmentation-needed", "Frag needed and DF set (mtu = 1400)" },
	{ 4, 3, 10, 0, "host-prohibited", "Destination Host Prohibited" },
	{ 4, 3, 13, 0, "communication-prohibited", "Packet filtered" },
	{ 4, 3, 99, 0, "destination-unreachable-code-99",
	  "Dest Unreachable, Bad Code: 99" },
	{ 4, 4, 0, 0, "source-quench", "Source Quench" },
	{ 4, 5, 1, 0, "redirect-host", "Redirect Host" },
	{ 4, 5, 9, 0, "redirect-code-9", "Redirect, Bad Code: 9" },
	{ 4, 11, 0, 0, "time-exceeded", "Time to live exceeded" },
	{ 4, 11, 1, 0, "reassembly-time-exceeded", "Frag reassembly time exceeded" },
	{ 4, 11, 7, 0, "time-exceeded-code-7", "Time exceeded, Bad Code: 7" },
	{ 4, 12, 0, 20, "parameter-problem", "Parameter problem: pointer = 20" },
	{ 4, 77, 3, 0, "type-77-code-3", "Bad ICMP type: 77" },
	{ 6, 1, 0, 0, "no-route", "Destination unreachable: No route" },
	{ 6, 1, 3, 0, "address-unreachable",
	  "Destination unreachable: Address unreachable" },
	{ 6, 1, 5, 0, "source-policy-failed",
	  "Destination unreachable: Source address failed ingress/egress policy" },
	{ 6, 1, 88, 0, "destination-unreachable-code-88",
	  "Destination unreachable: Unknown code 88" },
	{ 6, 2, 0, 1280, "packet-too-big", "Packet too big: mtu=1280" },
	{ 6, 2, 1, 1280, "packet-too-big-code-1", "Packet too big: mtu=1280, code=1" },
	{ 6, 3, 0, 0, "time-exceeded", "Time exceeded: Hop limit" },
	{ 6, 4, 1, 40, "unknown-next-header", "Parameter problem: Unknown header at 40" },
	{ 6, 4, 77, 40, "parameter-problem-code-77", "Parameter problem: code 77 at 40" },
	{ 6, 129, 0, 0, "echo-reply", "Echo reply" },
	{ 6, 137, 0, 0, "redirect", "Redirect" },
	{ 6, 222, 1, 0, "type-222-code-1", "unknown icmp type: 222" },
};

static bool is_key(const char *s)
{
	if (!*s || strlen(s) >= ICMP_NAME_LEN)
		return false;
	for (; *s; s++)
		if (!islower((unsigned char)*s) && !isdigit((unsigned char)*s) && *s != '-')
			return false;
	return true;
}

void test_icmp_names(void)
{
	char buf[ICMP_NAME_LEN];
	bool keys = true, texts = true;

	for (unsigned int i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		check_text(icmp_key(buf, names[i].family, names[i].type, names[i].code),
			   names[i].key, "key of IPv%d type %d code %d", names[i].family,
			   names[i].type, names[i].code);
		check_text(icmp_text(buf, names[i].family, names[i].type, names[i].code,
				     names[i].info),
			   names[i].text, "text of IPv%d type %d code %d", names[i].family,
			   names[i].type, names[i].code);
	}
	for (int family = 4; family <= 6; family += 2) {
		for (int type = 0; type < 256; type++) {
			for (int code = 0; code < 256; code++) {
				keys &= is_key(icmp_key(buf, family, type, code));
				texts &= *icmp_text(buf, family, type, code, UINT32_MAX) &&
					 !strpbrk(buf, "@#") &&
					 strlen(buf) < ICMP_NAME_LEN - 1;
			}
		}
	}
	check(keys, "every type and code has a key in small letters");
	check(texts, "every type and code has a text that fits");
	check(icmp_has_mtu(4, 3, 4) && icmp_has_mtu(6, 2, 0) && !icmp_has_mtu(4, 2, 0) &&
	      !icmp_has_mtu(4, 3, 1), "which errors carry an MTU");
	check(icmp_is_echo_reply(4, 0) && icmp_is_echo_reply(6, 129) &&
	      !icmp_is_echo_reply(6, 0), "which types are echo replies");
}
