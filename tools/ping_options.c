// SPDX-License-Identifier: GPL-2.0
/*
 * What a user may ask of ping, and what that means for the module. The letters
 * are those of iputils' ping, and so is their meaning.
 */
#include "ping_options.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "lib/report.h"
#include "lib/units.h"

#define DAY_NS (86400 * NSEC_PER_SEC)
/* Without -i: what -f waits for an answer at most, as ping does. */
#define FLOOD_INTERVAL_NS (10 * NSEC_PER_MSEC)
/* Probes that should be in flight at most, so that a fast run is let in. */
#define INFLIGHT_WISH 16384

static int set_pattern(void *config, const char *value)
{
	struct ping_config *c = config;
	size_t len = strlen(value);
	unsigned int n = 0;

	if (!len || len > 2 * ICMPCTL_PATTERN_MAX)
		return -1;
	/* As ping reads it: two digits a byte, a last single one is a byte too. */
	while (*value) {
		char byte[3] = { value[0], value[1], '\0' };

		if (!isxdigit((unsigned char)byte[0]) ||
		    (byte[1] && !isxdigit((unsigned char)byte[1])))
			return -1;
		c->pattern[n++] = strtoul(byte, NULL, 16);
		value += byte[1] ? 2 : 1;
	}
	c->pattern_len = n;
	return 0;
}

/* The place of a name in a list is its value. */
static int set_by_name(struct opt_value *v, const char *const *names, unsigned int n,
		       const char *value)
{
	for (unsigned int i = 0; i < n; i++) {
		if (strcmp(value, names[i]))
			continue;
		*v = (struct opt_value){ .value = i, .given = true };
		return 0;
	}
	return -1;
}

static int set_pmtudisc(void *config, const char *value)
{
	static const char *const names[] = {
		[ICMPCTL_PMTUDISC_WANT] = "want",
		[ICMPCTL_PMTUDISC_DO] = "do",
		[ICMPCTL_PMTUDISC_DONT] = "dont",
		[ICMPCTL_PMTUDISC_PROBE] = "probe",
	};
	struct ping_config *c = config;

	return set_by_name(&c->pmtudisc, names, sizeof(names) / sizeof(names[0]), value);
}

static int set_timestamps(void *config, const char *value)
{
	static const char *const names[] = {
		[ICMPCTL_TIMESTAMPS_AUTO] = "auto",
		[ICMPCTL_TIMESTAMPS_HARDWARE] = "hardware",
		[ICMPCTL_TIMESTAMPS_DRIVER] = "driver",
		[ICMPCTL_TIMESTAMPS_HOOK] = "hook",
	};
	struct ping_config *c = config;

	return set_by_name(&c->timestamps, names, sizeof(names) / sizeof(names[0]), value);
}

static int set_schedule(void *config, const char *value)
{
	static const char *const names[] = {
		[ICMPCTL_SCHEDULE_PERIODIC] = "periodic",
		[ICMPCTL_SCHEDULE_POISSON] = "poisson",
	};
	struct ping_config *c = config;

	return set_by_name(&c->schedule, names, sizeof(names) / sizeof(names[0]), value);
}

#define PLACE(member) .offset = offsetof(struct ping_config, member)
#define ATTR(name) .attr = ICMPCTL_SESSION_A_##name

