// SPDX-License-Identifier: GPL-2.0
/* mtr's model: what is known of the hops of a path, round after round. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "lib/hops.h"
#include "lib/units.h"
#include "out_mtr.h"

#define MS NSEC_PER_MSEC

static struct hops h;

static void begin(void)
{
	hops_init(&h, 4, 1, 30, 1000 * MS, 5000 * MS);
}

/* 10.0.0.@last answers the probe of a round. */
static bool answer(unsigned int ttl, uint64_t round, uint8_t status, uint8_t last,
		   uint64_t rtt_ns)
{
	struct icmpctl_record r = {
		.seq = round,
		.status = status,
		.family = 4,
		.tx_source = ICMPCTL_SOURCE_HOOK,
		.rx_source = ICMPCTL_SOURCE_HOOK,
		.rtt_ns = rtt_ns,
		.icmp_type = status == ICMPCTL_STATUS_ERROR ? 11 : 0,
		.from = { 10, 0, 0, last },
	};

	return hops_record(&h, ttl, 0, &r, NULL);
}

static void stats(unsigned int ttl, uint64_t sent, uint64_t answered, uint64_t outstanding)
{
	struct session_stats s = { .told = { false } };

	s.value[ICMPCTL_STATS_A_SENT] = sent;
	s.value[ICMPCTL_STATS_A_ERRORS] = answered;
	s.value[ICMPCTL_STATS_A_OUTSTANDING] = outstanding;
	s.value[ICMPCTL_STATS_A_LOST] = sent - answered - outstanding;
	hops_stats(&h, ttl, &s);
}

/* A hop that answered once, and so many probes of those sent in all. */
static void router(unsigned int ttl, uint64_t sent, uint64_t answered)
{
	if (answered)
		answer(ttl, 1, ICMPCTL_STATUS_ERROR, ttl, ttl * MS);
	stats(ttl, sent, answered, 0);
}

static void end(unsigned int ttl, uint64_t sent, uint64_t answered)
{
	answer(ttl, 1, ICMPCTL_STATUS_REPLY, 99, ttl * MS);
	stats(ttl, sent, answered, 0);
}

static void test_records(void)
{
	const struct hops_hop *hop = &h.hop[2];
	uint64_t value;

	begin();
	check(hops_last(&h) == 1, "hops: at first the first one is worth a line");
	answer(2, 1, ICMPCTL_STATUS_ERROR, 2, 5 * MS);
	check(hops_last(&h) == 3, "hops: and then the one behind the last that answered");
	answer(2, 2, ICMPCTL_STATUS_ERROR, 7, 8 * MS);
	check(hop->addresses == 2 && hop->latest == 1 && hop->address[0][3] == 2,
	      "hops: all addresses of a hop");
	answer(2, 3, ICMPCTL_STATUS_ERROR, 2, 6 * MS);
	check(hop->addresses == 2 && !hop->latest, "hops: one that comes again is no other");
	check(hop->last_ns == 6 * MS && hop->jittered && hop->jitter_ns == 2 * MS,
	      "hops: the last RTT, and how far it is from the one before");
	answer(2, 5, ICMPCTL_STATUS_ERROR, 2, 9 * MS);
	check(!hop->jittered && hop->last_ns == 9 * MS, "hops: no jitter over a gap");
	answer(2, 4, ICMPCTL_STATUS_ERROR, 2, 4 * MS);
	check(hop->last_ns == 9 * MS, "hops: what was overtaken is not the last");
	check(hops_round(&h, 2, 4)->rtt_ns == 4 * MS && !hops_round(&h, 2, 6),
	      "hops: each round by itself");
	check(mtr_field_value(&h, 2, 'G', &value) && value > 6127 * 1000 && value < 6129 * 1000,
	      "hops: geometric mean");
	h.dropped = 1;
	check(!mtr_field_value(&h, 2, 'G', &value), "hops: none of records that are missing");
	for (int i = 0; i < 20; i++)
		answer(2, 10 + i, ICMPCTL_STATUS_ERROR, 100 + i, MS);
	check(hop->addresses == 22, "hops: addresses that come on top are counted");
	answer(2, 1 + HOPS_ROUNDS, ICMPCTL_STATUS_LOST, 0, 0);
	check(!hops_round(&h, 2, 1) && hops_round(&h, 2, 1 + HOPS_ROUNDS)->fate == HOPS_LOST,
	      "hops: old rounds are forgotten");
}

