// SPDX-License-Identifier: GPL-2.0
/*
 * A trace as JSON Lines, schema 1 (see out_json.c): a line "start", a line "probe" for
 * whatever happens to a probe, as ping's with "hop" and "flow", a line "hop" for each
 * hop in order, a line "summary". Of many flows a hop has its addresses and links.
 */
#include "out_trace.h"

#include <stdlib.h>

#include "json.h"
#include "lib/icmp_names.h"

#define SCHEMA 1

static void add_confidence(struct json_object *o, double value)
{
	char text[32];

	snprintf(text, sizeof(text), "%.6g", value);
	add(o, "confidence", json_object_new_double_s(value, text));
}

static void put_line(struct out_trace *out, struct json_object *o)
{
	print_line(out->file, o);
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
	if (!out->flows)
		add_uint(o, "queries", out->path->queries);
	add_uint(o, "window", out->rule->window);
	add_uint(o, "repeats", out->rule->repeats);
	add_uint(o, "spacing_ns", out->rule->spacing_ns);
	add_uint(o, "timeout_ns", out->rule->wait_ns);
	add_uint(o, "packet_bytes", out->packet_bytes);
	add_uint(o, "size", out->run->params.size);
	if (out->flows) {
		add_uint(o, "flows", out->flows->n);
		add_confidence(o, out->flows->confidence);
	} else {
		add_uint(o, "flow", PATH_FLOW);
	}
	add_uint(o, "time_unix_ns", out->run->info.started_unix_ns);
	if (*t->source)
		add_text(o, "source", t->source);
	if (out->run->device)
		add_text(o, "interface", out->run->device);
	put_line(out, o);
}

static void json_record(struct out_trace *out, unsigned int ttl, unsigned int flow,
			const struct icmpctl_record *r)
{
	struct json_object *o = out_json_probe(out->run, r);

	add_uint(o, "hop", ttl);
	add_uint(o, "flow", flow);
	put_line(out, o);
}

static struct json_object *address_object(const struct out_trace *out, const uint8_t *addr)
{
	int family = out->path->family;
	char text[ADDRESS_LEN];

	return json_object_new_string(address_text(text, family, addr,
						   address_is_link_local(family, addr) ?
						   out->run->targets->scope : 0));
}

static void add_sender(const struct out_trace *out, struct json_object *o,
		       const struct path_answer *a)
{
	add_text(o, "status", a->reply ? "reply" : "error");
	add(o, "from", address_object(out, a->from));
}

static void add_answer(const struct out_trace *out, struct json_object *o,
		       const struct path_answer *a)
{
	int family = out->path->family;
	char name[ICMP_NAME_LEN];

	add_uint(o, "ttl", a->ttl);
	add_uint(o, "return_hops", path_return_hops(a));
	if (!a->reply) {
		add_uint(o, "icmp_type", a->type);
		add_uint(o, "icmp_code", a->code);
		add_text(o, "icmp_name", icmp_key(name, family, a->type, a->code));
		if (icmp_has_mtu(family, a->type, a->code) && a->info)
			add_uint(o, "mtu", a->info);
	}
	out_json_extension(o, a->extension_state, &a->extension);
}

static struct json_object *answer_object(const struct out_trace *out,
					 const struct path_answer *a)
{
	struct json_object *o = json_object_new_object();

	if (!a->known) {
		add_text(o, "status", "lost");
		return o;
	}
	add_sender(out, o, a);
	if (a->timed)
		add_uint(o, "rtt_ns", a->rtt_ns);
	add_answer(out, o, a);
	add_bool(o, "repeated", a->again);
	return o;
}

static void add_marks(struct json_object *o, unsigned int set, unsigned int loop)
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
	struct json_object *marks = json_object_new_array();

	for (unsigned int i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (set & names[i].mark)
			json_object_array_add(marks, json_object_new_string(names[i].name));
	add(o, "marks", marks);
	if (loop)
		add_uint(o, "loop_to_hop", loop);
}

static void one_hop(struct out_trace *out, unsigned int ttl)
{
	const struct path_hop *hop = &out->path->hop[ttl];
	struct json_object *o = begin(out, "hop");
	struct json_object *probes = json_object_new_array();
	unsigned int loop, set = path_marks(out->path, ttl, &loop);

	for (unsigned int i = 0; i < out->path->queries; i++)
		json_object_array_add(probes, answer_object(out, &hop->answers[i]));
	add_uint(o, "hop", ttl);
	add_uint(o, "flow", PATH_FLOW);
	add(o, "probes", probes);
	add_uint(o, "sent", hop->asked);
	add_uint(o, "asked_again", hop->again);
	add_bool(o, "rate_limited", path_limits(out->path, ttl));
	add_marks(o, set, loop);
	put_line(out, o);
}

static void one_summary(struct out_trace *out)
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

