// SPDX-License-Identifier: GPL-2.0
/* The error budget: what goes into it, what it sums up to, how it is told. */
#include <json-c/json.h>
#include <linux/ethtool.h>
#include <string.h>

#include "check.h"
#include "lib/budget.h"
#include "lib/nic.h"
#include "lib/sample.h"
#include "lib/units.h"
#include "out.h"

static void test_coalescing(void)
{
	struct ethtool_coalesce c = { .rx_coalesce_usecs = 3, .rx_max_coalesced_frames = 1 };
	uint64_t ns = 1;

	check(nic_coalesce_ns(&c, &ns) && ns == 3000, "budget: rx-usecs");
	c.rx_coalesce_usecs_high = 96;
	check(nic_coalesce_ns(&c, &ns) && ns == 3000, "budget: rx-usecs-high is nothing by itself");
	c.use_adaptive_rx_coalesce = 1;
	check(nic_coalesce_ns(&c, &ns) && ns == 96000, "budget: adaptive: up to rx-usecs-high");
	c = (struct ethtool_coalesce){ .rx_max_coalesced_frames = 8 };
	check(!nic_coalesce_ns(&c, &ns), "budget: so many frames, however long it takes");
	c.rx_max_coalesced_frames = 1;
	check(nic_coalesce_ns(&c, &ns) && ns == 0, "budget: each frame at once");
}

static void test_kinds(void)
{
	/* A VLAN on a bond of two, the loopback, a tunnel, a macvlan from elsewhere. */
	static const struct rtnl_link links[] = {
		{ .index = 1, .loopback = true, .name = "lo" },
		{ .index = 2, .hardware = true, .master = 4, .name = "no-such-dev0" },
		{ .index = 4, .kind = "bond", .name = "no-such-dev1" },
		{ .index = 5, .kind = "vlan", .lower = 4, .name = "no-such-dev2" },
		{ .index = 6, .kind = "wireguard", .name = "no-such-dev3" },
		{ .index = 7, .kind = "macvlan", .lower = 1, .elsewhere = true,
		  .name = "no-such-dev4" },
		{ .index = 8, .kind = "vlan", .lower = 9, .name = "no-such-dev5" },
		{ .index = 9, .kind = "veth", .lower = 8, .name = "no-such-dev6" },
		{ .index = 10, .kind = "vlan", .lower = 10, .name = "no-such-dev7" },
	};
	const unsigned int n = sizeof(links) / sizeof(links[0]);
	uint64_t ns = 1;

	check(nic_coalescing(links, n, 9, &ns) && ns == 0, "budget: veth holds nothing");
	check(nic_coalescing(links, n, 8, &ns) && ns == 0, "budget: a VLAN is as what it is on");
	check(!nic_coalescing(links, n, 2, &ns), "budget: a device that does not tell");
	check(!nic_coalescing(links, n, 5, &ns), "budget: nor does a VLAN on a bond of it");
	check(!nic_coalescing(links, n, 6, &ns), "budget: a tunnel");
	check(!nic_coalescing(links, n, 7, &ns), "budget: what is in another namespace");
	check(!nic_coalescing(links, n, 10, &ns), "budget: a ring has an end");
	check(!nic_coalescing(links, n, 77, &ns), "budget: an interface that is gone");
}

/* What comes out, as JSON. */
static void made(const struct budget_way *way, struct budget_stamps stamps,
		 const char *expected, const char *what)
{
	struct json_object *o;
	struct budget b;

	budget_make(&b, way, &stamps);
	o = out_json_budget(&b);
	check_text(json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN), expected,
		   "budget: %s", what);
	json_object_put(o);
}

static void test_sums(void)
{
	struct budget_way way = {
		.name = "eth0",
		.clock = { .cost_ns = 20, .step_ns = 18 },
		.coalescing_known = true,
		.coalescing_ns = 3000,
	};
	struct budget_stamps hard = { .received = 9, .tx_hardware = 9, .rx_hardware = 9,
				      .rtt_max_ns = 699999 };
	char text[BUDGET_TEXT];
	struct budget b;

	made(&way, (struct budget_stamps){ .received = 9 },
	     "{\"clock_read\":40,\"driver\":null,\"coalescing\":3000,\"conversion\":0,\"sum\":3040}",
	     "stamps of software");
	made(&way, hard,
	     "{\"clock_read\":0,\"driver\":0,\"coalescing\":0,\"conversion\":140,\"sum\":140}",
	     "hardware at both ends: the rate of its clock is left");
	hard.rtt_max_ns = NSEC_PER_SEC;
	made(&way, hard,
	     "{\"clock_read\":0,\"driver\":0,\"coalescing\":0,\"conversion\":1000,\"sum\":1000}",
	     "hardware at both ends: never more than what the module allows");
	hard.hw_error_ns = 17;
	made(&way, hard,
	     "{\"clock_read\":0,\"driver\":0,\"coalescing\":0,\"conversion\":17,\"sum\":17}",
	     "hardware at both ends: what the module says is better");
	hard.hw_error_ns = 0;
	hard.rx_hardware = 0;
	made(&way, hard,
	     "{\"clock_read\":20,\"driver\":0,\"coalescing\":3000,\"conversion\":1000,\"sum\":4020}",
	     "hardware at one end");
	hard.tx_hardware = hard.rx_hardware = 8;
	made(&way, hard,
	     "{\"clock_read\":40,\"driver\":null,\"coalescing\":3000,\"conversion\":1000,\"sum\":4040}",
	     "the worst counts");
	way.clock.step_ns = 1000;
	way.coalescing_known = false;
	way.coalescing_ns = 0;
	made(&way, (struct budget_stamps){ .received = 1 },
	     "{\"clock_read\":2000,\"driver\":null,\"coalescing\":null,\"conversion\":0,\"sum\":2000}",
	     "a coarse clock, an interface that does not tell");
	budget_make(&b, &way, &(struct budget_stamps){ .received = 1 });
	check_text(out_text_budget(text, &b, "et\033h0"),
		   "error budget of et\\033h0: clock read 2 us, driver not known, coalescing not known, sum 2 us",
		   "budget: in words");
}

static void test_clock(void)
{
	struct clock_read c;

	clock_read_measure(&c);
	check(c.cost_ns > 0 && c.cost_ns < 1000000 && c.step_ns > 0 && c.step_ns < 100000000,
	      "budget: the clock can be read");
	check(clock_read_ns(&c) >= c.cost_ns && clock_read_ns(&c) >= c.step_ns,
	      "budget: no better than it can be read");
}

static void test_ranks(void)
{
	struct sample s = { .ns = NULL };
	bool added = true;

	for (int i = 1000; i > 0; i--)
		added = added && !sample_add(&s, i);
	sample_sort(&s);
	check(added && sample_rank(&s, 0) == 1 && sample_rank(&s, 1) == 10 &&
	      sample_rank(&s, 50) == 500 && sample_rank(&s, 99) == 990 &&
	      sample_rank(&s, 100) == 1000, "sample: nearest ranks of 1000");
	sample_free(&s);
	check(!sample_add(&s, -3) && sample_rank(&s, 0) == -3 && sample_rank(&s, 50) == -3 &&
	      sample_rank(&s, 100) == -3, "sample: of one");
	sample_free(&s);
	sample_sort(&s);
	check(!s.n && !s.ns, "sample: of none");
}

void test_budget(void)
{
	test_coalescing();
	test_kinds();
	test_sums();
	test_clock();
	test_ranks();
}
