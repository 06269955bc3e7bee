// SPDX-License-Identifier: GPL-2.0
/* icmpctl monitor: measurements that the kernel goes on with when the command has ended. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "command.h"
#include "lib/client.h"
#include "lib/monitor.h"
#include "lib/report.h"
#include "lib/text.h"
#include "monitor_apply.h"
#include "monitor_last.h"
#include "monitor_options.h"
#include "monitor_wish.h"
#include "out_monitor.h"

/* What a verb works with. */
struct job {
	struct monitor_config config;
	struct nlc nlc;
	char **words;		/* behind verb and options */
	int n;
	char **options;		/* the options as they were given */
	int n_options;
	bool failed;		/* something could not be read, and that was told */
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

static int add(struct job *job)
{
	struct wish w;
	int err = wish_make(&w, &job->config, job->words, job->n, job->options, job->n_options);

	if (!err)
		err = wish_ask(&job->nlc, &w, 0);
	wish_free(&w);
	return err ? STATUS_FAILED : STATUS_OK;
}

/* What there is to a file that was applied, or only read. */
static int status_of_file(int err)
{
	return err == WISH_WRONG ? STATUS_WRONG : err ? STATUS_FAILED : STATUS_OK;
}

static int apply(struct job *job)
{
	return status_of_file(monitor_apply(&job->nlc, job->words[0], job->config.dry_run));
}

static int refresh(struct job *job)
{
	return monitor_refresh(&job->nlc, job->words, job->n, job->config.dry_run) ?
	       STATUS_FAILED : STATUS_OK;
}

/* Calls @fn for each monitor that was named, or for all at once. */
static int each(struct job *job, void (*fn)(struct job *job, const struct monitors *m))
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

static void list_some(struct job *job, const struct monitors *m)
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

static void show_some(struct job *job, const struct monitors *m)
{
	if (job->config.json)
		show_json(m);
	for (unsigned int i = 0; !job->config.json && i < m->n; i++)
		out_monitor_text(stdout, &m->list[i]);
}

/* -n, --plot: behind each monitor its last probes. */
static void show_last(struct job *job, const struct monitors *m)
{
	for (unsigned int i = 0; i < m->n; i++) {
		const struct monitors one = { .list = &m->list[i], .n = 1 };

		show_some(job, &one);
		if (!m->list[i].keep)
			report("%s: keeps no probes (monitor add --keep)", m->list[i].name);
		else if (monitor_last(&job->nlc, &m->list[i], &job->config))
			job->failed = true;
	}
}

static int show(struct job *job)
{
	int result;

	if (!job->config.last.given && !job->config.plot)
		return each(job, show_some);
	if (job->config.plot && job->config.json) {
		report("--plot draws for people: not with --json");
		return STATUS_FAILED;
	}
	job->failed = false;
	result = each(job, show_last);
	return job->failed ? STATUS_FAILED : result;
}

/* All monitors, or those that were named, in that order; what is wrong is told. */
static int read_some(struct job *job, struct monitors *all)
{
	struct nlc_refusal why;

	*all = (struct monitors){ .n = 0 };
	for (int i = 0; i < (job->n ? job->n : 1); i++) {
		const char *name = job->n ? job->words[i] : NULL;
		struct monitors some;
		int err = monitors_read(&job->nlc, name, 0, &some, &why);

		if (!err) {
			err = monitors_take(all, &some);
			why = (struct nlc_refusal){ .error = -err };
		}
		monitors_free(&some);
		if (err) {
			client_report(&why, name, "reading monitors");
			return err;
		}
	}
	return 0;
}

static void show_page(const struct monitors *m)
{
	struct winsize size;

	if (isatty(STDOUT_FILENO) && !ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_row &&
	    size.ws_col) {
		fputs("\033[H\033[J", stdout);
		out_monitor_page(stdout, m, size.ws_row, size.ws_col);
	} else {
		out_monitor_table(stdout, m);
	}
}

/* The table once a second, until the user has seen enough. */
static int watch(struct job *job)
{
	static const struct timespec pause = { .tv_sec = 1 };
	struct monitors m;
	int err;

	do {
		err = read_some(job, &m);
		if (!err && job->config.json)
			show_json(&m);
		else if (!err)
			show_page(&m);
		fflush(stdout);
		monitors_free(&m);
	} while (!err && !ferror(stdout) && !nanosleep(&pause, NULL));
	return err ? STATUS_FAILED : STATUS_OK;
}

/* Calls @fn for each name, or with --all for every monitor there is. */
static int each_name(struct job *job, const char *verb, const char *doing,
		     int (*fn)(struct nlc *c, const char *name, struct nlc_refusal *why))
{
	struct nlc_refusal why;
	struct monitors m = { .n = 0 };
	int result = STATUS_OK;

	if (job->config.all == !!job->n) {
		report(job->n ? "%s: --all and names exclude each other" :
				"%s: which? Give names, or --all", verb);
		return STATUS_FAILED;
	}
	if (job->config.all && monitors_read(&job->nlc, NULL, 0, &m, &why)) {
		client_report(&why, NULL, "reading monitors");
		monitors_free(&m);
		return STATUS_FAILED;
	}
	for (int i = 0; i < (job->n ? job->n : (int)m.n); i++) {
		const char *name = job->n ? job->words[i] : m.list[i].name;

		if (!fn(&job->nlc, name, &why))
			continue;
		/* Of all of them one may have been ended by another meanwhile. */
		if (job->config.all && why.error == ENOENT)
			continue;
		client_report(&why, name, doing);
		result = STATUS_FAILED;
	}
	monitors_free(&m);
	return result;
}

static int rm(struct job *job)
{
	return each_name(job, "rm", "ending a monitor", monitor_delete);
}

static int reset(struct job *job)
{
	return each_name(job, "reset", "resetting a monitor", monitor_reset);
}

#define ANY 1000000

static const struct verb verbs[] = {
	{ "add", monitor_add_options, 2, ANY, "a name and at least one host", add },
	{ "list", monitor_read_options, 0, 0, "", list },
	{ "show", monitor_show_options, 0, ANY, "", show },
	{ "watch", monitor_read_options, 0, ANY, "", watch },
	{ "reset", monitor_rm_options, 0, ANY, "", reset },
	{ "rm", monitor_rm_options, 0, ANY, "", rm },
	{ "apply", monitor_apply_options, 1, 1, "a file", apply },
	{ "refresh", monitor_apply_options, 0, ANY, "", refresh },
};

#define VERBS (sizeof(verbs) / sizeof(verbs[0]))

static const struct verb *find_verb(const char *name)
{
	for (size_t i = 0; i < VERBS; i++)
		if (!strcmp(verbs[i].name, name))
			return &verbs[i];
	for (size_t i = 0; i < VERBS; i++) {
		if (text_similar(name, verbs[i].name)) {
			report("%.200s: no such verb; did you mean %s?", name, verbs[i].name);
			return NULL;
		}
	}
	report("%.200s: no such verb; `icmpctl monitor --help` tells them", name);
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
			report("the verb comes first: add, list, show, watch, reset, rm, apply or refresh");
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
		report("%.200s: nothing is expected behind %s", job.words[verb->most], verb->name);
		return STATUS_FAILED;
	}
	if (!client_open(&job.nlc, NULL, NULL))
		result = verb->run(&job);
	else if (verb->run == apply && job.config.dry_run)
		result = status_of_file(monitor_apply_read(job.words[0]));
	else
		result = STATUS_FAILED;
	nlc_close(&job.nlc);
	return result;
}

