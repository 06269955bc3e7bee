// SPDX-License-Identifier: GPL-2.0
/*
 * What a user may ask of sweep, and what that means for the module. The letters are
 * those of fping where it has them; times have units, as everywhere in icmpctl.
 */
#include "sweep_options.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/report.h"
#include "lib/units.h"
#include "sweep_words.h"

#define RETRIES_DEFAULT		1
#define TIMEOUT_DEFAULT_NS	NSEC_PER_SEC
#define SHARDS_MAX		1000000

static int set_rate(void *config, const char *value)
{
	struct sweep_config *c = config;
	uint64_t rate;

	c->rate_given = true;
	c->rate = 0;
	if (!strcmp(value, "max"))
		return 0;
	if (units_number(value, &rate) || !rate || rate > 100000000)
		return -1;
	c->rate = rate;
	return 0;
}

static int set_shard(void *config, const char *value)
{
	const char *slash = strchr(value, '/');
	struct sweep_config *c = config;
	uint64_t shard, shards;
	char text[UNITS_LEN];

	if (!slash || slash - value >= (int)sizeof(text))
		return -1;
	snprintf(text, sizeof(text), "%.*s", (int)(slash - value), value);
	if (units_number(text, &shard) || units_number(slash + 1, &shards) || !shard ||
	    shard > shards || shards > SHARDS_MAX)
		return -1;
	c->shard = shard - 1;
	c->shards = shards;
	return 0;
}

static int set_all_nodes(void *config, const char *name)
{
	struct sweep_config *c = config;

	if (c->all_nodes || !if_nametoindex(name))
		return -1;
	c->all_nodes = name;
	c->broadcast = true;
	return 0;
}

static int add_probe(struct sweep_config *c, uint32_t kind, uint16_t port)
{
	for (unsigned int i = 0; i < c->n_probes; i++)
		if (c->probes[i].kind == kind && c->probes[i].port == port)
			return 0;
	if (c->n_probes == ICMPCTL_PROBES_MAX)
		return -1;
	c->probes[c->n_probes++] = (struct session_probe){ .kind = kind, .port = port };
	return 0;
}

/* A list of ports, or the one that nmap takes if there is none. */
static int add_ports(struct sweep_config *c, uint32_t kind, const char *list)
{
	char *copy = strdup(*list ? list : kind == ICMPCTL_PROBE_TCP ? "80" : "40125");
	char *rest = copy, *one;
	int err = copy ? 0 : -1;

	while (!err && (one = strsep(&rest, ","))) {
		uint64_t port;

		err = units_number(one, &port) || !port || port > 65535 ||
		      add_probe(c, kind, port) ? -1 : 0;
	}
	free(copy);
	return err;
}

/* Who asks about one interface by -PX can not ask about another. */
static int set_query(struct sweep_config *c, const char *what)
{
	uint64_t index;

	if (c->query_given)
		return -1;
	c->query_given = true;
	if (!*what)
		return 0;
	if (inet_pton(AF_INET, what, c->query_address) == 1) {
		c->query_len = 4;
	} else if (inet_pton(AF_INET6, what, c->query_address) == 1) {
		c->query_len = 16;
	} else if (strspn(what, "0123456789") == strlen(what)) {
		if (units_number(what, &index) || !index || index > UINT32_MAX)
			return -1;
		c->query_index = index;
	} else {
		if (strlen(what) > ICMPCTL_QUERY_NAME_MAX)
			return -1;
		c->query_name = what;
	}
	return 0;
}

/* As nmap writes them: -PE, -PS443. */
static int set_probe(void *config, const char *value)
{
	struct sweep_config *c = config;
	const char *rest = value + 1;

	switch (*value) {
	case 'E':
		return *rest ? -1 : add_probe(c, ICMPCTL_PROBE_ECHO, 0);
	case 'P':
		return *rest ? -1 : add_probe(c, ICMPCTL_PROBE_TIMESTAMP, 0);
	case 'M':
		return *rest ? -1 : add_probe(c, ICMPCTL_PROBE_MASK, 0);
	case 'X':
		return set_query(c, rest) ? -1 : add_probe(c, ICMPCTL_PROBE_EXTENDED, 0);
	case 'U':
		return add_ports(c, ICMPCTL_PROBE_UDP, rest);
	case 'S':
		return add_ports(c, ICMPCTL_PROBE_TCP, rest);
	default:
		return -1;
	}
}

static int set_file(void *config, const char *name)
{
	struct sweep_config *c = config;

	if (c->file)
		return -1;
	c->file = name;
	return 0;
}

/*
 * 0, or 1 if that was told: of a list it is one that is wrong. An interface behind an address, as
 * a sweep itself prints it, makes no other address of it.
 */