static void test_end(void)
{
	begin();
	answer(5, 1, ICMPCTL_STATUS_REPLY, 99, MS);
	answer(4, 1, ICMPCTL_STATUS_REPLY, 99, MS);
	answer(6, 1, ICMPCTL_STATUS_REPLY, 99, MS);
	check(h.end == 4 && hops_reached(&h), "hops: the nearest hop that replies is the end");
	check(hops_last(&h) == 4, "hops: and the last line");
	check(!hops_complete(&h, 1), "hops: not complete without the others");
	for (int ttl = 1; ttl < 4; ttl++)
		check(!answer(ttl, 1, ICMPCTL_STATUS_ERROR, ttl, MS), "hops: router %d", ttl);
	check(hops_complete(&h, 1) && !hops_complete(&h, 2), "hops: complete for one round");
	check(answer(4, 2, ICMPCTL_STATUS_ERROR, 4, MS) && !h.end,
	      "hops: the path has grown longer");
	hops_forget(&h, 5);
	check(!h.hop[5].addresses && h.hop[4].addresses == 2,
	      "hops: what lies behind is asked anew");
	begin();
	answer(1, 1, ICMPCTL_STATUS_ERROR, 1, MS);
	h.hop[1].type = 0;
	check(!hops_reached(&h), "hops: an error is not the target");
}

static void test_counts(void)
{
	struct hops_count c;
	double loss;

	begin();
	check(!hops_loss(&h, 1, &loss), "hops: no loss of no probe");
	stats(1, 3, 0, 3);
	hops_count(&h, 1, &c);
	check(c.waiting == 1 && c.lost == 2,
	      "hops: silence is lost before the module gives up (%d, %d)", (int)c.waiting,
	      (int)c.lost);
	answer(1, 3, ICMPCTL_STATUS_ERROR, 1, 1600 * MS);
	hops_count(&h, 1, &c);
	check(c.waiting == 3 + 1 - 1 && !c.lost, "hops: but not before long RTTs are over");
	h.over = true;
	hops_count(&h, 1, &c);
	check(!c.waiting && c.lost == 3, "hops: at the end what is missing is lost");

	begin();
	stats(1, 16, 16, 0);
	h.hop[1].stats.value[ICMPCTL_STATS_A_SEND_FAILED] = 4;
	hops_count(&h, 1, &c);
	check(c.sent == 20 && c.answered == 16 && c.lost == 4 && hops_loss(&h, 1, &loss) &&
	      loss > 0.199 && loss < 0.201, "hops: what could not be sent is lost");
	check(hops_rounds(&h) == 20, "hops: and was a round");
	answer(1, 17, ICMPCTL_STATUS_SEND_FAILED, 0, 0);
	check(hops_round(&h, 1, 17) && hops_round(&h, 1, 17)->fate == HOPS_LOST,
	      "hops: which lost it");
}

/* The verdicts as letters: p l s. */
static const char *verdicts(unsigned int n)
{
	static char text[40];

	h.over = true;
	hops_judge(&h);
	for (unsigned int i = 0; i < n; i++)
		text[i] = mtr_verdict_name(h.hop[i + 1].verdict)[0];
	text[n] = '\0';
	return text;
}

static void test_verdicts(void)
{
	begin();
	for (int ttl = 1; ttl < 6; ttl++)
		router(ttl, 30, ttl == 2 ? 9 : ttl == 3 ? 0 : 30);
	end(6, 30, 30);
	check_text(verdicts(6), "plsppp", "hops: limited and silent");

	begin();
	for (int ttl = 1; ttl < 6; ttl++)
		router(ttl, 100, ttl < 3 ? 100 : 80);
	end(6, 100, 78);
	check_text(verdicts(6), "pppppp", "hops: loss that reaches the end is loss");

	begin();
	for (int ttl = 1; ttl < 6; ttl++)
		router(ttl, 100, ttl == 3 ? 30 : ttl < 3 ? 100 : 80);
	end(6, 100, 82);
	check_text(verdicts(6), "pplppp", "hops: limited on a way that loses behind");

	begin();
	for (int ttl = 1; ttl < 6; ttl++)
		router(ttl, 100, ttl == 4 ? 99 : 100);
	end(6, 100, 100);
	check_text(verdicts(6), "pppppp", "hops: one probe of a hundred is chance");

	begin();
	for (int ttl = 1; ttl < 14; ttl++)
		router(ttl, 3, ttl == 2 ? 2 : 3);
	end(14, 3, 3);
	check_text(verdicts(14), "plpppppppppppp",
		   "hops: one of three is not, if all hops behind lost none of 36");

	begin();
	for (int ttl = 1; ttl < 4; ttl++)
		router(ttl, 10, 10);
	stats(4, 10, 0, 0);
	check_text(verdicts(4), "pppp", "hops: nothing behind: silence is loss");
	check(hops_last(&h) == 4, "hops: one line of it");
}

