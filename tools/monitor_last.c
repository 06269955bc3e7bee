// SPDX-License-Identifier: GPL-2.0
/* The last probes that the module keeps of a monitor, told as ping tells its own. */
#include "monitor_last.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "lib/client.h"
#include "lib/now.h"
#include "lib/plot.h"
#include "lib/report.h"
#include "out.h"

/* What is told, and how. */
struct last {
	const struct monitor *m;
	struct out_run run;
	struct target *targets;
	struct out out;
	bool json, probes;
	struct plot *plots;	/* NULL: nothing is drawn */
	uint64_t *first;	/* number of the first probe of each that is drawn */
};

static void tell_json(const struct last *l, const struct icmpctl_record *r)
{
	struct json_object *o = out_json_probe(&l->run, r);

	json_object_object_add(o, "monitor", json_object_new_string(l->m->name));
	print_line(stdout, o);
}

static void draw(const struct last *l, const struct icmpctl_record *r)
{
	bool answered = out_is_answer(r, monitor_is_path(l->m));
	uint64_t *first = &l->first[r->target];

	if (!*first)
		*first = r->seq;
	/* Told in the order in which it was known: one sent before may come behind. */
	if (r->seq >= *first)
		plot_add(&l->plots[r->target], r->seq - *first + 1, answered && out_has_rtt(r),
			 r->rtt_ns);
}

static int one(void *arg, const struct icmpctl_record *r)
{
	struct last *l = arg;

	if (r->target >= l->run.n_targets)
		return 0;
	if (l->plots)
		draw(l, r);
	if (!l->probes)
		return 0;
	if (l->json) {
		tell_json(l, r);
		return 0;
	}
	/* Of what is past all is told, what was lost as well. */
	l->run.verbose = r->status == ICMPCTL_STATUS_LOST;
	l->out.ops->record(&l->out, r);
	return 0;
}

/*
 * When a monitor would have begun by the clock as it is now: since then, years ago perhaps, it
 * may have been set, and the machine been suspended. If not, that is what the module tells: a
 * probe has the same time whenever it is read.
 */
static uint64_t started_unix_ns(const struct session_info *info)
{
	return info->started_ns + now_distance_ns(info->started_unix_ns - info->started_ns);
}

/* The targets as ping has them. */
static struct target *targets_of(const struct monitor *m)
{
	struct target *targets = calloc(m->n ? m->n : 1, sizeof(*targets));

	for (unsigned int i = 0; targets && i < m->n; i++) {
		const struct monitor_target *from = &m->targets[i];
		struct target *t = &targets[i];

		t->family = from->family;
		t->scope = from->scope;
		memcpy(t->addr, from->addr, sizeof(t->addr));
		address_text(t->text, t->family, t->addr, t->scope);
		t->given = from->name ? from->name : t->text;
		t->numeric = !strcmp(t->given, t->text);
	}
	return targets;
}

static void draw_all(const struct last *l)
{
	struct plot_style style;

	plot_style(&style, stdout);
	for (unsigned int i = 0; i < l->run.n_targets; i++) {
		if (!l->plots[i].used)
			continue;
		if (monitor_is_path(l->m))
			printf("\nhop %u:\n", l->m->targets[i].ttl);
		else if (l->run.n_targets > 1)
			printf("\n%s:\n", l->targets[i].text);
		plot_print(stdout, &l->plots[i], &style);
	}
}

/**
 * monitor_last - tell of the last probes of a monitor
 * @c: a socket to the module
 * @m: the monitor, as it was just read
 * @config: how many, and how: the options of show
 *
 * A failure is told on stderr.
 *
 * Return: 0 or -1.
 */
int monitor_last(struct nlc *c, const struct monitor *m, const struct monitor_config *config)
{
	uint32_t n = config->last.given ? config->last.value : ICMPCTL_MONITOR_KEEP_MAX;
	struct last l = {
		.m = m,
		.targets = targets_of(m),
		.json = config->json,
		.probes = config->last.given,
	};
	struct nlc_refusal why;
	int err = 0;

	l.run = (struct out_run){
		.command = "monitor",
		.targets = l.targets,
		.n_targets = m->n,
		.params = { .size = m->size, .timeout_ns = m->timeout_ns },
		.info = m->info,
		.stamped = true,
	};
	l.run.info.started_unix_ns = started_unix_ns(&m->info);
	l.out = (struct out){ .ops = &out_text, .run = &l.run, .file = stdout };
	if (config->plot) {
		l.plots = calloc(m->n ? m->n : 1, sizeof(*l.plots));
		l.first = calloc(m->n ? m->n : 1, sizeof(*l.first));
	}
	if (!l.targets || (config->plot && (!l.plots || !l.first)) || l.out.ops->open(&l.out)) {
		report("not enough memory for the probes of %u targets", m->n);
		err = -1;
	}
	if (!err && l.probes && !l.json)
		putchar('\n');
	if (!err && monitor_records(c, m->name, n, one, &l, &why)) {
		client_report(&why, m->name, "reading the last probes");
		err = -1;
	}
	if (!err && l.plots)
		draw_all(&l);
	if (l.out.state)
		l.out.ops->close(&l.out);
	free(l.plots);
	free(l.first);
	free(l.targets);
	return err;
}
