// SPDX-License-Identifier: GPL-2.0
/*
 * icmpctl pmtu: the largest packet that a path lets pass, and the hop where it narrows.
 * The hops are asked with small packets while the sizes are tried.
 */
#include <signal.h>
#include <stdlib.h>

#include "command.h"
#include "lib/now.h"
#include "lib/probes_loop.h"
#include "lib/report.h"
#include "lib/rname.h"
#include "lib/units.h"
#include "out_capture.h"
#include "out_pmtu.h"
#include "way_options.h"

#define WAIT_DEFAULT_NS NSEC_PER_SEC
#define NAMES_PATIENCE_MS 500
#define WINDOW 16
/* Small enough for any path, and large enough for a cookie. */
#define HOP_SIZE 32
#define HOP_QUERIES 2

struct pmtu_config {
	struct way_config way;
	struct opt_value max_mtu;
};

struct pmtu_command {
	struct pmtu_config config;
	struct target target;
	struct probes probes;
	struct path_run hops;
	struct pmtu_run run;
	struct out_pmtu out;
	struct capture capture;
	uint64_t started_ns;
	bool started;
};

static const struct opt pmtu_options[] = {
	WAY_FAMILIES(struct pmtu_config),
	WAY_OPTIONS(struct pmtu_config, ""),
	{ 0, "max-mtu", "BYTES", "try no larger packets, 68 (IPv6: 1280) to 65535", OPT_NUMBER,
	  .offset = offsetof(struct pmtu_config, max_mtu), PMTU_MIN_IPV4, PMTU_MAX,
	  "the largest packet must be 68 to 65535 bytes" },
	{ 0 }
};

static void start(struct pmtu_command *c)
{
	if (c->started || !c->probes.info.set)
		return;
	c->started = true;
	if (c->config.way.json)
		out_pmtu_json_start(&c->out);
	else
		out_pmtu_text_start(&c->out);
	fflush(c->out.file);
}

static int advance(void *arg, uint64_t now_ns, uint64_t *at_ns)
{
	struct pmtu_command *c = arg;
	const struct probes_refusal *refusal = NULL;

	if (path_run_advance(&c->hops, now_ns, at_ns))
		refusal = &c->hops.refusal;
	else if (pmtu_run_advance(&c->run, now_ns, at_ns))
		refusal = &c->run.refusal;
	if (refusal) {
		way_refused(pmtu_options, &c->target, &refusal->why, refusal->attr,
			    refusal->of_target);
		return PROBES_REFUSED;
	}
	start(c);
	return c->run.done ? PROBES_DONE : 0;
}

static void ask_name(const struct pmtu_command *c, const uint8_t *addr)
{
	rname_get(c->target.family, addr,
		  address_is_link_local(c->target.family, addr) ? c->target.scope : 0);
}

/* Of all that may be printed, so that they are waited for together. */
static void ask_names(struct pmtu_command *c)
{
	const struct path *paths[] = { &c->hops.path, &c->run.far.path };

	if (!c->out.name_of)
		return;
	ask_name(c, c->target.addr);
	for (unsigned int i = 0; i < c->run.pmtu.tellers; i++)
		ask_name(c, c->run.pmtu.told[i].from);
	if (c->run.pmtu.refused)
		ask_name(c, c->run.pmtu.refused_by);
	for (unsigned int i = 0; i < 2 && pmtu_black_hole(&c->run.pmtu); i++)
		for (unsigned int ttl = 1; ttl <= paths[i]->asked_to; ttl++)
			if (paths[i]->hop[ttl].answers[0].known)
				ask_name(c, paths[i]->hop[ttl].answers[0].from);
	rname_wait(NAMES_PATIENCE_MS);
}

/* A router says once a second what it refuses (Linux), and the probes of the hops may have
 * been those that it said it to.
 */
static void heard_by_hops(struct pmtu_command *c)
{
	const struct path *path = &c->hops.path;
	const struct path_hop *end = &path->hop[path->end];

	if (c->run.pmtu.outcome != PMTU_NO_REPLY || c->run.pmtu.refused || !path->end)
		return;
	for (unsigned int i = 0; i < path->queries; i++) {
		const struct path_answer *a = &end->answers[i];

		if (a->known && !a->reply && path_answer_ends(path->family, a))
			pmtu_refused(&c->run.pmtu, a->type, a->code, a->from);
	}
}

static int finish(struct pmtu_command *c, bool interrupted)
{
	heard_by_hops(c);
	c->out.interrupted = interrupted;
	c->out.elapsed_ns = now_ns(CLOCK_MONOTONIC) - c->started_ns;
	if (c->config.way.json) {
		out_pmtu_json_result(&c->out);
	} else {
		if (!interrupted)
			ask_names(c);
		out_pmtu_text_result(&c->out);
	}
	return c->run.pmtu.outcome == PMTU_FOUND ? STATUS_OK : STATUS_NO;
}

