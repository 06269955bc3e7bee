// SPDX-License-Identifier: GPL-2.0
/*
 * What is known of a path. Filled from records, asked by whoever prints; it knows
 * neither clock nor module.
 */
#include "lib/path.h"

#include <stdio.h>
#include <string.h>

#include "lib/icmp_names.h"

/**
 * path_init - begin with nothing known
 * @p: the path
 * @family: 4 or 6
 * @target: where it leads
 * @first: the least TTL to ask for, at least 1
 * @max: the greatest, at most PATH_HOPS
 * @queries: answers wanted of each hop
 */
void path_init(struct path *p, int family, const uint8_t *target, unsigned int first,
	       unsigned int max, unsigned int queries)
{
	*p = (struct path){
		.family = family,
		.first = first,
		.max = max,
		.queries = queries,
	};
	memcpy(p->target, target, family == 4 ? 4 : 16);
}

/**
 * path_asked - probes of a hop are on their way
 * @p: the path
 * @ttl: the hop
 * @probes: how many
 * @now_ns: since now
 */
void path_asked(struct path *p, unsigned int ttl, unsigned int probes, uint64_t now_ns)
{
	struct path_hop *hop = &p->hop[ttl];

	if (hop->asked) {
		hop->row++;
		hop->again++;
	} else {
		hop->first_ns = now_ns;
	}
	hop->asked += probes;
	hop->asked_ns = now_ns;
	if (ttl > p->asked_to)
		p->asked_to = ttl;
}

/**
 * path_answer_ends - is the end of a path who answers so
 * @family: 4 or 6
 * @a: the answer
 *
 * Return: false if it is a router that passes on whatever lives long enough.
 */
bool path_answer_ends(int family, const struct path_answer *a)
{
	return a->reply || a->type != (family == 4 ? 11 : 3) || a->code;
}

/**
 * path_answer_take - what a record tells of an answer
 * @a: the result
 * @r: the record
 * @extension: objects that the answer has, or NULL
 *
 * Return: false if there is no answer to the probe of a hop.
 */
bool path_answer_take(struct path_answer *a, const struct icmpctl_record *r,
		      const struct icmpctl_extension *extension)
{
	switch (r->status) {
	case ICMPCTL_STATUS_REPLY:
	case ICMPCTL_STATUS_ERROR:
	case ICMPCTL_STATUS_OTHER_ADDRESS:
		break;
	default:
		return false;
	}
	*a = (struct path_answer){
		.known = true,
		.timed = r->tx_source != ICMPCTL_SOURCE_NONE &&
			 r->rx_source != ICMPCTL_SOURCE_NONE,
		.reply = r->status != ICMPCTL_STATUS_ERROR,
		.rtt_ns = r->rtt_ns,
		.type = r->icmp_type,
		.code = r->icmp_code,
		.ttl = r->ttl,
		.info = r->info,
		.extension_state = r->extension,
	};
	if (extension)
		a->extension = *extension;
	memcpy(a->from, r->from, sizeof(a->from));
	return true;
}

/* Where an answer stands: at its own query, or where one is missing. */
static struct path_answer *place(const struct path *p, struct path_hop *hop, unsigned int query)
{
	if (query < p->queries && !hop->answers[query].known)
		return &hop->answers[query];
	for (unsigned int i = 0; i < p->queries; i++)
		if (!hop->answers[i].known)
			return &hop->answers[i];
	return NULL;
}

/**
 * path_record - take in what became of a probe
 * @p: the path
 * @ttl: the hop it was for
 * @r: the record
 * @query: which of the hop's first probes it was, from 0; PATH_QUERIES for a
 *	repeated one
 *
 * Return: true if something is known now that was not.
 */
bool path_record(struct path *p, unsigned int ttl, const struct icmpctl_record *r,
		 unsigned int query)
{
	return path_record_extended(p, ttl, r, NULL, query);
}