static int exclude(struct sweep_config *c, const char *text)
{
	const char *why = "it is neither an address nor a range of addresses";
	char *copy = strdup(text), *zone = copy ? strchr(copy, '%') : NULL;
	struct range r;
	int err = !copy;

	/* Names of interfaces have a - as well: br-lan. */
	if (zone && !strpbrk(zone, "/:"))
		*zone = '\0';
	if (copy && range_parse(&r, copy, &why)) {
		report("%.200s: %s", text, why);
		err = 1;
	} else if (!copy || range_list_add(&c->excluded, &r)) {
		report("not enough memory for what is excluded");
		err = 1;
	}
	free(copy);
	return err;
}

static int add_excluded(void *config, const char *value)
{
	char *copy = strdup(value), *rest = copy, *one;
	int err = copy ? 0 : -1;

	while (!err && (one = strsep(&rest, ", \t")))
		if (*one)
			err = exclude(config, one);
	free(copy);
	return err;
}

/* What is not read to its end excludes nothing: somebody must not be asked. */
static int add_excluded_file(void *config, const char *name)
{
	struct sweep_config *c = config;
	struct words file = { .fd = -1 };
	char word[WORD_LEN];
	int err, what;

	if (!strcmp(name, "-")) {
		if (c->excluded_stdin)
			return -1;
		c->excluded_stdin = true;
	}
	err = words_open(&file, name) ? 1 : 0;
	while (!err && !words_ended(&file)) {
		what = words_next(&file, word);
		if (what == WORDS_ONE) {
			err = exclude(c, word);
		} else if (what == WORDS_WRONG) {
			report("%.1000s: %.200s: it is neither an address nor a range of addresses", name, word);
			err = 1;
		} else if (what == WORDS_NONE) {
			words_wait(&file);
		}
	}
	if (file.failed)
		err = 1;
	words_close(&file);
	return err;
}

#define PLACE(member) .offset = offsetof(struct sweep_config, member)
#define ATTR(name) .attr = ICMPCTL_SESSION_A_##name

const struct opt sweep_options[] = {
	{ '4', "ipv4", NULL, NULL, OPT_FLAG, PLACE(from.ipv4) },
	{ '6', "ipv6", NULL, "resolve names to IPv4 only, to IPv6 only", OPT_FLAG,
	  PLACE(from.ipv6) },
	{ 'a', "alive", NULL, "only addresses that are up", OPT_FLAG, PLACE(alive) },
	{ 'b', "broadcast", NULL, "allow broadcast and multicast addresses", OPT_FLAG,
	  PLACE(broadcast), ATTR(FLAGS) },
	{ 'f', "file", "FILE", "read targets from FILE as well, - is standard input", OPT_CALL,
	  .right = "one file can be read, of several: cat A B | icmpctl sweep -f -",
	  .call = set_file },
	{ 'I', "interface", "IF", "send by this interface", OPT_CALL,
	  .right = "there is no such interface", .call = sender_set_device, PLACE(from),
	  ATTR(IFINDEX) },
	{ 'n', "numeric", NULL, "no names of hosts that are up", OPT_FLAG, PLACE(numeric) },
	{ 'P', "probe", "KIND", "E echo, P timestamp, M mask, X[IF] U[PORTS] S[PORTS]", OPT_CALL,
	  .right = "it must be E, P, M, X[INTERFACE], U[PORT,...] or S[PORT,...], at most 16 in all",
	  .call = set_probe, ATTR(PROBE),
	  .detail = "What is sent, as nmap writes it: -PE echo, the default; -PP ICMP timestamp, of "
		    "which the clock of the host is told as well; -PM ICMP address mask; -PX extended "
		    "echo (RFC 8335) about an interface of the host, given by name, index or address, "
		    "or else the one that has the address that is asked; -PU UDP to a port that should "
		    "be closed, 40125 by default; -PS TCP SYN, port 80 by default. Of several an "
		    "address is asked by one after the other until it answers." },
	{ 'q', "quiet", NULL, "neither counts nor progress", OPT_FLAG, PLACE(quiet) },
	{ 'r', "retries", "N", "ask again so often, default 1", OPT_NUMBER, PLACE(retries),
	  0, ICMPCTL_SWEEP_TRIES_MAX - 1, "the retries must be 0 to 15" },
	{ 'S', "source", "ADDR", "send from this address", OPT_CALL,
	  .right = "it is no address", .call = sender_set_address, PLACE(from), ATTR(SOURCE) },
	{ 't', "timeout", "TIME", "wait so long for each answer, default 1s", OPT_DURATION,
	  PLACE(timeout), ICMPCTL_TIMEOUT_MIN_NS, ICMPCTL_TIMEOUT_MAX_NS,
	  "the timeout must be 1 ms to 10 minutes", ATTR(TIMEOUT_NS) },
	{ 'u', "unreachable", NULL, "only addresses that are not up", OPT_FLAG, PLACE(dead) },
	{ 0, "all-nodes", "IF", "all IPv6 hosts on this link, by multicast", OPT_CALL,
	  .right = "there is no such interface, or one was given before", .call = set_all_nodes },
	{ 0, "all", NULL, "both, and why those that are not up are not", OPT_FLAG, PLACE(all) },
	{ 0, "csv", NULL, NULL, OPT_FLAG, PLACE(csv) },
	{ 0, "json", NULL, "CSV, JSON Lines instead of text", OPT_FLAG, PLACE(json) },
	{ 0, "exclude", "LIST", "leave these addresses and ranges out", OPT_CALL, .right = "nothing can be excluded by this",
	  .call = add_excluded },
	{ 0, "exclude-file", "FILE", "likewise, read from FILE", OPT_CALL,
	  .right = "nothing can be excluded by this", .call = add_excluded_file, .rare = true },
	{ 0, "rate", "N|max", "probes a second, default 1000", OPT_CALL,
	  .right = "the rate must be 1 to 100000000 probes a second, or max",
	  .call = set_rate, ATTR(SWEEP) },
	{ 0, "resume", "PLACE", "go on where a sweep was stopped; needs its --seed", OPT_NUMBER, PLACE(resume), 0, UINT64_MAX,
	  "the place must be a number, as an interrupted sweep tells it", .rare = true },
	{ 0, "seed", "N", "of the order, default random", OPT_NUMBER,
	  PLACE(seed), 0, UINT64_MAX, "the seed must be 0 to 18446744073709551615",
	  .rare = true },
	{ 0, "shard", "I/N", "only the I-th of N parts, same seed for all", OPT_CALL,
	  .right = "the part must be 1/N to N/N, and N at most 1000000", .call = set_shard },
	KEEP_LOG_OPTIONS(struct sweep_config, true),
	KEEP_PCAP_OPTION(struct sweep_config, " Every try of an address is in it."),
	{ 0, "yes", NULL, "yes, more than 65,536 public addresses", OPT_FLAG, PLACE(yes),
	  .rare = true },
	{ 0 }
};

