// SPDX-License-Identifier: GPL-2.0
/*
 * packet_flood.c - answers that are none, to whoever pings the host behind an interface
 *
 *	packet_flood INTERFACE PACKETS [SEED]
 *
 * Listens for echo requests that come in by the interface, and for each sends many packets
 * that could be taken for its answer: replies with a wrong cookie, number, address or
 * checksum, twice the same, in fragments that never become whole, cut anywhere, errors
 * that quote what was not sent, noise. The host's own kernel gives the right answers. Ends
 * with a line of JSON: how many of each kind, and as what the asking host must have
 * counted them.
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

#define ICMP6		58
#define FRAME_MAX	2048
#define PER_REQUEST	256
#define SILENCE_MS	20000

/* What the asking host must make of a packet. */
enum fate { NOTHING, FORGED, BAD_CHECKSUM, OTHER_ADDRESS, DUPLICATE, FATES };

static const char *const fate_name[FATES] = {
	"nothing", "forged", "bad_checksum", "other_address", "duplicates",
};

/* The last request that came, and what an answer to it begins with. */
struct request {
	uint8_t frame[FRAME_MAX];
	uint32_t len;
	bool ipv6;
	uint32_t hlen;		/* up to ICMP, Ethernet included */
};

struct packet {
	uint8_t frame[FRAME_MAX];
	uint32_t len;
};

struct kind {
	const char *name;
	enum fate fate;
	/* Returns false if there is no such packet in this family. */
	bool (*make)(struct chance *chance, const struct request *r, struct packet *p);
};