const struct opt ping_options[] = {
	{ '4', "ipv4", NULL, NULL, OPT_FLAG, PLACE(from.ipv4) },
	{ '6', "ipv6", NULL, "only IPv4, only IPv6", OPT_FLAG, PLACE(from.ipv6) },
	{ 'A', "adaptive", NULL, "send the next probe as soon as an answer has come",
	  OPT_FLAG, PLACE(adaptive),
	  .detail = "If none comes, after twice the usual RTT, and twice that after each further one "
		    "that does not come, up to the interval. With several hosts each waits for "
		    "an answer or the interval." },
	{ 'b', "broadcast", NULL, "allow broadcast addresses", OPT_FLAG, PLACE(broadcast),
	  .rare = true },
	{ 'c', "count", "N", "stop after N probes; with -w: after N replies",
	  OPT_NUMBER, PLACE(count), 1, INT64_MAX,
	  "the count must be a number from 1 on", ATTR(COUNT) },
	{ 'D', "time-of-day", NULL, "begin lines with the time of day", OPT_FLAG,
	  PLACE(stamped), .rare = true },
	{ 'f', "flood", NULL, "as -A, at least 100 a second; a dot a probe",
	  OPT_FLAG, PLACE(flood), .detail = "With -i it keeps to that interval." },
	{ 'n', "numeric", NULL, "no names of addresses", OPT_FLAG, PLACE(numeric) },
	{ 'F', "flow-label", "LABEL", "IPv6 flow label, 20 bits", OPT_NUMBER,
	  PLACE(flow_label), 0, 0xfffff,
	  "the flow label must be 0 to 0xfffff", ATTR(FLOW_LABEL), .rare = true },
	{ 'i', "interval", "TIME", "from one probe to the next: 10us to 1d, default 1s",
	  OPT_DURATION, PLACE(interval), ICMPCTL_INTERVAL_MIN_NS, ICMPCTL_INTERVAL_MAX_NS,
	  "the interval must be 10 us to 1 day", ATTR(INTERVAL_NS) },
	{ 'I', "interface", "IF|ADDR", "send by this interface or from this address",
	  OPT_CALL, .right = "there is no such interface, and it is no address",
	  .call = sender_set_either, PLACE(from), ATTR(SOURCE) },
	{ 'm', "mark", "N", "firewall mark of the probes", OPT_NUMBER, PLACE(mark),
	  0, UINT32_MAX, "the mark must be 0 to 4294967295", ATTR(MARK), .rare = true },
	{ 'M', "pmtudisc", "HOW", "fragments: do (none), want, dont or probe",
	  OPT_CALL, .right = "it must be do, want, dont or probe",
	  .call = set_pmtudisc, ATTR(PMTUDISC), .choices = "do want dont probe", .rare = true,
	  .detail = "With do and probe no router may fragment a probe, and probe heeds no path "
		    "MTU that is known; want leaves it to what is known of the path, and dont "
		    "lets routers fragment." },
	{ 'O', "outstanding", NULL, "tell of a probe unanswered when the next is sent",
	  OPT_FLAG, PLACE(outstanding), .rare = true },
	{ 'p', "pattern", "HEX", "fill probes with these bytes, 16 at most", OPT_CALL,
	  .right = "the pattern must be 1 to 32 hexadecimal digits",
	  .call = set_pattern, ATTR(PATTERN), .rare = true },
	{ 's', "size", "BYTES", "payload, default 56", OPT_NUMBER, PLACE(size), 0,
	  ICMPCTL_SIZE_MAX_IPV6,
	  "the size must be 0 to 65507 bytes (IPv6: 65527)", ATTR(SIZE) },
	{ 't', "ttl", "N", "time to live or hop limit, 1 to 255", OPT_NUMBER, PLACE(ttl), 1, 255,
	  "the time to live must be 1 to 255", ATTR(TTL) },
	{ 'Q', "tos", "TOS", "type of service or traffic class, 0 to 255", OPT_NUMBER,
	  PLACE(tos), 0, 255, "the type of service must be 0 to 255", ATTR(TOS) },
	{ 'q', "quiet", NULL, "the summary alone", OPT_FLAG, PLACE(quiet) },
	{ 'v', "verbose", NULL, "each round trip in its parts; more statistics",
	  OPT_FLAG, PLACE(verbose) },
	{ 'w', "deadline", "TIME", "end after this time in any case", OPT_DURATION,
	  PLACE(deadline), 0, 3650 * DAY_NS,
	  "the deadline must be a time of 3650 days at most, 0 for none",
	  ATTR(DEADLINE_NS) },
	{ 'W', "timeout", "TIME", "a probe unanswered for so long is lost", OPT_DURATION,
	  PLACE(timeout), ICMPCTL_TIMEOUT_MIN_NS, ICMPCTL_TIMEOUT_MAX_NS,
	  "the timeout must be 1 ms to 10 minutes", ATTR(TIMEOUT_NS) },
	{ 0, "timestamps", "WHICH", "auto, hardware, driver or hook: what RTTs are made of",
	  OPT_CALL, .right = "it must be auto, hardware, driver or hook",
	  .call = set_timestamps, ATTR(TIMESTAMPS), .choices = "auto hardware driver hook",
	  .detail = "The default, auto, takes the best there are and changes nothing; hardware "
		    "switches the stamps of the interface on for the run, and puts them back "
		    "to what they were." },
	{ 0, "json", NULL, "JSON Lines instead of text", OPT_FLAG, PLACE(json) },
	{ 0, "schedule", "HOW", "periodic, or poisson: random gaps, -i on average",
	  OPT_CALL, .right = "it must be periodic or poisson", .call = set_schedule,
	  ATTR(SCHEDULE), .choices = "periodic poisson", .rare = true },
	{ 0, "seed", "N", "of the random gaps: the same N, the same schedule", OPT_NUMBER,
	  PLACE(seed), 0, UINT64_MAX, "the seed must be 0 to 18446744073709551615",
	  ATTR(SEED), .rare = true },
	KEEP_LOG_OPTIONS(struct ping_config, false),
	{ 0, "plot", NULL, "draw the RTTs at the end: over time, and how often", OPT_FLAG,
	  PLACE(plot), .rare = true,
	  .detail = "Block elements where the terminal shows UTF-8, else ASCII; COLUMNS says how "
		    "wide, where it is no terminal. icmpctl stats draws a run that was recorded." },
	KEEP_PCAP_OPTION(struct ping_config, ""),
	{ 0 }
};

static bool is_adaptive(const struct ping_config *c)
{
	return c->adaptive || (c->flood && !c->interval.given);
}

/**
 * ping_check - do the options go together
 * @c: the options
 *
 * Return: 0, or -1 and then it was told why not.
 */
