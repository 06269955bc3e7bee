// SPDX-License-Identifier: GPL-2.0
/*
 * forgery.c - answers that are none, each by changing the right one
 */
#include <linux/if_ether.h>
#include <string.h>

#include "forgery.h"

/* Numbers of datagrams that are cut: those of one kind never make a whole with another's. */
enum { LONE = 0, OVERLAP = 0x4000, WHOLE = 0x8000, RANGE = 0x4000 };

static uint8_t bits(struct chance *chance)
{
	return 1 + chance_below(chance, 255);
}

static void noise(struct chance *chance, uint8_t *at, uint32_t len)
{
	while (len--)
		*at++ = chance_next(chance);
}

/* In a segment it is the first 17 bits of what is acknowledged. */
static bool wrong_cookie(struct chance *chance, const struct request *r, struct packet *p)
{
	reply(r, p)[8 + chance_below(chance, r->probe == TCP ? 2 : 8)] ^= bits(chance);
	seal(p, r->ipv6);
	return true;
}

/*
 * Of a probe that was not sent: of one that was, the 17 bits of the cookie in a segment might once
 * be the right ones.
 */
static uint32_t other_key(struct chance *chance, const struct request *r, uint32_t seq)
{
	uint32_t i, key = 0;

	for (i = 0; i < KEYS; i++) {
		key = chance_below(chance, KEYS);
		if (!r->keys[key])
			break;
	}
	return (seq & ~(KEYS - 1)) | key;
}

static bool wrong_number(struct chance *chance, const struct request *r, struct packet *p)
{
	uint8_t *data = reply(r, p);
	uint16_t seq = data[6] << 8 | data[7];

	/* Of long ago, or not yet sent. */
	if (r->probe == TCP)
		put32(data + 8, other_key(chance, r, get32(data + 8) - 1) + 1);
	else
		put16(data + 6, seq + 30000 + chance_below(chance, 5000));
	seal(p, r->ipv6);
	return true;
}

static bool wrong_sum(struct chance *chance, const struct request *r, struct packet *p)
{
	uint32_t from = r->hlen + (r->probe == ECHO ? 8 : 14);

	reply(r, p);
	seal(p, r->ipv6);
	/* Anywhere behind what names the probe: a change of one byte is always seen. */
	p->frame[from + chance_below(chance, p->len - from)] ^= bits(chance);
	return true;
}

static bool cut_reply(struct chance *chance, const struct request *r, struct packet *p)
{
	reply(r, p);
	/* Whole for IP and for the checksum, but within the cookie. */
	p->len = r->hlen + 8 + chance_below(chance, 8);
	seal(p, r->ipv6);
	return true;
}

static bool other_address(struct chance *chance, const struct request *r, struct packet *p)
{
	uint8_t *last = p->frame + ETH_HLEN + (r->ipv6 ? 23 : 15);
	uint8_t other = 100 + chance_below(chance, 100);

	reply(r, p);
	*last = *last == other ? 200 : other;
	seal(p, r->ipv6);
	return true;
}

static bool other_port(struct chance *chance, const struct request *r, struct packet *p)
{
	reply(r, p)[chance_below(chance, 2)] ^= bits(chance);
	seal(p, r->ipv6);
	return true;
}

static uint8_t error_type(struct chance *chance, bool ipv6)
{
	static const uint8_t types4[] = { 3, 4, 11, 12 };

	return ipv6 ? 1 + chance_below(chance, 4) : types4[chance_below(chance, 4)];
}

/* An error that quotes the request; returns the quote. */
static uint8_t *quote(struct chance *chance, const struct request *r, struct packet *p,
		      uint32_t len)
{
	uint8_t *icmp = answer(r, p, r->ipv6 ? ICMP6 : ICMP, 8 + len);

	icmp[0] = error_type(chance, r->ipv6);
	icmp[1] = chance_below(chance, 4);
	/* A path MTU that is none of anybody's. */
	if (icmp[0] == (r->ipv6 ? 2 : 3) && (r->ipv6 || icmp[1] == 4))
		icmp[1] = r->ipv6 ? 0 : 1;
	memset(icmp + 4, 0, 4);
	memcpy(icmp + 8, r->frame + ETH_HLEN, len);
	return icmp + 8;
}

