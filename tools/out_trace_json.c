// SPDX-License-Identifier: GPL-2.0
/*
 * A trace as JSON Lines, schema 1 (see out_json.c): a line "start", a line "probe" for
 * whatever happens to a probe, as ping's with "hop" and "flow", a line "hop" for each
 * hop in order, a line "summary".
 */
#include "out_trace.h"

#include <json-c/json.h>

#include "lib/extension.h"
#include "lib/icmp_names.h"
#include "lib/text.h"

#define SCHEMA 1

static void add(struct json_object *o, const char *key, struct json_object *value)
{
	json_object_object_add_ex(o, key, value, JSON_C_OBJECT_KEY_IS_CONSTANT);
}

static void add_uint(struct json_object *o, const char *key, uint64_t value)
{
	add(o, key, json_object_new_uint64(value));
}

static void add_bool(struct json_object *o, const char *key, bool value)
{
	add(o, key, json_object_new_boolean(value));
}

static void add_text(struct json_object *o, const char *key, const char *value)
{
	char utf8[4096];

	add(o, key, json_object_new_string(text_utf8(utf8, sizeof(utf8), value)));
}

static void put_line(struct out_trace *out, struct json_object *o)
{
	fprintf(out->file, "%s\n",
		json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN |
						  JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(o);
}

static struct json_object *begin(const struct out_trace *out, const char *type)
{
	struct json_object *o = json_object_new_object();

	add_text(o, "type", type);
	add_text(o, "target", out->run->targets->given);
	add_text(o, "address", out->run->targets->text);
	return o;
}

static void json_start(struct out_trace *out)
{
	const struct target *t = out->run->targets;
	struct json_object *o = begin(out, "start");

	add_uint(o, "schema", SCHEMA);
	add_text(o, "command", out->run->command);
	add_text(o, "kind", out_kind_name(out->run->params.kind));
	if (out->run->params.port)
		add_uint(o, "port", out->run->params.port);
	add_uint(o, "first_hop", out->path->first);
	add_uint(o, "max_hops", out->path->max);
	add_uint(o, "queries", out->path->queries);
	add_uint(o, "window", out->rule->window);
	add_uint(o, "repeats", out->rule->repeats);
	add_uint(o, "spacing_ns", out->rule->spacing_ns);
	add_uint(o, "timeout_ns", out->rule->wait_ns);
	add_uint(o, "packet_bytes", out->packet_bytes);
	add_uint(o, "size", out->run->params.size);
	add_uint(o, "flow", TRACE_FLOW);
	add_uint(o, "time_unix_ns", out->run->info.started_unix_ns);
	if (*t->source)
		add_text(o, "source", t->source);
	if (out->run->device)
		add_text(o, "interface", out->run->device);
	put_line(out, o);
}

static void json_record(struct out_trace *out, unsigned int ttl, const struct icmpctl_record *r)
{
	struct json_object *o = out_json_probe(out->run, r);

	add_uint(o, "hop", ttl);
	add_uint(o, "flow", TRACE_FLOW);
	put_line(out, o);
}

static struct json_object *labels(const struct extension_object *object)
{
	struct json_object *all = json_object_new_array();

	for (size_t n = 0; n < object->len / 4; n++) {
		struct json_object *o = json_object_new_object();
		uint32_t label = extension_label(object, n);

		add_uint(o, "label", label >> 12);
		add_uint(o, "traffic_class", label >> 9 & 7);
		add_bool(o, "bottom", label >> 8 & 1);
		add_uint(o, "ttl", label & 255);
		json_object_array_add(all, o);
	}
	return all;
}

static void add_bytes(struct json_object *o, const struct extension_object *object)
{
	char hex[2 * ICMPCTL_EXTENSION_MAX + 1] = "";

	for (size_t i = 0; i < object->len && i < ICMPCTL_EXTENSION_MAX; i++)
		snprintf(hex + 2 * i, 3, "%02x", object->data[i]);
	add_text(o, "data", hex);
}

/* What the router appended: objects in their order, or what is wrong with them. */
static void add_extension(struct json_object *answer, const struct path_answer *a)
{
	struct extension_interface i;
	struct extension_object object;
	struct json_object *all;
	size_t at = 0;

	if (extension_fault(a->extension_state))
		add_text(answer, "extension_error", extension_fault(a->extension_state));
	if (!a->extension.len)
		return;
	all = json_object_new_array();
	while (extension_next(&a->extension, &at, &object)) {
		struct json_object *o = json_object_new_object();

		add_uint(o, "class", object.class);
		add_uint(o, "type", object.type);
		if (extension_is_mpls(&object)) {
			add(o, "mpls", labels(&object));
		} else if (extension_interface(&object, &i)) {
			add_text(o, "role", i.role);
			if (i.has_index)
				add_uint(o, "ifindex", i.index);
			if (*i.address)
				add_text(o, "address", i.address);
			if (*i.name)
				add_text(o, "name", i.name);
			if (i.has_mtu)
				add_uint(o, "mtu", i.mtu);
		} else {
			add_bytes(o, &object);
		}
		json_object_array_add(all, o);
	}
	add(answer, "extensions", all);
}

static struct json_object *answer_object(const struct out_trace *out,
					 const struct path_answer *a)
{
	const struct target *t = out->run->targets;
	int family = out->path->family;
	struct json_object *o = json_object_new_object();
	char from[ADDRESS_LEN], name[ICMP_NAME_LEN];

	if (!a->known) {
		add_text(o, "status", "lost");
		return o;
	}
	add_text(o, "status", a->reply ? "reply" : "error");
	add_text(o, "from", address_text(from, family, a->from,
					 address_is_link_local(family, a->from) ? t->scope : 0));
	if (a->timed)
		add_uint(o, "rtt_ns", a->rtt_ns);
	add_uint(o, "ttl", a->ttl);
	add_uint(o, "return_hops", path_return_hops(a));
	if (!a->reply) {
		add_uint(o, "icmp_type", a->type);
		add_uint(o, "icmp_code", a->code);
		add_text(o, "icmp_name", icmp_key(name, family, a->type, a->code));
		if (icmp_has_mtu(family, a->type, a->code) && a->info)
			add_uint(o, "mtu", a->info);
	}
	add_extension(o, a);
	add_bool(o, "repeated", a->again);
	return o;
}

static void json_hop(struct out_trace *out, unsigned int ttl)
{
	static const struct {
		unsigned int mark;
		const char *name;
	} names[] = {
		{ PATH_MARK_CHANGES, "several-addresses" },
		{ PATH_MARK_LOOP, "loop" },
		{ PATH_MARK_PRIVATE, "private-behind-public" },
		{ PATH_MARK_TARGET, "target-address" },
	};
	const struct path_hop *hop = &out->path->hop[ttl];
	struct json_object *o = begin(out, "hop");
	struct json_object *probes = json_object_new_array();
	struct json_object *marks = json_object_new_array();
	unsigned int loop, set = path_marks(out->path, ttl, &loop);

	for (unsigned int i = 0; i < out->path->queries; i++)
		json_object_array_add(probes, answer_object(out, &hop->answers[i]));
	for (unsigned int i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (set & names[i].mark)
			json_object_array_add(marks, json_object_new_string(names[i].name));
	add_uint(o, "hop", ttl);
	add_uint(o, "flow", TRACE_FLOW);
	add(o, "probes", probes);
	add_uint(o, "sent", hop->asked);
	add_uint(o, "asked_again", hop->again);
	add_bool(o, "rate_limited", path_limits(out->path, ttl));
	add(o, "marks", marks);
	if (loop)
		add_uint(o, "loop_to_hop", loop);
	put_line(out, o);
}

static void json_summary(struct out_trace *out)
{
	struct json_object *o = begin(out, "summary");
	const struct path *p = out->path;
	unsigned int sent = 0, answered = 0;

	for (unsigned int ttl = p->first; ttl <= p->asked_to; ttl++) {
		sent += p->hop[ttl].asked;
		answered += p->hop[ttl].answered;
	}
	add_bool(o, "reached", path_reached(p));
	/* null: it is not known where the path ends */
	add(o, "hops", p->end ? json_object_new_uint64(p->end) : NULL);
	add_uint(o, "sent", sent);
	add_uint(o, "answered", answered);
	add_bool(o, "interrupted", out->interrupted);
	add_uint(o, "elapsed_ns", out->elapsed_ns);
	put_line(out, o);
}

const struct out_trace_ops out_trace_json = {
	.start = json_start,
	.record = json_record,
	.hop = json_hop,
	.summary = json_summary,
};
