// SPDX-License-Identifier: GPL-2.0
/* Monitors for Prometheus: which metrics there are, and which labels they have. */
#include "out_metrics.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/text.h"
#include "lib/units.h"
#include "out.h"
#include "out_metrics_write.h"
#include "version.h"

#define LABELS_MAX 6
/* With longer intervals too few probes are sent in a minute to judge by. */
#define MINUTE_INTERVAL_NS (20 * NSEC_PER_SEC)
/* Each byte of a name may become a replacement character, of three. */
#define VALUE_LEN (3 * ICMPCTL_TARGET_NAME_MAX + 16)

/**
 * struct figure - a metric that is one statistic of a target
 * @family: what it is called
 * @attr: enum icmpctl_stats_attr
 * @label: one more label; its name NULL for none
 *
 * Figures of the same family stand one behind the other.
 */
struct figure {
	const struct metrics_family *family;
	int attr;
	struct metrics_label label;
};

#define NO_LABEL { NULL, NULL }

#define FAMILY(var, t, u, n, h) \
	static const struct metrics_family var = { .name = "icmpctl_" n, .type = METRICS_##t, \
						   .unit = u, .help = h }

/* Of targets of monitors without --path. */
FAMILY(sent, COUNTER, "", "probes_sent", "Probes handed to the IP stack");
FAMILY(received, COUNTER, "", "probes_received", "Probes that got a reply in time");
FAMILY(unanswered, COUNTER, "", "probes_unanswered",
       "Probes that got no reply in time, by what is known of why");
FAMILY(lost, COUNTER, "", "probes_lost", "Probes that nothing answered in time");
FAMILY(errors, COUNTER, "", "probes_rejected", "Probes answered by an ICMP error");
FAMILY(send_failed, COUNTER, "", "probes_send_failed", "Probes that could not be sent");
FAMILY(outstanding, GAUGE, "", "probes_outstanding", "Probes whose time is not over yet");
FAMILY(skipped, COUNTER, "", "probes_skipped", "Places in the schedule left out after a stall");
FAMILY(late, COUNTER, "", "replies_late", "Replies that came after the timeout");
FAMILY(duplicates, COUNTER, "", "replies_duplicate", "Replies beyond the first one to a probe");
FAMILY(reordered, COUNTER, "", "replies_reordered",
       "Replies that came behind one to a later probe (RFC 4737)");
FAMILY(corrupt, COUNTER, "", "replies_corrupt", "Replies with a changed payload");
FAMILY(checksum, COUNTER, "", "replies_bad_checksum", "Replies with a wrong checksum");
FAMILY(other, COUNTER, "", "replies_other_address", "Replies from an address that was not asked");
FAMILY(forged, COUNTER, "", "replies_forged", "What looked like replies, without our cookie");
FAMILY(redirects, COUNTER, "", "redirects", "ICMP redirects");
FAMILY(episodes, COUNTER, "", "loss_episodes",
       "Stretches of probes in a row that got no reply (RFC 3357)");
FAMILY(rtt, HISTOGRAM, "seconds", "rtt_seconds", "Round-trip times");
FAMILY(percentile, GAUGE, "seconds", "rtt_percentile_seconds",
       "Percentiles of the round-trip times since the start, as the kernel reckons them");
FAMILY(least, GAUGE, "seconds", "rtt_min_seconds", "Least round-trip time since the start");
FAMILY(greatest, GAUGE, "seconds", "rtt_max_seconds", "Greatest round-trip time since the start");
FAMILY(jitter, GAUGE, "seconds", "jitter_seconds",
       "Interarrival jitter, a moving average (RFC 3550)");
FAMILY(ipdv, GAUGE, "seconds", "ipdv_mean_seconds",
       "Mean difference of the round-trip times of successive probes since the start (RFC 3393)");
FAMILY(send_late, GAUGE, "seconds", "send_late_max_seconds",
       "The most that a probe was sent after its time since the start");

