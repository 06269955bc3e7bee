// SPDX-License-Identifier: GPL-2.0
/*
 * cookie.c - the proof that an answer is one to our probe, and how it is made so
 * that probes of one flow look alike to routers
 */
#include "bytes.h"
#include "cookie.h"

/**
 * icmpctl_cookie() - the cookie of one probe
 * @number: the how-manieth probe of the session, never used twice.
 * @target: number of the target it goes to.
 * @key: secret of the session.
 *
 * No clock goes in: an answer is checked by computing the cookie once more.
 *
 * Return: the cookie, in host byte order.
 */
u64 icmpctl_cookie(u64 number, u32 target, const siphash_key_t *key)
{
	return siphash_2u64(number, target, key);
}

/**
 * icmpctl_cookie_steady() - a cookie that keeps the ICMP checksum where it is
 * @cookie: as icmpctl_cookie() made it; its last 16 bits are given up.
 * @id: ICMP identifier of the probe.
 * @seq: its sequence number.
 * @sum: what these two and the cookie shall add up to, in one's complement.
 *
 * All else in an echo request is the same for every probe of a session with the
 * same size, so with the same @sum they have the same checksum. Routers that
 * balance by the first bytes behind the IP header then send them one way (Augustin
 * et al., "Avoiding traceroute anomalies with Paris traceroute", IMC 2006).
 *
 * Return: the cookie, in host byte order.
 */
u64 icmpctl_cookie_steady(u64 cookie, u16 id, u16 seq, u16 sum)
{
	u16 have = sum_be16(id, seq);

	have = sum_be16(have, cookie >> 48);
	have = sum_be16(have, cookie >> 32);
	have = sum_be16(have, cookie >> 16);
	return (cookie & ~0xffffULL) | sum_be16(sum, ~have);
}

/**
 * icmpctl_cookie_flow_sum() - what tells one flow of a session from another
 * @flow: its number, less than 65,535.
 * @base: of the session, so that another session's flows are others; any number.
 *
 * Return: another sum for each flow, in one's complement: never 0.
 */
u16 icmpctl_cookie_flow_sum(u32 flow, u32 base)
{
	return (base % 0xffff + flow) % 0xffff + 1;
}
