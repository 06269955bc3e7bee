// SPDX-License-Identifier: GPL-2.0
/*
 * packet_flood.c - answers that are none, to whoever probes the host behind an interface
 *
 *	packet_flood INTERFACE PACKETS [SEED]
 *
 * Listens for echo requests, UDP datagrams and SYNs that come in by the interface, and for each
 * sends many packets that could be taken for its answer: replies with a wrong cookie, number,
 * address, port or checksum, twice the same, in fragments that become whole or never do, cut
 * anywhere, errors that quote what was not sent, noise. The host's own kernel gives the right
 * answers. Ends with a line of JSON: of each session, how many of each kind were sent to it, and
 * as what it must have counted them.
 *
 * What nobody could tell from an answer is not among them: a datagram that comes from the right
 * port while a probe waits, or an error that quotes eight right bytes.
 *
 * With IPv6 fragments count as what they are put together to only where that is done before
 * icmpctl sees them: some session must send large probes.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "genl.h"

#define ICMP		1
#define TCP_PROTO	6
#define UDP_PROTO	17
#define ICMP6		58
#define FRAME_MAX	2048
#define FRAMES_MAX	3
#define PER_REQUEST	64
#define SILENCE_MS	20000
#define SESSIONS_MAX	16

#define UDP_HLEN	8
/* A segment has options that say nothing, so that it can be cut behind its header. */
#define TCP_HLEN	20
#define TCP_OPTIONS	20
#define RST_ACK		0x14
#define SYN_ACK		0x12
#define SYN		0x02

/* What was sent; a kind of packet is for some of these. */
enum probe { ECHO = 1, UDP = 2, TCP = 4, ICMP_OR_TCP = ECHO | TCP, PORTS = UDP | TCP, ALL = 7 };

/* Numbers of datagrams that are cut: those of one kind never make a whole with another's. */
enum { LONE = 0, OVERLAP = 0x4000, WHOLE = 0x8000, RANGE = 0x4000 };

/* What the asking host must make of a packet. */
enum fate { NOTHING, FORGED, BAD_CHECKSUM, OTHER_ADDRESS, DUPLICATE, FATES };

static const char *const fate_name[FATES] = {
	"nothing", "forged", "bad_checksum", "other_address", "duplicates",
};

/* By how many keys probes by TCP are told apart: the last bits of their sequence number. */
#define KEYS	32768

/* The last request that came, and what an answer to it begins with. */
struct request {
	uint8_t frame[FRAME_MAX];
	uint32_t len;
	bool ipv6;
	uint32_t hlen;		/* up to what is behind IP, Ethernet included */
	enum probe probe;
	uint16_t id;		/* identifier or source port */
	const bool *keys;	/* by which of them its session has sent */
};

struct packet {
	uint8_t frame[FRAME_MAX];
	uint32_t len;
	uint8_t proto;
};

struct kind {
	const char *name;
	enum fate fate;
	int probes;
	/* At most FRAMES_MAX; the rest has no length. False: there is none in this family. */
	bool (*make)(struct chance *chance, const struct request *r, struct packet *p);
};

static void put16(uint8_t *at, uint16_t value)
{
	at[0] = value >> 8;
	at[1] = value;
}

static void put32(uint8_t *at, uint32_t value)
{
	put16(at, value >> 16);
	put16(at + 2, value);
}

static uint32_t get32(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | at[1] << 16 | at[2] << 8 | at[3];
}

static uint32_t sum(const uint8_t *data, uint32_t len, uint32_t start)
{
	uint32_t i;

	for (i = 0; i + 1 < len; i += 2)
		start += data[i] << 8 | data[i + 1];
	if (len & 1)
		start += data[len - 1] << 8;
	return start;
}

static uint16_t fold(uint32_t value)
{
	while (value >> 16)
		value = (value & 0xffff) + (value >> 16);
	return ~value;
}

static uint32_t hlen_of(const struct packet *p, bool ipv6)
{
	return ETH_HLEN + (ipv6 ? 40 : (p->frame[ETH_HLEN] & 15) * 4);
}

/* Lengths and sums, so that nothing is wrong but what is meant to be. */
static void seal_ip(struct packet *p, bool ipv6)
{
	uint8_t *ip = p->frame + ETH_HLEN;
	uint32_t hlen = hlen_of(p, ipv6);

	if (ipv6) {
		put16(ip + 4, p->len - hlen);
		return;
	}
	put16(ip + 2, p->len - ETH_HLEN);
	put16(ip + 10, 0);
	put16(ip + 10, fold(sum(ip, hlen - ETH_HLEN, 0)));
}

/* The sum of what is behind IP, and of the addresses where that is in it. */
static uint32_t sum_of(const struct packet *p, bool ipv6)
{
	uint32_t hlen = hlen_of(p, ipv6), len = p->len - hlen, start = 0;

	if (p->proto != ICMP)
		start = sum(p->frame + ETH_HLEN + (ipv6 ? 8 : 12), ipv6 ? 32 : 8, len + p->proto);
	return sum(p->frame + hlen, len, start);
}