static const struct figure target_figures[] = {
	{ &sent, ICMPCTL_STATS_A_SENT, NO_LABEL },
	{ &received, ICMPCTL_STATS_A_RECEIVED, NO_LABEL },
	{ &lost, ICMPCTL_STATS_A_LOST, NO_LABEL },
	{ &errors, ICMPCTL_STATS_A_ERRORS, NO_LABEL },
	{ &send_failed, ICMPCTL_STATS_A_SEND_FAILED, NO_LABEL },
	{ &outstanding, ICMPCTL_STATS_A_OUTSTANDING, NO_LABEL },
	{ &skipped, ICMPCTL_STATS_A_SKIPPED, NO_LABEL },
	{ &late, ICMPCTL_STATS_A_LATE, NO_LABEL },
	{ &duplicates, ICMPCTL_STATS_A_DUPLICATES, NO_LABEL },
	{ &reordered, ICMPCTL_STATS_A_REORDERED, NO_LABEL },
	{ &corrupt, ICMPCTL_STATS_A_CORRUPT, NO_LABEL },
	{ &checksum, ICMPCTL_STATS_A_BAD_CHECKSUM, NO_LABEL },
	{ &other, ICMPCTL_STATS_A_OTHER_ADDRESS, NO_LABEL },
	{ &forged, ICMPCTL_STATS_A_FORGED, NO_LABEL },
	{ &redirects, ICMPCTL_STATS_A_REDIRECTS, NO_LABEL },
	{ &episodes, ICMPCTL_STATS_A_LOSS_EPISODES, NO_LABEL },
	{ &percentile, ICMPCTL_STATS_A_RTT_P50_NS, { "percentile", "50" } },
	{ &percentile, ICMPCTL_STATS_A_RTT_P90_NS, { "percentile", "90" } },
	{ &percentile, ICMPCTL_STATS_A_RTT_P99_NS, { "percentile", "99" } },
	{ &percentile, ICMPCTL_STATS_A_RTT_P999_NS, { "percentile", "99.9" } },
	{ &least, ICMPCTL_STATS_A_RTT_MIN_NS, NO_LABEL },
	{ &greatest, ICMPCTL_STATS_A_RTT_MAX_NS, NO_LABEL },
	{ &jitter, ICMPCTL_STATS_A_JITTER_NS, NO_LABEL },
	{ &ipdv, ICMPCTL_STATS_A_IPDV_MEAN_NS, NO_LABEL },
	{ &send_late, ICMPCTL_STATS_A_SEND_LATE_MAX_NS, NO_LABEL },
	{ .family = NULL }
};

/* Of hops, which the errors of routers are answers of: what a hop did not say is no loss. */
FAMILY(hop_sent, COUNTER, "", "hop_probes_sent", "Probes sent to a hop");
FAMILY(hop_received, COUNTER, "", "hop_probes_received", "Probes that the target itself answered");
FAMILY(hop_errors, COUNTER, "", "hop_probes_reported",
       "Probes that an ICMP error answered, as a rule time exceeded of the hop");
FAMILY(hop_rejected, COUNTER, "", "hop_probes_rejected",
       "Of those reported, the ones that go no further: not time exceeded");
FAMILY(hop_failed, COUNTER, "", "hop_probes_send_failed",
       "Probes to a hop that could not be sent");
FAMILY(hop_lost, COUNTER, "", "hop_probes_lost",
       "Probes that nothing answered: many routers limit what they answer");
FAMILY(hop_rtt, HISTOGRAM, "seconds", "hop_rtt_seconds", "Round-trip times to a hop");
FAMILY(hop_percentile, GAUGE, "seconds", "hop_rtt_percentile_seconds",
       "Percentiles of the round-trip times to a hop since the start");
FAMILY(hop_jitter, GAUGE, "seconds", "hop_jitter_seconds",
       "Interarrival jitter of a hop, a moving average (RFC 3550)");

