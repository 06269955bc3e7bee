// SPDX-License-Identifier: GPL-2.0
/* Clocks of other hosts, sets of addresses, and which probe of a sweep a record is about. */
#include <inttypes.h>
#include <string.h>

#include "check.h"
#include "lib/addrset.h"
#include "lib/remote_clock.h"
#include "lib/units.h"
#include "out_sweep.h"

#define MS	((int64_t)NSEC_PER_MSEC)
#define DAY_MS	86400000u
/* Half a day after a midnight UT, by our clock. */
#define NOON	(INT64_C(20000) * DAY_MS * MS + (int64_t)DAY_MS / 2 * MS)

/* A host whose clock is @ahead_ns off answers, @way_ns after we asked at @sent_ns. */
static void answer(struct icmpctl_record *r, int64_t sent_ns, int64_t ahead_ns, int64_t way_ns,
		   int64_t inside_ns, int64_t back_ns)
{
	int64_t receive_ns = sent_ns + way_ns + ahead_ns;

	*r = (struct icmpctl_record){
		.handed_ns = 5 * NSEC_PER_SEC,
		.rtt_ns = way_ns + inside_ns + back_ns,
		.info = receive_ns / MS % DAY_MS,
		.info2 = (receive_ns + inside_ns) / MS % DAY_MS,
	};
}

static void test_offsets(void)
{
	static const int64_t aheads_ns[] = {
		0, 1, 500000, -500000, 7 * MS, -7 * MS, 3723004 * MS, -3723004 * MS,
		43199 * 1000 * MS, -43199 * 1000 * MS,
	};
	static const int64_t starts_ns[] = { NOON, NOON + 43199999 * MS, NOON - 43200000 * MS };
	bool good = true;

	for (size_t i = 0; i < sizeof(aheads_ns) / sizeof(aheads_ns[0]); i++) {
		for (size_t j = 0; j < 3; j++) {
			for (int64_t way_ns = 1; way_ns < 200 * MS; way_ns = way_ns * 7 + 12345) {
				struct icmpctl_record r;
				struct remote_clock c;
				int64_t wrong_ns;

				answer(&r, starts_ns[j], aheads_ns[i], way_ns, 3 * MS, way_ns / 3);
				remote_clock_read(&c, &r, starts_ns[j] - 5 * (int64_t)NSEC_PER_SEC);
				wrong_ns = c.offset_ns - aheads_ns[i];
				if (wrong_ns < 0)
					wrong_ns = -wrong_ns;
				/* And no wider than the round trip and a step. */
				if (c.kind != REMOTE_CLOCK_STANDARD || wrong_ns > c.error_ns ||
				    c.error_ns > (way_ns + way_ns / 3 + 2 * MS) / 2 + 1)
					good = false;
			}
		}
	}
	check(good, "clock: the true offset is within what it can be wrong by, at any time of day");
}

static void test_kinds_of_clocks(void)
{
	static const struct {
		uint32_t receive, transmit;
		enum remote_clock_kind kind;
	} cases[] = {
		{ 0, 0, REMOTE_CLOCK_STANDARD },
		{ DAY_MS - 1, DAY_MS - 1, REMOTE_CLOCK_STANDARD },
		{ DAY_MS, 0, REMOTE_CLOCK_OUT_OF_RANGE },
		{ 0, DAY_MS, REMOTE_CLOCK_OUT_OF_RANGE },
		{ 0x7fffffff, 0, REMOTE_CLOCK_OUT_OF_RANGE },
		{ 0x80000000, 0, REMOTE_CLOCK_NONSTANDARD },
		{ 5, 0x80000005, REMOTE_CLOCK_NONSTANDARD },
		{ UINT32_MAX, UINT32_MAX, REMOTE_CLOCK_NONSTANDARD },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct icmpctl_record r = { .info = cases[i].receive, .info2 = cases[i].transmit };
		struct remote_clock c;

		remote_clock_read(&c, &r, NOON);
		check(c.kind == cases[i].kind, "clock: %" PRIu32 ", %" PRIu32 " is %s",
		      cases[i].receive, cases[i].transmit, remote_clock_name(cases[i].kind));
	}
}

static void test_set(void)
{
	struct addrset set = { .n = 0 };
	bool good = true;

	for (int round = 0; round < 2; round++) {
		for (uint32_t i = 0; i < 20000; i++) {
			uint8_t addr[16] = { i, i >> 8, i >> 16, i * 7 };

			good = good && addrset_add(&set, 4, addr) == !round &&
			       addrset_add(&set, 6, addr) == !round;
		}
	}
	check(addrset_has(&set, 4, (uint8_t[16]){ 1, 0, 0, 7 }) &&
	      !addrset_has(&set, 4, (uint8_t[16]){ 1, 0, 0, 8 }),
	      "set: what is in it, and what is not");
	check(good && set.n == 40000, "set: each address is new once, whatever its family");
	addrset_free(&set);
	check(!set.entry && !set.n && !set.room, "set: nothing is left of it");
}

static void test_probes(void)
{
	struct sweep_config c = {
		.probes = { { .kind = ICMPCTL_PROBE_TIMESTAMP }, { .kind = ICMPCTL_PROBE_ECHO },
			    { .kind = ICMPCTL_PROBE_TCP, .port = 443 } },
		.n_probes = 3,
	};
	static const uint16_t kinds[][6] = {
		{ ICMPCTL_PROBE_TIMESTAMP, ICMPCTL_PROBE_ECHO, ICMPCTL_PROBE_TCP,
		  ICMPCTL_PROBE_TIMESTAMP, ICMPCTL_PROBE_ECHO, ICMPCTL_PROBE_TCP },
		{ ICMPCTL_PROBE_ECHO, ICMPCTL_PROBE_TCP, ICMPCTL_PROBE_ECHO, ICMPCTL_PROBE_TCP,
		  ICMPCTL_PROBE_ECHO, ICMPCTL_PROBE_TCP },
	};
	bool good = true;

	for (int six = 0; six < 2; six++)
		for (unsigned int try = 1; try <= 6; try++) {
			struct icmpctl_record r = { .seq = try, .family = six ? 6 : 4 };

			good = good && out_sweep_probe(&c, &r)->kind == kinds[six][try - 1];
		}
	check(good, "sweep: a try tells its kind of probe; IPv6 passes over those of IPv4");
	c.n_probes = 0;
	check(out_sweep_probe(&c, &(struct icmpctl_record){ .seq = 2, .family = 4 })->kind ==
	      ICMPCTL_PROBE_ECHO, "sweep: without -P it is an echo");
}

void test_sweep(void)
{
	test_offsets();
	test_kinds_of_clocks();
	test_set();
	test_probes();
}
