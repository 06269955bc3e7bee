// SPDX-License-Identifier: GPL-2.0
/*
 * Names of ICMP and ICMPv6 types and codes: the registries of IANA, with a key
 * for machines (JSON) and with the words that ping uses for people.
 */
#include "lib/icmp_names.h"

#include <stdio.h>

#define ANY -1

struct icmp_name {
	uint8_t type;
	int16_t code;		/* ANY: what no other line of the type names */
	const char *key;
	const char *text;	/* # stands for the code, @ for the info word */
};

/* Lines of one type stand together, its line ANY last. */
static const struct icmp_name names4[] = {
	{ 0, ANY, "echo-reply", "Echo Reply" },
	{ 3, 0, "net-unreachable", "Destination Net Unreachable" },
	{ 3, 1, "host-unreachable", "Destination Host Unreachable" },
	{ 3, 2, "protocol-unreachable", "Destination Protocol Unreachable" },
	{ 3, 3, "port-unreachable", "Destination Port Unreachable" },
	{ 3, 4, "fragmentation-needed", "Frag needed and DF set (mtu = @)" },
	{ 3, 5, "source-route-failed", "Source Route Failed" },
	{ 3, 6, "net-unknown", "Destination Net Unknown" },
	{ 3, 7, "host-unknown", "Destination Host Unknown" },
	{ 3, 8, "source-host-isolated", "Source Host Isolated" },
	{ 3, 9, "net-prohibited", "Destination Net Prohibited" },
	{ 3, 10, "host-prohibited", "Destination Host Prohibited" },
	{ 3, 11, "net-unreachable-for-tos",
	  "Destination Net Unreachable for Type of Service" },
	{ 3, 12, "host-unreachable-for-tos",
	  "Destination Host Unreachable for Type of Service" },
	{ 3, 13, "communication-prohibited", "Packet filtered" },
	{ 3, 14, "host-precedence-violation", "Precedence Violation" },
	{ 3, 15, "precedence-cutoff", "Precedence Cutoff" },
	{ 3, ANY, "destination-unreachable", "Dest Unreachable, Bad Code: #" },
	{ 4, ANY, "source-quench", "Source Quench" },
	{ 5, 0, "redirect-net", "Redirect Network" },
	{ 5, 1, "redirect-host", "Redirect Host" },
	{ 5, 2, "redirect-tos-net", "Redirect Type of Service and Network" },
	{ 5, 3, "redirect-tos-host", "Redirect Type of Service and Host" },
	{ 5, ANY, "redirect", "Redirect, Bad Code: #" },
	{ 6, ANY, "alternate-host-address", "Alternate Host Address" },
	{ 8, ANY, "echo-request", "Echo Request" },
	{ 9, 0, "router-advertisement", "Router Advertisement" },
	{ 9, 16, "router-advertisement-no-common-traffic",
	  "Router Advertisement (does not route common traffic)" },
	{ 9, ANY, "router-advertisement", "Router Advertisement" },
	{ 10, ANY, "router-solicitation", "Router Solicitation" },
	{ 11, 0, "time-exceeded", "Time to live exceeded" },
	{ 11, 1, "reassembly-time-exceeded", "Frag reassembly time exceeded" },
	{ 11, ANY, "time-exceeded", "Time exceeded, Bad Code: #" },
	{ 12, 0, "parameter-problem", "Parameter problem: pointer = @" },
	{ 12, 1, "missing-option", "Parameter problem: required option missing" },
	{ 12, 2, "bad-length", "Parameter problem: bad length" },
	{ 12, ANY, "parameter-problem", "Parameter problem: pointer = @" },
	{ 13, ANY, "timestamp", "Timestamp" },
	{ 14, ANY, "timestamp-reply", "Timestamp Reply" },
	{ 15, ANY, "information-request", "Information Request" },
	{ 16, ANY, "information-reply", "Information Reply" },
	{ 17, ANY, "address-mask-request", "Address Mask Request" },
	{ 18, ANY, "address-mask-reply", "Address Mask Reply" },
	{ 30, ANY, "traceroute", "Traceroute" },
	{ 31, ANY, "datagram-conversion-error", "Datagram Conversion Error" },
	{ 32, ANY, "mobile-host-redirect", "Mobile Host Redirect" },
	{ 33, ANY, "where-are-you", "IPv6 Where-Are-You" },
	{ 34, ANY, "i-am-here", "IPv6 I-Am-Here" },
	{ 35, ANY, "mobile-registration-request", "Mobile Registration Request" },
	{ 36, ANY, "mobile-registration-reply", "Mobile Registration Reply" },
	{ 37, ANY, "domain-name-request", "Domain Name Request" },
	{ 38, ANY, "domain-name-reply", "Domain Name Reply" },
	{ 39, ANY, "skip", "SKIP" },
	{ 40, 0, "bad-spi", "Photuris: Bad SPI" },
	{ 40, 1, "authentication-failed", "Photuris: Authentication Failed" },
	{ 40, 2, "decompression-failed", "Photuris: Decompression Failed" },
	{ 40, 3, "decryption-failed", "Photuris: Decryption Failed" },
	{ 40, 4, "need-authentication", "Photuris: Need Authentication" },
	{ 40, 5, "need-authorization", "Photuris: Need Authorization" },
	{ 40, ANY, "photuris", "Photuris, Bad Code: #" },
	{ 41, ANY, "seamoby", "Experimental Mobility Protocol" },
	{ 42, ANY, "extended-echo-request", "Extended Echo Request" },
	{ 43, 0, "extended-echo-reply", "Extended Echo Reply" },
	{ 43, 1, "extended-echo-malformed", "Extended Echo: Malformed Query" },
	{ 43, 2, "extended-echo-no-interface", "Extended Echo: No Such Interface" },
	{ 43, 3, "extended-echo-no-table-entry",
	  "Extended Echo: No Such Table Entry" },
	{ 43, 4, "extended-echo-many-interfaces",
	  "Extended Echo: Multiple Interfaces Satisfy Query" },
	{ 43, ANY, "extended-echo-reply", "Extended Echo Reply, Bad Code: #" },
	{ 253, ANY, "experiment-1", "RFC 3692 Experiment 1" },
	{ 254, ANY, "experiment-2", "RFC 3692 Experiment 2" },
	{ 0 }
};

