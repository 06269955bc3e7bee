// SPDX-License-Identifier: GPL-2.0
/* icmpctl export: what monitors know, for Prometheus. One thread, whoever asks. */
#include <errno.h>
#include <microhttpd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "command.h"
#include "export.h"
#include "lib/client.h"
#include "lib/now.h"
#include "lib/report.h"
#include "lib/serve.h"
#include "lib/units.h"

#define LISTEN_DEFAULT "127.0.0.1:9427"
#define INTERVAL_DEFAULT_NS (15 * NSEC_PER_SEC)
#define INTERVAL_MAX_NS (86400 * NSEC_PER_SEC)
/* Who asks within this gets what was read for another. */
#define FRESH_NS NSEC_PER_SEC

struct export_config {
	const char *listen[SERVE_SOCKETS_MAX];
	unsigned int n_listen;
	const char *textfile;
	bool once;
	struct opt_value interval, buckets;
};

static int add_listen(void *place, const char *value)
{
	struct export_config *config = place;

	if (config->n_listen == SERVE_SOCKETS_MAX)
		return -1;
	config->listen[config->n_listen++] = value;
	return 0;
}

#define PLACE(member) offsetof(struct export_config, member)

static const struct opt export_options[] = {
	{ 'l', "listen", "ADDR:PORT", "serve HTTP there, default " LISTEN_DEFAULT ", or several",
	  OPT_CALL, .right = "8 addresses are the most", .call = add_listen,
	  .detail = "An IPv6 address stands in brackets: [::1]:9427. Without an address, as in "
		    ":9427 or *:9427, it is every address of this machine: then whoever reaches it "
		    "can read what is monitored; so is [::]:9427, less those of IPv4 if they are asked "
		    "for or taken apart. A name is all of its addresses: localhost:9427 is both loopbacks." },
	{ 0, "textfile", "FILE", "write FILE for node_exporter; with -l serve as well",
	  OPT_STRING, .offset = PLACE(textfile),
	  .detail = "It is replaced as a whole by renaming, and never seen half written; "
		    "behind a symbolic link that is the file it leads to. node_exporter reads files "
		    "that end in .prom in the directory of its --collector.textfile.directory." },
	{ 'i', "interval", "TIME", "from one writing of FILE to the next (default 15s)",
	  OPT_DURATION, .offset = PLACE(interval), .min = NSEC_PER_SEC, .max = INTERVAL_MAX_NS,
	  .right = "expected a time from 1s to 1 day" },
	{ 0, "once", NULL, "write FILE once, or without one to stdout, and end",
	  OPT_FLAG, .offset = PLACE(once) },
	{ 0, "buckets", "N", "classic buckets an octave: 0, 1, 2, 4, 8, default 1",
	  OPT_NUMBER, .offset = PLACE(buckets), .min = 0, .max = 8,
	  .right = "expected 0, 1, 2, 4 or 8",
	  .detail = "Their bounds lie between 8.192 microseconds and 17.2 s. 0 leaves only count "
		    "and sum of each histogram, and percentiles. Native histograms, which Prometheus "
		    "gets if it asks for them, have 32 buckets an octave in any case." },
	{ 0 }
};

/* An answer that others may get as well while it is fresh. */
struct answer {
	struct MHD_Response *response;
	uint64_t made_ns;
};

struct export {
	struct export_config config;
	struct export_reader reader;
	struct serve serve;
	struct answer answers[METRICS_FORMATS];
};

static struct MHD_Response *response_of(const char *text, const char *type)
{
	struct MHD_Response *r = MHD_create_response_from_buffer(strlen(text), (void *)text,
								 MHD_RESPMEM_PERSISTENT);

	if (r)
		MHD_add_response_header(r, MHD_HTTP_HEADER_CONTENT_TYPE, type);
	return r;
}

static struct MHD_Response *metrics(struct export *e, enum metrics_format format)
{
	struct answer *a = &e->answers[format];
	char *text;
	size_t len;

	if (a->response && now_ns(CLOCK_MONOTONIC) - a->made_ns < FRESH_NS)
		return a->response;
	if (a->response)
		MHD_destroy_response(a->response);
	a->response = NULL;
	if (export_text(&e->reader, format, true, &text, &len))
		return NULL;
	a->response = MHD_create_response_from_buffer(len, text, MHD_RESPMEM_MUST_FREE);
	a->made_ns = now_ns(CLOCK_MONOTONIC);
	if (!a->response) {
		free(text);
		return NULL;
	}
	MHD_add_response_header(a->response, MHD_HTTP_HEADER_CONTENT_TYPE,
				metrics_content_type(format));
	MHD_add_response_header(a->response, MHD_HTTP_HEADER_VARY, MHD_HTTP_HEADER_ACCEPT);
	return a->response;
}