int ping_check(const struct ping_config *c)
{
	if (keep_check(&c->keep))
		return -1;
	if (c->plot && c->json) {
		report("--plot is of use with text alone");
		return -1;
	}
	if (c->seed.given && c->schedule.value != ICMPCTL_SCHEDULE_POISSON) {
		report("--seed is of use with --schedule poisson alone");
		return -1;
	}
	if (c->schedule.value == ICMPCTL_SCHEDULE_POISSON && is_adaptive(c)) {
		report("--schedule poisson: -A and -f send on every answer, not by a schedule");
		return -1;
	}
	return sender_check(&c->from, "-I");
}

/**
 * ping_check_targets - do the options fit the hosts
 * @c: the options
 * @targets: the hosts; they learn what they need to know of the options
 * @n: how many they are
 *
 * Return: 0, or -1 and then it was told why not.
 */
int ping_check_targets(const struct ping_config *c, struct target *targets, unsigned int n)
{
	const struct sender *from = &c->from;

	for (unsigned int i = 0; i < n; i++) {
		struct target *t = &targets[i];
		uint8_t source[16];

		if (t->family == 4 && c->size.value > ICMPCTL_SIZE_MAX_IPV4) {
			report("-s %llu: the size must be 0 to %d bytes, since %.200s is an IPv4 host",
			       (unsigned long long)c->size.value, ICMPCTL_SIZE_MAX_IPV4,
			       t->given);
			return -1;
		}
		if (sender_check_target(from, t, "-I"))
			return -1;
		if (!from->family && from->ifindex && !target_source(t, from->ifindex, source))
			address_text(t->source, t->family, source, 0);
	}
	return 0;
}

static uint64_t default_timeout(uint64_t interval, unsigned int targets)
{
	uint64_t least = NSEC_PER_SEC, most = 10 * NSEC_PER_SEC;
	uint64_t wish = interval * INFLIGHT_WISH / targets;

	return wish < least ? least : wish > most ? most : wish;
}

static bool any_multicast(const struct target *targets, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		if (target_is_multicast(&targets[i]))
			return true;
	return false;
}

/**
 * ping_params - what to ask of the module
 * @c: the options
 * @targets: the hosts
 * @n: how many they are
 * @p: the result
 */
void ping_params(const struct ping_config *c, const struct target *targets,
		 unsigned int n, struct session_params *p)
{
	bool group = c->broadcast || any_multicast(targets, n);

	*p = (struct session_params){ .flags = ICMPCTL_SESSION_F_LINGER_ADAPTIVE };
#define ASK(NAME, member, v) SESSION_ASK(p, ICMPCTL_SESSION_A_##NAME, member, v)

	ASK(INTERVAL_NS, interval_ns, c->interval.given ? c->interval.value :
				      c->flood ? FLOOD_INTERVAL_NS : NSEC_PER_SEC);
	ASK(TIMEOUT_NS, timeout_ns, c->timeout.given ? c->timeout.value :
				    default_timeout(p->interval_ns, n));
	ASK(SIZE, size, c->size.given ? c->size.value : 56);
	/* With -w, as ping has it: COUNT answers, and not COUNT probes. */
	if (c->deadline.value) {
		ASK(DEADLINE_NS, deadline_ns, c->deadline.value);
		if (c->count.given)
			ASK(REPLIES, replies, c->count.value);
	} else if (c->count.given) {
		ASK(COUNT, count, c->count.value);
	}
	if (c->ttl.given)
		ASK(TTL, ttl, c->ttl.value);
	if (c->tos.given)
		ASK(TOS, tos, c->tos.value);
	if (c->mark.given)
		ASK(MARK, mark, c->mark.value);
	if (c->flow_label.given)
		ASK(FLOW_LABEL, flow_label, c->flow_label.value);
	if (c->pmtudisc.given)
		ASK(PMTUDISC, pmtudisc, c->pmtudisc.value);
	else if (group)
		ASK(PMTUDISC, pmtudisc, ICMPCTL_PMTUDISC_DO);
	if (c->timestamps.given)
		ASK(TIMESTAMPS, timestamps, c->timestamps.value);
	sender_params(&c->from, targets[0].family, p);
	if (c->pattern_len) {
		ASK(PATTERN, pattern_len, c->pattern_len);
		memcpy(p->pattern, c->pattern, sizeof(p->pattern));
	}
	if (c->schedule.value)
		ASK(SCHEDULE, schedule, c->schedule.value);
	if (c->seed.given)
		ASK(SEED, seed, c->seed.value);
	if (is_adaptive(c))
		p->flags |= ICMPCTL_SESSION_F_ADAPTIVE;
	if (group)
		p->flags |= ICMPCTL_SESSION_F_BROADCAST;
	if (!c->quiet && (c->outstanding || c->flood))
		p->flags |= ICMPCTL_SESSION_F_REPORT_SENT;
	/* With a deadline one host's error ends the run, so it must be seen. */
	if (c->quiet && !c->keep.log && !c->keep.pcap && !c->plot &&
	    !(c->deadline.value && n == 1))
		p->flags |= ICMPCTL_SESSION_F_NO_RECORDS;
	ASK(FLAGS, flags, p->flags);
#undef ASK
}