/* The target's port is closed, as its own kernel says. */
static bool unreachable(struct chance *chance, const struct request *r, struct packet *p)
{
	uint8_t *icmp = quote(chance, r, p, r->len - ETH_HLEN) - 8;

	icmp[0] = r->ipv6 ? 1 : 3;
	icmp[1] = r->ipv6 ? 4 : 3;
	seal(p, r->ipv6);
	return true;
}

static bool twice(struct chance *chance, const struct request *r, struct packet *p)
{
	uint8_t *data = reply(r, p);

	if (r->probe == TCP && chance_below(chance, 2))
		data[13] = SYN_ACK;
	seal(p, r->ipv6);
	return true;
}

static bool acknowledges_nothing(struct chance *chance, const struct request *r, struct packet *p)
{
	static const uint8_t flags[] = { 0, 0x02, 0x04, 0x10, 0x11, 0x18 };

	reply(r, p)[13] = flags[chance_below(chance, sizeof(flags))];
	seal(p, r->ipv6);
	return true;
}

/* IPv4 options that say nothing; IPv6: so many headers between. */
static bool with_options(struct chance *chance, const struct request *r, struct packet *p)
{
	uint32_t more = 4 * (1 + chance_below(chance, 10)), tail;

	reply(r, p);
	tail = p->len - r->hlen;
	if (r->ipv6) {
		more = 8 * (1 + chance_below(chance, 8));
		/* Over what will be the message, not over the headers. */
		seal(p, true);
		memmove(p->frame + r->hlen + more, p->frame + r->hlen, tail);
		memset(p->frame + r->hlen, 0, more);
		p->frame[ETH_HLEN + 6] = 60;
		p->frame[r->hlen] = p->proto;
		p->frame[r->hlen + 1] = more / 8 - 1;
		/* PadN: the kernel allows 7 bytes of padding, so this is one unknown option
		 * to be skipped.
		 */
		p->frame[r->hlen + 2] = 0x1e;
		p->frame[r->hlen + 3] = more - 4;
		p->len += more;
		put16(p->frame + ETH_HLEN + 4, p->len - r->hlen);
		return true;
	}
	if (r->hlen != ETH_HLEN + 20)
		return false;
	memmove(p->frame + r->hlen + more, p->frame + r->hlen, tail);
	memset(p->frame + r->hlen, 1, more);
	p->frame[ETH_HLEN] += more / 4;
	p->len += more;
	seal(p, false);
	return true;
}

static bool wrong_id(struct chance *chance, const struct request *r, struct packet *p)
{
	/* Or a port that nobody has. */
	reply(r, p)[(r->probe == ECHO ? 4 : 2) + chance_below(chance, 2)] ^= bits(chance);
	seal(p, r->ipv6);
	return true;
}

static bool short_head(struct chance *chance, const struct request *r, struct packet *p)
{
	reply(r, p);
	p->len = r->hlen + chance_below(chance, r->probe == TCP ? TCP_HLEN : 8);
	seal(p, r->ipv6);
	return true;
}

/* IP says that more comes than does. */
static bool cut_frame(struct chance *chance, const struct request *r, struct packet *p)
{
	reply(r, p);
	seal(p, r->ipv6);
	p->len -= 1 + chance_below(chance, p->len - ETH_HLEN - 1);
	return true;
}

static bool wrong_ip(struct chance *chance, const struct request *r, struct packet *p)
{
	reply(r, p);
	seal(p, r->ipv6);
	if (r->ipv6)
		/* No version but 6. */
		p->frame[ETH_HLEN] ^= 16 << chance_below(chance, 4);
	else
		p->frame[ETH_HLEN + chance_below(chance, 12)] ^= bits(chance);
	return true;
}

/* One number more of a range, for what is cut. */
static uint32_t next_id(uint32_t range)
{
	static uint32_t last[3];

	return range | (++last[range / RANGE] & (RANGE - 1));
}