static const struct page {
	const char *path, *type, *text;
} pages[] = {
	{ "/", "text/html; charset=utf-8",
	  "<!DOCTYPE html><html lang=\"en\"><head><title>icmpctl export</title></head><body>"
	  "<h1>icmpctl export</h1><p>Monitors of this network namespace: "
	  "<a href=\"/metrics\">metrics</a>. Of this process: <a href=\"/-/healthy\">healthy</a>."
	  "</p></body></html>\n" },
	{ "/-/healthy", "text/plain; charset=utf-8", "icmpctl export is running\n" },
};

static struct MHD_Response *fixed[sizeof(pages) / sizeof(pages[0]) + 2];

#define NOT_FOUND (sizeof(pages) / sizeof(pages[0]))
#define NO_MEMORY (NOT_FOUND + 1)

static struct serve_answer serve_path(void *arg, const char *path, const char *accept)
{
	struct MHD_Response *r;

	if (!strcmp(path, "/metrics")) {
		r = metrics(arg, metrics_accepted(accept));
		return r ? (struct serve_answer){ MHD_HTTP_OK, r } :
			   (struct serve_answer){ MHD_HTTP_INTERNAL_SERVER_ERROR, fixed[NO_MEMORY] };
	}
	for (size_t i = 0; i < NOT_FOUND; i++)
		if (!strcmp(path, pages[i].path))
			return (struct serve_answer){ MHD_HTTP_OK, fixed[i] };
	return (struct serve_answer){ MHD_HTTP_NOT_FOUND, fixed[NOT_FOUND] };
}

static int make_pages(void)
{
	for (size_t i = 0; i < NOT_FOUND; i++)
		fixed[i] = response_of(pages[i].text, pages[i].type);
	fixed[NOT_FOUND] = response_of("there is /metrics, /-/healthy and /\n",
				       "text/plain; charset=utf-8");
	fixed[NO_MEMORY] = response_of("not enough memory\n", "text/plain; charset=utf-8");
	for (size_t i = 0; i <= NO_MEMORY; i++)
		if (!fixed[i])
			return -1;
	return 0;
}

static void free_pages(void)
{
	for (size_t i = 0; i <= NO_MEMORY; i++) {
		if (fixed[i])
			MHD_destroy_response(fixed[i]);
		fixed[i] = NULL;
	}
}

/* Ctrl-C and SIGTERM are an end like any other. */
static int open_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	return signalfd(-1, &set, SFD_CLOEXEC);
}

static int go_on(struct export *e, int signals)
{
	uint64_t next = now_ns(CLOCK_MONOTONIC), wait_ns = UINT64_MAX, now;
	uint64_t interval = e->config.interval.given ? e->config.interval.value :
						       INTERVAL_DEFAULT_NS;
	int result;

	do {
		now = now_ns(CLOCK_MONOTONIC);
		if (e->config.textfile && now >= next) {
			/* That it cannot be written now was told, and may pass. */
			export_file(&e->reader, e->config.textfile);
			next += interval * (1 + (now - next) / interval);
		}
		if (e->config.textfile)
			wait_ns = next > now ? next - now : 0;
		result = serve_wait(&e->serve, signals, wait_ns == UINT64_MAX ? UINT64_MAX :
				    wait_ns / NSEC_PER_MSEC + 1);
	} while (!result);
	if (result < 0)
		report("waiting failed: %s", strerror(-result));
	return result < 0 ? STATUS_FAILED : STATUS_OK;
}

static int to_stdout(struct export *e)
{
	char *text;
	size_t len;

	if (export_text(&e->reader, METRICS_TEXT, false, &text, &len)) {
		report("not enough memory");
		return STATUS_FAILED;
	}
	fwrite(text, 1, len, stdout);
	free(text);
	return STATUS_OK;
}

static int open_sockets(struct export *e)
{
	struct export_config *config = &e->config;
	int inherited = serve_inherit(&e->serve);

	if (inherited < 0)
		return -1;
	if (inherited && config->n_listen) {
		report("--listen: systemd has passed the sockets already: say in the .socket unit where to listen");
		return -1;
	}
	if (!inherited && !config->n_listen && !config->textfile)
		config->listen[config->n_listen++] = LISTEN_DEFAULT;
	for (unsigned int i = 0; i < config->n_listen; i++)
		if (serve_listen(&e->serve, config->listen[i]))
			return -1;
	return 0;
}

