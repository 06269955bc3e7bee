// SPDX-License-Identifier: GPL-2.0
/*
 * icmpctl diagnose: what is wrong with a host, in one sentence. Both IP versions are
 * looked at side by side (lib/checkup.c), lib/judge.c says what it means.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "lib/now.h"
#include "lib/probes_loop.h"
#include "lib/report.h"
#include "lib/resolve.h"
#include "lib/text.h"
#include "lib/units.h"
#include "out_capture.h"
#include "out_diagnose.h"
#include "way_options.h"

#define WAIT_DEFAULT_NS NSEC_PER_SEC
/* A name server that has not answered by then does not answer. */
#define NAME_PATIENCE_NS (4 * NSEC_PER_SEC)
/* Whatever is not known by then is not waited for. */
#define DEADLINE_NS (12 * NSEC_PER_SEC)

struct diagnose_config {
	struct way_config way;
};

struct diagnose {
	struct diagnose_config config;
	struct resolved name;
	struct question *nobody;
	struct probes probes;
	struct checkup checkup[2];
	struct facts facts;
	struct finding finding;
	struct capture capture;
	uint64_t started_ns, deadline_ns;
};

static const struct opt diagnose_options[] = {
	WAY_FAMILIES(struct diagnose_config),
	WAY_OPTIONS(struct diagnose_config,
		    " What asks a host that does not reply, by TCP and UDP, is in it as well."),
	{ 0 }
};

static int advance(void *arg, uint64_t now_ns, uint64_t *at_ns)
{
	struct diagnose *d = arg;
	bool done = true;

	for (int i = 0; i < 2; i++) {
		struct checkup *c = &d->checkup[i];

		if (!c->target.family)
			continue;
		checkup_advance(c, now_ns, at_ns);
		done = done && c->done;
		/* It is no finding that the user may not, or that nothing can be asked. */
		if (c->refused) {
			way_refused(diagnose_options, &c->target, &c->refusal.why,
				    c->refusal.attr, c->refusal.of_target);
			return PROBES_REFUSED;
		}
	}
	if (done || now_ns >= d->deadline_ns)
		return PROBES_DONE;
	if (*at_ns > d->deadline_ns)
		*at_ns = d->deadline_ns;
	return 0;
}

static int finish(struct diagnose *d, const char *given, bool interrupted)
{
	struct facts *f = &d->facts;
	struct out_diagnose out = {
		.file = stdout,
		.given = given,
		.facts = f,
		.checkup = d->checkup,
		.finding = &d->finding,
		.interrupted = interrupted,
	};

	text_safe(f->host, sizeof(f->host), given);
	f->name = d->name.name;
	memcpy(f->name_text, d->name.text, sizeof(f->name_text));
	if (resolve_nobody_end(d->nobody, &d->name, f->name_text) && f->name == NAME_FOUND)
		f->name = NAME_ANY;
	d->nobody = NULL;
	f->name_ns = d->name.ns;
	for (int i = 0; i < 2; i++)
		checkup_facts(&d->checkup[i], &f->by[i]);
	judge(f, &d->finding);
	out.elapsed_ns = now_ns(CLOCK_MONOTONIC) - d->started_ns;
	if (d->config.way.json)
		out_diagnose_json(&out);
	else
		out_diagnose_text(&out);
	return (int)d->finding.kind;
}

static int measure(struct diagnose *d, const char *given)
{
	int result;

	d->deadline_ns = now_ns(CLOCK_MONOTONIC) + DEADLINE_NS;
	for (int i = 0; i < 2; i++) {
		const struct target *t = &d->name.family[i];
		struct session_params p;

		if (!t->family)
			continue;
		way_params(&d->config.way, t->family, &p);
		checkup_begin(&d->checkup[i], &d->probes, t, &p, d->config.way.wait.value,
			      d->config.way.max_hops.value, now_ns(CLOCK_MONOTONIC));
	}
	result = probes_loop(&d->probes, advance, d);
	switch (result) {
	case PROBES_DONE:
		return finish(d, given, false);
	case PROBES_INTERRUPTED:
		report("interrupted");
		break;
	case PROBES_NO_READER:
		/* The end that any other command has in a broken pipe. */
		raise(SIGPIPE);
		break;
	case PROBES_FAILED:
		report("%s", d->probes.failure);
		break;
	}
	return STATUS_FAILED;
}

