// SPDX-License-Identifier: GPL-2.0
/* What both encoders have to work out in the same way. */
#include "out.h"

#include <errno.h>
#include <string.h>

/**
 * out_unix_ns - an instant of the module's clock as time of day
 * @run: the run, whose start is known on both clocks
 * @monotonic_ns: the instant, 0 if not known
 *
 * A clock that is set during the run does not change what is told of it.
 *
 * Return: ns since 1970, 0 if not known.
 */
uint64_t out_unix_ns(const struct out_run *run, uint64_t monotonic_ns)
{
	if (!monotonic_ns || !run->info.started_unix_ns)
		return 0;
	return run->info.started_unix_ns + (monotonic_ns - run->info.started_ns);
}

/**
 * out_sent_ns - when a probe left, as well as it is known
 * @r: the record
 *
 * Return: the hardware's stamp, else the driver's, else when it was handed over; 0 if
 * none.
 */
uint64_t out_sent_ns(const struct icmpctl_record *r)
{
	if (r->hw_tx_ns)
		return r->hw_tx_ns;
	return r->driver_ns ? r->driver_ns : r->handed_ns;
}

/**
 * out_send_error - why a probe was not sent
 * @r: a record of status SEND_FAILED
 *
 * Return: the reason in words.
 */
const char *out_send_error(const struct icmpctl_record *r)
{
	switch (r->error) {
	case 0:
		return r->xmit_code ? "dropped by the local queue" : "no reason was given";
	case EMSGSIZE:
		return "local error: message too long";
	case EPERM:
		return "Operation not permitted (local firewall)";
	}
	return strerror(r->error);
}

static const struct {
	const char *key, *text;
} causes[] = {
	[ICMPCTL_CAUSE_NONE] = { "none", "no cause" },
	[ICMPCTL_CAUSE_SILENCE] = { "silence", "silence" },
	[ICMPCTL_CAUSE_NO_ROUTE] = { "no-route", "no route" },
	[ICMPCTL_CAUSE_NEIGHBOUR] = { "neighbour", "next hop does not answer" },
	[ICMPCTL_CAUSE_QUEUE] = { "queue", "dropped by the local queue or driver" },
	[ICMPCTL_CAUSE_FILTERED_OUT] = { "filtered-out", "dropped by the local firewall" },
	[ICMPCTL_CAUSE_LINK_DOWN] = { "link-down", "link down" },
	[ICMPCTL_CAUSE_FILTERED_IN] = {
		"filtered-in", "reply dropped here, by firewall or reverse path filter" },
	[ICMPCTL_CAUSE_REFUSED] = { "refused", "refused by the local stack" },
	[ICMPCTL_CAUSE_REPORTED] = { "reported", "ICMP error" },
};

#define CAUSES (sizeof(causes) / sizeof(causes[0]))

/**
 * out_cause_key - a cause as programs read it
 * @cause: enum icmpctl_cause
 *
 * Return: its name.
 */
const char *out_cause_key(unsigned int cause)
{
	/* Of a newer module: its readers may know it. */
	return cause < CAUSES ? causes[cause].key : "unknown";
}

/**
 * out_cause_text - a cause as people read it
 * @cause: enum icmpctl_cause
 *
 * Return: a few words.
 */
const char *out_cause_text(unsigned int cause)
{
	return cause < CAUSES ? causes[cause].text : "a cause this command does not know";
}

/**
 * out_transmitted - how many probes ping would call transmitted
 * @s: the statistics
 *
 * Return: all that were due, those that the local stack refused included.
 */
uint64_t out_transmitted(const struct session_stats *s)
{
	return stats_get(s, ICMPCTL_STATS_A_SENT) +
	       stats_get(s, ICMPCTL_STATS_A_SEND_FAILED);
}

/**
 * out_answered - how many probes were answered
 * @s: the statistics
 * @part: of which time
 * @of_hop: of a hop of a path: the error of a router is what was asked for
 *
 * Return: as ping counts, to which an error is no reply, or with those.
 */
uint64_t out_answered(const struct session_stats *s, enum stats_part part, bool of_hop)
{
	return stats_get(s, STATS_OF(part, ICMPCTL_STATS_A_RECEIVED)) +
	       (of_hop ? stats_get(s, STATS_OF(part, ICMPCTL_STATS_A_ERRORS)) : 0);
}

/**
 * out_is_answer - the same of one probe
 * @r: the record
 * @of_hop: of a hop of a monitored path: an error of this host, which tells a cause that
 *	lies here, is none
 *
 * Return: whether out_answered() has it.
 */
bool out_is_answer(const struct icmpctl_record *r, bool of_hop)
{
	return r->status == ICMPCTL_STATUS_REPLY ||
	       (of_hop && r->status == ICMPCTL_STATUS_ERROR &&
		(r->cause == ICMPCTL_CAUSE_NONE || r->cause == ICMPCTL_CAUSE_REPORTED));
}

