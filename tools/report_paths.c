// SPDX-License-Identifier: GPL-2.0
/*
 * What a report says of hops. A trace is a column of a picture of all traces. A path that mtr
 * watched has a picture of its own, a row a hop and a column some rounds: however long it was
 * watched, columns are merged in pairs, so that it takes the same memory.
 */
#include "report_paths.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"

#define HOPS	255
#define CELLS	96	/* even */
#define FROM	8

struct cell {
	uint64_t sent, lost, timed, sum_ns;
};

struct hop {
	struct cell cell[CELLS];
	uint64_t sent, lost, timed, sum_ns, min_ns, max_ns;
	struct json_object *from;
};

struct watched {
	struct json_object *path;	/* what is told of it */
	struct hop *hop[HOPS + 1];
	uint64_t width;			/* rounds a column */
	unsigned int used;
	unsigned int end;		/* the nearest hop that replied, 0 for none */
	struct json_object *hubs;	/* what the summary says, or NULL */
};

static const char *text_of(struct json_object *o, const char *key)
{
	struct json_object *value;

	return json_object_object_get_ex(o, key, &value) && value ?
	       json_object_get_string(value) : "";
}

static uint64_t number_of(struct json_object *o, const char *key)
{
	struct json_object *value;

	return json_object_object_get_ex(o, key, &value) ? json_object_get_uint64(value) : 0;
}

static bool has_list(struct json_object *o, const char *key, struct json_object **list)
{
	return json_object_object_get_ex(o, key, list) &&
	       json_object_is_type(*list, json_type_array);
}

/* The mean of a hop's answers, who gave the first, and how many there were not. */
static void add_hop(struct report_paths *p, struct json_object *line)
{
	struct json_object *hop, *probes, *value;
	uint64_t sum = 0, n = 0, lost = 0;
	const char *from = "";

	if (!has_list(line, "probes", &probes))
		return;
	for (size_t i = 0; i < json_object_array_length(probes); i++) {
		struct json_object *probe = json_object_array_get_idx(probes, i);

		if (!strcmp(text_of(probe, "status"), "lost"))
			lost++;
		if (!json_object_object_get_ex(probe, "rtt_ns", &value))
			continue;
		sum += json_object_get_uint64(value);
		if (!n++)
			from = text_of(probe, "from");
	}
	hop = json_object_new_object();
	add_uint(hop, "hop", number_of(line, "hop"));
	add(hop, "rtt", n ? json_object_new_uint64(sum / n) : NULL);
	add(hop, "from", json_object_new_string(from));
	add_uint(hop, "lost", lost);
	json_object_array_add(p->hops, hop);
}

static void begin_trace(struct report_paths *p, struct json_object *line)
{
	struct json_object *trace = json_object_new_object();

	p->hops = json_object_new_array();
	add(trace, "target", json_object_new_string(text_of(line, "target")));
	add_uint(trace, "time_unix_ns", number_of(line, "time_unix_ns"));
	add(trace, "hops", p->hops);
	json_object_array_add(p->traces, trace);
}

/* Told again at the head of a rotated file, it is the same one. */
static bool same_watch(const struct report_paths *p, struct json_object *line)
{
	return p->watched &&
	       number_of(p->watched->path, "time_unix_ns") == number_of(line, "time_unix_ns") &&
	       !strcmp(text_of(p->watched->path, "address"), text_of(line, "address"));
}

static int begin_watch(struct report_paths *p, struct json_object *line)
{
	struct watched *w = calloc(1, sizeof(*w));

	if (!w)
		return -ENOMEM;
	w->width = 1;
	w->path = json_object_new_object();
	add(w->path, "target", json_object_new_string(text_of(line, "target")));
	add(w->path, "address", json_object_new_string(text_of(line, "address")));
	add_uint(w->path, "time_unix_ns", number_of(line, "time_unix_ns"));
	add_uint(w->path, "interval_ns", number_of(line, "interval_ns"));
	p->watched = w;
	return 0;
}

static void widen(struct watched *w)
{
	for (unsigned int ttl = 0; ttl <= HOPS; ttl++) {
		struct cell *c = w->hop[ttl] ? w->hop[ttl]->cell : NULL;

		for (unsigned int i = 0; c && i < CELLS / 2; i++) {
			const struct cell *a = &c[2 * i], *b = a + 1;

			c[i] = (struct cell){ a->sent + b->sent, a->lost + b->lost,
					      a->timed + b->timed, a->sum_ns + b->sum_ns };
		}
		if (c)
			memset(c + CELLS / 2, 0, CELLS / 2 * sizeof(*c));
	}
	w->used = (w->used + 1) / 2;
	w->width *= 2;
}

