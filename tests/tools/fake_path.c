// SPDX-License-Identifier: GPL-2.0
/* The hops of a path, as FAKE_PATH has them, and what is counted of them. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fake_module.h"
#include "samples.h"

/*
 * Labels 24005 and 16, and an interface by its name: RFC 4950, 5837. The name is FAKE_INTERFACE,
 * up to 63 bytes that the router was free to choose.
 */
struct icmpctl_extension fake_extension(void)
{
	static const char labels[] = "\0\x0c\1\1\x05\xdc\x56\x07\x00\x01\x01\x01";
	const char *name = getenv("FAKE_INTERFACE") ? getenv("FAKE_INTERFACE") : "eth0";
	struct icmpctl_extension e = { .len = sizeof(labels) - 1 };
	uint8_t *object = e.objects + e.len;
	size_t len = strlen(name);

	/* Its length is that of the field, with its own byte and the padding. */
	memcpy(e.objects, labels, e.len);
	object[4] = (1 + len + 1 + 3) / 4 * 4;
	object[1] = 4 + object[4];
	object[2] = object[3] = 2;
	memcpy(object + 5, name, len);
	e.len += object[1];
	return e;
}

/* Addresses of hops: 192.0.2.TTL, 2001:db8::TTL. */
static void hop_address(struct icmpctl_record *r, uint8_t ttl, bool private)
{
	memset(r->from, 0, sizeof(r->from));
	if (r->family == 4)
		memcpy(r->from, private ? "\x0a\0\0" : "\xc0\0\2", 3);
	else
		memcpy(r->from, private ? "\xfc\0\0" : "\x20\1\x0d\xb8", private ? 3 : 4);
	r->from[r->family == 4 ? 3 : 15] = ttl;
}

/* Does the hop keep silent? @more: it is asked more than once. */
static bool silent(char fate, uint64_t seq, bool more)
{
	switch (fate) {
	case 's':
		return true;
	case 'l':
		return more;
	case 'p':
		return more && seq > 1;
	case 'i':
		return seq % 3 != 1;
	}
	return false;
}

static uint32_t packet_bytes(const struct target *t, uint32_t bytes)
{
	return bytes + (t->family == 4 ? 20 : 40);
}

/* A probe of so many ICMP bytes, and what FAKE_MTU makes of it; false: nothing. */
bool fake_size(struct icmpctl_record *record, const struct target *t, uint64_t seq,
	       uint32_t bytes)
{
	const char *mtu = getenv("FAKE_MTU");
	struct icmpctl_record r = sample_record(ICMPCTL_STATUS_REPLY, seq, t->family);
	char *how;

	if (packet_bytes(t, bytes) > 1500) {
		r = sample_record(ICMPCTL_STATUS_SEND_FAILED, seq, t->family);
		r.error = EMSGSIZE;
		r.info = 1500;
	} else if (packet_bytes(t, bytes) > strtoul(mtu, &how, 10)) {
		if (*how == 's')
			return false;
		r = sample_record(ICMPCTL_STATUS_ERROR, seq, t->family);
		r.icmp_type = t->family == 4 ? 3 : 2;
		r.icmp_code = t->family == 4 ? 4 : 0;
		r.info = *how == '0' ? 0 :
			 *how == 'l' ? packet_bytes(t, bytes) + 1 : strtoul(mtu, NULL, 10);
		hop_address(&r, 1, false);
	} else {
		memcpy(r.from, t->addr, sizeof(r.from));
	}
	*record = r;
	return true;
}

