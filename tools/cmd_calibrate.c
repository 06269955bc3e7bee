// SPDX-License-Identifier: GPL-2.0
/*
 * icmpctl calibrate: the least this machine itself puts into an RTT, on the
 * loopback and by an interface, and what its stamps can be off by.
 */
#include <errno.h>
#include <netlink/msg.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "calibrate.h"
#include "command.h"
#include "keep_options.h"
#include "lib/client.h"
#include "lib/report.h"
#include "lib/sender.h"
#include "lib/session.h"
#include "lib/units.h"
#include "out_capture.h"

#define COUNT_DEFAULT 200
#define COUNT_MAX 100000
#define INTERVAL_DEFAULT_NS (5 * NSEC_PER_MSEC)
#define TIMEOUT_NS NSEC_PER_SEC
/* The module's last word is due when the last probe's time is over. */
#define PATIENCE_MS 3000

#define DONE 1

struct calibrate_config {
	bool json;
	struct opt_value count, interval;
	struct sender from;
	struct keep_config keep;
};

#define PLACE(member) .offset = offsetof(struct calibrate_config, member)

static const struct opt calibrate_options[] = {
	{ 'c', "count", "N", "probes on each path, default 200", OPT_NUMBER, PLACE(count),
	  1, COUNT_MAX, "the count must be 1 to 100000" },
	{ 'i', "interval", "TIME", "from one probe to the next: 10us to 1m, default 5ms",
	  OPT_DURATION, PLACE(interval), ICMPCTL_INTERVAL_MIN_NS, 60 * NSEC_PER_SEC,
	  "the interval must be 10 us to 1 minute" },
	{ 'I', "interface", "IF", "also by this interface: to HOST, or to its router",
	  OPT_CALL, .right = "there is no such interface", .call = sender_set_device,
	  PLACE(from) },
	{ 0, "json", NULL, "one JSON object instead of text", OPT_FLAG, PLACE(json) },
	KEEP_PCAP_OPTION(struct calibrate_config, ""),
	{ 0 }
};

struct calibrate {
	struct calibrate_config config;
	struct calibration result;
	struct nlc nlc;
	struct target asked[CALIBRATE_PATHS];	/* whom the session asks */
	struct calibrate_path *path[CALIBRATE_PATHS];	/* and the path of each */
	unsigned int n;
	struct session_params params;
	struct session_info info;
	struct capture capture;
};

static int add(struct sample *s, uint64_t from, uint64_t to)
{
	return from && to ? sample_add(s, to - from) : 0;
}

static int on_record(void *arg, const struct icmpctl_record *r)
{
	struct calibrate *c = arg;
	struct sample *span;

	if (r->target >= c->n)
		return 0;
	capture_record(&c->capture, &(struct capture_probe){
		.params = &c->params,
		.target = &c->asked[r->target],
		.size = session_size(&c->params),
	}, r);
	if (r->status != ICMPCTL_STATUS_REPLY)
		return 0;
	span = c->path[r->target]->span;
	/* One probe, all its stamps: nothing but the stamps differs between the rows. */
	if (add(&span[CALIBRATE_HOOK], r->handed_ns, r->hook_ns) ||
	    add(&span[CALIBRATE_DRIVER], r->driver_ns, r->stack_ns) ||
	    add(&span[CALIBRATE_HARDWARE], r->hw_tx_ns, r->hw_rx_ns) ||
	    add(&span[CALIBRATE_TX_STACK], r->handed_ns, r->driver_ns) ||
	    add(&span[CALIBRATE_TX_WIRE], r->driver_ns, r->hw_tx_ns) ||
	    add(&span[CALIBRATE_RX_WIRE], r->hw_rx_ns, r->stack_ns) ||
	    add(&span[CALIBRATE_RX_STACK], r->stack_ns, r->hook_ns))
		return -ENOMEM;
	return 0;
}

static int on_stats(void *arg, uint32_t target, const struct session_stats *s)
{
	struct calibrate *c = arg;

	if (target >= c->n)
		return 0;
	c->path[target]->sent = stats_get(s, ICMPCTL_STATS_A_SENT);
	c->path[target]->received = stats_get(s, ICMPCTL_STATS_A_RECEIVED);
	c->path[target]->hardware = stats_get(s, ICMPCTL_STATS_A_TX_HARDWARE);
	return 0;
}

static int on_event(void *arg, const struct nlmsghdr *nlh)
{
	const struct genlmsghdr *ghdr = nlmsg_data(nlh);
	struct session_info info = { .set = 0 };
	struct calibrate *c = arg;

	if (session_info_parse(&info, nlh) || info.id != c->info.id)
		return 0;
	switch (ghdr->cmd) {
	case ICMPCTL_CMD_PROBES_EVENT:
		return session_records(nlh, on_record, c);
	case ICMPCTL_CMD_STATS_EVENT:
		return session_targets(nlh, on_stats, c);
	case ICMPCTL_CMD_DONE_EVENT:
		c->info = info;
		return DONE;
	}
	return 0;
}