static const struct icmp_name names6[] = {
	{ 1, 0, "no-route", "Destination unreachable: No route" },
	{ 1, 1, "admin-prohibited",
	  "Destination unreachable: Administratively prohibited" },
	{ 1, 2, "beyond-scope",
	  "Destination unreachable: Beyond scope of source address" },
	{ 1, 3, "address-unreachable",
	  "Destination unreachable: Address unreachable" },
	{ 1, 4, "port-unreachable", "Destination unreachable: Port unreachable" },
	{ 1, 5, "source-policy-failed",
	  "Destination unreachable: Source address failed ingress/egress policy" },
	{ 1, 6, "reject-route",
	  "Destination unreachable: Reject route to destination" },
	{ 1, 7, "source-routing-header-error",
	  "Destination unreachable: Error in source routing header" },
	{ 1, 8, "headers-too-long", "Destination unreachable: Headers too long" },
	{ 1, 9, "p-route-error", "Destination unreachable: Error in P-Route" },
	{ 1, ANY, "destination-unreachable",
	  "Destination unreachable: Unknown code #" },
	{ 2, 0, "packet-too-big", "Packet too big: mtu=@" },
	{ 2, ANY, "packet-too-big", "Packet too big: mtu=@, code=#" },
	{ 3, 0, "time-exceeded", "Time exceeded: Hop limit" },
	{ 3, 1, "reassembly-time-exceeded",
	  "Time exceeded: Defragmentation failure" },
	{ 3, ANY, "time-exceeded", "Time exceeded: code #" },
	{ 4, 0, "parameter-problem", "Parameter problem: Wrong header field at @" },
	{ 4, 1, "unknown-next-header", "Parameter problem: Unknown header at @" },
	{ 4, 2, "unknown-option", "Parameter problem: Unknown option at @" },
	{ 4, 3, "incomplete-header-chain",
	  "Parameter problem: First fragment has incomplete header chain at @" },
	{ 4, 4, "segment-routing-upper-layer-error",
	  "Parameter problem: SR upper-layer header error at @" },
	{ 4, 5, "unknown-next-header-at-router",
	  "Parameter problem: Unknown header at intermediate node at @" },
	{ 4, 6, "extension-header-too-big",
	  "Parameter problem: Extension header too big at @" },
	{ 4, 7, "extension-header-chain-too-long",
	  "Parameter problem: Extension header chain too long at @" },
	{ 4, 8, "too-many-extension-headers",
	  "Parameter problem: Too many extension headers at @" },
	{ 4, 9, "too-many-options",
	  "Parameter problem: Too many options in extension header at @" },
	{ 4, 10, "option-too-big", "Parameter problem: Option too big at @" },
	{ 4, ANY, "parameter-problem", "Parameter problem: code # at @" },
	{ 100, ANY, "experiment-100", "Private experimentation 100" },
	{ 101, ANY, "experiment-101", "Private experimentation 101" },
	{ 128, ANY, "echo-request", "Echo request" },
	{ 129, ANY, "echo-reply", "Echo reply" },
	{ 130, ANY, "multicast-listener-query", "MLD Query" },
	{ 131, ANY, "multicast-listener-report", "MLD Report" },
	{ 132, ANY, "multicast-listener-done", "MLD Reduction" },
	{ 133, ANY, "router-solicitation", "Router solicitation" },
	{ 134, ANY, "router-advertisement", "Router advertisement" },
	{ 135, ANY, "neighbor-solicitation", "Neighbor solicitation" },
	{ 136, ANY, "neighbor-advertisement", "Neighbor advertisement" },
	{ 137, ANY, "redirect", "Redirect" },
	{ 138, ANY, "router-renumbering", "Router renumbering" },
	{ 139, ANY, "node-information-query", "Node information query" },
	{ 140, ANY, "node-information-response", "Node information response" },
	{ 141, ANY, "inverse-neighbor-solicitation",
	  "Inverse neighbor discovery solicitation" },
	{ 142, ANY, "inverse-neighbor-advertisement",
	  "Inverse neighbor discovery advertisement" },
	{ 143, ANY, "multicast-listener-report-v2", "MLDv2 Report" },
	{ 144, ANY, "home-agent-discovery-request",
	  "Home agent address discovery request" },
	{ 145, ANY, "home-agent-discovery-reply",
	  "Home agent address discovery reply" },
	{ 146, ANY, "mobile-prefix-solicitation", "Mobile prefix solicitation" },
	{ 147, ANY, "mobile-prefix-advertisement", "Mobile prefix advertisement" },
	{ 148, ANY, "certification-path-solicitation",
	  "Certification path solicitation" },
	{ 149, ANY, "certification-path-advertisement",
	  "Certification path advertisement" },
	{ 150, ANY, "seamoby", "Experimental mobility protocol" },
	{ 151, ANY, "multicast-router-advertisement",
	  "Multicast router advertisement" },
	{ 152, ANY, "multicast-router-solicitation",
	  "Multicast router solicitation" },
	{ 153, ANY, "multicast-router-termination",
	  "Multicast router termination" },
	{ 154, ANY, "fmipv6", "FMIPv6" },
	{ 155, ANY, "rpl-control", "RPL control" },
	{ 156, ANY, "ilnpv6-locator-update", "ILNPv6 locator update" },
	{ 157, ANY, "duplicate-address-request", "Duplicate address request" },
	{ 158, ANY, "duplicate-address-confirmation",
	  "Duplicate address confirmation" },
	{ 159, ANY, "mpl-control", "MPL control" },
	{ 160, ANY, "extended-echo-request", "Extended echo request" },
	{ 161, 0, "extended-echo-reply", "Extended echo reply" },
	{ 161, 1, "extended-echo-malformed", "Extended echo: Malformed query" },
	{ 161, 2, "extended-echo-no-interface", "Extended echo: No such interface" },
	{ 161, 3, "extended-echo-no-table-entry",
	  "Extended echo: No such table entry" },
	{ 161, 4, "extended-echo-many-interfaces",
	  "Extended echo: Multiple interfaces satisfy query" },
	{ 161, ANY, "extended-echo-reply", "Extended echo reply: code #" },
	{ 200, ANY, "experiment-200", "Private experimentation 200" },
	{ 201, ANY, "experiment-201", "Private experimentation 201" },
	{ 0 }
};

