// SPDX-License-Identifier: GPL-2.0
/*
 * A path MTU as JSON Lines, schema 1 (see out_json.c): a line "start", a line "told" for
 * each router that said "too big" and what, a line "black-hole" if there is one, a line
 * "summary".
 */

#include "json.h"
#include "lib/icmp_names.h"
#include "out_pmtu.h"

#define SCHEMA 1

static void add_address(struct json_object *o, const char *key, const struct target *t,
			const uint8_t *addr)
{
	char text[ADDRESS_LEN];

	add_text(o, key, address_text(text, t->family, addr,
				      address_is_link_local(t->family, addr) ? t->scope : 0));
}

static void put_line(const struct out_pmtu *out, struct json_object *o)
{
	print_line(out->file, o);
}

static struct json_object *begin(const struct out_pmtu *out, const char *type)
{
	struct json_object *o = json_object_new_object();

	add_text(o, "type", type);
	add_text(o, "target", out->target->given);
	add_text(o, "address", out->target->text);
	return o;
}

/**
 * out_pmtu_json_start - the line "start"
 * @out: the search
 */
void out_pmtu_json_start(const struct out_pmtu *out)
{
	struct json_object *o = begin(out, "start");

	add_uint(o, "schema", SCHEMA);
	add_text(o, "command", "pmtu");
	add_uint(o, "max_mtu", out->run->pmtu.max);
	add_uint(o, "timeout_ns", out->run->wait_ns);
	add_uint(o, "time_unix_ns", out->info->started_unix_ns);
	if (*out->target->source)
		add_text(o, "source", out->target->source);
	if (out->device)
		add_text(o, "interface", out->device);
	put_line(out, o);
}

static void add_told(struct json_object *o, const struct pmtu_run *run,
		     const struct pmtu_told *told)
{
	static const char *const doubts[] = {
		[PMTU_NOT_SMALLER] = "not-smaller",
		[PMTU_TOO_SMALL] = "too-small",
		[PMTU_REFUTED] = "refuted",
	};

	add_address(o, "from", run->target, told->from);
	add_known(o, "hop", path_hop_of(&run->near->path, told->from));
	/* As it was told: 0 from a router that does not know of it. */
	add_uint(o, "mtu", told->mtu);
	add_uint(o, "packet_bytes", told->bytes);
	add_uint(o, "times", told->times);
	if (told->timed)
		add_uint(o, "rtt_ns", told->rtt_ns);
	add(o, "believed", json_object_new_boolean(told->doubt == PMTU_BELIEVED));
	if (told->doubt != PMTU_BELIEVED)
		add_text(o, "doubt", doubts[told->doubt]);
}

static void add_hop_address(struct json_object *o, const char *key, const struct target *t,
			    const struct path *path, unsigned int ttl)
{
	for (unsigned int i = 0; ttl && i < path->queries; i++) {
		if (!path->hop[ttl].answers[i].known)
			continue;
		add_address(o, key, t, path->hop[ttl].answers[i].from);
		return;
	}
	add(o, key, NULL);
}

static void add_black_hole(struct json_object *o, const struct pmtu_run *run)
{
	unsigned int last = pmtu_run_last_hop(run), next = pmtu_run_next_hop(run);

	add_uint(o, "passes", pmtu_passes(&run->pmtu));
	add_uint(o, "vanishes", pmtu_fails(&run->pmtu));
	/* 0: it begins on the first link */
	add_uint(o, "hop", last);
	add_hop_address(o, "from", run->target, &run->far.path, last);
	add_known(o, "next_hop", next);
	add_hop_address(o, "next", run->target, &run->near->path, next);
}

/**
 * out_pmtu_outcome - how a search ended, for programs
 * @p: the search
 *
 * Return: a word.
 */
const char *out_pmtu_outcome(const struct pmtu *p)
{
	static const char *const names[] = {
		[PMTU_SEARCHING] = "interrupted",
		[PMTU_FOUND] = "found",
		[PMTU_NO_REPLY] = "no-reply",
		[PMTU_UNSETTLED] = "unsettled",
	};

	return names[p->outcome];
}

static void add_summary(struct json_object *o, const struct pmtu_run *run)
{
	const struct pmtu *p = &run->pmtu;
	unsigned int sent = 0;

	for (unsigned int i = 0; i < p->tries; i++)
		sent += p->try[i].sent;
	add_text(o, "outcome", out_pmtu_outcome(p));
	/* null: nothing is known to pass */
	add_known(o, "mtu", pmtu_passes(p));
	add_known(o, "local_mtu", p->local);
	add(o, "black_hole", json_object_new_boolean(pmtu_black_hole(p)));
	add_known(o, "hops", run->near->path.end);
	add_uint(o, "rounds", p->rounds);
	add_uint(o, "sent", sent);
	add_uint(o, "forged", p->forged);
	add_known(o, "rtt_min_ns", p->rtt_min_ns);
}

/**
 * out_pmtu_json_facts - what a search found, as part of something larger
 * @o: gets it
 * @run: the search
 */
void out_pmtu_json_facts(struct json_object *o, const struct pmtu_run *run)
{
	struct json_object *told = json_object_new_array(), *hole = NULL;

	for (unsigned int i = 0; i < run->pmtu.tellers; i++) {
		struct json_object *one = json_object_new_object();

		add_told(one, run, &run->pmtu.told[i]);
		json_object_array_add(told, one);
	}
	if (pmtu_black_hole(&run->pmtu)) {
		hole = json_object_new_object();
		add_black_hole(hole, run);
	}
	add_summary(o, run);
	add(o, "told", told);
	add(o, "hole", hole);
}

/**
 * out_pmtu_json_result - the other lines
 * @out: the search
 */
void out_pmtu_json_result(const struct out_pmtu *out)
{
	const struct pmtu *p = &out->run->pmtu;
	char name[ICMP_NAME_LEN];
	struct json_object *o;

	for (unsigned int i = 0; i < p->tellers; i++) {
		o = begin(out, "told");
		add_told(o, out->run, &p->told[i]);
		put_line(out, o);
	}
	if (pmtu_black_hole(p)) {
		o = begin(out, "black-hole");
		add_black_hole(o, out->run);
		put_line(out, o);
	}
	o = begin(out, "summary");
	add_summary(o, out->run);
	if (p->refused) {
		add_address(o, "refused_by", out->target, p->refused_by);
		add_text(o, "icmp_name",
			 icmp_key(name, p->family, p->refused_type, p->refused_code));
	}
	add(o, "interrupted", json_object_new_boolean(out->interrupted));
	add_uint(o, "elapsed_ns", out->elapsed_ns);
	put_line(out, o);
}