/**
 * sweep_check - do the options go together
 * @c: the options; those not given get their defaults
 *
 * Return: 0, or -1 and then it was told why not.
 */
int sweep_check(struct sweep_config *c)
{
	if (!c->retries.given)
		c->retries.value = RETRIES_DEFAULT;
	if (!c->timeout.given)
		c->timeout.value = TIMEOUT_DEFAULT_NS;
	if (sender_check(&c->from, "-S"))
		return -1;
	if (c->alive + c->dead + c->all > 1) {
		report("of -a, -u and --all only one can be had");
		return -1;
	}
	if (c->json && c->csv) {
		report("--json and --csv exclude each other");
		return -1;
	}
	if (c->resume.given && !c->seed.given) {
		report("--resume needs the --seed of the sweep that was stopped");
		return -1;
	}
	if (c->shards > 1 && !c->seed.given) {
		report("--shard needs a --seed, the same on all machines");
		return -1;
	}
	if (c->excluded_stdin && c->file && !strcmp(c->file, "-")) {
		report("standard input can be read once: by -f, or by --exclude-file");
		return -1;
	}
	range_list_merge(&c->excluded);
	return keep_check(&c->keep);
}

/**
 * sweep_params - what to ask of the module
 * @c: the options
 * @p: the result, for the session
 * @sweep: the result, for the sweep
 */
void sweep_params(const struct sweep_config *c, struct session_params *p,
		  struct session_sweep *sweep)
{
#define ASK(NAME, member, v) SESSION_ASK(p, ICMPCTL_SESSION_A_##NAME, member, v)
#define ASK_SWEEP(NAME, v)						\
	do {								\
		sweep->set |= SESSION_BIT(ICMPCTL_SWEEP_A_##NAME);	\
		sweep->value[ICMPCTL_SWEEP_A_##NAME] = (v);		\
	} while (0)
	uint32_t flags = 0;

	*p = (struct session_params){ .set = 0 };
	*sweep = (struct session_sweep){ .set = 0 };
	ASK(TIMEOUT_NS, timeout_ns, c->timeout.value);
	if (c->broadcast)
		ASK(FLAGS, flags, ICMPCTL_SESSION_F_BROADCAST);
	sender_params(&c->from, c->from.family, p);
	p->probes = c->probes;
	p->n_probes = c->n_probes;
	p->query_name = c->query_name;
	if (c->query_index)
		ASK(QUERY_INDEX, query_index, c->query_index);
	memcpy(p->query_address, c->query_address, sizeof(p->query_address));
	p->query_len = c->query_len;
	ASK_SWEEP(TRIES, c->retries.value + 1);
	if (c->rate_given)
		ASK_SWEEP(RATE_PPS, c->rate);
	if (c->seed.given)
		ASK_SWEEP(SEED, c->seed.value);
	if (c->resume.given)
		ASK_SWEEP(PLACE, c->resume.value);
	if (c->shards > 1) {
		ASK_SWEEP(SHARD, c->shard);
		ASK_SWEEP(SHARDS, c->shards);
	}
	if (c->all || c->dead || c->json || c->csv || c->keep.log)
		flags |= ICMPCTL_SWEEP_F_DOWN;
	if (c->keep.pcap)
		flags |= ICMPCTL_SWEEP_F_TRIES;
	if (flags)
		ASK_SWEEP(FLAGS, flags);
#undef ASK
#undef ASK_SWEEP
}
