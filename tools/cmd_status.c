// SPDX-License-Identifier: GPL-2.0
/*
 * icmpctl status: what is loaded, what is in use and by whom, and which stamps
 * the interfaces of this network namespace can take.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "json.h"
#include "lib/client.h"
#include "lib/info.h"
#include "lib/nic.h"
#include "lib/report.h"
#include "lib/session.h"
#include "lib/stamps.h"
#include "lib/text.h"
#include "lib/units.h"
#include "version.h"

struct status_config {
	bool json, verbose;
};

static const struct opt status_options[] = {
	{ 'v', "verbose", NULL, "compare versions, tell more of sessions", OPT_FLAG,
	  .offset = offsetof(struct status_config, verbose) },
	{ 0, "json", NULL, "one JSON object instead of text", OPT_FLAG,
	  .offset = offsetof(struct status_config, json) },
	{ 0 }
};

struct status {
	struct status_config config;
	struct nlc nlc;
	bool loaded;			/* the module answered */
	struct module_info module;
	struct session_info *sessions;
	unsigned int n_sessions;
	bool sessions_denied;
	struct stamps *stamps;
	unsigned int n_stamps;
	struct rtnl_link *links;
	unsigned int n_links;
};

/* The limits, and what is in use of each. */
static const struct {
	const char *name, *key;
	int used, most;
} limits[] = {
	{ "sessions", "sessions", ICMPCTL_INFO_A_SESSIONS, ICMPCTL_INFO_A_MAX_SESSIONS },
	{ "targets a session", "targets", 0, ICMPCTL_INFO_A_MAX_TARGETS },
	{ "probes in flight", "inflight", ICMPCTL_INFO_A_INFLIGHT,
	  ICMPCTL_INFO_A_MAX_INFLIGHT },
	{ "probes a second", "rate_pps", ICMPCTL_INFO_A_RATE_PPS,
	  ICMPCTL_INFO_A_MAX_RATE_PPS },
	{ "monitors", "monitors", ICMPCTL_INFO_A_MONITORS, ICMPCTL_INFO_A_MAX_MONITORS },
	{ "bytes of monitors", "monitor_memory_bytes", ICMPCTL_INFO_A_MONITOR_MEMORY_BYTES,
	  ICMPCTL_INFO_A_MAX_MONITOR_MEMORY_BYTES },
	{ "bytes of memory", "memory_bytes", ICMPCTL_INFO_A_MEMORY_BYTES,
	  ICMPCTL_INFO_A_MAX_MEMORY_BYTES },
};

#define LIMITS (sizeof(limits) / sizeof(limits[0]))

static bool told(const struct status *s, int attr)
{
	return s->module.told[attr];
}

static int on_session(void *arg, const struct nlmsghdr *nlh)
{
	struct session_info info = { .set = 0 }, *more;
	struct status *s = arg;

	if (session_info_parse(&info, nlh) || !info.id)
		return 0;
	more = realloc(s->sessions, (s->n_sessions + 1) * sizeof(*more));
	if (!more)
		return -ENOMEM;
	s->sessions = more;
	more[s->n_sessions++] = info;
	return 0;
}

/* Asks the module; 0, or -1 and then it was told what is the matter. */
static int ask(struct status *s)
{
	struct nlc_refusal why;
	int err;

	if (client_open(&s->nlc, NULL, NULL))
		return -1;
	err = module_info_get(&s->nlc, &s->module, &why);
	if (err) {
		client_report(&why, NULL, "this");
		return -1;
	}
	s->loaded = true;
	err = nlc_call(&s->nlc, nlc_request(&s->nlc, ICMPCTL_CMD_SESSION_GET, NLM_F_DUMP, 0),
		       on_session, s, &why);
	s->sessions_denied = err == -EPERM || err == -EACCES;
	if (err && !s->sessions_denied) {
		client_report(&why, NULL, "this");
		return -1;
	}
	return 0;
}

static const char *state_name(uint32_t state)
{
	static const char *const names[] = {
		[ICMPCTL_STATE_RUNNING] = "running",
		[ICMPCTL_STATE_WAITING] = "waiting",
		[ICMPCTL_STATE_ENDED] = "ended",
	};

	return state < sizeof(names) / sizeof(names[0]) ? names[state] : "unknown";
}

static void text_limits(const struct status *s)
{
	printf("%-20s%14s%14s\n", "limit", "in use", "at most");
	for (size_t i = 0; i < LIMITS; i++) {
		char used[24] = "-";

		if (!told(s, limits[i].most))
			continue;
		if (limits[i].used)
			snprintf(used, sizeof(used), "%" PRIu64, s->module.value[limits[i].used]);
		printf("%-20s%14s%14" PRIu64 "\n", limits[i].name, used,
		       s->module.value[limits[i].most]);
	}
	if (told(s, ICMPCTL_INFO_A_SESSIONS_CREATED))
		printf("since the module was loaded %" PRIu64 " sessions began and %" PRIu64
		       " ended\n", s->module.value[ICMPCTL_INFO_A_SESSIONS_CREATED],
		       s->module.value[ICMPCTL_INFO_A_SESSIONS_DESTROYED]);
}

