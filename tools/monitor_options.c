// SPDX-License-Identifier: GPL-2.0
/* What a user may ask of monitor: ping's way of asking, and what it has of its own. */
#include "monitor_options.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/report.h"
#include "lib/units.h"
#include "monitor_apply.h"

#define MAX_HOPS_DEFAULT 30
#define TIMEOUT_DEFAULT_NS (5 * NSEC_PER_SEC)

/* Those of ping that say how to ask; the others say how to show, or when to end. */
static const char *const of_ping[] = {
	"ipv4", "ipv6", "broadcast", "flow-label", "interval", "interface", "mark", "pmtudisc",
	"pattern", "size", "ttl", "tos", "timeout", "timestamps", "schedule", "seed",
};

#define OF_PING (sizeof(of_ping) / sizeof(of_ping[0]))

#define PLACE(member) .offset = offsetof(struct monitor_config, member)

#define PATH_OPTIONS							\
	{ 0, "path", NULL, "ask every hop on the way to the target", OPT_FLAG, PLACE(path) }, \
	{ 0, "max-hops", "N", "with --path: hops at most, default 30", OPT_NUMBER,	\
	  PLACE(max_hops), 1, MONITOR_HOPS_MAX, "the hops must be 1 to 64" },		\
	{ 0, "keep", "N", "last probes of each target to keep, default 32", OPT_NUMBER,	\
	  PLACE(keep), 0, ICMPCTL_MONITOR_KEEP_MAX, "the probes to keep must be 0 to 65536",	\
	  .detail = "They are for show -n and --plot. Each takes 128 bytes in the kernel." }
#define READ_OPTIONS							\
	{ 0, "json", NULL, "JSON Lines instead of text", OPT_FLAG, PLACE(json) }
#define SHOW_OPTIONS							\
	{ 'n', "last", "N", "show: the last N probes of each target", OPT_NUMBER, PLACE(last),	\
	  1, ICMPCTL_MONITOR_KEEP_MAX, "the last probes must be 1 to 65536",			\
	  .detail = "As many as are kept: see --keep." },					\
	{ 0, "plot", NULL, "show: draw the last probes", OPT_FLAG, PLACE(plot) }
#define RM_OPTIONS							\
	{ 0, "all", NULL, "rm, reset: every monitor", OPT_FLAG, PLACE(all) }

#define APPLY_OPTIONS							\
	{ 0, "dry-run", NULL, "apply, refresh: only tell what would change", OPT_FLAG,	\
	  PLACE(dry_run) }

static const struct opt path_options[] = { PATH_OPTIONS };
const struct opt monitor_read_options[] = { READ_OPTIONS, { 0 } };
const struct opt monitor_show_options[] = { READ_OPTIONS, SHOW_OPTIONS, { 0 } };
const struct opt monitor_rm_options[] = { RM_OPTIONS, { 0 } };
const struct opt monitor_apply_options[] = { APPLY_OPTIONS, { 0 } };

#define N(table) (sizeof(table) / sizeof((table)[0]))

struct opt monitor_add_options[OF_PING + N(path_options) + 1];
struct opt monitor_options[OF_PING + N(path_options) + N(monitor_show_options) +
			   N(monitor_rm_options) + N(monitor_apply_options)];

/* The configuration begins with ping's, so that ping's options are in their place. */
__attribute__((constructor)) static void make_tables(void)
{
	struct opt *next = monitor_add_options;

	_Static_assert(offsetof(struct monitor_config, ping) == 0, "ping's options lie elsewhere");
	for (size_t i = 0; i < OF_PING; i++)
		for (const struct opt *o = ping_options; o->name; o++)
			if (!strcmp(o->name, of_ping[i]))
				*next++ = *o;
	memcpy(next, path_options, sizeof(path_options));
	next += N(path_options);
	memcpy(monitor_options, monitor_add_options,
	       (next - monitor_add_options) * sizeof(*next));
	next = monitor_options + (next - monitor_add_options);
	for (const struct opt *o = monitor_show_options; o->name; o++)
		*next++ = *o;
	*next++ = monitor_rm_options[0];
	*next++ = monitor_apply_options[0];
}