static const struct figure hop_figures[] = {
	{ &hop_sent, ICMPCTL_STATS_A_SENT, NO_LABEL },
	{ &hop_received, ICMPCTL_STATS_A_RECEIVED, NO_LABEL },
	{ &hop_errors, ICMPCTL_STATS_A_ERRORS, NO_LABEL },
	{ &hop_rejected, ICMPCTL_STATS_A_CAUSE_REPORTED, NO_LABEL },
	{ &hop_failed, ICMPCTL_STATS_A_SEND_FAILED, NO_LABEL },
	{ &hop_lost, ICMPCTL_STATS_A_LOST, NO_LABEL },
	{ &hop_percentile, ICMPCTL_STATS_A_RTT_P50_NS, { "percentile", "50" } },
	{ &hop_percentile, ICMPCTL_STATS_A_RTT_P99_NS, { "percentile", "99" } },
	{ &hop_jitter, ICMPCTL_STATS_A_JITTER_NS, NO_LABEL },
	{ .family = NULL }
};

/* Of paths and of monitors. */
FAMILY(hop_info, INFO, "", "hop", "Who answered last for a hop");
FAMILY(path_hops, GAUGE, "", "path_hops", "Hops of the path as it is known now");
FAMILY(path_reached, GAUGE, "", "path_reached",
       "Whether the target itself answered in the last minute, or hour with a long interval");
FAMILY(path_signature, GAUGE, "", "path_signature",
       "A number made of who answers for each hop: the path has changed if it has");
FAMILY(interval, GAUGE, "seconds", "monitor_interval_seconds",
       "From one probe of a target to its next");
FAMILY(timeout, GAUGE, "seconds", "monitor_timeout_seconds", "When a probe is given up for lost");
FAMILY(started, GAUGE, "seconds", "monitor_start_time_seconds",
       "When the monitor was started, since 1970");
FAMILY(memory, GAUGE, "bytes", "monitor_memory_bytes", "The most memory the kernel has to keep");

/* Of the namespace and of the exporter. */
FAMILY(up, GAUGE, "", "up", "Whether the kernel module answered");
FAMILY(build, INFO, "", "build", "Releases of the command and of the kernel module");
FAMILY(monitors, GAUGE, "", "monitors", "Monitors in this network namespace");
FAMILY(monitors_limit, GAUGE, "", "monitors_limit", "Monitors that it may have");
FAMILY(memory_used, GAUGE, "bytes", "monitors_memory_bytes", "Memory set aside for monitors");
FAMILY(memory_limit, GAUGE, "bytes", "monitors_memory_limit_bytes", "Memory that they may take");
FAMILY(sessions, GAUGE, "", "sessions", "Sessions of commands that are running");
FAMILY(read_time, GAUGE, "seconds", "export_read_seconds",
       "How long reading the kernel took for this answer");

static const struct {
	const struct metrics_family *family;
	int attr;
} info_figures[] = {
	{ &monitors, ICMPCTL_INFO_A_MONITORS },
	{ &monitors_limit, ICMPCTL_INFO_A_MAX_MONITORS },
	{ &memory_used, ICMPCTL_INFO_A_MONITOR_MEMORY_BYTES },
	{ &memory_limit, ICMPCTL_INFO_A_MAX_MONITOR_MEMORY_BYTES },
	{ &sessions, ICMPCTL_INFO_A_SESSIONS },
};

/* The names that Prometheus' own libraries use. */
static const struct metrics_family process_cpu = {
	"process_cpu_seconds", METRICS_COUNTER, "seconds", "CPU time that the exporter has used",
};

static const struct metrics_family process_memory = {
	"process_resident_memory_bytes", METRICS_GAUGE, "bytes", "Memory that the exporter takes",
};

static const struct metrics_family process_started = {
	"process_start_time_seconds", METRICS_GAUGE, "seconds",
	"When the exporter was started, since 1970",
};

/**
 * struct entry - a target of a monitor
 * @monitor: whose
 * @target: the target
 * @labels: as the format has them
 */
struct entry {
	const struct monitor *monitor;
	const struct monitor_target *target;
	struct bytes labels;
};

