// SPDX-License-Identifier: GPL-2.0
/*
 * mtr's JSON: {"report": {"mtr": {...}, "hubs": [...]}} with its keys, times in
 * milliseconds; beside them ours, in whole nanoseconds.
 */
#include "out.h"
#include "out_mtr.h"

#include <string.h>

#include "json.h"
#include "lib/icmp_names.h"
#include "lib/units.h"

#define SCHEMA 1

/* A number with as many decimals as it has. */
static struct json_object *decimal(double value, const char *digits)
{
	return json_object_new_double_s(value, digits);
}

static struct json_object *milliseconds(uint64_t ns)
{
	char text[UNITS_LEN];

	return decimal(ns / 1e6, units_ms(text, ns));
}

static void add_mtr_field(struct json_object *o, const struct hops *h, unsigned int ttl,
			  const struct mtr_field *f)
{
	uint64_t value;
	char text[32];
	double loss;

	switch (f->kind) {
	case MTR_SPACE:
		return;
	case MTR_LOSS:
		if (!hops_loss(h, ttl, &loss))
			loss = 0;
		snprintf(text, sizeof(text), "%.6f", 100 * loss);
		add(o, f->title, decimal(100 * loss, text));
		return;
	case MTR_COUNT:
		add_uint(o, f->title, mtr_field_value(h, ttl, f->letter, &value) ? value : 0);
		return;
	case MTR_TIME:
		/* mtr has 0 where nothing was measured; ours is null in "rtt_ns". */
		add(o, f->title, milliseconds(mtr_field_value(h, ttl, f->letter, &value) ?
					      value : 0));
		return;
	}
}

static void add_ns(struct json_object *o, const char *key, const struct hops *h,
		   unsigned int ttl, char letter)
{
	uint64_t value;

	add(o, key, mtr_field_value(h, ttl, letter, &value) ? json_object_new_uint64(value) :
							      NULL);
}

static struct json_object *address_object(const struct out_mtr *out,
					  const struct hops_hop *hop, unsigned int i)
{
	const uint8_t *addr = hop->address[i];
	int family = out->hops->family;
	uint32_t scope = address_is_link_local(family, addr) ? out->target->scope : 0;
	const char *name = out->name_of ? out->name_of(family, addr, scope) : NULL;
	struct json_object *o = json_object_new_object();
	char number[ADDRESS_LEN];

	add_text(o, "address", address_text(number, family, addr, scope));
	if (name)
		add_text(o, "name", name);
	out_json_extension(o, hop->extension_state[i], &hop->extension[i]);
	return o;
}

static void add_rtts(struct json_object *o, const struct hops *h, unsigned int ttl)
{
	static const struct {
		const char *key;
		char letter;
	} rtts[] = {
		{ "last", 'N' }, { "min", 'B' }, { "mean", 'A' }, { "max", 'W' },
		{ "stddev", 'V' }, { "p50", '5' }, { "p90", '9' }, { "p99", 'P' },
	}, jitters[] = {
		{ "last", 'J' }, { "mean", 'M' }, { "max", 'X' }, { "rfc3550", 'I' },
	};
	struct json_object *rtt = json_object_new_object(), *jitter = json_object_new_object();

	for (unsigned int i = 0; i < sizeof(rtts) / sizeof(rtts[0]); i++)
		add_ns(rtt, rtts[i].key, h, ttl, rtts[i].letter);
	for (unsigned int i = 0; i < sizeof(jitters) / sizeof(jitters[0]); i++)
		add_ns(jitter, jitters[i].key, h, ttl, jitters[i].letter);
	add(o, "rtt_ns", rtt);
	add(o, "jitter_ns", jitter);
}

static struct json_object *hub_object(const struct out_mtr *out, unsigned int ttl)
{
	const struct hops *h = out->hops;
	const struct hops_hop *hop = &h->hop[ttl];
	unsigned int kept = hop->addresses < HOPS_ADDRESSES ? hop->addresses : HOPS_ADDRESSES;
	struct json_object *o = json_object_new_object(), *addresses = json_object_new_array();
	char host[MTR_HOST], name[ICMP_NAME_LEN];
	struct hops_count c;

	add_uint(o, "count", ttl);
	add_text(o, "host", hop->addresses ? mtr_host(host, out, hop->address[hop->latest]) :
					     "???");
	for (const char *f = out->fields; *f; f++)
		add_mtr_field(o, h, ttl, mtr_field(*f));

	for (unsigned int i = 0; i < kept; i++)
		json_object_array_add(addresses, address_object(out, hop, i));
	hops_count(h, ttl, &c);
	add(o, "addresses", addresses);
	add_text(o, "verdict", mtr_verdict_name(hop->verdict));
	add_uint(o, "sent", c.sent);
	add_uint(o, "answered", c.answered);
	add_uint(o, "lost", c.lost);
	add_uint(o, "waiting", c.waiting);
	add_rtts(o, h, ttl);
	if (hop->addresses && !hop->reply) {
		add_uint(o, "icmp_type", hop->type);
		add_uint(o, "icmp_code", hop->code);
		add_text(o, "icmp_name", icmp_key(name, h->family, hop->type, hop->code));
	}
	return o;
}

/**
 * out_mtr_json_hubs - the hops
 * @out: what, and how
 *
 * Return: an array, to be put.
 */
struct json_object *out_mtr_json_hubs(const struct out_mtr *out)
{
	const struct hops *h = out->hops;
	struct json_object *hubs = json_object_new_array();

	for (unsigned int ttl = h->first; ttl <= hops_last(h); ttl++)
		json_object_array_add(hubs, hub_object(out, ttl));
	return hubs;
}

/**
 * out_mtr_json - print the report as JSON
 * @out: what, and how
 */
void out_mtr_json(const struct out_mtr *out)
{
	struct json_object *top = json_object_new_object(), *report = json_object_new_object();
	struct json_object *mtr = json_object_new_object();
	const struct hops *h = out->hops;
	char text[32];

	add_text(mtr, "src", out->local);
	add_text(mtr, "dst", out->target->given);
	add_uint(mtr, "tos", out->tos);
	add_uint(mtr, "tests", out->cycles);
	snprintf(text, sizeof(text), "%u", out->packet_bytes);
	add_text(mtr, "psize", text);
	add_text(mtr, "bitpattern", "0x00");

	add_uint(mtr, "schema", SCHEMA);
	add_text(mtr, "address", out->target->text);
	if (*out->source)
		add_text(mtr, "source", out->source);
	if (out->device)
		add_text(mtr, "interface", out->device);
	add_uint(mtr, "interval_ns", h->interval_ns);
	add_uint(mtr, "timeout_ns", h->timeout_ns);
	add_uint(mtr, "started_unix_ns", out->started_unix_ns);
	add_uint(mtr, "elapsed_ns", out->elapsed_ns);
	add_uint(mtr, "records_dropped", h->dropped);
	add(mtr, "reached", json_object_new_boolean(hops_reached(h)));

	add(report, "mtr", mtr);
	add(report, "hubs", out_mtr_json_hubs(out));
	add(top, "report", report);
	json_write(out->file, top, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED);
}