/**
 * out_loss - the share of probes that got no reply
 * @s: the statistics
 * @ratio: gets it, 0 to 1
 *
 * As ping counts: an error is no reply.
 *
 * Return: false if there is no probe whose fate is known.
 */
bool out_loss(const struct session_stats *s, double *ratio)
{
	return out_part_loss(s, STATS_ALL, false, ratio);
}

/* Probes whose fate is known: what was under way when it was told counts for neither side. */
static uint64_t fates(const struct session_stats *s, enum stats_part part)
{
	static const int attrs[] = {
		ICMPCTL_STATS_A_RECEIVED, ICMPCTL_STATS_A_ERRORS, ICMPCTL_STATS_A_LOST,
		ICMPCTL_STATS_A_SEND_FAILED,
	};
	uint64_t sum = 0;

	if (part == STATS_ALL)
		return out_transmitted(s) - stats_get(s, ICMPCTL_STATS_A_OUTSTANDING);
	for (size_t i = 0; i < sizeof(attrs) / sizeof(attrs[0]); i++)
		sum += stats_get(s, STATS_OF(part, attrs[i]));
	return sum;
}

/**
 * out_part_loss - the share of probes that were not answered
 * @s: the statistics
 * @part: of which time
 * @of_hop: of a hop of a path: see out_answered()
 * @ratio: gets it, 0 to 1
 *
 * Of the last minute and hour: of those whose fate was known in that time, whenever they
 * were sent.
 *
 * Return: false if there is no probe whose fate is known.
 */
bool out_part_loss(const struct session_stats *s, enum stats_part part, bool of_hop,
		   double *ratio)
{
	uint64_t known = fates(s, part), answered = out_answered(s, part, of_hop);

	*ratio = 0;
	if (!known)
		return false;
	*ratio = (double)(known - answered) / known;
	return true;
}

/**
 * out_has_answer - does a record tell of a packet that came in
 * @r: the record
 *
 * Return: false if it tells of the probe alone.
 */
bool out_has_answer(const struct icmpctl_record *r)
{
	switch (r->status) {
	case ICMPCTL_STATUS_SENT:
	case ICMPCTL_STATUS_LOST:
	case ICMPCTL_STATUS_SEND_FAILED:
		return false;
	}
	return true;
}

/**
 * out_has_rtt - is the RTT of a record one
 * @r: the record
 *
 * Return: false if a stamp is missing or there is no answer at all.
 */
bool out_has_rtt(const struct icmpctl_record *r)
{
	return out_has_answer(r) && r->tx_source != ICMPCTL_SOURCE_NONE &&
	       r->rx_source != ICMPCTL_SOURCE_NONE;
}

/**
 * out_kind_name - what JSON calls it
 * @kind: an enum icmpctl_probe_kind
 *
 * Return: the name.
 */
const char *out_kind_name(uint32_t kind)
{
	static const char *const names[] = {
		[ICMPCTL_PROBE_ECHO] = "echo",
		[ICMPCTL_PROBE_UDP] = "udp",
		[ICMPCTL_PROBE_TCP] = "tcp",
		[ICMPCTL_PROBE_TIMESTAMP] = "timestamp",
		[ICMPCTL_PROBE_MASK] = "mask",
		[ICMPCTL_PROBE_EXTENDED] = "extended",
	};

	return kind < sizeof(names) / sizeof(names[0]) ? names[kind] : "unknown";
}

/**
 * out_stamps_name - what --timestamps calls a kind of stamps
 * @stamps: which
 *
 * Return: its name.
 */
const char *out_stamps_name(enum icmpctl_timestamps stamps)
{
	static const char *const names[] = {
		[ICMPCTL_TIMESTAMPS_AUTO] = "auto",
		[ICMPCTL_TIMESTAMPS_HARDWARE] = "hardware",
		[ICMPCTL_TIMESTAMPS_DRIVER] = "driver",
		[ICMPCTL_TIMESTAMPS_HOOK] = "hook",
	};

	return names[stamps];
}

/**
 * out_budget - what the RTTs of a target can be off by
 * @run: the run
 * @target: the target's number
 * @s: its statistics
 * @b: the result
 *
 * Return: false if there are none, or the target's interface is not known.
 */
bool out_budget(const struct out_run *run, unsigned int target,
		const struct session_stats *s, struct budget *b)
{
	struct budget_stamps stamps = {
		.received = stats_get(s, ICMPCTL_STATS_A_RECEIVED),
		.tx_hardware = stats_get(s, ICMPCTL_STATS_A_TX_HARDWARE),
		.rx_hardware = stats_get(s, ICMPCTL_STATS_A_RX_HARDWARE),
		.rtt_max_ns = stats_get(s, ICMPCTL_STATS_A_RTT_MAX_NS),
		.hw_error_ns = run->info.hw_rtt_error_ns,
	};

	if (!run->ways || !run->ways[target].ifindex || !stamps.received)
		return false;
	budget_make(b, &run->ways[target], &stamps);
	return true;
}