/**
 * path_record_extended - take in what became of a probe, and what was appended
 * @p: the path
 * @ttl: the hop it was for
 * @r: the record
 * @extension: objects that its answer has, or NULL
 * @query: as path_record()'s
 *
 * Return: true if something is known now that was not.
 */
bool path_record_extended(struct path *p, unsigned int ttl, const struct icmpctl_record *r,
			  const struct icmpctl_extension *extension, unsigned int query)
{
	struct path_hop *hop = &p->hop[ttl];
	struct path_answer answer, *a;

	if (!path_answer_take(&answer, r, extension))
		return false;
	a = ttl > p->closed ? place(p, hop, query) : NULL;
	if (!a)
		return false;
	*a = answer;
	a->again = query >= p->queries;
	hop->answered++;
	hop->row = 0;
	if (a->timed && a->rtt_ns > p->rtt_max_ns)
		p->rtt_max_ns = a->rtt_ns;
	if (path_answer_ends(p->family, a) && (!p->end || ttl < p->end))
		p->end = ttl;
	return true;
}

/**
 * path_last - the last hop that is worth telling of
 * @p: the path
 *
 * Return: its TTL: that of the end, or the greatest that was asked.
 */
unsigned int path_last(const struct path *p)
{
	return p->end ? p->end : p->asked_to;
}

/**
 * path_complete - has a hop answered as often as it was to
 * @p: the path
 * @ttl: the hop
 *
 * Return: true if so.
 */
bool path_complete(const struct path *p, unsigned int ttl)
{
	return p->hop[ttl].answered >= p->queries;
}

/**
 * path_reached - has the target replied
 * @p: the path
 *
 * Return: true if so, at the end of the path.
 */
bool path_reached(const struct path *p)
{
	for (unsigned int i = 0; p->end && i < p->queries; i++)
		if (p->hop[p->end].answers[i].known && p->hop[p->end].answers[i].reply)
			return true;
	return false;
}

/* Answers to the probes that went out together, without a repeated one. */
static unsigned int answered_at_once(const struct path *p, unsigned int ttl)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < p->queries; i++)
		n += p->hop[ttl].answers[i].known && !p->hop[ttl].answers[i].again;
	return n;
}

/**
 * path_limits - does a hop limit how often it answers
 * @p: the path
 * @ttl: the hop
 *
 * So it is said of a hop that answered only when it was asked again, if a hop behind
 * it, over the same way and more, answered every probe at once: then the way does not
 * lose any.
 *
 * Return: true if so.
 */
bool path_limits(const struct path *p, unsigned int ttl)
{
	if (!p->hop[ttl].answered || answered_at_once(p, ttl) == p->hop[ttl].answered)
		return false;
	for (unsigned int i = ttl + 1; i <= path_last(p); i++)
		if (answered_at_once(p, i) == p->queries)
			return true;
	return false;
}

/**
 * path_is_private - is an address of use in private networks alone
 * @family: 4 or 6
 * @a: the address
 *
 * Return: true if so, also for those that mean something only on one link (RFC 1918, 6598,
 * 3927, 4193).
 */
bool path_is_private(int family, const uint8_t *a)
{
	if (family == 6)
		return (a[0] & 0xfe) == 0xfc || (a[0] == 0xfe && (a[1] & 0xc0) == 0x80);
	return a[0] == 10 || (a[0] == 172 && (a[1] & 0xf0) == 16) ||
	       (a[0] == 192 && a[1] == 168) || (a[0] == 100 && (a[1] & 0xc0) == 64) ||
	       (a[0] == 169 && a[1] == 254);
}

static bool has_address(const struct path *p, unsigned int ttl, const uint8_t *addr)
{
	for (unsigned int i = 0; i < p->queries; i++)
		if (p->hop[ttl].answers[i].known &&
		    !memcmp(p->hop[ttl].answers[i].from, addr, 16))
			return true;
	return false;
}

static bool public_before(const struct path *p, unsigned int ttl)
{
	for (unsigned int t = p->first; t < ttl; t++)
		for (unsigned int i = 0; i < p->queries; i++)
			if (p->hop[t].answers[i].known &&
			    !path_is_private(p->family, p->hop[t].answers[i].from))
				return true;
	return false;
}

