/* SPDX-License-Identifier: GPL-2.0 */
/*
 * answer.h - a request as it came by the wire, and the right answer to it
 */
#ifndef _HOSTILE_ANSWER_H
#define _HOSTILE_ANSWER_H

#include <stdbool.h>
#include <stdint.h>

#define ICMP		1
#define TCP_PROTO	6
#define UDP_PROTO	17
#define ICMP6		58
#define FRAME_MAX	2048

#define UDP_HLEN	8
/* A segment has options that say nothing, so that it can be cut behind its header. */
#define TCP_HLEN	20
#define TCP_OPTIONS	20
#define RST_ACK		0x14
#define SYN_ACK		0x12
#define SYN		0x02

/* By how many keys probes by TCP are told apart: the last bits of their sequence number. */
#define KEYS	32768

/* What was sent; a kind of packet is for some of these. */
enum probe { ECHO = 1, UDP = 2, TCP = 4, ICMP_OR_TCP = ECHO | TCP, PORTS = UDP | TCP, ALL = 7 };

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

void put16(uint8_t *at, uint16_t value);
void put32(uint8_t *at, uint32_t value);
uint32_t get32(const uint8_t *at);

/* Lengths and sums, so that nothing is wrong but what is meant to be; of IP's header alone. */
void seal_ip(struct packet *p, bool ipv6);
/* And of what is behind it. */
void seal(struct packet *p, bool ipv6);

/* The head of an answer to a request, with @len bytes behind IP that are not yet written. */
uint8_t *answer(const struct request *r, struct packet *p, uint8_t proto, uint32_t len);
/* What answers the request: it again, or a reset; returns what is behind IP. Not sealed. */
uint8_t *reply(const struct request *r, struct packet *p);

#endif /* _HOSTILE_ANSWER_H */