static void put16(uint8_t *at, uint16_t value)
{
	at[0] = value >> 8;
	at[1] = value;
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

static void seal_icmp(struct packet *p, bool ipv6)
{
	uint32_t hlen = hlen_of(p, ipv6), len = p->len - hlen, start = 0;
	uint8_t *icmp = p->frame + hlen;

	if (len < 4)
		return;
	put16(icmp + 2, 0);
	if (ipv6)
		start = sum(p->frame + ETH_HLEN + 8, 32, len + ICMP6);
	put16(icmp + 2, fold(sum(icmp, len, start)));
}

static void seal(struct packet *p, bool ipv6)
{
	seal_ip(p, ipv6);
	seal_icmp(p, ipv6);
}

/* The head of an answer to a request, with @len bytes of ICMP that are not yet written. */
static uint8_t *answer(const struct request *r, struct packet *p, uint32_t len)
{
	uint32_t size = r->ipv6 ? 16 : 4, at = ETH_HLEN + (r->ipv6 ? 8 : 12);

	memcpy(p->frame, r->frame + ETH_ALEN, ETH_ALEN);
	memcpy(p->frame + ETH_ALEN, r->frame, ETH_ALEN);
	memcpy(p->frame + 12, r->frame + 12, r->hlen - 12);
	memcpy(p->frame + at, r->frame + at + size, size);
	memcpy(p->frame + at + size, r->frame + at, size);
	/* A number of its own, and no DF: as a router would send it. */
	if (!r->ipv6) {
		p->frame[ETH_HLEN + 6] = 0;
		p->frame[ETH_HLEN + 7] = 0;
	}
	p->len = r->hlen + len;
	return p->frame + r->hlen;
}

static uint8_t *reply(const struct request *r, struct packet *p)
{
	uint8_t *icmp = answer(r, p, r->len - r->hlen);

	memcpy(icmp, r->frame + r->hlen, r->len - r->hlen);
	icmp[0] = r->ipv6 ? 129 : 0;
	return icmp;
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

static bool wrong_cookie(struct chance *chance, const struct request *r, struct packet *p)
{
	reply(r, p)[8 + chance_below(chance, 8)] ^= bits(chance);
	seal(p, r->ipv6);
	return true;
}

static bool wrong_number(struct chance *chance, const struct request *r, struct packet *p)
{
	uint8_t *icmp = reply(r, p);
	uint16_t seq = icmp[6] << 8 | icmp[7];

	/* Of long ago, or not yet sent. */
	put16(icmp + 6, seq + 30000 + chance_below(chance, 5000));
	seal(p, r->ipv6);
	return true;
}

static bool wrong_sum(struct chance *chance, const struct request *r, struct packet *p)
{
	reply(r, p);
	seal(p, r->ipv6);
	/* Anywhere behind the number: a change of one byte is always seen. */
	p->frame[r->hlen + 8 + chance_below(chance, p->len - r->hlen - 8)] ^= bits(chance);
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
	reply(r, p);
	/* The last byte of the source. */
	p->frame[ETH_HLEN + (r->ipv6 ? 23 : 15)] = 100 + chance_below(chance, 100);
	seal(p, r->ipv6);
	return true;
}

static bool twice(struct chance *chance, const struct request *r, struct packet *p)
{
	(void)chance;
	reply(r, p);
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
		/* Over what will be the ICMP message, not over the headers. */
		seal(p, true);
		memmove(p->frame + r->hlen + more, p->frame + r->hlen, tail);
		memset(p->frame + r->hlen, 0, more);
		p->frame[ETH_HLEN + 6] = 60;
		p->frame[r->hlen] = ICMP6;
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
	reply(r, p)[4 + chance_below(chance, 2)] ^= bits(chance);
	seal(p, r->ipv6);
	return true;
}

static bool short_icmp(struct chance *chance, const struct request *r, struct packet *p)
{
	reply(r, p);
	p->len = r->hlen + chance_below(chance, 8);
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

static bool fragment(struct chance *chance, const struct request *r, struct packet *p)
{
	uint32_t tail;

	reply(r, p);
	seal(p, r->ipv6);
	tail = p->len - r->hlen;
	if (!r->ipv6) {
		noise(chance, p->frame + ETH_HLEN + 4, 2);
		/* One without which it does not become whole: the first, or a later one. */
		put16(p->frame + ETH_HLEN + 6,
		      chance_below(chance, 2) ? 0x2000 : 1 + chance_below(chance, 8000));
		if (p->frame[ETH_HLEN + 6] & 0x20)
			p->len = r->hlen + (tail & ~7U);
		seal_ip(p, false);
		return true;
	}
	memmove(p->frame + r->hlen + 8, p->frame + r->hlen, tail);
	p->frame[ETH_HLEN + 6] = 44;
	p->frame[r->hlen] = ICMP6;
	p->frame[r->hlen + 1] = 0;
	put16(p->frame + r->hlen + 2,
	      chance_below(chance, 2) ? 1 : (1 + chance_below(chance, 8000)) << 3);
	noise(chance, p->frame + r->hlen + 4, 4);
	p->len = r->hlen + 8 + (tail & ~7U);
	put16(p->frame + ETH_HLEN + 4, p->len - r->hlen);
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
	uint8_t *icmp = answer(r, p, 8 + len);

	icmp[0] = error_type(chance, r->ipv6);
	icmp[1] = chance_below(chance, 4);
	/* A path MTU that is none of anybody's. */
	if (icmp[0] == (r->ipv6 ? 2 : 3) && (r->ipv6 || icmp[1] == 4))
		icmp[1] = r->ipv6 ? 0 : 1;
	memset(icmp + 4, 0, 4);
	memcpy(icmp + 8, r->frame + ETH_HLEN, len);
	return icmp + 8;
}

static bool quote_wrong_cookie(struct chance *chance, const struct request *r, struct packet *p)
{
	uint32_t hlen = r->hlen - ETH_HLEN;
	uint8_t *quoted = quote(chance, r, p, r->len - ETH_HLEN);

	/* All of it 0 would count as padding that a router put there. */
	quoted[hlen + 8] = ~quoted[hlen + 8] | 1;
	quoted[hlen + 9 + chance_below(chance, 7)] ^= bits(chance);
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
	uint8_t *icmp = answer(r, p, len);

	noise(chance, icmp, len);
	/* Never a reply, and no message that would change what the host knows. */
	icmp[0] = r->ipv6 ? 150 + chance_below(chance, 50) : 20 + chance_below(chance, 200);
	seal(p, r->ipv6);
	return true;
}

static const struct kind kinds[] = {
	{ "wrong cookie", FORGED, wrong_cookie },
	{ "wrong number", FORGED, wrong_number },
	{ "cut within the cookie", FORGED, cut_reply },
	{ "wrong checksum", BAD_CHECKSUM, wrong_sum },
	{ "another address", OTHER_ADDRESS, other_address },
	{ "the same again", DUPLICATE, twice },
	{ "the same with options", DUPLICATE, with_options },
	{ "another identifier", NOTHING, wrong_id },
	{ "shorter than ICMP", NOTHING, short_icmp },
	{ "cut on the way", NOTHING, cut_frame },
	{ "wrong IP header", NOTHING, wrong_ip },
	{ "a lone fragment", NOTHING, fragment },
	{ "an error, wrong cookie", FORGED, quote_wrong_cookie },
	{ "an error, another address", FORGED, quote_wrong_address },
	{ "an error, cut quote", NOTHING, quote_cut },
	{ "an error about noise", NOTHING, quote_noise },
	{ "noise", NOTHING, all_noise },
};

#define KINDS	(sizeof(kinds) / sizeof(*kinds))

/* Takes a frame if it is an echo request that came in. */
static bool is_request(struct request *r, const struct sockaddr_ll *from, ssize_t len)
{
	const uint8_t *ip = r->frame + ETH_HLEN;

	if (from->sll_pkttype == PACKET_OUTGOING || len < ETH_HLEN + 40 + 8)
		return false;
	r->ipv6 = r->frame[12] == 0x86;
	r->hlen = ETH_HLEN + (r->ipv6 ? 40 : (ip[0] & 15) * 4);
	r->len = ETH_HLEN + (r->ipv6 ? 40 + (ip[4] << 8 | ip[5]) : ip[2] << 8 | ip[3]);
	/* With room for what is put between. */
	if (r->len > len || r->len < r->hlen + 24 || r->len > FRAME_MAX - 128)
		return false;
	return r->ipv6 ? ip[6] == ICMP6 && r->frame[r->hlen] == 128
		       : ip[9] == 1 && !(ip[6] & 0x3f) && !ip[7] && r->frame[r->hlen] == 8;
}

int main(int argc, char **argv)
{
	uint64_t packets = argc > 2 ? strtoull(argv[2], NULL, 0) : 0, sent = 0;
	struct chance chance = { argc > 3 ? strtoull(argv[3], NULL, 0) : (uint64_t)time(NULL) };
	uint64_t by_fate[FATES] = {}, by_kind[KINDS] = {}, requests = 0;
	struct sockaddr_ll from = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL) };
	int fd = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL)), room = 4 << 20;
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	struct request request;
	uint32_t i;

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
		requests++;
		for (i = 0; i < PER_REQUEST && sent < packets; i++) {
			uint32_t number = chance_below(&chance, KINDS);
			struct packet packet = {};

			if (!kinds[number].make(&chance, &request, &packet))
				continue;
			if (send(fd, packet.frame, packet.len, 0) != (ssize_t)packet.len) {
				/* Ethernet allows for no less. */
				if (errno == EINVAL)
					continue;
				perror("send");
				return 1;
			}
			by_kind[number]++;
			by_fate[kinds[number].fate]++;
			sent++;
		}
	}
	printf("\"packets\": %llu, \"requests\": %llu", (unsigned long long)sent,
	       (unsigned long long)requests);
	for (i = 0; i < FATES; i++)
		printf(", \"%s\": %llu", fate_name[i], (unsigned long long)by_fate[i]);
	printf(", \"kinds\": {");
	for (i = 0; i < KINDS; i++)
		printf("%s\"%s\": %llu", i ? ", " : "", kinds[i].name,
		       (unsigned long long)by_kind[i]);
	printf("}}\n");
	return sent < packets;
}