static void text_sessions(const struct status *s)
{
	char name[4 * 32], elapsed[UNITS_LEN], owner[4 * 32 + 24], interval[UNITS_LEN];

	if (s->sessions_denied) {
		puts("\nsessions are shown only to who has CAP_NET_ADMIN in this network namespace: try it with sudo");
		return;
	}
	if (!s->n_sessions) {
		puts("\nno sessions in this network namespace");
		return;
	}
	printf("\n%8s  %-24s%-10s%8s%16s%s\n", "session", "owner", "state", "targets",
	       "elapsed", s->config.verbose ? "  interval" : "");
	for (unsigned int i = 0; i < s->n_sessions; i++) {
		const struct session_info *info = &s->sessions[i];

		/* To the millisecond: more only makes it hard to read. */
		units_span(elapsed, info->elapsed_ns - info->elapsed_ns % NSEC_PER_MSEC);
		text_safe(name, sizeof(name), *info->owner_comm ? info->owner_comm : "?");
		if (info->owner_pid)
			snprintf(owner, sizeof(owner), "%s[%u]", name, info->owner_pid);
		else
			snprintf(owner, sizeof(owner), "%s", name);
		printf("%8u  %-24s%-10s%8u%16s", info->id, owner, state_name(info->state),
		       info->targets, elapsed);
		if (s->config.verbose && info->interval_ns)
			printf("  %s", units_span(interval, info->interval_ns));
		putchar('\n');
	}
}

/* How long an interface holds what it receives; false if it is not known. */
static bool coalescing(const struct status *s, const char *name, uint64_t *ns)
{
	for (unsigned int i = 0; i < s->n_links; i++)
		if (!strcmp(s->links[i].name, name))
			return nic_coalescing(s->links, s->n_links, s->links[i].index, ns);
	return false;
}

/* What hardware can, and where that is told, whether it does. */
static const char *hardware(const struct stamps *st, bool can, bool on)
{
	if (!can)
		return "no";
	return !st->set_known ? "yes" : on ? "on" : "off";
}

static void text_stamps(const struct status *s)
{
	char name[4 * IF_NAMESIZE], hold[UNITS_LEN], clock[24];
	uint64_t ns;

	if (!s->n_stamps)
		return;
	printf("\n%-18s%-12s%-14s%-14s%-12s%s\n", "interface", "driver tx", "hardware tx",
	       "hardware rx", "clock", "coalescing");
	for (unsigned int i = 0; i < s->n_stamps; i++) {
		const struct stamps *st = &s->stamps[i];

		text_safe(name, sizeof(name), st->name);
		if (!st->known) {
			printf("%-18snot told (%s)\n", name, strerror(st->error));
			continue;
		}
		snprintf(clock, sizeof(clock), st->clock < 0 ? "-" : "ptp%d", st->clock);
		printf("%-18s%-12s%-14s%-14s%-12s%s\n", name, st->driver_tx ? "yes" : "no",
		       hardware(st, st->hardware_tx, st->tx_on),
		       !st->hardware_rx || st->hardware_rx_all ?
				hardware(st, st->hardware_rx, st->rx_on) : "not icmp",
		       clock, coalescing(s, st->name, &ns) ? units_span(hold, ns) : "-");
	}
}

/* Why the module cannot be unloaded, if it cannot. */
static void text_monitors(const struct status *s)
{
	uint64_t n = s->module.value[ICMPCTL_INFO_A_MONITORS];

	if (n)
		printf("\n%" PRIu64 " %s the module loaded: `icmpctl monitor list` has them, "
		       "`icmpctl monitor rm --all` ends them\n", n,
		       n == 1 ? "monitor keeps" : "monitors keep");
}

static void text(const struct status *s)
{
	char safe[4 * sizeof(s->module.version)];

	printf("icmpctl %s, module %s\n", ICMPCTL_VERSION,
	       s->loaded ? text_safe(safe, sizeof(safe), s->module.version) : "not loaded");
	if (s->loaded) {
		putchar('\n');
		text_limits(s);
		text_sessions(s);
		text_monitors(s);
	}
	text_stamps(s);
}

static struct json_object *json_sessions(const struct status *s)
{
	struct json_object *list;

	if (!s->loaded || s->sessions_denied)
		return NULL;
	list = json_object_new_array();
	for (unsigned int i = 0; i < s->n_sessions; i++) {
		const struct session_info *info = &s->sessions[i];
		struct json_object *o = json_object_new_object();
		char comm[4 * sizeof(info->owner_comm)];

		json_object_object_add(o, "id", json_object_new_uint64(info->id));
		json_object_object_add(o, "state",
				       json_object_new_string(state_name(info->state)));
		json_object_object_add(o, "targets", json_object_new_uint64(info->targets));
		json_object_object_add(o, "elapsed_ns",
				       json_object_new_uint64(info->elapsed_ns));
		if (info->interval_ns)
			json_object_object_add(o, "interval_ns",
					       json_object_new_uint64(info->interval_ns));
		if (info->owner_pid)
			json_object_object_add(o, "owner_pid",
					       json_object_new_uint64(info->owner_pid));
		json_object_object_add(o, "owner_comm", json_object_new_string(
			text_utf8(comm, sizeof(comm), info->owner_comm)));
		json_object_array_add(list, o);
	}
	return list;
}