struct exposition {
	const struct metrics_ops *ops;
	struct metrics_writer writer;
	const struct metrics_scrape *scrape;
	struct entry *entries;
	unsigned int n;
	struct bytes labels;
	struct metrics_histogram histogram;
};

void bytes_add(struct bytes *b, const void *data, size_t len)
{
	if (b->len + len > b->room) {
		size_t room = 2 * (b->len + len);
		uint8_t *more = b->failed ? NULL : realloc(b->data, room);

		if (!more) {
			b->failed = true;
			return;
		}
		b->data = more;
		b->room = room;
	}
	if (len)
		memcpy(b->data + b->len, data, len);
	b->len += len;
}

void bytes_free(struct bytes *b)
{
	free(b->data);
	*b = (struct bytes){ .len = 0 };
}

static void family(struct exposition *o, const struct metrics_family *f)
{
	if (o->writer.family == f)
		return;
	if (o->writer.begun)
		o->ops->end(&o->writer);
	o->writer.family = f;
	o->writer.begun = false;
}

static void begin(struct exposition *o)
{
	if (!o->writer.begun)
		o->ops->begin(&o->writer);
	o->writer.begun = true;
}

/* A sample of the family that is being written, with one more label. */
static void sample(struct exposition *o, const struct bytes *labels, const struct metrics_label *more,
		   uint64_t value)
{
	begin(o);
	o->labels.len = 0;
	if (labels)
		bytes_add(&o->labels, labels->data, labels->len);
	if (more && more->name)
		o->ops->labels(&o->labels, more, 1);
	o->ops->sample(&o->writer, &o->labels, value);
}

static void plain(struct exposition *o, const struct metrics_family *f, uint64_t value)
{
	family(o, f);
	sample(o, NULL, NULL, value);
}

static void figures(struct exposition *o, const struct figure *list, bool of_hops)
{
	for (; list->family; list++) {
		family(o, list->family);
		for (unsigned int i = 0; i < o->n; i++) {
			const struct session_stats *s = &o->entries[i].target->stats;

			if (monitor_is_path(o->entries[i].monitor) == of_hops &&
			    stats_has(s, list->attr))
				sample(o, &o->entries[i].labels, &list->label,
				       stats_get(s, list->attr));
		}
	}
}

static void causes(struct exposition *o)
{
	family(o, &unanswered);
	for (unsigned int i = 0; i < o->n; i++) {
		const struct session_stats *s = &o->entries[i].target->stats;

		if (monitor_is_path(o->entries[i].monitor))
			continue;
		for (unsigned int c = ICMPCTL_CAUSE_SILENCE; c <= ICMPCTL_CAUSE_REPORTED; c++)
			sample(o, &o->entries[i].labels,
			       &(struct metrics_label){ "cause", out_cause_key(c) },
			       stats_get(s, stats_of_cause(c)));
	}
}

static void histograms(struct exposition *o, const struct metrics_family *f, bool of_hops)
{
	family(o, f);
	for (unsigned int i = 0; i < o->n; i++) {
		const struct entry *e = &o->entries[i];

		if (monitor_is_path(e->monitor) != of_hops)
			continue;
		begin(o);
		metrics_histogram(&o->histogram, e->target, o->scrape->an_octave);
		o->ops->histogram(&o->writer, &e->labels, &o->histogram);
	}
}

static bool is_itself(const struct monitor_target *t)
{
	return t->by_family == t->family && !memcmp(t->by, t->addr, t->family == 4 ? 4 : 16);
}

/*
 * How long the path is as far as it is known: up to where the target answered, or else to
 * the last hop that anybody answered for. While the end is not known hops behind it are
 * asked as well.
 */
static unsigned int known_hops(const struct monitor *m)
{
	unsigned int known = 0;

	for (unsigned int i = 0; i < m->n; i++) {
		if (m->targets[i].by_family)
			known = i + 1;
		if (m->targets[i].by_family && is_itself(&m->targets[i]))
			break;
	}
	return known;
}