static int check_targets(struct diagnose *d)
{
	for (int i = 0; i < 2; i++)
		if (d->name.family[i].family &&
		    way_check_target(&d->config.way, &d->name.family[i]))
			return -1;
	return 0;
}

/* Of that no name server is asked (RFC 6761). */
static bool is_localhost(const char *name)
{
	const char *end = strrchr(name, '.');

	return !strcasecmp(end ? end + 1 : name, "localhost");
}

static int diagnose(const struct command *self, int argc, char **argv)
{
	struct diagnose *d = calloc(1, sizeof(*d));
	int first, status_of_options, result = STATUS_FAILED;

	if (!d) {
		report("not enough memory");
		return STATUS_FAILED;
	}
	d->started_ns = now_ns(CLOCK_MONOTONIC);
	status_of_options = command_options(self, &d->config, argc, argv, &first);
	if (status_of_options >= 0)
		result = status_of_options;
	else if (first == argc)
		report("no host was given; `icmpctl diagnose --help` tells how");
	else if (argc - first > 1)
		report("%s: one host is enough", argv[first + 1]);
	else if (!way_check(&d->config.way, WAIT_DEFAULT_NS) &&
		 !resolve(&d->name, argv[first], sender_family(&d->config.way.from),
			  NAME_PATIENCE_NS) &&
		 !check_targets(d)) {
		d->capture.path = d->config.way.keep.pcap;
		if (!d->name.family[0].family && !d->name.family[1].family)
			result = finish(d, argv[first], false);
		else if (!capture_open(&d->capture) && !probes_open(&d->probes)) {
			capture_probes(&d->capture, &d->probes);
			/* Beside all else, and not waited for. */
			if (d->name.name == NAME_FOUND && !is_localhost(argv[first]))
				d->nobody = resolve_nobody();
			result = measure(d, argv[first]);
		}
	}
	if (d->probes.nlc.sk)
		probes_close(&d->probes);
	resolve_nobody_end(d->nobody, &d->name, d->facts.name_text);
	capture_close(&d->capture);
	if (d->capture.failed)
		result = STATUS_FAILED;
	free(d);
	return result;
}

static const struct command_example examples[] = {
	{ "icmpctl diagnose example.com", "What is wrong with it, and what to try next" },
	{ "icmpctl diagnose -6 --json example.com", "By IPv6 alone, for a program" },
	{ 0 }
};

static const struct command_exit exits[] = {
	{ KIND_HEALTHY, "nothing is wrong" },
	{ KIND_DEGRADED, "the host answers, but badly, or by one IP version of two" },
	{ STATUS_FAILED, "it could not be done, and stderr says why" },
	{ KIND_NAME, "the name cannot be resolved" },
	{ KIND_HERE, "the fault is on this host or on its own link" },
	{ KIND_PATH, "the fault is on the way, or the host is down" },
	{ KIND_FIREWALL, "a firewall rejects it, or only echo requests are ignored" },
	{ 0 }
};

const struct command command_diagnose = {
	.name = "diagnose",
	.summary = "say what is wrong with a host, and what to try next",
	.operands = "HOST",
	.options = diagnose_options,
	.note = "TIME is 0.2, 200ms or 1m; a bare number is seconds.",
	.run = diagnose,
	.about = "Looks up the name, the route and the neighbour, sends twenty echo requests, "
		 "asks the hops of the path and tries the path MTU, by IPv4 and by IPv6 side by "
		 "side, and judges what it saw. A host that does not reply is also asked by TCP "
		 "(ports 443, 80 and 22; no connection is made, a SYN that is acknowledged is "
		 "reset) and by UDP (port 33434).",
	.examples = examples,
	.exits = exits,
	.see_also = "ip(8) tracepath(8)",
};