static const struct command_example examples[] = {
	{ "icmpctl monitor add office 192.0.2.1 -i 1s", "A probe a second, from now on" },
	{ "icmpctl monitor add uplink --path 192.0.2.1", "Every hop on the way" },
	{ "icmpctl monitor show --json office", "What became of the probes so far" },
	{ "icmpctl monitor show -n 10 office", "And of the last ten, one by one" },
	{ "icmpctl monitor apply --dry-run /etc/icmpctl/monitors.conf", "What a file would change" },
	{ "icmpctl monitor rm --all", "End all of them" },
	{ 0 }
};

static const struct command_exit exits[] = {
	{ STATUS_OK, "it was done" },
	{ STATUS_FAILED, "anything else, and stderr says what" },
	{ STATUS_WRONG, "apply: the file is wrong in itself, and stays so until it is mended" },
	{ 0 }
};

const struct command command_monitor = {
	.name = "monitor",
	.summary = "measure on and on, with no process: add, list, show, rm, apply",
	.operands = "VERB [NAME...] [HOST...]",
	.options = monitor_options,
	.note = "TIME is 0.2, 200ms, 10us or 1m; a bare number is seconds.",
	.run = monitor,
	.about = "VERB is add NAME HOST..., list, show [NAME...], watch [NAME...], reset NAME..., rm NAME..., apply "
		 "FILE or refresh [NAME...]\n\n"
		 "A monitor belongs to the network namespace: the kernel goes on with it when the "
		 "command has ended, until rm or until the namespace goes. add names it and starts "
		 "it; its first probe is sent within one interval, so that many monitors are spread "
		 "over it. A host that is given by name is looked up once, by add; "
		 "refresh looks up again, and what has other addresses begins anew; so does what asks "
		 "by an interface that was made anew since. What cannot be looked up is told, and goes on "
		 "as it is. Of a name that has "
		 "several a monitor keeps its own while that is among them.\n\n"
		 "list and show read what became of the probes since; reading changes nothing, so "
		 "any number may read; watch does so each second, and on a terminal shows as much as "
		 "fits. show tells of all the time since add, of "
		 "the last minute and the last hour, and since reset, which begins a reckoning of its "
		 "own and leaves the others as they are: it is of the probes sent since. With -n, what "
		 "became of the last probes of each target follows, one by one as ping has them, and with "
		 "--plot a picture of them. rm ends monitors. While there is one, rmmod says that "
		 "the module is in use; rm --all ends all of this network namespace. Each verb has its own options: those of add are ping's that say how to "
		 "ask, list, show and watch have --json, show has -n and --plot, rm and reset have --all, "
		 "apply and refresh have --dry-run.\n\n"
		 "apply makes the monitors of the network namespace those of a file, - for standard "
		 "input. A line of it is what stands behind add: a name, hosts and options; # begins a "
		 "comment, quotes and backslashes are the shell's. Monitors that are as the file has "
		 "them go on, whichever the order and the spelling of their options; others are added, begin anew, or end. If anything is wrong with the "
		 "file, or refused, nothing is changed. A host or an interface that is not known now may be later: the "
		 "exit status tells that from a line that is not understood. With --dry-run the module is asked as well whether "
		 "it would refuse anything; where there is none, only the file is looked at.\n\n"
		 "A probe that is not answered within 5 s is lost, or within -W.",
	.examples = examples,
	.exits = exits,
	.see_also = "ping(8)",
};