static void note_from(struct hop *hop, const char *from)
{
	size_t n = json_object_array_length(hop->from);

	for (size_t i = 0; i < n; i++)
		if (!strcmp(json_object_get_string(json_object_array_get_idx(hop->from, i)), from))
			return;
	if (*from && n < FROM)
		json_object_array_add(hop->from, json_object_new_string(from));
}

static int add_probe(struct watched *w, struct json_object *line)
{
	const char *status = text_of(line, "status");
	uint64_t ttl = number_of(line, "hop"), seq = number_of(line, "seq"), ns;
	bool reply = !strcmp(status, "reply"), lost = !strcmp(status, "lost");
	struct json_object *value;
	struct cell *cell;
	struct hop *hop;

	if (ttl > HOPS || !seq || (!reply && !lost && strcmp(status, "error")))
		return 0;
	if (!w->hop[ttl]) {
		w->hop[ttl] = calloc(1, sizeof(*hop));
		if (!w->hop[ttl])
			return -ENOMEM;
		w->hop[ttl]->from = json_object_new_array();
	}
	hop = w->hop[ttl];
	while ((seq - 1) / w->width >= CELLS)
		widen(w);
	if ((seq - 1) / w->width >= w->used)
		w->used = (seq - 1) / w->width + 1;
	if (reply && (!w->end || ttl < w->end))
		w->end = ttl;
	cell = &hop->cell[(seq - 1) / w->width];
	cell->sent++;
	hop->sent++;
	cell->lost += lost;
	hop->lost += lost;
	note_from(hop, text_of(line, "from"));
	if (lost || !json_object_object_get_ex(line, "rtt_ns", &value))
		return 0;
	ns = json_object_get_uint64(value);
	cell->timed++;
	cell->sum_ns += ns;
	if (!hop->timed++ || ns < hop->min_ns)
		hop->min_ns = ns;
	hop->sum_ns += ns;
	hop->max_ns = ns > hop->max_ns ? ns : hop->max_ns;
	return 0;
}

static void add_cells(struct json_object *o, const struct watched *w, const struct hop *hop)
{
	struct json_object *cells = json_object_new_array();

	for (unsigned int i = 0; i < w->used; i++) {
		const struct cell *c = &hop->cell[i];
		struct json_object *cell = json_object_new_array();

		json_object_array_add(cell, json_object_new_uint64(c->sent));
		json_object_array_add(cell, json_object_new_uint64(c->lost));
		json_object_array_add(cell, c->timed ?
				      json_object_new_uint64(c->sum_ns / c->timed) : NULL);
		json_object_array_add(cells, cell);
	}
	add(o, "cells", cells);
}

/* An RTT of ours, or of mtr's: milliseconds with a fraction, where 0 is no answer. */
static struct json_object *ns_of(struct json_object *hub, const char *ours, const char *mtrs)
{
	struct json_object *value;
	double ms;

	if (json_object_object_get_ex(hub, "rtt_ns", &value))
		return json_object_object_get_ex(value, ours, &value) ? json_object_get(value) :
									NULL;
	if (!json_object_object_get_ex(hub, mtrs, &value))
		return NULL;
	ms = json_object_get_double(value);
	return ms > 0 ? json_object_new_uint64(llround(ms * 1e6)) : NULL;
}

static struct json_object *hub_from(struct json_object *hub)
{
	struct json_object *from = json_object_new_array(), *addresses;
	const char *host = text_of(hub, "host");

	if (has_list(hub, "addresses", &addresses))
		for (size_t i = 0; i < json_object_array_length(addresses); i++)
			json_object_array_add(from, json_object_new_string(
				text_of(json_object_array_get_idx(addresses, i), "address")));
	else if (*host && strcmp(host, "???"))
		json_object_array_add(from, json_object_new_string(host));
	return from;
}

static struct json_object *hub_object(struct json_object *hub)
{
	struct json_object *o = json_object_new_object(), *loss = NULL;
	uint64_t sent = number_of(hub, "Snt"), lost = 0;

	if (json_object_object_get_ex(hub, "sent", NULL)) {
		sent = number_of(hub, "answered") + number_of(hub, "lost");
		lost = number_of(hub, "lost");
	} else if (json_object_object_get_ex(hub, "Loss%", &loss)) {
		lost = llround(json_object_get_double(loss) * sent / 100);
	}
	add_uint(o, "hop", number_of(hub, "count"));
	add(o, "from", hub_from(hub));
	add(o, "verdict", json_object_new_string(text_of(hub, "verdict")));
	add_uint(o, "sent", sent);
	add_uint(o, "lost", lost);
	add(o, "min", ns_of(hub, "min", "Best"));
	add(o, "mean", ns_of(hub, "mean", "Avg"));
	add(o, "max", ns_of(hub, "max", "Wrst"));
	return o;
}