static int on_started(void *arg, const struct nlmsghdr *nlh)
{
	struct calibrate *c = arg;

	session_info_parse(&c->info, nlh);
	capture_clock(&c->capture, &c->info);
	return 0;
}

static int start(struct calibrate *c)
{
	const struct calibrate_config *config = &c->config;
	struct nlc_refusal why;

	c->params = (struct session_params){
		.count = config->count.given ? config->count.value : COUNT_DEFAULT,
		.interval_ns = config->interval.given ? config->interval.value :
							INTERVAL_DEFAULT_NS,
		.timeout_ns = TIMEOUT_NS,
		.flags = ICMPCTL_SESSION_F_LINGER_ADAPTIVE,
		.set = SESSION_BIT(ICMPCTL_SESSION_A_COUNT) |
		       SESSION_BIT(ICMPCTL_SESSION_A_INTERVAL_NS) |
		       SESSION_BIT(ICMPCTL_SESSION_A_TIMEOUT_NS) |
		       SESSION_BIT(ICMPCTL_SESSION_A_FLAGS),
	};
	nlc_hold(&c->nlc);
	if (!nlc_call(&c->nlc, session_start_msg(&c->nlc, &c->params, c->asked, c->n), on_started,
		      c, &why))
		return 0;
	client_report(&why, NULL, "probing");
	return -1;
}

/* Until the module tells the end; Ctrl-C ends us, and that the session. */
static int follow(struct calibrate *c)
{
	const struct calibrate_config *config = &c->config;
	uint64_t gap = config->interval.given ? config->interval.value : INTERVAL_DEFAULT_NS;
	struct pollfd pfd = { .fd = nlc_fd(&c->nlc), .events = POLLIN };
	int result = nlc_release(&c->nlc);

	while (!result) {
		if (poll(&pfd, 1, PATIENCE_MS + (gap + TIMEOUT_NS) / NSEC_PER_MSEC) == 0)
			result = -ETIMEDOUT;
		else
			result = nlc_read(&c->nlc);
	}
	if (result < 0)
		report("cannot read what the module tells: %s", strerror(-result));
	else if (c->info.reason == ICMPCTL_REASON_NAMESPACE)
		report("the session ended because its network namespace went away");
	else if (c->info.reason == ICMPCTL_REASON_UNLOAD)
		report("the session ended because the icmpctl module was unloaded");
	else
		return 0;
	return -1;
}

static struct calibrate_path *add_path(struct calibrate *c)
{
	return &c->result.path[c->result.n++];
}

/* The loopback by both families; one that is not there is told, and no failure. */
static void add_loopback(struct calibrate *c)
{
	static const char *const hosts[] = { "127.0.0.1", "::1" };
	uint8_t source[16];

	for (int i = 0; i < 2; i++) {
		struct calibrate_path *path = add_path(c);
		int err = target_resolve(&path->host, hosts[i], i ? 6 : 4);

		if (!err)
			err = target_source(&path->host, 0, source);
		if (err)
			path->trouble = "there is no such address here";
	}
}

/* Without HOST: who is there to be asked by an interface? */
static int find_host(struct calibrate *c, struct target *host)
{
	const struct sender *from = &c->config.from;
	struct rtnl_host found;

	if (rtnl_gateway(from->ifindex, &found) && rtnl_neighbour(from->ifindex, &found)) {
		report("-I %s: no route has a router there and no neighbour is known: give a host that answers, `icmpctl calibrate -I %s HOST`",
		       from->device, from->device);
		return -1;
	}
	*host = (struct target){ .family = found.family, .numeric = true };
	memcpy(host->addr, found.addr, sizeof(host->addr));
	host->scope = from->ifindex;
	address_text(host->text, host->family, host->addr,
		     address_is_link_local(host->family, host->addr) ? host->scope : 0);
	host->given = host->text;
	return 0;
}

static int add_host(struct calibrate *c, const char *name)
{
	struct calibrate_path *path = add_path(c);

	if (!name)
		return find_host(c, &path->host);
	if (target_resolve(&path->host, name, 0))
		return -1;
	if (sender_check_target(&c->config.from, &path->host, "-I"))
		return -1;
	if (!path->host.scope)
		path->host.scope = c->config.from.ifindex;
	return 0;
}

static bool is_loopback(const struct rtnl_link *links, unsigned int n, uint32_t ifindex)
{
	for (unsigned int i = 0; i < n; i++)
		if (links[i].index == ifindex)
			return links[i].loopback;
	return false;
}