/*
 * A UDP probe is named by its checksum, which two bytes of the cookie make what it is: so whoever
 * has seen it can make another datagram of that name.
 */
static void seal_payload(struct packet *p, bool ipv6)
{
	uint8_t *data = p->frame + hlen_of(p, ipv6);
	uint32_t len = p->len - hlen_of(p, ipv6);
	uint32_t at = p->proto == TCP_PROTO ? 16 : p->proto == UDP_PROTO ? UDP_HLEN + 6 : 2;

	if (len < at + 2)
		return;
	put16(data + at, 0);
	put16(data + at, fold(sum_of(p, ipv6)));
}

static void seal(struct packet *p, bool ipv6)
{
	seal_ip(p, ipv6);
	seal_payload(p, ipv6);
}

/* The head of an answer to a request, with @len bytes behind IP that are not yet written. */
static uint8_t *answer(const struct request *r, struct packet *p, uint8_t proto, uint32_t len)
{
	uint32_t size = r->ipv6 ? 16 : 4, at = ETH_HLEN + (r->ipv6 ? 8 : 12);

	memcpy(p->frame, r->frame + ETH_ALEN, ETH_ALEN);
	memcpy(p->frame + ETH_ALEN, r->frame, ETH_ALEN);
	memcpy(p->frame + 12, r->frame + 12, r->hlen - 12);
	memcpy(p->frame + at, r->frame + at + size, size);
	memcpy(p->frame + at + size, r->frame + at, size);
	p->frame[ETH_HLEN + (r->ipv6 ? 6 : 9)] = proto;
	/* A number of its own, and no DF: as a router would send it. */
	if (!r->ipv6) {
		p->frame[ETH_HLEN + 6] = 0;
		p->frame[ETH_HLEN + 7] = 0;
	}
	p->proto = proto;
	p->len = r->hlen + len;
	return p->frame + r->hlen;
}

static void swap_ports(const struct request *r, uint8_t *data)
{
	memcpy(data, r->frame + r->hlen + 2, 2);
	memcpy(data + 2, r->frame + r->hlen, 2);
}

/* A reset: the port is closed. */
static uint8_t *segment(const struct request *r, struct packet *p)
{
	uint8_t *tcp = answer(r, p, TCP_PROTO, TCP_HLEN + TCP_OPTIONS);

	memset(tcp, 0, TCP_HLEN);
	swap_ports(r, tcp);
	put32(tcp + 8, get32(r->frame + r->hlen + 4) + 1);
	tcp[12] = (TCP_HLEN + TCP_OPTIONS) / 4 << 4;
	tcp[13] = RST_ACK;
	memset(tcp + TCP_HLEN, 1, TCP_OPTIONS);
	return tcp;
}

/* What answers the request: it again, or a reset; returns what is behind IP. */
static uint8_t *reply(const struct request *r, struct packet *p)
{
	uint8_t *data;

	if (r->probe == TCP)
		return segment(r, p);
	data = answer(r, p, r->probe == UDP ? UDP_PROTO : r->ipv6 ? ICMP6 : ICMP, r->len - r->hlen);
	memcpy(data, r->frame + r->hlen, r->len - r->hlen);
	if (r->probe == UDP)
		swap_ports(r, data);
	else
		data[0] = r->ipv6 ? 129 : 0;
	return data;
}

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

