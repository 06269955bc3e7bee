// SPDX-License-Identifier: GPL-2.0
/*
 * Runs as `icmpctl ping --json` and --log wrote them down, read again. A file may begin
 * in the middle of a run, go on in the next one (it was rotated) and end in the middle
 * of a line (the power went): what is there is read, what is not JSON is counted.
 */
#include "recording.h"

#include <errno.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "lib/report.h"

/* Texts of records are kept until the end: a run has few of them. */
static char *copy_of(const char *text)
{
	return strdup(text ? text : "");
}

static const char *text_of(struct json_object *o, const char *key)
{
	struct json_object *value;

	if (!json_object_object_get_ex(o, key, &value))
		return "";
	return json_object_is_type(value, json_type_string) ? json_object_get_string(value) : "";
}

static bool number_of(struct json_object *o, const char *key, uint64_t *number)
{
	struct json_object *value;

	*number = 0;
	if (!json_object_object_get_ex(o, key, &value) ||
	    !json_object_is_type(value, json_type_int))
		return false;
	*number = json_object_get_uint64(value);
	return true;
}

static void empty(struct recording *r)
{
	for (unsigned int i = 0; i < r->n; i++) {
		free((char *)r->targets[i].given);
		recompute_free(&r->made[i]);
	}
	free(r->targets);
	free(r->made);
	numbers_free(&r->late);
	*r = (struct recording){ .n = 0 };
}

static int add_target(struct recording *r, const char *given, const char *address)
{
	struct target *targets = reallocarray(r->targets, r->n + 1, sizeof(*targets));
	struct recompute *made;

	if (!targets)
		return -ENOMEM;
	r->targets = targets;
	made = reallocarray(r->made, r->n + 1, sizeof(*made));
	if (!made)
		return -ENOMEM;
	r->made = made;
	targets[r->n] = (struct target){
		.given = copy_of(given),
		.family = strchr(address, ':') ? 6 : 4,
		.numeric = true,
	};
	if (!targets[r->n].given)
		return -ENOMEM;
	snprintf(targets[r->n].text, sizeof(targets[r->n].text), "%s", address);
	made[r->n] = (struct recompute){ .n_fates = 0 };
	return r->n++;
}

/* The run's target of this name and address; -1 if it has none. */
static int target_of(const struct recording *r, struct json_object *o)
{
	const char *given = text_of(o, "target"), *address = text_of(o, "address");

	for (unsigned int i = 0; i < r->n; i++)
		if (!strcmp(r->targets[i].given, given) && !strcmp(r->targets[i].text, address))
			return i;
	return -1;
}

/* What is not told of is none: counters are there even if nothing was counted. */
static void zeroes(struct recompute *made)
{
	static const int attrs[] = {
		ICMPCTL_STATS_A_SENT, ICMPCTL_STATS_A_RECEIVED, ICMPCTL_STATS_A_LOST,
		ICMPCTL_STATS_A_ERRORS, ICMPCTL_STATS_A_LATE, ICMPCTL_STATS_A_DUPLICATES,
		ICMPCTL_STATS_A_SEND_FAILED, ICMPCTL_STATS_A_CAUSE_SILENCE,
	};

	for (size_t i = 0; i < sizeof(attrs) / sizeof(attrs[0]); i++)
		recompute_count(made, attrs[i], 0);
}

static int finish(struct recording_reader *reader)
{
	struct recording *r = &reader->now;
	struct session_info *info = &r->run.info;
	int result = 0;

	if (!r->n)
		return 0;
	for (unsigned int i = 0; i < r->n && !result; i++) {
		zeroes(&r->made[i]);
		result = recompute_finish(&r->made[i]);
	}
	if (!r->summaries && info->started_unix_ns && r->last_ns > info->started_unix_ns)
		info->elapsed_ns = r->last_ns - info->started_unix_ns;
	if (r->late.n) {
		numbers_sort(&r->late);
		info->set |= SESSION_BIT(ICMPCTL_SESSION_A_SEND_LATE_P50_NS);
		info->late_p50_ns = numbers_rank(&r->late, 500);
		info->late_p90_ns = numbers_rank(&r->late, 900);
		info->late_p99_ns = numbers_rank(&r->late, 990);
		info->late_p999_ns = numbers_rank(&r->late, 999);
		info->late_max_ns = r->late.value[r->late.n - 1];
	}
	r->run.command = "ping";
	r->run.targets = r->targets;
	r->run.n_targets = r->n;
	reader->runs++;
	if (!result)
		result = reader->done(reader->arg, r);
	empty(r);
	return result;
}