/* A flow at a hop. */
static struct json_object *probe_object(const struct out_trace *out, unsigned int ttl,
					unsigned int flow)
{
	const struct flows_hop *hop = &out->flows->hop[ttl];
	const struct flows_probe *p = &hop->probe[flow];
	struct json_object *o = json_object_new_object();

	add_uint(o, "flow", flow);
	if (p->state == FLOWS_ANSWERED) {
		add_sender(out, o, &hop->node[p->node].answer);
		if (p->timed)
			add_uint(o, "rtt_ns", p->rtt_ns);
	} else {
		add_text(o, "status", "lost");
	}
	add_bool(o, "repeated", p->again);
	return o;
}

static struct json_object *node_object(const struct out_trace *out, unsigned int ttl,
				       unsigned int place)
{
	const struct flows_node *node = &out->flows->hop[ttl].node[place];
	struct json_object *o = json_object_new_object();
	struct json_object *flows = json_object_new_array();

	add_sender(out, o, &node->answer);
	add_answer(out, o, &node->answer);
	for (unsigned int i = 0; i < out->flows->n; i++)
		if (flows_node_of(out->flows, ttl, i) == place)
			json_object_array_add(flows, json_object_new_uint64(i));
	add(o, "flows", flows);
	if (node->timed) {
		add_uint(o, "rtt_min_ns", node->rtt_min_ns);
		add_uint(o, "rtt_mean_ns", node->rtt_sum_ns / node->timed);
		add_uint(o, "rtt_max_ns", node->rtt_max_ns);
	}
	return o;
}

/* null: a router that says nothing */
static struct json_object *end_object(const struct out_trace *out, unsigned int ttl,
				      unsigned int place)
{
	if (place == FLOWS_SILENCE)
		return NULL;
	return address_object(out, out->flows->hop[ttl].node[place].answer.from);
}

static struct json_object *links_array(const struct out_trace *out, unsigned int ttl)
{
	struct json_object *all = json_object_new_array(), *flows = NULL;
	unsigned int n;
	struct flows_link *links = flows_links(out->flows, ttl, &n);

	for (unsigned int i = 0; i < n; i++) {
		const struct flows_link *l = &links[i];

		if (!i || l->from != l[-1].from || l->to != l[-1].to) {
			struct json_object *o = json_object_new_object();

			flows = json_object_new_array();
			add(o, "from", end_object(out, ttl - 1, l->from));
			add(o, "to", end_object(out, ttl, l->to));
			add(o, "flows", flows);
			json_object_array_add(all, o);
		}
		json_object_array_add(flows, json_object_new_uint64(l->flow));
	}
	free(links);
	return all;
}

static void many_hop(struct out_trace *out, unsigned int ttl)
{
	static const char *const balancing[] = {
		[FLOWS_BY_FLOW] = "flow",
		[FLOWS_BY_PACKET] = "packet",
		[FLOWS_BY_WHAT] = "unknown",
	};
	const struct flows *f = out->flows;
	const struct flows_hop *hop = &f->hop[ttl];
	struct json_object *o = begin(out, "hop");
	struct json_object *probes = json_object_new_array();
	struct json_object *nodes = json_object_new_array();
	unsigned int loop, set = flows_marks(f, ttl, &loop);

	add_uint(o, "hop", ttl);
	for (unsigned int i = 0; i < hop->nodes; i++)
		json_object_array_add(nodes, node_object(out, ttl, i));
	add(o, "addresses", nodes);
	add(o, "links", links_array(out, ttl));
	for (unsigned int i = 0; hop->probe && i < f->n; i++)
		if (hop->probe[i].state != FLOWS_UNASKED)
			json_object_array_add(probes, probe_object(out, ttl, i));
	add(o, "probes", probes);
	add_uint(o, "sent", hop->sent);
	add_uint(o, "asked_again", hop->again);
	add_bool(o, "rate_limited", flows_limits(f, ttl));
	if (flows_balancing(f, ttl) != FLOWS_NOT)
		add_text(o, "balancing", balancing[flows_balancing(f, ttl)]);
	add_confidence(o, flows_confidence_of(f, ttl));
	add_marks(o, set, loop);
	put_line(out, o);
}

static void many_summary(struct out_trace *out)
{
	struct json_object *o = begin(out, "summary");
	const struct flows *f = out->flows;
	struct flows_count c;

	flows_count(f, &c);
	add_bool(o, "reached", flows_reached(f));
	add(o, "hops", c.end ? json_object_new_uint64(c.end) : NULL);
	add_uint(o, "sent", c.sent);
	add_uint(o, "answered", c.answered);
	add_uint(o, "flows", c.flows);
	add_uint(o, "addresses", c.addresses);
	add_uint(o, "links", c.links);
	add_confidence(o, flows_confidence(f));
	add_bool(o, "interrupted", out->interrupted);
	add_uint(o, "elapsed_ns", out->elapsed_ns);
	put_line(out, o);
}

static void json_hop(struct out_trace *out, unsigned int ttl)
{
	if (out->flows)
		many_hop(out, ttl);
	else
		one_hop(out, ttl);
}

static void json_summary(struct out_trace *out)
{
	if (out->flows)
		many_summary(out);
	else
		one_summary(out);
}

const struct out_trace_ops out_trace_json = {
	.start = json_start,
	.record = json_record,
	.hop = json_hop,
	.summary = json_summary,
};