/**
 * monitor_check - do the options go together
 * @c: the options
 * @targets: how many there are
 *
 * Return: 0, or -1 and then it was told why not.
 */
int monitor_check(const struct monitor_config *c, unsigned int targets)
{
	if (ping_check(&c->ping))
		return -1;
	if (c->max_hops.given && !c->path) {
		report("--max-hops is of use with --path alone");
		return -1;
	}
	if (c->path && targets != 1) {
		report("--path: one path leads to one target; add a monitor for each");
		return -1;
	}
	if (c->path && c->ping.ttl.given) {
		report("--path: -t is another for each hop");
		return -1;
	}
	return 0;
}

/**
 * monitor_params - what to ask of the module
 * @c: the options
 * @targets: the hosts
 * @n: how many they are
 * @p: the result
 */
void monitor_params(const struct monitor_config *c, const struct target *targets, unsigned int n,
		    struct session_params *p)
{
	ping_params(&c->ping, targets, n, p);
	if (!c->ping.timeout.given)
		p->timeout_ns = TIMEOUT_DEFAULT_NS;
	p->flags &= ICMPCTL_SESSION_F_BROADCAST;
	if (c->path)
		p->flags |= ICMPCTL_SESSION_F_PATH;
}

/**
 * monitor_hops - the hops of a path
 * @c: the options
 * @hops: gets them, MONITOR_HOPS_MAX at most
 *
 * Return: how many; 0 if no path was asked for.
 */
unsigned int monitor_hops(const struct monitor_config *c, struct session_hop *hops)
{
	unsigned int n = c->max_hops.given ? c->max_hops.value : MAX_HOPS_DEFAULT;

	if (!c->path)
		return 0;
	for (unsigned int i = 0; i < n; i++)
		hops[i] = (struct session_hop){ .ttl = i + 1 };
	return n;
}

/* A word so that words_split() reads it back; what is plain stays as it is. */
static char *quoted(char *to, const char *word)
{
	if (!*word)
		to = stpcpy(to, "''");
	for (; *word; word++) {
		if (strchr("\\'\"#", *word) || isspace((unsigned char)*word))
			*to++ = '\\';
		*to++ = *word;
	}
	return to;
}

/**
 * monitor_spell - options as one text, to be kept with the monitor
 * @words: the options as they were given
 * @n: how many words
 *
 * Return: the text, to be freed, of which words_split() makes the words again; NULL without memory.
 */
char *monitor_spell(char *const *words, int n)
{
	size_t len = 1;
	char *text, *end;

	for (int i = 0; i < n; i++)
		len += 2 * strlen(words[i]) + 3;
	text = end = calloc(1, len);
	for (int i = 0; text && i < n; i++) {
		if (i)
			*end++ = ' ';
		end = quoted(end, words[i]);
	}
	return text;
}

/* What a text of options asks for, @len bytes; NULL if it cannot be read. */
static char *normal(const char *text, size_t *len)
{
	const char *wrong;
	char **words = words_split(text, "add", &wrong), *made = NULL;
	FILE *file = words ? open_memstream(&made, len) : NULL;
	int n = 0, err = -1;

	while (words && words[n])
		n++;
	if (file)
		err = options_normal(file, monitor_add_options, n, words);
	if (file && fclose(file))
		err = -1;
	while (n)
		free(words[--n]);
	free(words);
	if (!err)
		return made;
	free(made);
	return NULL;
}

/**
 * monitor_spelt_alike - do two texts of options ask for the same
 * @a: as it is kept with a monitor
 * @b: another one
 *
 * Return: true if they differ at most in the order of options, and in how those and their values
 * are written.
 */
bool monitor_spelt_alike(const char *a, const char *b)
{
	size_t len = 0, other_len = 0;
	char *made, *other;
	bool same;

	if (!strcmp(a, b))
		return true;
	made = normal(a, &len);
	other = normal(b, &other_len);
	same = made && other && len == other_len && !memcmp(made, other, len);
	free(made);
	free(other);
	return same;
}
