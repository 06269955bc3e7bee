// SPDX-License-Identifier: GPL-2.0
/*
 * What is kept of an mtr. The log is JSON Lines, schema 1 (see out_json.c): a line "start", a
 * line "probe" for whatever happens to a probe, as trace has it, and a line "summary" with
 * the report's hops; a view that is reset begins a new run.
 */
#include "out_mtr_keep.h"

#include "json.h"
#include "mtr_engine.h"

#define SCHEMA 1

static void put_line(struct out_mtr_keep *k, struct json_object *o)
{
	if (k->log.file)
		print_line(k->log.file, o);
	else
		json_object_put(o);
}

static struct json_object *begin(const struct out_mtr_keep *k, const char *type)
{
	struct json_object *o = json_object_new_object();

	add_text(o, "type", type);
	add_text(o, "target", k->run.targets->given);
	add_text(o, "address", k->run.targets->text);
	return o;
}

static void put_start(struct out_mtr_keep *k)
{
	const struct hops *h = k->out->hops;
	struct json_object *o = begin(k, "start");

	add_uint(o, "schema", SCHEMA);
	add_text(o, "command", k->run.command);
	add_text(o, "kind", out_kind_name(k->run.params.kind));
	add_uint(o, "first_hop", h->first);
	add_uint(o, "max_hops", h->max);
	add_uint(o, "interval_ns", h->interval_ns);
	add_uint(o, "timeout_ns", h->timeout_ns);
	/* 0: no end. */
	add_uint(o, "count", k->out->cycles);
	add_uint(o, "packet_bytes", k->out->packet_bytes);
	add_uint(o, "size", k->run.params.size);
	add_uint(o, "flow", MTR_FLOW);
	add_uint(o, "time_unix_ns", k->run.info.started_unix_ns);
	add_uint(o, "session", k->run.info.id);
	if (*k->out->source)
		add_text(o, "source", k->out->source);
	if (k->run.device)
		add_text(o, "interface", k->run.device);
	put_line(k, o);
}

/**
 * out_mtr_keep_start - all hops are asked from the beginning
 * @k: what is kept
 * @info: of the first session
 */
void out_mtr_keep_start(struct out_mtr_keep *k, const struct session_info *info)
{
	if (k->begun)
		out_mtr_keep_end(k, info->started_ns - k->run.info.started_ns);
	k->run.info = *info;
	capture_clock(&k->capture, info);
	k->begun = k->log.file;
	if (k->begun)
		put_start(k);
}

/**
 * out_mtr_keep_record - something happened to a probe
 * @k: what is kept
 * @ttl: of which hop
 * @rounds_before: rounds before the session began that it is of
 * @r: the record
 */
void out_mtr_keep_record(struct out_mtr_keep *k, unsigned int ttl, uint64_t rounds_before,
			 const struct icmpctl_record *r)
{
	const struct capture_probe probe = {
		.params = &k->run.params,
		.target = k->run.targets,
		.size = k->run.params.size,
	};
	struct icmpctl_record told = *r;
	struct json_object *o;

	capture_record(&k->capture, &probe, r);
	if (!k->log.file)
		return;
	told.target = 0;
	told.seq += rounds_before;
	o = out_json_probe(&k->run, &told);
	add_uint(o, "hop", ttl);
	add_uint(o, "flow", MTR_FLOW);
	put_line(k, o);
}

/**
 * out_mtr_keep_flush - all is written that there is for now
 * @k: what is kept
 */
void out_mtr_keep_flush(struct out_mtr_keep *k)
{
	capture_flush(&k->capture);
	/* Each file says for itself what it is of. */
	if (logfile_flush(&k->log) && k->begun && !logfile_rotate(&k->log))
		put_start(k);
}

/**
 * out_mtr_keep_end - the run is over
 * @k: what is kept
 * @elapsed_ns: since its start
 */
void out_mtr_keep_end(struct out_mtr_keep *k, uint64_t elapsed_ns)
{
	const struct hops *h = k->out->hops;
	struct json_object *o;

	capture_flush(&k->capture);
	if (!k->begun)
		return;
	k->begun = false;
	o = begin(k, "summary");
	add_bool(o, "reached", hops_reached(h));
	add_uint(o, "records_dropped", h->dropped);
	add_uint(o, "elapsed_ns", elapsed_ns);
	add(o, "hubs", out_mtr_json_hubs(k->out));
	put_line(k, o);
	logfile_flush(&k->log);
}