static int measure(struct pmtu_command *c)
{
	int result;

	c->started_ns = now_ns(CLOCK_MONOTONIC);
	result = probes_loop(&c->probes, advance, c);
	switch (result) {
	case PROBES_DONE:
	case PROBES_INTERRUPTED:
		return finish(c, result == PROBES_INTERRUPTED);
	case PROBES_NO_READER:
		/* The end that any other command has in a broken pipe. */
		raise(SIGPIPE);
		break;
	case PROBES_FAILED:
		report("%s", c->probes.failure);
		break;
	}
	return STATUS_FAILED;
}

static int prepare(struct pmtu_command *c, const char *host)
{
	const struct path_rule rule = { .window = WINDOW, .wait_ns = c->config.way.wait.value };
	uint32_t max = c->config.max_mtu.given ? c->config.max_mtu.value : PMTU_MAX;
	struct session_params p;

	if (sender_resolve(&c->config.way.from, &c->target, host) ||
	    way_check_target(&c->config.way, &c->target))
		return -1;
	if (c->target.family == 6 && max < PMTU_MIN_IPV6) {
		report("--max-mtu %u: %s is an IPv6 host, whose packets may always have 1280 bytes",
		       max, c->target.given);
		return -1;
	}
	c->capture.path = c->config.way.keep.pcap;
	way_params(&c->config.way, c->target.family, &p);
	p.set |= SESSION_BIT(ICMPCTL_SESSION_A_SIZE);
	p.size = HOP_SIZE;
	path_run_init(&c->hops, &c->probes, &c->target, &p, &rule, c->config.way.max_hops.value,
		      HOP_QUERIES);
	pmtu_run_init(&c->run, &c->probes, &c->target, &p, c->config.way.wait.value, max,
		      &c->hops);
	c->out = (struct out_pmtu){
		.file = stdout,
		.target = &c->target,
		.run = &c->run,
		.device = c->config.way.from.device,
		.name_of = c->config.way.numeric || c->config.way.json ? NULL : rname_get,
		.info = &c->probes.info,
	};
	return 0;
}

static int pmtu(const struct command *self, int argc, char **argv)
{
	struct pmtu_command *c = calloc(1, sizeof(*c));
	int first, status_of_options, result = STATUS_FAILED;

	if (!c) {
		report("not enough memory");
		return STATUS_FAILED;
	}
	status_of_options = command_options(self, &c->config, argc, argv, &first);
	if (status_of_options >= 0)
		result = status_of_options;
	else if (first == argc)
		report("no host was given; `icmpctl pmtu --help` tells how");
	else if (argc - first > 1)
		report("%s: one host is enough", argv[first + 1]);
	else if (!way_check(&c->config.way, WAIT_DEFAULT_NS) && !prepare(c, argv[first]) &&
		 !capture_open(&c->capture) && !probes_open(&c->probes)) {
		capture_probes(&c->capture, &c->probes);
		result = measure(c);
	}
	if (c->probes.nlc.sk)
		probes_close(&c->probes);
	capture_close(&c->capture);
	if (c->capture.failed)
		result = STATUS_FAILED;
	target_free(&c->target);
	free(c);
	return result;
}

static const struct command_example examples[] = {
	{ "icmpctl pmtu example.com", "The path MTU, and the hop where it narrows" },
	{ "icmpctl pmtu -6 --json --max-mtu 1500 example.com",
	  "By IPv6, no more than 1500 bytes, for a program" },
	{ 0 }
};

static const struct command_exit exits[] = {
	{ STATUS_OK, "the path MTU was found" },
	{ STATUS_NO, "it was not: no reply, or sizes get lost at random" },
	{ STATUS_FAILED, "anything else, and stderr says what" },
	{ 0 }
};

const struct command command_pmtu = {
	.name = "pmtu",
	.summary = "find the largest packet that a path lets pass",
	.operands = "HOST",
	.options = pmtu_options,
	.note = "TIME is 0.2, 200ms or 1m; a bare number is seconds.",
	.run = pmtu,
	.about = "Packets of many sizes are sent at once, and must not be fragmented. A size "
		 "passes if it is answered. What a router says of a packet that is too big is "
		 "tried, and believed if it proves right. Sizes that vanish without an error, "
		 "each several times, are a black hole: then the last hop is named that such "
		 "packets reach. What the kernel knows of path MTUs is neither used nor "
		 "changed.",
	.examples = examples,
	.exits = exits,
	.see_also = "tracepath(8)",
};