static void answerers(struct exposition *o)
{
	char by[ADDRESS_LEN];

	family(o, &hop_info);
	for (unsigned int i = 0; i < o->n; i++) {
		const struct monitor *m = o->entries[i].monitor;
		const struct monitor_target *t = o->entries[i].target;

		if (monitor_is_path(m) && t->by_family && t < m->targets + known_hops(m))
			sample(o, &o->entries[i].labels,
			       &(struct metrics_label){ "answered_by",
					address_text(by, t->by_family, t->by, 0) }, 1);
	}
}

/* Who answered last is kept for ever: what was counted lately says whether it still does. */
static bool reached(const struct monitor *m)
{
	enum stats_part lately = m->info.interval_ns <= MINUTE_INTERVAL_NS ? STATS_MINUTE :
									   STATS_HOUR;
	bool known = false;
	double loss;

	for (unsigned int i = 0; i < m->n; i++) {
		const struct session_stats *s = &m->targets[i].stats;

		if (out_answered(s, lately, false))
			return true;
		known |= out_part_loss(s, lately, false, &loss);
	}
	return !known && m->n && is_itself(&m->targets[m->n - 1]);
}

/* FNV-1a, of 32 bits: exact in a double. Hops that nobody answers for are not in it. */
static uint32_t signature(const struct monitor *m)
{
	uint32_t hash = 2166136261u, n = known_hops(m);

	for (unsigned int i = 0; i < n; i++) {
		const struct monitor_target *t = &m->targets[i];

		if (!t->by_family)
			continue;
		hash = (hash ^ t->ttl) * 16777619u;
		for (int b = 0; b < (t->by_family == 4 ? 4 : 16); b++)
			hash = (hash ^ t->by[b]) * 16777619u;
	}
	return hash;
}

static uint64_t of_monitor(const struct metrics_family *f, const struct monitor *m)
{
	return f == &interval ? m->info.interval_ns : f == &timeout ? m->timeout_ns :
	       f == &started ? m->info.started_unix_ns : f == &memory ? m->memory_bytes :
	       f == &path_hops ? known_hops(m) : f == &path_reached ? reached(m) : signature(m);
}

static void monitor_figures(struct exposition *o)
{
	static const struct metrics_family *const list[] = {
		&interval, &timeout, &started, &memory, &path_hops, &path_reached, &path_signature,
	};
	const struct monitors *all = &o->scrape->monitors;

	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		bool of_paths = i >= 4;

		family(o, list[i]);
		for (unsigned int m = 0; m < all->n; m++)
			if (!of_paths || monitor_is_path(&all->list[m]))
				sample(o, NULL, &(struct metrics_label){ "monitor",
						all->list[m].name },
				       of_monitor(list[i], &all->list[m]));
	}
}

static void own_figures(struct exposition *o)
{
	const struct metrics_scrape *s = o->scrape;
	const struct metrics_label releases[] = {
		{ "version", ICMPCTL_VERSION }, { "module_version", s->module.version },
	};
	struct bytes labels = { .len = 0 };

	plain(o, &up, s->up);
	family(o, &build);
	o->ops->labels(&labels, releases, s->up ? 2 : 1);
	sample(o, &labels, NULL, 1);
	bytes_free(&labels);
	for (size_t i = 0; i < sizeof(info_figures) / sizeof(info_figures[0]); i++)
		if (s->module.told[info_figures[i].attr])
			plain(o, info_figures[i].family, s->module.value[info_figures[i].attr]);
	plain(o, &read_time, s->read_ns);
	if (!s->serving)
		return;
	plain(o, &process_cpu, s->cpu_ns);
	plain(o, &process_memory, s->memory_bytes);
	plain(o, &process_started, s->started_unix_ns);
}

