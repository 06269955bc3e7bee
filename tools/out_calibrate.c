// SPDX-License-Identifier: GPL-2.0
/* What calibrate measured, as a table for people and as JSON for programs. */
#include <inttypes.h>
#include <string.h>

#include "calibrate.h"
#include "json.h"
#include "lib/text.h"
#include "lib/units.h"
#include "out.h"
#include "version.h"

#define PATH_LEN 1200

/* Each, and what it is called in text and in JSON. */
static const struct {
	const char *text, *key;
} spans[CALIBRATE_SPANS] = {
	[CALIBRATE_HOOK] = { "RTT hook", "hook" },
	[CALIBRATE_DRIVER] = { "RTT driver, stack", "driver_stack" },
	[CALIBRATE_HARDWARE] = { "RTT hardware", "hardware" },
	[CALIBRATE_TX_STACK] = { "handed to driver", "tx_stack_ns" },
	[CALIBRATE_TX_WIRE] = { "driver to wire", "tx_hw_ns" },
	[CALIBRATE_RX_WIRE] = { "wire to stack", "rx_hw_ns" },
	[CALIBRATE_RX_STACK] = { "stack to hook", "rx_stack_ns" },
};

static bool is_rtt(int span)
{
	return span <= CALIBRATE_HARDWARE;
}

/* Microseconds with the three decimals that a nanosecond needs. */
static const char *us(char buf[UNITS_LEN], int64_t ns)
{
	uint64_t size = ns < 0 ? -(uint64_t)ns : (uint64_t)ns;

	snprintf(buf, UNITS_LEN, "%s%" PRIu64 ".%03" PRIu64, ns < 0 ? "-" : "",
		 size / NSEC_PER_USEC, size % NSEC_PER_USEC);
	return buf;
}

static int64_t spread(const struct sample *s)
{
	return sample_rank(s, 99) - sample_rank(s, 0);
}

static const char *path_name(const struct calibrate_path *path, char *buf, size_t size)
{
	char name[PATH_LEN - 64], dev[4 * IF_NAMESIZE];

	text_safe(name, sizeof(name), path->host.given);
	if (*path->way.name)
		snprintf(buf, size, "%s by %s", name,
			 text_safe(dev, sizeof(dev), path->way.name));
	else
		snprintf(buf, size, "%s", name);
	return buf;
}

static void row(FILE *file, const char *path, const char *span, const struct sample *s)
{
	char min[UNITS_LEN], p50[UNITS_LEN], p99[UNITS_LEN], wide[UNITS_LEN];

	fprintf(file, "%-22s%-18s %9s %9s %9s %9s\n", path, span, us(min, sample_rank(s, 0)),
		us(p50, sample_rank(s, 50)), us(p99, sample_rank(s, 99)), us(wide, spread(s)));
}

static void text_path(FILE *file, const struct calibrate_path *path)
{
	char buf[PATH_LEN];
	const char *name = path_name(path, buf, sizeof(buf));

	if (path->trouble) {
		fprintf(file, "%-22s not asked: %s\n", name, path->trouble);
		return;
	}
	if (!path->span[CALIBRATE_HOOK].n) {
		fprintf(file, "%-22s no answer to %" PRIu64 " probes\n", name, path->sent);
		return;
	}
	for (int i = 0; i < CALIBRATE_SPANS; i++) {
		if (!path->span[i].n)
			continue;
		row(file, name, spans[i].text, &path->span[i]);
		name = "";
	}
}

/* The last word is about the interface asked for, else about the loopback. */
static const struct calibrate_path *subject(const struct calibration *c)
{
	for (unsigned int i = c->n; i > 0; i--) {
		const struct calibrate_path *path = &c->path[i - 1];

		if (!path->trouble && path->span[path->best].n)
			return path;
		/* Of an interface that did not answer there is nothing to say. */
		if (i == CALIBRATE_PATHS)
			return NULL;
	}
	return NULL;
}