/* Who is asked, and by which interface. */
static int prepare(struct calibrate *c, const char *name)
{
	const uint32_t device = c->config.from.ifindex;
	struct rtnl_link *links;
	unsigned int n;
	int err = rtnl_links(&links, &n);

	if (err) {
		report("cannot ask for the interfaces: %s", strerror(-err));
		return -1;
	}
	add_loopback(c);
	if ((name || (device && !is_loopback(links, n, device))) && add_host(c, name)) {
		free(links);
		return -1;
	}
	clock_read_measure(&c->result.clock);
	for (unsigned int i = 0; i < c->result.n; i++) {
		struct calibrate_path *path = &c->result.path[i];
		const struct target *host = &path->host;
		uint32_t way = 0;

		if (path->trouble)
			continue;
		rtnl_way(host->family, host->addr, host->scope, 0, &way);
		budget_way(&path->way, &c->result.clock, links, n, way);
		c->path[c->n] = path;
		c->asked[c->n++] = *host;
	}
	free(links);
	if (!c->n)
		report("there is nobody to ask: the loopback has no address; `ip link set lo up` gives it one");
	return c->n ? 0 : -1;
}

/* What came, made ready to be told. */
static int conclude(struct calibrate *c)
{
	int status = STATUS_OK;

	for (unsigned int i = 0; i < c->n; i++) {
		struct calibrate_path *path = c->path[i];
		struct budget_stamps stamps = { .received = path->received };

		for (int span = 0; span < CALIBRATE_SPANS; span++)
			sample_sort(&path->span[span]);
		/*
		 * The first may lack a stamp: drivers are asked when sessions begin, and
		 * the hardware's clock has to become known.
		 */
		path->best = CALIBRATE_HOOK;
		for (int span = CALIBRATE_DRIVER; span <= CALIBRATE_HARDWARE; span++)
			if (path->span[span].n > path->span[CALIBRATE_HOOK].n / 2)
				path->best = span;
		/* The sentence is about those alone. */
		if (path->best == CALIBRATE_HARDWARE) {
			stamps.received = stamps.tx_hardware = path->hardware;
			stamps.rx_hardware = path->hardware;
			stamps.rtt_max_ns = sample_rank(&path->span[path->best], 100);
			stamps.hw_error_ns = c->info.hw_rtt_error_ns;
		}
		budget_make(&path->budget, &path->way, &stamps);
		if (!path->received)
			status = STATUS_NO;
	}
	return status;
}

static int calibrate(const struct command *self, int argc, char **argv)
{
	struct calibrate c = { .nlc.sk = NULL };
	int first, result;

	result = command_options(self, &c.config, argc, argv, &first);
	if (result >= 0)
		return result;
	if (first + 1 < argc) {
		report("%s: one host is enough", argv[first + 1]);
		return STATUS_FAILED;
	}
	result = STATUS_FAILED;
	c.capture.path = c.config.keep.pcap;
	if (prepare(&c, argv[first]) || capture_open(&c.capture) ||
	    client_open(&c.nlc, on_event, &c) || start(&c) || follow(&c))
		goto out;
	result = conclude(&c);
	(c.config.json ? calibrate_json : calibrate_text)(stdout, &c.result);
out:
	nlc_close(&c.nlc);
	capture_close(&c.capture);
	if (c.capture.failed)
		result = STATUS_FAILED;
	for (unsigned int i = 0; i < c.result.n; i++) {
		target_free(&c.result.path[i].host);
		for (int span = 0; span < CALIBRATE_SPANS; span++)
			sample_free(&c.result.path[i].span[span]);
	}
	return result;
}

static const struct command_example examples[] = {
	{ "icmpctl calibrate", "The clock and the loopback" },
	{ "icmpctl calibrate -I eth0", "Also by eth0, to its router" },
	{ 0 }
};

static const struct command_exit exits[] = {
	{ STATUS_OK, "each path answered" },
	{ STATUS_NO, "one did not" },
	{ STATUS_FAILED, "anything else, and stderr says what" },
	{ 0 }
};

const struct command command_calibrate = {
	.name = "calibrate",
	.summary = "measure what this machine itself puts into a round-trip time",
	.operands = "[HOST]",
	.options = calibrate_options,
	.note = "TIME is 0.2, 200ms, 10us or 1m; a bare number is seconds.",
	.run = calibrate,
	.about = "Measures what a clock reading costs and what lies between the places that "
		 "stamp, over the loopback and by the interface given, and says what a "
		 "round-trip time of this machine can be too long by. Differences below that "
		 "mean nothing.",
	.examples = examples,
	.exits = exits,
};
