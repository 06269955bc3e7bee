// SPDX-License-Identifier: GPL-2.0
/* The model of a path, and whom it is worth asking next. */
#include <string.h>

#include "check.h"
#include "lib/path.h"
#include "lib/units.h"

#define MS NSEC_PER_MSEC

static struct path p;
static const struct path_rule rule = {
	.window = 4,
	.repeats = 2,
	.spacing_ns = 1100 * MS,
	.wait_ns = 5000 * MS,
};

/* A router 10.0.0.@last, or whatever @status says. */
static struct icmpctl_record record(uint8_t status, uint8_t last, uint64_t rtt_ns)
{
	struct icmpctl_record r = {
		.status = status,
		.family = 4,
		.tx_source = ICMPCTL_SOURCE_HOOK,
		.rx_source = ICMPCTL_SOURCE_HOOK,
		.rtt_ns = rtt_ns,
		.ttl = 64,
		.icmp_type = status == ICMPCTL_STATUS_ERROR ? 11 : 0,
		.from = { 10, 0, 0, last },
	};

	return r;
}

static void router(unsigned int ttl, uint8_t last, unsigned int query)
{
	struct icmpctl_record r = record(ICMPCTL_STATUS_ERROR, last, ttl * MS);

	path_record(&p, ttl, &r, query);
}

static void target(unsigned int ttl, unsigned int query)
{
	struct icmpctl_record r = record(ICMPCTL_STATUS_REPLY, 99, ttl * MS);

	path_record(&p, ttl, &r, query);
}

static void begin(unsigned int max, unsigned int queries)
{
	static const uint8_t addr[16] = { 10, 0, 0, 99 };

	path_init(&p, 4, addr, 1, max, queries);
}

static void ask(const struct path_step *step, uint64_t now)
{
	for (unsigned int i = 0; i < step->n; i++)
		path_asked(&p, step->ttl[i], step->what == PATH_ASK ? p.queries : 1, now);
}

static void test_records(void)
{
	struct icmpctl_record r = record(ICMPCTL_STATUS_LOST, 0, 0);
	unsigned int loop;

	begin(30, 2);
	check(!path_record(&p, 1, &r, 0) && !p.hop[1].answered, "path: lost is no answer");
	router(1, 1, 1);
	check(p.hop[1].answers[1].known && !p.hop[1].answers[0].known,
	      "path: an answer stands at its query");
	router(1, 1, PATH_QUERIES);
	check(p.hop[1].answers[0].again && path_complete(&p, 1),
	      "path: a repeated one where one is missing");
	router(1, 7, 0);
	check(p.hop[1].answered == 2 && p.hop[1].answers[0].from[3] == 1,
	      "path: what comes on top changes nothing");
	check(!p.end && !path_reached(&p), "path: routers are not the end");
	target(6, 0);
	check(p.end == 6 && path_reached(&p), "path: it ends at a reply");
	target(4, 0);
	check(p.end == 4, "path: at the nearest one");
	r = record(ICMPCTL_STATUS_ERROR, 3, MS);
	r.icmp_type = 3;
	r.icmp_code = 13;
	path_record(&p, 3, &r, 0);
	check(p.end == 3 && !path_reached(&p), "path: or at what is not let through");
	p.closed = 3;
	target(2, 0);
	check(!p.hop[2].answered && p.end == 3, "path: what is told is told");
	check(p.rtt_max_ns == 6 * MS, "path: the longest round trip");
	check(path_marks(&p, 1, &loop) == 0, "path: nothing is odd");
}

static void test_marks(void)
{
	struct icmpctl_record r = record(ICMPCTL_STATUS_ERROR, 99, MS);
	unsigned int loop;

	begin(30, 2);
	router(1, 1, 0);
	router(2, 2, 0);
	router(2, 22, 1);
	router(3, 3, 0);
	router(4, 3, 0);
	router(5, 2, 0);
	path_record(&p, 6, &r, 0);
	check(path_marks(&p, 2, &loop) == PATH_MARK_CHANGES, "path: two addresses in a hop");
	check(path_marks(&p, 4, &loop) == 0, "path: the same twice in a row is no loop");
	check(path_marks(&p, 5, &loop) == PATH_MARK_LOOP && loop == 2, "path: a loop");
	check(path_marks(&p, 6, &loop) == PATH_MARK_TARGET, "path: the target as a router");
	r.from[0] = 8;
	path_record(&p, 7, &r, 0);
	r.from[0] = 172;
	r.from[1] = 31;
	path_record(&p, 8, &r, 0);
	check(path_marks(&p, 7, &loop) == 0, "path: public behind private is usual");
	check(path_marks(&p, 8, &loop) == PATH_MARK_PRIVATE, "path: private behind public");
}

static void test_limits(void)
{
	begin(30, 2);
	router(1, 1, 0);
	router(2, 2, 0);
	router(2, 2, PATH_QUERIES);
	p.asked_to = 3;
	check(!path_limits(&p, 2), "path: a lossy way is no limit");
	router(3, 3, 0);
	router(3, 3, 1);
	check(path_limits(&p, 2), "path: a limit, where the way behind loses none");
	check(!path_limits(&p, 3) && !path_limits(&p, 1), "path: no limit elsewhere");
}