static void verdict(FILE *file, const struct calibrate_path *path)
{
	char name[4 * IF_NAMESIZE], most[UNITS_LEN], sum[UNITS_LEN], wide[UNITS_LEN];
	int64_t varied = spread(&path->span[path->best]);

	text_safe(name, sizeof(name), *path->way.name ? path->way.name : "?");
	fprintf(file, "\nAn RTT on %s can be too long by at most %s us in 99 of 100 cases:\n"
		"%s us by its error budget, %s us by what varied here.\n"
		"Differences below that mean nothing.\n",
		name, us(most, path->budget.sum_ns + varied), us(sum, path->budget.sum_ns),
		us(wide, varied));
	if (!budget_knows(&path->budget, BUDGET_COALESCING))
		fprintf(file, "How long %s holds what it receives is not told, and comes on top.\n",
			name);
	if (!budget_knows(&path->budget, BUDGET_DRIVER))
		fputs("What comes between the driver's stamp and the wire is on top, in every RTT:\n"
		      "only hardware stamps leave it out.\n", file);
}

/**
 * calibrate_text - one table, and what it means in a sentence
 * @file: where to
 * @c: what was measured
 */
void calibrate_text(FILE *file, const struct calibration *c)
{
	const struct calibrate_path *about = subject(c);
	char source[4 * sizeof(c->clock.source)], budget[BUDGET_TEXT];

	fprintf(file, "clock %s: a reading takes %" PRIu64 " ns, its steps are %" PRIu64 " ns\n\n",
		text_safe(source, sizeof(source), *c->clock.source ? c->clock.source : "?"),
		c->clock.cost_ns, c->clock.step_ns);
	fprintf(file, "%-22s%-18s %9s %9s %9s %9s\n", "microseconds", "between", "min", "p50",
		"p99", "p99-min");
	for (unsigned int i = 0; i < c->n; i++)
		text_path(file, &c->path[i]);
	if (!about)
		return;
	fprintf(file, "\n%s\n", out_text_budget(budget, &about->budget, about->way.name));
	verdict(file, about);
}

static struct json_object *json_sample(const struct sample *s)
{
	struct json_object *o = json_object_new_object();

	json_object_object_add(o, "n", json_object_new_uint64(s->n));
	json_object_object_add(o, "min", json_object_new_int64(sample_rank(s, 0)));
	json_object_object_add(o, "p1", json_object_new_int64(sample_rank(s, 1)));
	json_object_object_add(o, "p50", json_object_new_int64(sample_rank(s, 50)));
	json_object_object_add(o, "p99", json_object_new_int64(sample_rank(s, 99)));
	json_object_object_add(o, "max", json_object_new_int64(sample_rank(s, 100)));
	return o;
}

static struct json_object *json_path(const struct calibrate_path *path)
{
	struct json_object *o = json_object_new_object();
	struct json_object *rtt = json_object_new_object();

	add_text(o, "target", path->host.given);
	add_text(o, "address", path->host.text);
	if (path->trouble) {
		add_text(o, "trouble", path->trouble);
		json_object_put(rtt);
		return o;
	}
	if (*path->way.name)
		add_text(o, "interface", path->way.name);
	json_object_object_add(o, "sent", json_object_new_uint64(path->sent));
	json_object_object_add(o, "received", json_object_new_uint64(path->received));
	for (int i = 0; i < CALIBRATE_SPANS; i++)
		if (is_rtt(i) && path->span[i].n)
			json_object_object_add(rtt, spans[i].key, json_sample(&path->span[i]));
	json_object_object_add(o, "rtt_ns", rtt);
	for (int i = 0; i < CALIBRATE_SPANS; i++)
		if (!is_rtt(i) && path->span[i].n)
			json_object_object_add(o, spans[i].key, json_sample(&path->span[i]));
	if (path->received)
		json_object_object_add(o, "error_budget_ns", out_json_budget(&path->budget));
	return o;
}

/**
 * calibrate_json - the same as one JSON object
 * @file: where to
 * @c: what was measured
 */
void calibrate_json(FILE *file, const struct calibration *c)
{
	struct json_object *o = json_object_new_object(), *clock = json_object_new_object();
	struct json_object *paths = json_object_new_array();

	add_text(o, "type", "calibrate");
	json_object_object_add(o, "schema", json_object_new_int(1));
	add_text(o, "version", ICMPCTL_VERSION);
	if (*c->clock.source)
		add_text(clock, "source", c->clock.source);
	json_object_object_add(clock, "read_ns", json_object_new_uint64(c->clock.cost_ns));
	json_object_object_add(clock, "step_ns", json_object_new_uint64(c->clock.step_ns));
	json_object_object_add(o, "clock", clock);
	for (unsigned int i = 0; i < c->n; i++)
		json_object_array_add(paths, json_path(&c->path[i]));
	json_object_object_add(o, "paths", paths);
	print_line(file, o);
}