/* A probe of a hop, and what FAKE_PATH makes of it; false: nothing. */
bool fake_hop(struct icmpctl_record *record, const struct target *t, uint8_t ttl,
	      uint64_t seq, uint64_t count, uint32_t bytes)
{
	static const char unreachable[] = "NHPXFO";
	static const uint8_t codes4[] = { 0, 1, 2, 13, 4, 77 }, codes6[] = { 0, 3, 1, 1, 0, 77 };
	const char *path = getenv("FAKE_PATH") ? getenv("FAKE_PATH") : "hht";
	const char *gap = getenv("FAKE_GAP");
	struct icmpctl_record r = sample_record(ICMPCTL_STATUS_ERROR, seq, t->family);
	size_t last = strlen(path) - 1;
	/* Without a TTL of its own a probe gets to the end. */
	char fate = path[ttl && ttl <= last ? ttl - 1U : last];
	const char *found = strchr(unreachable, fate);

	/* What is too big for the way gets to the first hop. */
	if (getenv("FAKE_MTU") && ttl > 1 &&
	    packet_bytes(t, bytes) > strtoul(getenv("FAKE_MTU"), NULL, 10))
		return false;
	if (gap && seq == strtoull(gap, NULL, 10))
		fate = '!';
	if (silent(fate, seq, count != 1))
		return false;
	if (fate == 'g')
		fate = seq <= 2 ? 't' : 'h';
	r.ttl_sent = ttl;
	r.ttl = 65 - ttl;
	r.rtt_ns = ttl * 1000000 + seq * 1000;
	r.icmp_type = t->family == 4 ? 11 : 3;
	r.icmp_code = 0;
	hop_address(&r, fate == 'c' && seq % 2 == 0 ? ttl + 100 : fate == '2' ? 2 : ttl,
		    fate == 'r');
	if (fate == 'b')
		r.ttl -= 3;
	if (fate == 'm')
		r.extension = ICMPCTL_EXTENSION_GOOD;
	if (fate == 't' || fate == 'e')
		memcpy(r.from, t->addr, sizeof(r.from));
	if (fate == 't') {
		r.status = ICMPCTL_STATUS_REPLY;
		r.icmp_type = t->family == 4 ? 0 : 129;
		r.bytes = bytes;
	} else if (fate == '!') {
		r = sample_record(ICMPCTL_STATUS_SEND_FAILED, seq, t->family);
		r.error = ENETUNREACH;
	} else if (found) {
		r.icmp_type = t->family == 4 ? 3 : fate == 'F' ? 2 : 1;
		r.icmp_code = (t->family == 4 ? codes4 : codes6)[found - unreachable];
		r.info = fate == 'F' ? 1400 : 0;
	}
	*record = r;
	return true;
}

/* Does the path go on behind who answered so? */
bool fake_is_router(const struct icmpctl_record *r)
{
	return r->status == ICMPCTL_STATUS_SEND_FAILED ||
	       (r->status == ICMPCTL_STATUS_ERROR &&
		r->icmp_type == (r->family == 4 ? 11 : 3) && !r->icmp_code);
}

static void set(struct session_stats *s, int attr, uint64_t value)
{
	s->told[attr] = true;
	s->value[attr] = value;
}

/* Counts a probe of a hop; @r: what became of it, NULL: nothing yet. */
void fake_hop_count(struct session_stats *s, const struct icmpctl_record *r)
{
	bool reply = r && r->status == ICMPCTL_STATUS_REPLY;
	uint64_t n, mean, min;

	if (r && r->status == ICMPCTL_STATUS_SEND_FAILED) {
		set(s, ICMPCTL_STATS_A_SEND_FAILED, s->value[ICMPCTL_STATS_A_SEND_FAILED] + 1);
		return;
	}
	set(s, ICMPCTL_STATS_A_SENT, s->value[ICMPCTL_STATS_A_SENT] + 1);
	set(s, ICMPCTL_STATS_A_RECEIVED, s->value[ICMPCTL_STATS_A_RECEIVED] + reply);
	set(s, ICMPCTL_STATS_A_ERRORS, s->value[ICMPCTL_STATS_A_ERRORS] + (r && !reply));
	set(s, ICMPCTL_STATS_A_OUTSTANDING, s->value[ICMPCTL_STATS_A_OUTSTANDING] + !r);
	if (!r)
		return;
	n = s->value[ICMPCTL_STATS_A_RECEIVED] + s->value[ICMPCTL_STATS_A_ERRORS];
	mean = s->value[ICMPCTL_STATS_A_RTT_MEAN_NS];
	min = n == 1 ? r->rtt_ns : s->value[ICMPCTL_STATS_A_RTT_MIN_NS];
	set(s, ICMPCTL_STATS_A_RTT_MIN_NS, min);
	set(s, ICMPCTL_STATS_A_RTT_MAX_NS, r->rtt_ns);
	set(s, ICMPCTL_STATS_A_RTT_MEAN_NS, (mean * (n - 1) + r->rtt_ns) / n);
	set(s, ICMPCTL_STATS_A_RTT_STDDEV_NS, 500);
	set(s, ICMPCTL_STATS_A_RTT_P50_NS, min + 50);
	set(s, ICMPCTL_STATS_A_RTT_P90_NS, min + 90000);
	set(s, ICMPCTL_STATS_A_RTT_P99_NS, min + 99000);
	set(s, ICMPCTL_STATS_A_JITTER_NS, 600);
	if (n < 2)
		return;
	set(s, ICMPCTL_STATS_A_IPDV_MEAN_NS, 1000);
	set(s, ICMPCTL_STATS_A_IPDV_MAX_NS, 1000);
}