static int start(struct recording_reader *reader, struct json_object *o)
{
	struct recording *r = &reader->now;
	uint64_t session, started, number;
	int result = 0;

	number_of(o, "session", &session);
	number_of(o, "time_unix_ns", &started);
	/* Told again at the head of a rotated file, it is the same run. */
	if (r->n && (r->summaries >= r->n || r->run.info.id != session ||
		     r->run.info.started_unix_ns != started))
		result = finish(reader);
	if (result)
		return result;
	r->run.info.id = session;
	r->run.info.started_unix_ns = started;
	if (!strcmp(text_of(o, "schedule"), "poisson")) {
		r->run.info.schedule = ICMPCTL_SCHEDULE_POISSON;
		number_of(o, "seed", &r->run.info.seed);
	}
	if (number_of(o, "interval_ns", &number))
		r->run.params.interval_ns = number;
	if (number_of(o, "size", &number))
		r->run.params.size = number;
	if (target_of(r, o) < 0)
		result = add_target(r, text_of(o, "target"), text_of(o, "address"));
	return result < 0 ? result : 0;
}

static const struct {
	const char *status;
	int attr;
} counted[] = {
	{ "reply", ICMPCTL_STATS_A_RECEIVED },
	{ "error", ICMPCTL_STATS_A_ERRORS },
	{ "lost", ICMPCTL_STATS_A_LOST },
	{ "send-failed", ICMPCTL_STATS_A_SEND_FAILED },
	{ "late", ICMPCTL_STATS_A_LATE },
	{ "duplicate", ICMPCTL_STATS_A_DUPLICATES },
	{ "redirect", ICMPCTL_STATS_A_REDIRECTS },
	{ "forged", ICMPCTL_STATS_A_FORGED },
	{ "bad-checksum", ICMPCTL_STATS_A_BAD_CHECKSUM },
	{ "other-address", ICMPCTL_STATS_A_OTHER_ADDRESS },
};

/* On which stamps an RTT rests. */
static void count_sources(struct recompute *made, struct json_object *o)
{
	const char *tx = text_of(o, "tx_source"), *rx = text_of(o, "rx_source");

	if (!strcmp(tx, "driver"))
		recompute_count(made, ICMPCTL_STATS_A_TX_DRIVER, 1);
	if (!strcmp(tx, "hardware"))
		recompute_count(made, ICMPCTL_STATS_A_TX_HARDWARE, 1);
	if (!strcmp(rx, "stack"))
		recompute_count(made, ICMPCTL_STATS_A_RX_STACK, 1);
	if (!strcmp(rx, "hardware"))
		recompute_count(made, ICMPCTL_STATS_A_RX_HARDWARE, 1);
	if (json_object_object_get_ex(o, "fallback", NULL))
		recompute_count(made, ICMPCTL_STATS_A_FALLBACKS, 1);
}

static void count_cause(struct recompute *made, struct json_object *o)
{
	const char *key = text_of(o, "cause");

	for (unsigned int cause = ICMPCTL_CAUSE_SILENCE; cause <= ICMPCTL_CAUSE_REPORTED; cause++)
		if (!strcmp(key, out_cause_key(cause)))
			recompute_count(made, stats_of_cause(cause), 1);
}

/* A probe that was sent, and what became of it. */
static int settle(struct recording *r, struct recompute *made, struct json_object *o,
		  uint64_t seq, bool reply)
{
	bool suspended = json_object_object_get_ex(o, "suspended", NULL);
	struct fate fate = { .seq = seq, .replied = reply };
	struct json_object *late;

	recompute_count(made, ICMPCTL_STATS_A_SENT, 1);
	if (suspended)
		recompute_count(made, ICMPCTL_STATS_A_SUSPENDED, 1);
	fate.timed = number_of(o, "rtt_ns", &fate.rtt_ns) && reply && !suspended;
	if (fate.timed)
		count_sources(made, o);
	if (number_of(o, "sent_unix_ns", &fate.sent_unix_ns) &&
	    fate.sent_unix_ns + fate.rtt_ns > r->last_ns)
		r->last_ns = fate.sent_unix_ns + fate.rtt_ns;
	if (json_object_object_get_ex(o, "late_ns", &late)) {
		int64_t ns = json_object_get_int64(late);

		recompute_late(made, ns > 0 ? ns : 0);
		if (numbers_add(&r->late, ns > 0 ? ns : 0))
			return -ENOMEM;
	}
	return recompute_fate(made, &fate);
}

static int probe(struct recording_reader *reader, struct json_object *o)
{
	struct recording *r = &reader->now;
	const char *status = text_of(o, "status");
	int target = target_of(r, o);
	struct recompute *made;
	uint64_t seq;

	/* The beginning is in a file that is not here. */
	if (target < 0)
		target = add_target(r, text_of(o, "target"), text_of(o, "address"));
	if (target < 0)
		return target;
	made = &r->made[target];
	number_of(o, "seq", &seq);
	for (size_t i = 0; i < sizeof(counted) / sizeof(counted[0]); i++)
		if (!strcmp(status, counted[i].status))
			recompute_count(made, counted[i].attr, 1);
	count_cause(made, o);
	if (!strcmp(status, "duplicate") && !json_object_object_get_ex(o, "icmp_type", NULL))
		return numbers_add(&made->doubled, seq);
	if (!strcmp(status, "reply")) {
		if (json_object_object_get_ex(o, "payload_changed", NULL) ||
		    json_object_object_get_ex(o, "payload_length_differs", NULL))
			recompute_count(made, ICMPCTL_STATS_A_CORRUPT, 1);
		return settle(r, made, o, seq, true);
	}
	if (!strcmp(status, "lost") || !strcmp(status, "error"))
		return settle(r, made, o, seq, false);
	return 0;
}