static const struct icmp_name *find(int family, uint8_t type, uint8_t code)
{
	const struct icmp_name *n = family == 6 ? names6 : names4;

	for (; n->key; n++)
		if (n->type == type && (n->code == code || n->code == ANY))
			return n;
	return NULL;
}

/* Does the type tell codes apart, so that one not in the list is worth saying? */
static bool has_codes(const struct icmp_name *n, int family)
{
	const struct icmp_name *first = family == 6 ? names6 : names4;

	return n > first && n[-1].type == n->type;
}

/**
 * icmp_key - the name of a type and code for machines
 * @buf: where it is put together if there is none
 * @family: 4 or 6
 * @type: of the message
 * @code: of the message
 *
 * Return: "host-unreachable"; "type-77-code-3" for one that has no name.
 */
const char *icmp_key(char buf[ICMP_NAME_LEN], int family, uint8_t type, uint8_t code)
{
	const struct icmp_name *n = find(family, type, code);

	if (n && (n->code != ANY || !has_codes(n, family)))
		return n->key;
	if (n)
		snprintf(buf, ICMP_NAME_LEN, "%s-code-%u", n->key, code);
	else
		snprintf(buf, ICMP_NAME_LEN, "type-%u-code-%u", type, code);
	return buf;
}

/**
 * icmp_text - what ping says of a type and code
 * @buf: where to
 * @family: 4 or 6
 * @type: of the message
 * @code: of the message
 * @info: MTU or pointer, as in struct icmpctl_record
 *
 * Return: @buf.
 */