static void test_next(void)
{
	struct path_step s;
	uint64_t now = 1000 * MS;

	begin(30, 1);
	path_next(&p, &rule, now, &s);
	check(s.what == PATH_ASK && s.n == 4 && s.ttl[0] == 1 && s.ttl[3] == 4,
	      "path: first a window");
	ask(&s, now);
	path_next(&p, &rule, now, &s);
	check(s.what == PATH_WAIT && s.at_ns == now + 1100 * MS, "path: then wait");
	router(4, 4, 0);
	path_next(&p, &rule, now + 4 * MS, &s);
	check(s.what == PATH_ASK && s.ttl[0] == 5 && s.n == 4,
	      "path: the next window as soon as the path goes on");
	ask(&s, now + 4 * MS);
	router(1, 1, 0);
	router(3, 3, 0);
	target(6, 0);
	router(5, 5, 0);
	path_next(&p, &rule, now + 10 * MS, &s);
	check(s.what == PATH_WAIT && s.at_ns == now + 1100 * MS, "path: hop 2 is missing");
	now += 1100 * MS;
	path_next(&p, &rule, now, &s);
	check(s.what == PATH_REPEAT && s.n == 1 && s.ttl[0] == 2, "path: it is asked again");
	ask(&s, now);
	now += 1100 * MS;
	path_next(&p, &rule, now, &s);
	check(s.what == PATH_REPEAT && p.hop[2].row == 1, "path: and again");
	ask(&s, now);
	path_next(&p, &rule, now, &s);
	check(s.what == PATH_WAIT && s.at_ns == now + 500 * MS && !path_settled(&p, &rule, 2, now),
	      "path: a last wait, shorter than the longest");
	router(2, 2, PATH_QUERIES);
	path_next(&p, &rule, now, &s);
	check(s.what == PATH_DONE && p.hop[2].row == 0 && p.hop[2].again == 2, "path: done");
}

static void test_silence(void)
{
	struct path_step s;
	uint64_t now = 1000 * MS;
	unsigned int asked = 0, passes = 0;

	begin(30, 3);
	for (;; passes++) {
		path_next(&p, &rule, now, &s);
		if (s.what == PATH_DONE || passes > 100)
			break;
		if (s.what == PATH_WAIT)
			now = s.at_ns;
		else
			asked += s.n * (s.what == PATH_ASK ? 3 : 1);
		ask(&s, now);
	}
	check(s.what == PATH_DONE && asked == 30 * (3 + 2),
	      "path: total silence: three probes and two repeats a hop");
	check(now == (1000 + 7 * 5000 + 2 * 1100 + 5000) * MS,
	      "path: and the longest wait once a window, and at the end");
	check(path_settled(&p, &rule, 30, now) && path_last(&p) == 30, "path: all is settled");
}

static void annotated(int family, uint8_t type, uint8_t code, uint32_t info, const char *expected)
{
	struct path_answer a = { .type = type, .code = code, .info = info };
	char buf[16];

	check_text(path_annotation(buf, family, &a), expected, "path: IPv%d type %u code %u",
		   family, type, code);
}

static void test_annotations(void)
{
	struct path_answer a = { .ttl = 0 };
	static const uint8_t ttls[][2] = {
		{ 64, 1 }, { 60, 5 }, { 255, 1 }, { 243, 13 }, { 128, 1 }, { 32, 1 }, { 0, 0 },
	};

	annotated(4, 11, 0, 0, "");
	annotated(4, 11, 1, 0, "!<11-1>");
	annotated(4, 3, 0, 0, "!N");
	annotated(4, 3, 1, 0, "!H");
	annotated(4, 3, 2, 0, "!P");
	annotated(4, 3, 3, 0, "");
	annotated(4, 3, 4, 1400, "!F-1400");
	annotated(4, 3, 5, 0, "!S");
	annotated(4, 3, 13, 0, "!X");
	annotated(4, 3, 14, 0, "!V");
	annotated(4, 3, 15, 0, "!C");
	annotated(4, 3, 16, 0, "!<16>");
	annotated(4, 12, 0, 0, "!<12-0>");
	annotated(6, 3, 0, 0, "");
	annotated(6, 1, 0, 0, "!N");
	annotated(6, 1, 1, 0, "!X");
	annotated(6, 1, 3, 0, "!H");
	annotated(6, 1, 4, 0, "");
	annotated(6, 1, 5, 0, "!<5>");
	annotated(6, 2, 0, 1280, "!F-1280");
	annotated(6, 4, 1, 0, "!<4-1>");
	for (unsigned int i = 0; i < sizeof(ttls) / sizeof(ttls[0]); i++) {
		a.ttl = ttls[i][0];
		check(path_return_hops(&a) == ttls[i][1], "path: TTL %u came over %u hops",
		      ttls[i][0], ttls[i][1]);
	}
}

void test_path(void)
{
	test_records();
	test_marks();
	test_limits();
	test_next();
	test_silence();
	test_annotations();
}
