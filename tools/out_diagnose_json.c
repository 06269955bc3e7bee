// SPDX-License-Identifier: GPL-2.0
/*
 * A diagnosis as JSON Lines, schema 1 (see out_json.c): a line "name", a line "family" for
 * each IP version by which the host has an address, a line "finding".
 */
#include <errno.h>
#include <string.h>

#include "json.h"
#include "lib/text.h"
#include "out.h"
#include "out_diagnose.h"
#include "out_pmtu.h"

#define SCHEMA 1

static void add_known_text(struct json_object *o, const char *key, const char *value)
{
	char utf8[4096];

	add(o, key, *value ? json_object_new_string(text_utf8(utf8, sizeof(utf8), value)) :
			     NULL);
}

static void put_line(const struct out_diagnose *out, struct json_object *o)
{
	print_line(out->file, o);
}

static struct json_object *begin(const struct out_diagnose *out, const char *type)
{
	struct json_object *o = json_object_new_object();

	add_known_text(o, "type", type);
	add_known_text(o, "target", out->given);
	return o;
}

static void put_name(const struct out_diagnose *out)
{
	static const char *const names[] = {
		[NAME_NUMERIC] = "numeric",
		[NAME_FOUND] = "found",
		[NAME_UNKNOWN] = "unknown",
		[NAME_NO_ANSWER] = "no-answer",
		[NAME_NO_ADDRESS] = "no-address",
		[NAME_FAILED] = "failed",
		[NAME_ANY] = "any",
	};
	struct json_object *o = begin(out, "name");

	add_uint(o, "schema", SCHEMA);
	add_known_text(o, "command", "diagnose");
	add_known_text(o, "name", names[out->facts->name]);
	add_known_text(o, "ipv4", out->facts->by[0].address);
	add_known_text(o, "ipv6", out->facts->by[1].address);
	add_uint(o, "resolve_ns", out->facts->name_ns);
	put_line(out, o);
}

static void add_burst(struct json_object *o, const struct facts_family *v,
		      const struct checkup *c)
{
	add_uint(o, "sent", v->sent);
	add_uint(o, "received", v->received);
	add_known_text(o, "cause", v->cause ? out_cause_key(v->cause) : "");
	if (c->burst.timed) {
		add_uint(o, "rtt_min_ns", checkup_rtt(c, 0));
		add_uint(o, "rtt_p50_ns", checkup_rtt(c, 50));
		add_uint(o, "rtt_p90_ns", checkup_rtt(c, 90));
		add_uint(o, "rtt_max_ns", checkup_rtt(c, 100));
		add_uint(o, "jitter_ns", v->jitter_ns);
	}
	if (v->error) {
		add_uint(o, "icmp_type", v->type);
		add_uint(o, "icmp_code", v->code);
		add_known_text(o, "error_from", v->error_from);
		add_known(o, "error_hop", v->error_hop);
	}
}

static void add_path(struct json_object *o, const struct facts_family *v)
{
	add_known(o, "hops", v->hops);
	add_known(o, "last_hop", v->last_hop);
	add_known_text(o, "last_from", v->last_from);
	add_known(o, "loop_from_hop", v->loop[0]);
	add_known(o, "loop_to_hop", v->loop[1]);
	add_known_text(o, "loop_from", v->loop_from);
	add_known(o, "rate_limited_hop", v->limited_hop);
	add_known(o, "slow_hop", v->slow_hop);
	add_known(o, "rise_ns", v->rise_ns);
	add_known(o, "loss_hop", v->loss_hop);
}

static void put_family(const struct out_diagnose *out, int i)
{
	static const char *const knocks[] = { "", "tcp-open", "tcp-closed", "udp-closed" };
	const struct facts_family *v = &out->facts->by[i];
	const struct checkup *c = &out->checkup[i];
	struct json_object *o = begin(out, "family"), *pmtu = NULL;

	add_uint(o, "family", i ? 6 : 4);
	add_known_text(o, "address", v->address);
	add_known_text(o, "route_error", v->route_error ? strerror(v->route_error) : "");
	add_known_text(o, "source", v->source);
	add_known_text(o, "interface", v->device);
	add_known_text(o, "gateway", v->gateway);
	add_known_text(o, "neighbour", v->neighbour);
	add_burst(o, v, c);
	add_path(o, v);
	if (c->sizing) {
		pmtu = json_object_new_object();
		out_pmtu_json_facts(pmtu, &c->mtu);
	}
	add(o, "pmtu", pmtu);
	add_known_text(o, "other_answer", knocks[v->knock]);
	add_known(o, "other_port", v->port);
	put_line(out, o);
}

/**
 * out_diagnose_json - print it all
 * @out: the diagnosis
 */
void out_diagnose_json(const struct out_diagnose *out)
{
	struct json_object *o;

	put_name(out);
	for (int i = 0; i < 2; i++)
		if (out->facts->by[i].asked)
			put_family(out, i);
	o = begin(out, "finding");
	add_known_text(o, "finding", finding_name(out->finding->key));
	add_known_text(o, "cause", finding_name(out->finding->of));
	add_known(o, "family", out->finding->family);
	add_uint(o, "status", out->finding->kind);
	add_known_text(o, "sentence", out->finding->sentence);
	add_known_text(o, "next", out->finding->next);
	add(o, "interrupted", json_object_new_boolean(out->interrupted));
	add_uint(o, "elapsed_ns", out->elapsed_ns);
	put_line(out, o);
}