/* Which of several targets of the same name and address; no two series may be the same. */
static unsigned int again(const struct monitor *m, unsigned int index)
{
	const struct monitor_target *t = &m->targets[index], *before;
	unsigned int n = 1;

	for (unsigned int i = 0; i < index; i++) {
		before = &m->targets[i];
		if (before->family == t->family && before->scope == t->scope &&
		    !memcmp(before->addr, t->addr, sizeof(t->addr)) &&
		    !strcmp(before->name ? before->name : "", t->name ? t->name : ""))
			n++;
	}
	return n;
}

static void label(struct exposition *o, struct entry *e, unsigned int index)
{
	const struct monitor_target *t = e->target;
	char addr[ADDRESS_LEN], name[VALUE_LEN], hop[8];
	struct metrics_label labels[LABELS_MAX];
	unsigned int n = 0, which = monitor_is_path(e->monitor) ? 1 : again(e->monitor, index);

	address_text(addr, t->family, t->addr, t->scope);
	text_label(name, sizeof(name) - 16, t->name ? t->name : addr);
	if (which > 1)
		snprintf(name + strlen(name), 16, "#%u", which);
	labels[n++] = (struct metrics_label){ "monitor", e->monitor->name };
	labels[n++] = (struct metrics_label){ "target", name };
	labels[n++] = (struct metrics_label){ "address", addr };
	labels[n++] = (struct metrics_label){ "family", t->family == 4 ? "ipv4" : "ipv6" };
	if (monitor_is_path(e->monitor)) {
		snprintf(hop, sizeof(hop), "%u", t->ttl);
		labels[n++] = (struct metrics_label){ "hop", hop };
	}
	o->ops->labels(&e->labels, labels, n);
	o->labels.failed |= e->labels.failed;
}

static int list_entries(struct exposition *o)
{
	const struct monitors *all = &o->scrape->monitors;
	unsigned int total = 0;

	for (unsigned int m = 0; m < all->n; m++)
		total += all->list[m].n;
	o->entries = calloc(total ? total : 1, sizeof(*o->entries));
	if (!o->entries)
		return -1;
	for (unsigned int m = 0; m < all->n; m++) {
		for (unsigned int t = 0; t < all->list[m].n; t++) {
			struct entry *e = &o->entries[o->n++];

			e->monitor = &all->list[m];
			e->target = &e->monitor->targets[t];
			label(o, e, t);
		}
	}
	return 0;
}

static void all_figures(struct exposition *o)
{
	own_figures(o);
	monitor_figures(o);
	figures(o, target_figures, false);
	causes(o);
	histograms(o, &rtt, false);
	figures(o, hop_figures, true);
	histograms(o, &hop_rtt, true);
	answerers(o);
	family(o, NULL);
}

/**
 * out_metrics - monitors as Prometheus reads them
 * @file: where to
 * @format: in which format
 * @s: what there is to be told
 *
 * Return: 0 or -ENOMEM.
 */
int out_metrics(FILE *file, enum metrics_format format, const struct metrics_scrape *s)
{
	struct exposition *o = calloc(1, sizeof(*o));
	bool failed;

	if (!o)
		return -ENOMEM;
	o->ops = format == METRICS_PROTOBUF ? &out_metrics_protobuf_ops : &out_metrics_text_ops;
	o->scrape = s;
	o->writer = (struct metrics_writer){ .file = file,
					     .open_metrics = format == METRICS_OPENMETRICS };
	failed = list_entries(o);
	if (!failed)
		all_figures(o);
	if (format == METRICS_OPENMETRICS)
		fputs("# EOF\n", file);
	failed |= o->labels.failed || o->writer.body.failed || o->writer.part.failed ||
		  o->writer.inner.failed || o->writer.innermost.failed;
	for (unsigned int i = 0; i < o->n; i++)
		bytes_free(&o->entries[i].labels);
	free(o->entries);
	bytes_free(&o->labels);
	bytes_free(&o->writer.body);
	bytes_free(&o->writer.part);
	bytes_free(&o->writer.inner);
	bytes_free(&o->writer.innermost);
	free(o);
	return failed || ferror(file) ? -ENOMEM : 0;
}