static const struct kind kinds[] = {
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

#define KINDS	(sizeof(kinds) / sizeof(*kinds))

/* Who asks, by what it is known on the wire. */
struct session {
	enum probe probe;
	uint16_t id;
	char to[INET6_ADDRSTRLEN];	/* whom first */
	uint64_t requests;
	uint64_t by_fate[FATES];
	uint64_t by_kind[KINDS];
	bool keys[KEYS];
};

static struct session sessions[SESSIONS_MAX];
static uint32_t n_sessions;

/* NULL: they are too many. */
static struct session *session_of(const struct request *r)
{
	struct session *session;
	uint32_t i;

	for (i = 0; i < n_sessions; i++)
		if (sessions[i].probe == r->probe && sessions[i].id == r->id)
			return &sessions[i];
	if (n_sessions == SESSIONS_MAX)
		return NULL;
	session = &sessions[n_sessions++];
	session->probe = r->probe;
	session->id = r->id;
	inet_ntop(r->ipv6 ? AF_INET6 : AF_INET, r->frame + ETH_HLEN + (r->ipv6 ? 24 : 16),
		  session->to, sizeof(session->to));
	return session;
}

/* Takes a frame if it is a probe that came in. */
static bool is_request(struct request *r, const struct sockaddr_ll *from, ssize_t len)
{
	const uint8_t *ip = r->frame + ETH_HLEN, *data;
	uint32_t size;
	uint8_t proto;

	if (from->sll_pkttype == PACKET_OUTGOING || len < ETH_HLEN + 40)
		return false;
	r->ipv6 = r->frame[12] == 0x86;
	r->hlen = ETH_HLEN + (r->ipv6 ? 40 : (ip[0] & 15) * 4);
	r->len = ETH_HLEN + (r->ipv6 ? 40 + (ip[4] << 8 | ip[5]) : ip[2] << 8 | ip[3]);
	/* With room for what is put between. */
	if (r->len > len || r->len < r->hlen + 24 || r->len > FRAME_MAX - 128)
		return false;
	if (!r->ipv6 && (ip[6] & 0x3f || ip[7]))
		return false;
	data = r->frame + r->hlen;
	size = r->len - r->hlen;
	proto = ip[r->ipv6 ? 6 : 9];
	r->id = data[0] << 8 | data[1];
	if (proto == TCP_PROTO) {
		r->probe = TCP;
		return data[13] == SYN;
	}
	r->probe = proto == UDP_PROTO ? UDP : ECHO;
	if (r->probe == UDP)
		return size >= UDP_HLEN + 32;
	r->id = data[4] << 8 | data[5];
	return size >= 8 + 32 && (r->ipv6 ? proto == ICMP6 && data[0] == 128
					  : proto == ICMP && data[0] == 8);
}

/* Returns false if it could not be sent. */
static bool send_all(int fd, const struct packet *packet)
{
	uint32_t i;

	for (i = 0; i < FRAMES_MAX && packet[i].len; i++)
		if (send(fd, packet[i].frame, packet[i].len, 0) != (ssize_t)packet[i].len)
			return false;
	return true;
}

static void show(const struct session *session)
{
	static const char *const names[] = { [ECHO] = "echo", [UDP] = "udp", [TCP] = "tcp" };
	const char *between = "";
	uint32_t i;

	printf("{\"probe\": \"%s\", \"to\": \"%s\", \"requests\": %llu", names[session->probe],
	       session->to, (unsigned long long)session->requests);
	for (i = 0; i < FATES; i++)
		printf(", \"%s\": %llu", fate_name[i], (unsigned long long)session->by_fate[i]);
	printf(", \"kinds\": {");
	for (i = 0; i < KINDS; i++) {
		if (!(kinds[i].probes & session->probe))
			continue;
		printf("%s\"%s\": %llu", between, kinds[i].name,
		       (unsigned long long)session->by_kind[i]);
		between = ", ";
	}
	printf("}}");
}

int main(int argc, char **argv)
{
	uint64_t packets = argc > 2 ? strtoull(argv[2], NULL, 0) : 0, sent = 0;
	struct chance chance = { argc > 3 ? strtoull(argv[3], NULL, 0) : (uint64_t)time(NULL) };
	struct sockaddr_ll from = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL) };
	int fd = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL)), room = 4 << 20;
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	static struct packet packet[FRAMES_MAX];
	struct session *session;
	struct request request;
	uint32_t i, j;

	from.sll_ifindex = argc > 1 ? if_nametoindex(argv[1]) : 0;
	if (!packets || fd < 0 || bind(fd, (void *)&from, sizeof(from))) {
		fprintf(stderr, "usage: packet_flood INTERFACE PACKETS [SEED]: %s\n",
			strerror(errno));
		return 2;
	}
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room));
	printf("{\"seed\": %llu, ", (unsigned long long)chance.state);
	while (sent < packets && poll(&ready, 1, SILENCE_MS) > 0) {
		socklen_t size = sizeof(from);
		ssize_t len = recvfrom(fd, request.frame, sizeof(request.frame), MSG_DONTWAIT,
				       (void *)&from, &size);

		if (len < 0 || !is_request(&request, &from, len))
			continue;
		session = session_of(&request);
		if (!session)
			continue;
		session->requests++;
		session->keys[get32(request.frame + request.hlen + 4) % KEYS] = true;
		request.keys = session->keys;
		for (i = 0; i < PER_REQUEST && sent < packets; i++) {
			uint32_t number = chance_below(&chance, KINDS);

			for (j = 0; j < FRAMES_MAX; j++)
				packet[j].len = 0;
			if (!(kinds[number].probes & request.probe) ||
			    !kinds[number].make(&chance, &request, packet))
				continue;
			if (!send_all(fd, packet)) {
				/* Ethernet allows for no less. */
				if (errno == EINVAL)
					continue;
				perror("send");
				return 1;
			}
			session->by_kind[number]++;
			session->by_fate[kinds[number].fate]++;
			sent++;
		}
	}
	printf("\"packets\": %llu, \"sessions\": [", (unsigned long long)sent);
	for (i = 0; i < n_sessions; i++) {
		printf("%s", i ? ", " : "");
		show(&sessions[i]);
	}
	printf("]}\n");
	return sent < packets;
}