static void test_cells(void)
{
	static const struct {
		uint64_t ns;
		const char *text;
	} times[] = {
		{ 0, "0.000" }, { 499, "0.000" }, { 500, "0.001" }, { 1234567, "1.235" },
		{ 99999499, "99.999" }, { 99999500, "100.00" }, { 999994999, "999.99" },
		{ 999995000, "1000.0" }, { 9999949999, "9999.9" }, { 9999950000, "10000" },
	};
	struct session_stats s = { .told = { false } };
	char buf[MTR_CELL];

	begin();
	for (unsigned int i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		s.told[ICMPCTL_STATS_A_RTT_MEAN_NS] = true;
		s.value[ICMPCTL_STATS_A_RTT_MEAN_NS] = times[i].ns;
		hops_stats(&h, 1, &s);
		check_text(mtr_cell(buf, &h, 1, 'A'), times[i].text, "mtr: %s ms", times[i].text);
	}
	check_text(mtr_cell(buf, &h, 1, 'W'), "-", "mtr: no number");
	check_text(mtr_cell(buf, &h, 1, 'L'), "-", "mtr: no loss of no probe");
	stats(1, 3, 2, 0);
	check_text(mtr_cell(buf, &h, 1, 'L'), "33.3%", "mtr: loss");
	stats(1, 10000, 9999, 0);
	check_text(mtr_cell(buf, &h, 1, 'L'), "<0.1%", "mtr: little loss is not none");
	stats(1, 10000, 1, 0);
	check_text(mtr_cell(buf, &h, 1, 'L'), "99.9%", "mtr: much loss is not all");
}

static const char *name_of(int family, const uint8_t *addr, uint32_t scope)
{
	(void)family, (void)scope;
	return addr[3] == 1 ? "a-router-with-a-long-name.example.net" :
	       addr[3] == 2 ? "odd\033[31m,\"name\"" : NULL;
}

static char *print(struct out_mtr *out, void (*how)(const struct out_mtr *out))
{
	char *text = NULL;
	size_t size;

	out->file = open_memstream(&text, &size);
	how(out);
	fclose(out->file);
	return text;
}

static void test_report(void)
{
	static const struct target target = { .given = "far.lab", .family = 4, .text = "10.0.0.99" };
	struct out_mtr out = {
		.hops = &h,
		.target = &target,
		.local = "here",
		.fields = "LS",
		.name_of = name_of,
	};
	char *text;

	begin();
	router(1, 4, 4);
	router(2, 4, 4);
	answer(2, 2, ICMPCTL_STATUS_ERROR, 1, MS);
	end(3, 4, 3);
	text = print(&out, out_mtr_text);
	check_text(strchr(text, '\n') + 1,
		   "HOST: here                        Loss%   Snt\n"
		   "  1.|-- a-router-with-a-long-name.example.net    0.0%     4\n"
		   "  2.|-- a-router-with-a-long-name.example.net    0.0%     4\n"
		   "    |  `|-- odd\\033[31m,\"name\"\n"
		   "  3.|-- 10.0.0.99                 25.0%     4\n",
		   "mtr: the report; a name is not cut and does nothing to a terminal");
	free(text);
	out.wide = true;
	text = print(&out, out_mtr_text);
	check(strstr(text, "HOST: here                                      Loss%   Snt\n") &&
	      strstr(text, "  3.|-- 10.0.0.99                               25.0%     4\n"),
	      "mtr: the wide report has its columns below each other");
	free(text);
	out.both = true;
	answer(1, 2, ICMPCTL_STATUS_ERROR, 2, MS);
	text = print(&out, out_mtr_csv);
	check(strstr(text, ",1,\"odd\\033[31m,\"\"name\"\" (10.0.0.2)\",0.00,4,plain,10.0.0.1 10.0.0.2,"),
	      "mtr: CSV quotes what has to be");
	free(text);
}

void test_hops(void)
{
	test_records();
	test_end();
	test_counts();
	test_verdicts();
	test_cells();
	test_report();
}
