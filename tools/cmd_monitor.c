// SPDX-License-Identifier: GPL-2.0
/* icmpctl monitor: measurements that the kernel goes on with when the command has ended. */
#include <errno.h>
#include <netlink/msg.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "lib/client.h"
#include "lib/monitor.h"
#include "lib/report.h"
#include "lib/text.h"
#include "monitor_options.h"
#include "out_monitor.h"

/* What a verb works with. */
struct job {
	struct monitor_config config;
	struct nlc nlc;
	char **words;		/* behind verb and options */
	int n;
	char **options;		/* the options as they were given */
	int n_options;
};

/**
 * struct verb - what may follow `icmpctl monitor`
 * @name: how it is called
 * @options: what it takes
 * @least: words it needs behind its options
 * @most: words it takes
 * @needs: what is said if there are too few
 * @run: does it; the socket is open
 */
struct verb {
	const char *name;
	const struct opt *options;
	int least, most;
	const char *needs;
	int (*run)(struct job *job);
};

/* The option or the host that a refusal is about. */
static void refused(const struct job *job, const struct nl_msg *msg, const struct target *targets,
		    unsigned int n, const struct nlc_refusal *why)
{
	int target = msg ? session_blamed_target(msg, why->offset) : -1;
	int attr = msg ? session_attr_at(msg, why->offset) : 0;
	const struct opt *o = options_of_attr(monitor_add_options, attr);
	char option[32];

	if (target >= 0) {
		client_report(why, targets[job->config.path || target >= (int)n ? 0 : target].given,
			      "monitoring");
	} else if (o) {
		snprintf(option, sizeof(option), o->letter ? "-%.1s" : "--%.20s",
			 o->letter ? &o->letter : o->name);
		client_report(why, option, "monitoring");
	} else {
		client_report(why, job->words[0], "monitoring");
	}
}

static int ask_for(struct job *job, struct target *targets, unsigned int n)
{
	struct session_hop hops[MONITOR_HOPS_MAX];
	unsigned int n_hops = monitor_hops(&job->config, hops);
	struct session_params params;
	struct nlc_refusal why;
	struct nl_msg *msg;
	char *options;
	int err;

	monitor_params(&job->config, targets, n, &params);
	options = monitor_spell(job->options, job->n_options);
	if (!options)
		return STATUS_FAILED;
	msg = monitor_add_msg(&job->nlc, job->words[0], options, &params, targets,
			      n_hops ? hops : NULL, n_hops ? n_hops : n);
	free(options);
	if (msg)
		nlmsg_get(msg);
	err = nlc_call(&job->nlc, msg, NULL, NULL, &why);
	if (err)
		refused(job, msg, targets, n, &why);
	if (msg)
		nlmsg_free(msg);
	return err ? STATUS_FAILED : STATUS_OK;
}

static int add(struct job *job)
{
	unsigned int n = job->n - 1, found = 0;
	struct target *targets;
	int result = STATUS_FAILED;

	if (monitor_check(&job->config, n))
		return STATUS_FAILED;
	targets = calloc(n, sizeof(*targets));
	if (!targets) {
		report("not enough memory for %u hosts", n);
		return STATUS_FAILED;
	}
	while (found < n && !target_resolve(&targets[found], job->words[1 + found],
					    sender_family(&job->config.ping.from)))
		found++;
	if (found == n && !ping_check_targets(&job->config.ping, targets, n))
		result = ask_for(job, targets, n);
	for (unsigned int i = 0; i < found; i++)
		target_free(&targets[i]);
	free(targets);
	return result;
}

/* Calls @fn for each monitor that was named, or for all at once. */
static int each(struct job *job, void (*fn)(const struct job *job, const struct monitors *m))
{
	struct nlc_refusal why;
	struct monitors m;
	int result = STATUS_OK;

	for (int i = 0; i < (job->n ? job->n : 1); i++) {
		const char *name = job->n ? job->words[i] : NULL;

		if (monitors_read(&job->nlc, name, 0, &m, &why)) {
			client_report(&why, name, "reading monitors");
			result = STATUS_FAILED;
		} else {
			fn(job, &m);
		}
		monitors_free(&m);
	}
	return result;
}

static void show_json(const struct monitors *m)
{
	for (unsigned int i = 0; i < m->n; i++)
		out_monitor_json(stdout, &m->list[i]);
}

static void list_some(const struct job *job, const struct monitors *m)
{
	if (job->config.json)
		show_json(m);
	else if (!m->n)
		puts("no monitors in this network namespace");
	else
		out_monitor_table(stdout, m);
}

static int list(struct job *job)
{
	return each(job, list_some);
}

static void show_some(const struct job *job, const struct monitors *m)
{
	if (job->config.json)
		show_json(m);
	for (unsigned int i = 0; !job->config.json && i < m->n; i++)
		out_monitor_text(stdout, &m->list[i]);
}

static int show(struct job *job)
{
	return each(job, show_some);
}