/* A piece of a packet, and where it says that it belongs. */
static void piece(const struct request *r, const struct packet *whole, struct packet *p,
		  uint32_t id, uint32_t from, uint32_t to, uint32_t at, bool more)
{
	uint8_t *ip = p->frame + ETH_HLEN;
	uint8_t *data = p->frame + r->hlen;

	memcpy(p->frame, whole->frame, r->hlen);
	if (r->ipv6) {
		ip[6] = 44;
		data[0] = whole->proto;
		data[1] = 0;
		put16(data + 2, at | more);
		put32(data + 4, id);
		data += 8;
	} else {
		put16(ip + 4, id);
		put16(ip + 6, at / 8 | (more ? 0x2000 : 0));
	}
	memcpy(data, whole->frame + r->hlen + from, to - from);
	p->len = data + (to - from) - p->frame;
	seal_ip(p, r->ipv6);
}

/* What is behind IP, sealed, that is to be cut. */
static uint32_t to_be_cut(const struct request *r, struct packet *whole)
{
	reply(r, whole);
	seal(whole, r->ipv6);
	return whole->len - r->hlen;
}

/* IPv6 wants the whole header in the first fragment. */
static uint32_t first_cut(const struct request *r)
{
	return r->probe == TCP ? 24 : 8;
}

static void swap(struct packet *a, struct packet *b)
{
	struct packet kept = *a;

	*a = *b;
	*b = kept;
}

/* One without which it does not become whole: the first, or a later one. */
static bool fragment(struct chance *chance, const struct request *r, struct packet *p)
{
	struct packet whole;
	uint32_t tail = to_be_cut(r, &whole);

	if (chance_below(chance, 2))
		piece(r, &whole, p, next_id(LONE), 0, tail & ~7U, 0, true);
	else
		piece(r, &whole, p, next_id(LONE), 0, tail & ~7U,
		      8 * (1 + chance_below(chance, 8000)), false);
	return true;
}

static bool two_fragments(struct chance *chance, const struct request *r, struct packet *p)
{
	struct packet whole;
	uint32_t tail = to_be_cut(r, &whole), first = first_cut(r), id = next_id(WHOLE);
	uint32_t cut = first + 8 * chance_below(chance, (tail - first - 1) / 8 + 1);

	piece(r, &whole, p, id, 0, cut, 0, true);
	piece(r, &whole, p + 1, id, cut, tail, cut, false);
	if (chance_below(chance, 2))
		swap(p, p + 1);
	return true;
}

/*
 * Three: the second says otherwise what the end of the first says, and without the second there
 * is a gap. Whoever let the one or the other win would have a whole packet.
 */
static bool overlap(struct chance *chance, const struct request *r, struct packet *p)
{
	struct packet whole;
	uint32_t tail = to_be_cut(r, &whole), id = next_id(OVERLAP);
	uint32_t least = r->probe == TCP ? 24 : 16;
	uint32_t cut = least + 8 * chance_below(chance, (tail - least - 9) / 8 + 1);

	piece(r, &whole, p, id, 0, cut, 0, true);
	piece(r, &whole, p + 2, id, cut + 8, tail, cut + 8, false);
	noise(chance, whole.frame + r->hlen + cut - 8, 8);
	piece(r, &whole, p + 1, id, cut - 8, cut + 8, cut - 8, true);
	swap(p, p + chance_below(chance, 3));
	swap(p + 1, p + 1 + chance_below(chance, 2));
	return true;
}

static bool quote_wrong_cookie(struct chance *chance, const struct request *r, struct packet *p)
{
	uint32_t hlen = r->hlen - ETH_HLEN;
	uint8_t *quoted = quote(chance, r, p, r->len - ETH_HLEN);

	if (r->probe == TCP) {
		/* Of the sequence number. */
		quoted[hlen + 4 + chance_below(chance, 2)] ^= bits(chance);
	} else {
		/* All of it 0 would count as padding that a router put there. */
		quoted[hlen + 8] = ~quoted[hlen + 8] | 1;
		quoted[hlen + 9 + chance_below(chance, 7)] ^= bits(chance);
	}
	seal(p, r->ipv6);
	return true;
}