/* The module is loaded while we still have the right to; that it is not is told later. */
static void load(void)
{
	struct nlc_refusal why;
	struct nlc c;

	if (!nlc_open(&c))
		nlc_family(&c, ICMPCTL_FAMILY_NAME, &why);
	nlc_close(&c);
}

static int serve(struct export *e)
{
	int signals = open_signals(), result = STATUS_FAILED;

	if (signals < 0) {
		report("signals cannot be waited for: %s", strerror(errno));
		return STATUS_FAILED;
	}
	/* What is wrong with the file is known now, not when nobody looks any more. */
	if (e->config.textfile && export_file(&e->reader, e->config.textfile))
		goto out;
	if (open_sockets(e))
		goto out;
	load();
	if (export_drop_rights(e->config.textfile) || make_pages() ||
	    serve_start(&e->serve, serve_path, e))
		goto out;
	result = go_on(e, signals);
out:
	serve_close(&e->serve);
	for (int i = 0; i < METRICS_FORMATS; i++)
		if (e->answers[i].response)
			MHD_destroy_response(e->answers[i].response);
	free_pages();
	close(signals);
	return result;
}

static int check_options(const struct export_config *config)
{
	uint64_t n = config->buckets.value;

	if (config->buckets.given && n & (n - 1)) {
		report("--buckets %u: expected 0, 1, 2, 4 or 8", (unsigned int)n);
		return -1;
	}
	if (config->once && config->n_listen) {
		report("--once and --listen exclude each other");
		return -1;
	}
	if (config->interval.given && (!config->textfile || config->once)) {
		report("-i is how often --textfile is written: who scrapes decides when else");
		return -1;
	}
	return 0;
}

static int export(const struct command *self, int argc, char **argv)
{
	struct export e = { .config = { .once = false } };
	int first, result = command_options(self, &e.config, argc, argv, &first);

	if (result >= 0)
		return result;
	if (first < argc) {
		report("%s: nothing is expected behind the options: all monitors are told",
		       argv[first]);
		return STATUS_FAILED;
	}
	if (check_options(&e.config))
		return STATUS_FAILED;
	export_begin(&e.reader, e.config.buckets.given ? e.config.buckets.value : 1);
	if (!e.config.once)
		return serve(&e);
	if (!e.config.textfile)
		return to_stdout(&e);
	return export_file(&e.reader, e.config.textfile) ? STATUS_FAILED : STATUS_OK;
}

static const struct command_example examples[] = {
	{ "icmpctl export", "Serve http://" LISTEN_DEFAULT "/metrics" },
	{ "icmpctl export -l [2001:db8::1]:9427", "Serve one address of this machine" },
	{ "icmpctl export --textfile /var/lib/prometheus/node-exporter/icmpctl.prom",
	  "By node_exporter instead, every 15 s" },
	{ "icmpctl export --once | promtool check metrics", "What a scrape would get" },
	{ 0 }
};

static const struct command_exit exits[] = {
	{ STATUS_OK, "it was ended by Ctrl-C or SIGTERM, or all was written once" },
	{ STATUS_FAILED, "it could not start, and stderr says why" },
	{ 0 }
};

const struct command command_export = {
	.name = "export",
	.summary = "what monitors know, for Prometheus: OpenMetrics, or a file",
	.operands = "",
	.options = export_options,
	.run = export,
	.about = "Tells all monitors of this network namespace, as they are in the kernel when it is "
		 "asked; who asks within a second of another gets the same. It keeps nothing itself: "
		 "it may be ended and started at any time, and no probe is missing.\n\n"
		 "/metrics is Prometheus text, OpenMetrics or protobuf with native histograms, as the "
		 "scraper's Accept header wants it. That the module is not there is told as "
		 "icmpctl_up 0, and once on stderr. What this process takes itself, process_*, is "
		 "told by HTTP alone: in a file node_exporter has metrics of those names of its own.\n\n"
		 "Sockets that systemd passes (LISTEN_FDS) are taken instead of --listen. Once it "
		 "listens it gives up all rights but CAP_NET_ADMIN. At each socket it takes 32 "
		 "connections at a time, half of them from one address, and closes one on which "
		 "nothing moves for 10 s.",
	.examples = examples,
	.exits = exits,
};