static int rm(struct job *job)
{
	struct nlc_refusal why;
	struct monitors m = { .n = 0 };
	int result = STATUS_OK;

	if (job->config.all == !!job->n) {
		report(job->n ? "rm: --all and names exclude each other" :
				"rm: which? Give names, or --all");
		return STATUS_FAILED;
	}
	if (job->config.all && monitors_read(&job->nlc, NULL, 0, &m, &why)) {
		client_report(&why, NULL, "reading monitors");
		monitors_free(&m);
		return STATUS_FAILED;
	}
	for (int i = 0; i < (job->n ? job->n : (int)m.n); i++) {
		const char *name = job->n ? job->words[i] : m.list[i].name;

		if (!monitor_delete(&job->nlc, name, &why))
			continue;
		/* Of all of them one may have been ended by another meanwhile. */
		if (job->config.all && why.error == ENOENT)
			continue;
		client_report(&why, name, "ending a monitor");
		result = STATUS_FAILED;
	}
	monitors_free(&m);
	return result;
}

#define ANY 1000000

static const struct verb verbs[] = {
	{ "add", monitor_add_options, 2, ANY, "a name and at least one host", add },
	{ "list", monitor_read_options, 0, 0, "", list },
	{ "show", monitor_read_options, 0, ANY, "", show },
	{ "rm", monitor_rm_options, 0, ANY, "", rm },
};

#define VERBS (sizeof(verbs) / sizeof(verbs[0]))

static const struct verb *find_verb(const char *name)
{
	for (size_t i = 0; i < VERBS; i++)
		if (!strcmp(verbs[i].name, name))
			return &verbs[i];
	for (size_t i = 0; i < VERBS; i++) {
		if (text_similar(name, verbs[i].name)) {
			report("%s: no such verb; did you mean %s?", name, verbs[i].name);
			return NULL;
		}
	}
	report("%s: no such verb; `icmpctl monitor --help` tells them", name);
	return NULL;
}

static int monitor(const struct command *self, int argc, char **argv)
{
	struct job job = { .nlc.sk = NULL };
	const struct verb *verb;
	int first, result;

	if (argc < 2 || *argv[1] == '-') {
		result = command_options(self, &job.config, argc, argv, &first);
		if (result < 0) {
			report("the verb comes first: add, list, show or rm");
			result = STATUS_FAILED;
		}
		return result;
	}
	verb = find_verb(argv[1]);
	if (!verb)
		return STATUS_FAILED;
	argv++;
	argc--;
	first = options_parse(verb->options, &job.config, argc, argv);
	if (first == OPTIONS_HELP) {
		help_short(self);
		return STATUS_OK;
	}
	if (first == OPTIONS_WRONG)
		return STATUS_FAILED;
	job.words = argv + first;
	job.n = argc - first;
	job.options = argv + 1;
	job.n_options = first - 1;
	/* What separates options from names is no option. */
	if (job.n_options && !strcmp(job.options[job.n_options - 1], "--"))
		job.n_options--;
	if (job.n < verb->least) {
		report("%s: %s is needed", verb->name, verb->needs);
		return STATUS_FAILED;
	}
	if (job.n > verb->most) {
		report("%s: nothing is expected behind %s", job.words[verb->most], verb->name);
		return STATUS_FAILED;
	}
	result = client_open(&job.nlc, NULL, NULL) ? STATUS_FAILED : verb->run(&job);
	nlc_close(&job.nlc);
	return result;
}

static const struct command_example examples[] = {
	{ "icmpctl monitor add office 192.0.2.1 -i 1s", "A probe a second, from now on" },
	{ "icmpctl monitor add uplink --path 192.0.2.1", "Every hop on the way" },
	{ "icmpctl monitor show --json office", "What became of the probes so far" },
	{ "icmpctl monitor rm --all", "End all of them" },
	{ 0 }
};

static const struct command_exit exits[] = {
	{ STATUS_OK, "it was done" },
	{ STATUS_FAILED, "anything else, and stderr says what" },
	{ 0 }
};

const struct command command_monitor = {
	.name = "monitor",
	.summary = "measure on and on, with no process: add, list, show and rm monitors",
	.operands = "VERB [NAME...] [HOST...]",
	.options = monitor_options,
	.note = "TIME is 0.2, 200ms, 10us or 1m; a bare number is seconds.",
	.run = monitor,
	.about = "VERB is add NAME HOST..., list, show [NAME...] or rm NAME...\n\n"
		 "A monitor belongs to the network namespace: the kernel goes on with it when the "
		 "command has ended, until rm or until the namespace goes. add names it and starts "
		 "it; its first probe is sent within one interval, so that many monitors are spread "
		 "over it. A host that is given by name is looked up once, by add.\n\n"
		 "list and show read what became of the probes since; reading changes nothing, so "
		 "any number may read. rm ends monitors. While there is one, the module cannot be "
		 "unloaded. Each verb has its own options: those of add are ping's that say how to "
		 "ask, list and show have --json, rm has --all.\n\n"
		 "A probe that is not answered within 5 s is lost, or within -W.",
	.examples = examples,
	.exits = exits,
	.see_also = "ping(8)",
};