static struct json_object *json_stamps(const struct status *s)
{
	struct json_object *list = json_object_new_array();

	for (unsigned int i = 0; i < s->n_stamps; i++) {
		const struct stamps *st = &s->stamps[i];
		struct json_object *o = json_object_new_object();
		char name[4 * IF_NAMESIZE];
		uint64_t ns;

		json_object_object_add(o, "name", json_object_new_string(
			text_utf8(name, sizeof(name), st->name)));
		if (st->known) {
			json_object_object_add(o, "driver_tx",
					       json_object_new_boolean(st->driver_tx));
			json_object_object_add(o, "hardware_tx",
					       json_object_new_boolean(st->hardware_tx));
			json_object_object_add(o, "hardware_rx",
					       json_object_new_boolean(st->hardware_rx));
			json_object_object_add(o, "hardware_rx_all",
					       json_object_new_boolean(st->hardware_rx_all));
		}
		if (st->set_known) {
			json_object_object_add(o, "hardware_tx_on",
					       json_object_new_boolean(st->tx_on));
			json_object_object_add(o, "hardware_rx_on",
					       json_object_new_boolean(st->rx_on));
		}
		if (st->known && st->clock >= 0)
			json_object_object_add(o, "ptp_clock", json_object_new_int(st->clock));
		if (coalescing(s, st->name, &ns))
			json_object_object_add(o, "coalescing_ns", json_object_new_uint64(ns));
		json_object_array_add(list, o);
	}
	return list;
}

static struct json_object *json_limits(const struct status *s, bool most)
{
	struct json_object *o = json_object_new_object();

	for (size_t i = 0; i < LIMITS; i++) {
		int attr = most ? limits[i].most : limits[i].used;

		if (attr && told(s, attr))
			json_object_object_add(o, limits[i].key,
					       json_object_new_uint64(s->module.value[attr]));
	}
	return o;
}

static void json(const struct status *s)
{
	struct json_object *o = json_object_new_object();
	char version[4 * sizeof(s->module.version)];

	json_object_object_add(o, "type", json_object_new_string("status"));
	json_object_object_add(o, "schema", json_object_new_int(1));
	json_object_object_add(o, "version", json_object_new_string(ICMPCTL_VERSION));
	json_object_object_add(o, "module_version", !s->loaded ? NULL :
		json_object_new_string(text_utf8(version, sizeof(version), s->module.version)));
	if (s->loaded) {
		json_object_object_add(o, "limits", json_limits(s, true));
		json_object_object_add(o, "in_use", json_limits(s, false));
		if (told(s, ICMPCTL_INFO_A_SESSIONS_CREATED)) {
			json_object_object_add(o, "sessions_created", json_object_new_uint64(
				s->module.value[ICMPCTL_INFO_A_SESSIONS_CREATED]));
			json_object_object_add(o, "sessions_destroyed", json_object_new_uint64(
				s->module.value[ICMPCTL_INFO_A_SESSIONS_DESTROYED]));
		}
		json_object_object_add(o, "sessions", json_sessions(s));
	}
	json_object_object_add(o, "interfaces", json_stamps(s));
	print_line(stdout, o);
}

static int status(const struct command *self, int argc, char **argv)
{
	struct status s = { .nlc.sk = NULL };
	int first, result;

	result = command_options(self, &s.config, argc, argv, &first);
	if (result >= 0)
		return result;
	if (first < argc) {
		report("%s: nothing is expected behind the options", argv[first]);
		return STATUS_FAILED;
	}
	result = ask(&s) ? STATUS_FAILED : STATUS_OK;
	s.stamps = stamps_list(&s.n_stamps);
	rtnl_links(&s.links, &s.n_links);
	if (s.config.json)
		json(&s);
	else
		text(&s);
	if (s.config.verbose && s.loaded && strcmp(s.module.version, ICMPCTL_VERSION))
		report("warning: the module is of release %s and this command of %s",
		       s.module.version, ICMPCTL_VERSION);
	free(s.stamps);
	free(s.links);
	free(s.sessions);
	nlc_close(&s.nlc);
	return result;
}

const struct command command_status = {
	.name = "status",
	.summary = "show the module, its sessions and what the interfaces can stamp",
	.operands = "",
	.options = status_options,
	.run = status,
	.about = "Tells the releases of command and module, the limits of this network namespace "
		 "and what is used of them, the sessions and whose they are, and for each "
		 "interface which stamps it can make and which are switched on.",
	.see_also = "ethtool(8) modinfo(8)",
};
