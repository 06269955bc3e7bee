// SPDX-License-Identifier: GPL-2.0
/*
 * cookie.c - the proof that an answer is one to our probe
 */
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