/* What the summary says of a hop, or NULL. */
static struct json_object *hub_of(const struct watched *w, unsigned int ttl)
{
	for (size_t i = 0; w->hubs && i < json_object_array_length(w->hubs); i++) {
		struct json_object *hub = json_object_array_get_idx(w->hubs, i);

		if (number_of(hub, "count") == ttl)
			return hub;
	}
	return NULL;
}

/* What was cut off before its summary has the figures of its records. */
static struct json_object *hop_object(const struct watched *w, unsigned int ttl)
{
	struct json_object *o, *hub = hub_of(w, ttl);
	const struct hop *hop = w->hop[ttl];

	if (hub) {
		o = hub_object(hub);
	} else {
		o = json_object_new_object();
		add_uint(o, "hop", ttl);
		add(o, "from", json_object_get(hop->from));
		add(o, "verdict", json_object_new_string(""));
		add_uint(o, "sent", hop->sent);
		add_uint(o, "lost", hop->lost);
		add(o, "min", hop->timed ? json_object_new_uint64(hop->min_ns) : NULL);
		add(o, "mean", hop->timed ? json_object_new_uint64(hop->sum_ns / hop->timed) :
					    NULL);
		add(o, "max", hop->timed ? json_object_new_uint64(hop->max_ns) : NULL);
	}
	if (hop)
		add_cells(o, w, hop);
	return o;
}

static void end_watch(struct report_paths *p)
{
	struct json_object *hops = json_object_new_array();
	struct watched *w = p->watched;

	if (!w) {
		json_object_put(hops);
		return;
	}
	p->watched = NULL;
	add_uint(w->path, "rounds", w->width);
	add_uint(w->path, "columns", w->used);
	for (unsigned int ttl = 0; ttl <= HOPS; ttl++) {
		/* Behind the end are first probes that the target itself answered. */
		if ((w->hop[ttl] || hub_of(w, ttl)) && (!w->end || ttl <= w->end))
			json_object_array_add(hops, hop_object(w, ttl));
		if (w->hop[ttl])
			json_object_put(w->hop[ttl]->from);
		free(w->hop[ttl]);
	}
	add(w->path, "hops", hops);
	json_object_array_add(p->paths, w->path);
	json_object_put(w->hubs);
	free(w);
}

/* A report of `icmpctl mtr --json`, or of mtr's own: what became of each hop, and not when. */
static void add_report(struct report_paths *p, struct json_object *report)
{
	struct json_object *mtr, *hubs, *path, *hops;

	if (!json_object_object_get_ex(report, "mtr", &mtr) || !has_list(report, "hubs", &hubs))
		return;
	end_watch(p);
	path = json_object_new_object();
	hops = json_object_new_array();
	add(path, "target", json_object_new_string(text_of(mtr, "dst")));
	add(path, "address", json_object_new_string(text_of(mtr, "address")));
	add_uint(path, "time_unix_ns", number_of(mtr, "started_unix_ns"));
	add_uint(path, "columns", 0);
	for (size_t i = 0; i < json_object_array_length(hubs); i++)
		json_object_array_add(hops, hub_object(json_object_array_get_idx(hubs, i)));
	add(path, "hops", hops);
	json_object_array_add(p->paths, path);
}

/**
 * report_paths_line - take in a line that is not of a ping
 * @p: what was read
 * @line: the object
 *
 * Return: 0 or a negative errno.
 */
int report_paths_line(struct report_paths *p, struct json_object *line)
{
	const char *type = text_of(line, "type"), *command = text_of(line, "command");
	struct json_object *value;

	if (json_object_object_get_ex(line, "report", &value)) {
		add_report(p, value);
	} else if (!strcmp(type, "start")) {
		bool again = !strcmp(command, "mtr") && same_watch(p, line);

		p->hops = NULL;
		if (!again)
			end_watch(p);
		if (!strcmp(command, "trace"))
			begin_trace(p, line);
		else if (!strcmp(command, "mtr") && !again)
			return begin_watch(p, line);
	} else if (!strcmp(type, "hop") && p->hops) {
		add_hop(p, line);
	} else if (!strcmp(type, "probe") && p->watched) {
		return add_probe(p->watched, line);
	} else if (!strcmp(type, "summary") && p->watched) {
		if (has_list(line, "hubs", &value))
			p->watched->hubs = json_object_get(value);
		end_watch(p);
	}
	return 0;
}

/**
 * report_paths_end - nothing more comes
 * @p: what was read
 */
void report_paths_end(struct report_paths *p)
{
	end_watch(p);
}