/* What no record tells, and the summary does. */
static void summary(struct recording *r, struct json_object *o)
{
	int target = target_of(r, o);
	uint64_t number;

	if (target < 0)
		return;
	r->summaries++;
	if (number_of(o, "outstanding", &number) && number) {
		recompute_count(&r->made[target], ICMPCTL_STATS_A_OUTSTANDING, number);
		recompute_count(&r->made[target], ICMPCTL_STATS_A_SENT, number);
	}
	if (number_of(o, "skipped", &number) && number)
		recompute_count(&r->made[target], ICMPCTL_STATS_A_SKIPPED, number);
	number_of(o, "records_dropped", &r->run.info.records_dropped);
	number_of(o, "elapsed_ns", &r->run.info.elapsed_ns);
}

static int line(struct recording_reader *reader, struct json_object *o)
{
	const char *type = text_of(o, "type");

	if (!strcmp(type, "start") && !strcmp(text_of(o, "command"), "ping"))
		return start(reader, o);
	/* Of a trace, or mtr: its probes belong to hops. */
	if (!strcmp(type, "start") || json_object_object_get_ex(o, "hop", NULL) ||
	    json_object_object_get_ex(o, "hubs", NULL) ||
	    json_object_object_get_ex(o, "report", NULL))
		return reader->other ? reader->other(reader->arg, o) : 0;
	if (!strcmp(type, "probe"))
		return probe(reader, o);
	if (!strcmp(type, "summary"))
		summary(&reader->now, o);
	return 0;
}

/* The lines up to the one that ends it; a line of another object means that it was cut off. */
static ssize_t read_object(char **text, size_t *room, size_t len, FILE *file)
{
	char *line_text = NULL;
	size_t line_room = 0;
	ssize_t more;

	while ((more = getline(&line_text, &line_room, file)) > 0) {
		if (len + more + 1 > *room) {
			char *larger = realloc(*text, 2 * (len + more + 1));

			if (!larger)
				break;
			*text = larger;
			*room = 2 * (len + more + 1);
		}
		memcpy(*text + len, line_text, more + 1);
		len += more;
		if (*line_text == '}' || *line_text == '{')
			break;
	}
	free(line_text);
	return len;
}

static int read_lines(struct recording_reader *reader, FILE *file)
{
	struct json_tokener *tokener = json_tokener_new();
	char *text = NULL;
	size_t room = 0;
	int result = 0;
	ssize_t len;

	if (!tokener)
		return -ENOMEM;
	while (!result && (len = getline(&text, &room, file)) > 0) {
		struct json_object *o;

		if (len == 1)
			continue;
		/* mtr's report is one object on many lines. */
		if (!strcmp(text, "{\n"))
			len = read_object(&text, &room, len, file);
		json_tokener_reset(tokener);
		o = len > INT32_MAX ? NULL : json_tokener_parse_ex(tokener, text, len);
		if (o && json_object_is_type(o, json_type_object))
			result = line(reader, o);
		else
			reader->damaged++;
		json_object_put(o);
	}
	if (!result && ferror(file))
		result = -EIO;
	free(text);
	json_tokener_free(tokener);
	return result;
}

/**
 * recording_read - read a file to its end
 * @reader: the reader
 * @name: of the file; "-" is standard input
 *
 * What is wrong with it is told on standard error. A standard output that cannot be
 * written is for main() to tell.
 *
 * Return: 0, a negative errno, or what @reader->done returned.
 */
int recording_read(struct recording_reader *reader, const char *name)
{
	FILE *file = strcmp(name, "-") ? fopen(name, "re") : stdin;
	uint64_t damaged = reader->damaged;
	int result;

	if (!file) {
		result = -errno;
		report("%s: %s", name, strerror(errno));
		return result;
	}
	result = read_lines(reader, file);
	if (file != stdin)
		fclose(file);
	damaged = reader->damaged - damaged;
	if (damaged)
		report(damaged == 1 ?
		       "warning: %s: %llu line is cut off or no JSON, and was passed over" :
		       "warning: %s: %llu lines are cut off or no JSON, and were passed over",
		       name, (unsigned long long)damaged);
	if (result && !ferror(stdout))
		report("%s: %s", name, strerror(-result));
	return result;
}

/**
 * recording_end - there are no more files
 * @reader: the reader
 *
 * Return: as recording_read().
 */
int recording_end(struct recording_reader *reader)
{
	return finish(reader);
}