const char *icmp_text(char buf[ICMP_NAME_LEN], int family, uint8_t type,
		      uint8_t code, uint32_t info)
{
	const struct icmp_name *n = find(family, type, code);
	size_t used = 0;

	if (!n) {
		snprintf(buf, ICMP_NAME_LEN, family == 6 ?
			 "unknown icmp type: %u" : "Bad ICMP type: %u", type);
		return buf;
	}
	for (const char *p = n->text; *p && used < ICMP_NAME_LEN - 1; p++) {
		size_t room = ICMP_NAME_LEN - used;

		if (*p == '#')
			used += snprintf(buf + used, room, "%u", code);
		else if (*p == '@')
			used += snprintf(buf + used, room, "%u", info);
		else
			buf[used++] = *p;
	}
	buf[used < ICMP_NAME_LEN ? used : ICMP_NAME_LEN - 1] = '\0';
	return buf;
}

/**
 * icmp_is_echo_reply - is a message of this type an echo reply
 * @family: 4 or 6
 * @type: of the message
 *
 * Return: true if so.
 */
bool icmp_is_echo_reply(int family, uint8_t type)
{
	return type == (family == 6 ? 129 : 0);
}

/**
 * icmp_has_mtu - does the info word of such a message hold an MTU
 * @family: 4 or 6
 * @type: of the message
 * @code: of the message
 *
 * Return: true if so.
 */
bool icmp_has_mtu(int family, uint8_t type, uint8_t code)
{
	return family == 6 ? type == 2 : type == 3 && code == 4;
}

/**
 * icmp_has_pointer - does the info word of such a message hold an offset
 * @family: 4 or 6
 * @type: of the message
 *
 * Return: true if so.
 */
bool icmp_has_pointer(int family, uint8_t type)
{
	return type == (family == 6 ? 4 : 12);
}