static bool quote_wrong_number(struct chance *chance, const struct request *r, struct packet *p)
{
	uint8_t *quoted = quote(chance, r, p, r->len - ETH_HLEN) + r->hlen - ETH_HLEN;
	uint16_t seq = quoted[6] << 8 | quoted[7];

	if (r->probe == ECHO)
		put16(quoted + 6, seq + 30000 + chance_below(chance, 5000));
	else if (r->probe == TCP)
		put32(quoted + 4, other_key(chance, r, get32(quoted + 4)));
	else
		/* A checksum, whose first bit is set. */
		quoted[7] ^= bits(chance);
	seal(p, r->ipv6);
	return true;
}

static bool quote_wrong_port(struct chance *chance, const struct request *r, struct packet *p)
{
	quote(chance, r, p, r->len - ETH_HLEN)[r->hlen - ETH_HLEN + 2 + chance_below(chance, 2)] ^=
		bits(chance);
	seal(p, r->ipv6);
	return true;
}

static bool quote_wrong_address(struct chance *chance, const struct request *r, struct packet *p)
{
	uint32_t hlen = r->hlen - ETH_HLEN;

	/* With or without the cookie. */
	quote(chance, r, p, hlen + (chance_below(chance, 2) ? 8 : r->len - r->hlen))
		[r->ipv6 ? 39 : 19] ^= bits(chance);
	seal(p, r->ipv6);
	return true;
}

static bool quote_cut(struct chance *chance, const struct request *r, struct packet *p)
{
	quote(chance, r, p, chance_below(chance, r->hlen - ETH_HLEN + 8));
	seal(p, r->ipv6);
	return true;
}

static bool quote_noise(struct chance *chance, const struct request *r, struct packet *p)
{
	uint32_t len = chance_below(chance, r->len - ETH_HLEN);
	uint8_t *quoted = quote(chance, r, p, len);

	/* The first byte says which IP it is: of none of them nothing is known. */
	noise(chance, quoted, len);
	if (len)
		quoted[0] = chance_below(chance, 16);
	seal(p, r->ipv6);
	return true;
}

static bool all_noise(struct chance *chance, const struct request *r, struct packet *p)
{
	uint32_t len = 8 + chance_below(chance, 400);
	uint8_t *icmp = answer(r, p, r->ipv6 ? ICMP6 : ICMP, len);

	noise(chance, icmp, len);
	/* Never a reply, and no message that would change what the host knows. */
	icmp[0] = r->ipv6 ? 150 + chance_below(chance, 50) : 20 + chance_below(chance, 200);
	seal(p, r->ipv6);
	return true;
}

static const struct forgery table[] = {
	{ "wrong cookie", FORGED, ICMP_OR_TCP, wrong_cookie },
	{ "wrong number", FORGED, ICMP_OR_TCP, wrong_number },
	{ "another port", FORGED, PORTS, other_port },
	{ "cut within the cookie", FORGED, ECHO, cut_reply },
	{ "wrong checksum", BAD_CHECKSUM, ALL, wrong_sum },
	{ "another address", OTHER_ADDRESS, ALL, other_address },
	{ "the same again", DUPLICATE, ALL, twice },
	{ "the same with options", DUPLICATE, ALL, with_options },
	{ "the same in two fragments", DUPLICATE, ALL, two_fragments },
	{ "port unreachable again", DUPLICATE, UDP, unreachable },
	{ "another identifier", NOTHING, ALL, wrong_id },
	{ "shorter than its header", NOTHING, ALL, short_head },
	{ "no acknowledgement", NOTHING, TCP, acknowledges_nothing },
	{ "cut on the way", NOTHING, ALL, cut_frame },
	{ "wrong IP header", NOTHING, ALL, wrong_ip },
	{ "a lone fragment", NOTHING, ALL, fragment },
	{ "overlapping fragments", NOTHING, ALL, overlap },
	{ "an error, wrong cookie", FORGED, ALL, quote_wrong_cookie },
	{ "an error, wrong number", FORGED, ALL, quote_wrong_number },
	{ "an error, another address", FORGED, ALL, quote_wrong_address },
	{ "an error, another port", FORGED, PORTS, quote_wrong_port },
	{ "an error, cut quote", NOTHING, ALL, quote_cut },
	{ "an error about noise", NOTHING, ALL, quote_noise },
	{ "noise", NOTHING, ALL, all_noise },
};

_Static_assert(sizeof(table) / sizeof(*table) == FORGERIES, "forgery.h says how many");
const struct forgery *const forgeries = table;