/**
 * path_marks - what is odd about a hop
 * @p: the path
 * @ttl: the hop
 * @loop: PATH_MARK_LOOP: gets the first hop with the same address
 *
 * A router that passes on what it should have dropped lets the next one appear
 * twice in a row: that is no loop.
 *
 * Return: a set of PATH_MARK_*.
 */
unsigned int path_marks(const struct path *p, unsigned int ttl, unsigned int *loop)
{
	const struct path_answer *answers = p->hop[ttl].answers, *first = NULL;
	unsigned int marks = 0;

	*loop = 0;
	for (unsigned int i = 0; i < p->queries; i++) {
		const struct path_answer *a = &answers[i];

		if (!a->known)
			continue;
		if (first && memcmp(first->from, a->from, 16))
			marks |= PATH_MARK_CHANGES;
		first = first ? first : a;
		if (path_is_private(p->family, a->from) && public_before(p, ttl))
			marks |= PATH_MARK_PRIVATE;
		if (!memcmp(a->from, p->target, 16) && !path_answer_ends(p->family, a))
			marks |= PATH_MARK_TARGET;
		if (a->reply)
			continue;
		for (unsigned int t = p->first; t + 1 < ttl && !*loop; t++)
			if (has_address(p, t, a->from) && !has_address(p, ttl - 1, a->from))
				*loop = t;
	}
	return *loop ? marks | PATH_MARK_LOOP : marks;
}

/**
 * path_hop_of - where on a path is a router
 * @p: the path
 * @addr: an address of its, 16 bytes as in struct icmpctl_record
 *
 * Return: the TTL of the first hop that answered with it, 0 if none did.
 */
unsigned int path_hop_of(const struct path *p, const uint8_t *addr)
{
	for (unsigned int ttl = p->first; ttl <= path_last(p); ttl++)
		if (has_address(p, ttl, addr))
			return ttl;
	return 0;
}

/**
 * path_return_hops - how many hops an answer had behind it
 * @a: the answer
 *
 * Hosts begin with a TTL of 32, 64, 128 or 255: the least one that fits. The hop that
 * answers is counted as in the way there: the first router's answer has come over 1.
 *
 * Return: the hops, 0 if the TTL is not known.
 */
unsigned int path_return_hops(const struct path_answer *a)
{
	static const unsigned int starts[] = { 32, 64, 128, 255 };

	for (unsigned int i = 0; a->ttl && i < sizeof(starts) / sizeof(starts[0]); i++)
		if (a->ttl <= starts[i])
			return starts[i] + 1 - a->ttl;
	return 0;
}

/**
 * path_annotation - what traceroute writes behind the time of an answer
 * @buf: where it is put together
 * @family: 4 or 6
 * @a: the answer
 *
 * Return: "!H" and the like, "" where there is nothing to say.
 */
const char *path_annotation(char buf[16], int family, const struct path_answer *a)
{
	static const char *const codes4[] = {
		"!N", "!H", "!P", "", "", "!S", "!N", "!H", "!N", "!X", "!X", "!N", "!H",
		"!X", "!V", "!C",
	};
	static const char *const codes6[] = { "!N", "!X", "!H", "!H", "" };

	if (a->reply || !path_answer_ends(family, a))
		return "";
	if (icmp_has_mtu(family, a->type, a->code))
		snprintf(buf, 16, "!F-%u", a->info);
	else if (family == 4 && a->type == 3 && a->code < sizeof(codes4) / sizeof(codes4[0]))
		return codes4[a->code];
	else if (family == 6 && a->type == 1 && a->code < sizeof(codes6) / sizeof(codes6[0]))
		return codes6[a->code];
	else if (a->type == (family == 4 ? 3 : 1))
		snprintf(buf, 16, "!<%u>", a->code);
	else
		snprintf(buf, 16, "!<%u-%u>", a->type, a->code);
	return buf;
}
