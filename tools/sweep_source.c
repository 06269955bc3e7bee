// SPDX-License-Identifier: GPL-2.0
/*
 * Where the addresses of a sweep come from. What stands on the command line is put in
 * order, each address once; a file is read as it is asked for, so that it may be of any
 * length, and never waited for.
 */
#include "sweep_source.h"

#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "lib/client.h"
#include "lib/grow.h"
#include "lib/now.h"
#include "lib/report.h"
#include "lib/target.h"
#include "lib/units.h"

/* So many wrong words are told one by one. */
#define WRONG_TOLD	10
/* After so long answers are read, and signals taken. */
#define READ_NS		(100 * NSEC_PER_MSEC)
/* More than a /16 of somebody else's. */
#define PUBLIC_MAX	65536

/* Is it the others' turn? What was read meanwhile makes no request yet. */
static void look_at_clock(struct sweep_source *s)
{
	s->paused = s->begun && now_ns(CLOCK_MONOTONIC) >= s->until_ns;
}

/* A name, or an address with its interface. */
static int resolve(struct sweep_source *s, const char *text, struct range *r)
{
	struct target t;
	int err;

	err = target_resolve(&t, text, sender_family(&s->config->from));
	look_at_clock(s);
	if (err)
		return RANGE_NAME;
	r->family = t.family;
	memcpy(r->first, t.addr, sizeof(r->first));
	memcpy(r->last, t.addr, sizeof(r->last));
	/* The module is told of one interface, when the sweep begins. */
	if (t.scope && !s->ifindex && !s->begun) {
		s->ifindex = t.scope;
		s->bound = text;
	}
	if (t.scope && t.scope != s->ifindex) {
		report("%.200s: all of a sweep is sent by one interface, which -I gives", text);
		target_free(&t);
		return RANGE_WRONG;
	}
	target_free(&t);
	return 0;
}

static int no_memory(void)
{
	report("not enough memory for so many targets");
	return -1;
}

/* All nodes of a link: ff02::1 (RFC 4291, 2.7.1). */
static int take_all_nodes(struct sweep_source *s, const char *device)
{
	struct range r = { .family = 6, .first = { 0xff, 0x02, [15] = 1 } };
	uint32_t ifindex = if_nametoindex(device);

	memcpy(r.last, r.first, sizeof(r.last));
	if (s->ifindex && s->ifindex != ifindex) {
		report("--all-nodes %s: all of a sweep is sent by one interface", device);
		return -1;
	}
	if (!s->ifindex)
		s->bound = "--all-nodes";
	s->ifindex = ifindex;
	return range_list_add_less(&s->given, &r, &s->config->excluded) ? no_memory() : 0;
}

static int remember(struct sweep_source *s, const char *name, const struct range *r)
{
	struct sweep_name *names = reallocarray(s->names, s->n_names + 1, sizeof(*names));

	if (!names)
		return -1;
	s->names = names;
	names[s->n_names] = (struct sweep_name){ .name = name, .family = r->family };
	memcpy(names[s->n_names++].addr, r->first, sizeof(names->addr));
	return 0;
}

/* Is the user sure? */
static int check_public(struct sweep_source *s, const struct range *r)
{
	if (s->config->yes || !range_is_public(r))
		return 0;
	s->public += range_count(r);
	if (s->public <= PUBLIC_MAX)
		return 0;
	report("these are more than 65,536 public addresses: if they are yours to be asked, add --yes");
	return -1;
}

/* fe80::/10 */
static const struct range link_local = {
	.family = 6, .first = { 0xfe, 0x80 }, .last = { 0xfe, 0xbf, [2 ... 15] = 0xff },
};

static bool is_local_to_link(const struct range *r)
{
	return range_has(&link_local, r) ||
	       (r->family == 6 && r->first[0] == 0xff && (r->last[1] & 0xf) <= 2);
}

/*
 * Why a range cannot be asked; NULL: as far as can be known here, it can. The module would refuse it
 * as well, but when others were asked already.
 */
static const char *unaskable(const struct sweep_source *s, const struct range *r)
{
	static const struct range groups_ipv4 = {
		.family = 4, .first = { 224 }, .last = { 239, 255, 255, 255 },
	}, everybody = {
		.family = 4, .first = { 255, 255, 255, 255 }, .last = { 255, 255, 255, 255 },
	}, groups_ipv6 = {
		.family = 6, .first = { 0xff }, .last = { [0 ... 15] = 0xff },
	}, mapped = {
		.family = 6, .first = { [10] = 0xff, 0xff }, .last = { [10 ... 15] = 0xff },
	};
	static const uint8_t none[16];

	if (!memcmp(r->first, none, sizeof(none)))
		return r->family == 4 ? "0.0.0.0 is not an address that can be probed" :
					":: is not an address that can be probed";
	if (!s->config->broadcast &&
	    (range_meets(r, &groups_ipv4) || range_meets(r, &everybody) ||
	     range_meets(r, &groups_ipv6)))
		return "a broadcast or multicast address is asked only with -b";
	if (range_meets(r, &mapped))
		return "an IPv4 address inside an IPv6 one: give it as the IPv4 address it is";
	if (!s->ifindex && (range_meets(r, &link_local) || is_local_to_link(r)))
		return "a link-local target needs an interface (as in fe80::1%eth0, or by -I)";
	if (s->bound && !is_local_to_link(r))
		return "it would be sent by the interface of the link-local targets alone: ask it apart, or say -I";
	return NULL;
}

/*
 * What @text means: 0; RANGE_NAME: a name that has no address; or RANGE_WRONG. The user was told.
 */
static int understand(struct sweep_source *s, const char *text, struct range *r, bool *is_name)
{
	const char *why = NULL;
	int result = range_parse(r, text, &why);

	*is_name = result == RANGE_NAME && !strchr(text, '%');
	if (result == RANGE_NAME)
		return resolve(s, text, r);
	if (!result && range_count(r) > RANGE_ADDRESSES_MAX) {
		why = "these are more than 2^40 addresses";
		result = RANGE_WRONG;
	}
	if (result)
		report("%.200s: %s", text, why);
	return result;
}

/* Can all be asked that is on the command line? It was typed just now: if not, nothing is. */
static int check_given(struct sweep_source *s)
{
	for (size_t i = 0; i < s->given.n; i++) {
		const struct range *r = &s->given.range[i];
		const char *why = unaskable(s, r);
		char text[RANGE_TEXT_LEN];

		if (why) {
			report("%s: %s", range_text(text, r), why);
			return -1;
		}
		if (check_public(s, r))
			return -1;
		s->total += range_count(r);
	}
	return 0;
}

static int take_operands(struct sweep_source *s, char **operands, int n)
{
	struct range_list all = { .n = 0 };
	int result = 0;

	for (int i = 0; i < n && !result; i++) {
		bool is_name;
		struct range r;

		if (!strcmp(operands[i], "-")) {
			report("-: targets are read from standard input by -f -");
			result = -1;
			break;
		}
		result = understand(s, operands[i], &r, &is_name);
		/* A name may come back. */
		if (result == RANGE_NAME) {
			s->unknown++;
			result = 0;
		} else if (!result && ((is_name && remember(s, operands[i], &r)) ||
				       range_list_add(&all, &r))) {
			result = no_memory();
		}
	}
	range_list_merge(&all);
	for (size_t i = 0; i < all.n && !result; i++)
		result = range_list_add_less(&s->given, &all.range[i], &s->config->excluded) ?
			 no_memory() : 0;
	range_list_free(&all);
	return result;
}

/**
 * source_open - find out what is to be asked, and read no more of a file than must be
 * @s: the source, to be closed in any case
 * @c: the options
 * @operands: what the user gave
 * @n: how many
 *
 * Return: 0, or -1 and then it was told why not.
 */
int source_open(struct sweep_source *s, const struct sweep_config *c, char **operands, int n)
{
	*s = (struct sweep_source){ .config = c, .ifindex = c->from.ifindex, .file.fd = -1 };
	if (take_operands(s, operands, n) ||
	    (c->all_nodes && take_all_nodes(s, c->all_nodes)) || check_given(s))
		return -1;
	s->begun = true;
	return c->file ? words_open(&s->file, c->file) : 0;
}

static void wrong_word(struct sweep_source *s)
{
	if (++s->unknown == WRONG_TOLD)
		report("further targets that cannot be asked are not told");
}

static int keep_word(struct sweep_source *s, const char *text)
{
	char **words = grow(s->words, s->n_words, sizeof(*words));

	if (!words)
		return -1;
	s->words = words;
	words[s->n_words] = strdup(text);
	if (!words[s->n_words])
		return -1;
	s->n_words++;
	return 0;
}

/* The words before this one are not needed any more. */
static void drop_words(struct sweep_source *s, uint32_t before)
{
	size_t n = before - s->word;

	if (!n)
		return;
	for (size_t i = 0; i < n; i++)
		free(s->words[i]);
	memmove(s->words, s->words + n, (s->n_words - n) * sizeof(*s->words));
	s->n_words -= n;
	s->word = before;
}

/* What is left of a word, when others are taken out, is to be asked. */
static int add_ready(struct sweep_source *s, const char *text, struct range *r)
{
	size_t before = s->ready.n;

	r->origin = s->word + (uint32_t)s->n_words;
	if (range_list_add_less(&s->ready, r, &s->config->excluded)) {
		report_mute(false);
		no_memory();
		return -ENOMEM;
	}
	for (size_t i = before; i < s->ready.n; i++) {
		const char *why = unaskable(s, &s->ready.range[i]);

		if (why) {
			report("%.200s: %s", text, why);
			s->ready.n = before;
			return RANGE_WRONG;
		}
	}
	/* These end the sweep, however many wrong words were told before. */
	report_mute(false);
	for (size_t i = before; i < s->ready.n; i++)
		if (check_public(s, &s->ready.range[i]))
			return -ERANGE;
	/* What is left out altogether needs no name. */
	if (s->ready.n > before && keep_word(s, text)) {
		no_memory();
		return -ENOMEM;
	}
	return 0;
}

/* One target of a file. What is wrong with it is told, unless there was enough of that. */
static int take_word(struct sweep_source *s, const char *text)
{
	bool is_name;
	struct range r;
	int result;

	report_mute(s->unknown >= WRONG_TOLD);
	result = understand(s, text, &r, &is_name);
	if (!result)
		result = add_ready(s, text, &r);
	report_mute(false);
	if (result == RANGE_NAME || result == RANGE_WRONG) {
		wrong_word(s);
		return 0;
	}
	return result;
}

/* Is there as much as one request can have, or is it the others' turn? */
static bool enough(const struct sweep_source *s)
{
	return s->ready.n >= SOURCE_CHUNK || s->paused;
}

/* Takes words until there are enough, or there is none without waiting. */
static int take_words(struct sweep_source *s)
{
	char word[WORD_LEN];

	while (!enough(s)) {
		switch (words_next(&s->file, word)) {
		case WORDS_NONE:
			s->failed |= s->file.failed;
			return 0;
		case WORDS_MORE:
			look_at_clock(s);
			break;
		case WORDS_ONE:
			if (take_word(s, word))
				return -1;
			break;
		case WORDS_WRONG:
			report_mute(s->unknown >= WRONG_TOLD);
			report("%.1000s: a word of %.200s: no target is so long, or has a byte of zero in it",
			       s->config->file, word);
			report_mute(false);
			wrong_word(s);
			break;
		}
	}
	return 0;
}

/* Reads on, as far as one request goes, and without waiting. */
static int read_on(struct sweep_source *s)
{
	struct range_list *ready = &s->ready;

	if (s->at) {
		ready->n -= s->at;
		memmove(ready->range, ready->range + s->at, ready->n * sizeof(*ready->range));
		s->at = 0;
	}
	/* Before what is from a file, and then has words, stands nothing that has none. */
	drop_words(s, ready->n ? ready->range[0].origin : s->word + (uint32_t)s->n_words);
	while (s->next < s->given.n && ready->n < SOURCE_CHUNK)
		if (range_list_add(ready, &s->given.range[s->next++]))
			return no_memory();
	s->until_ns = now_ns(CLOCK_MONOTONIC) + READ_NS;
	s->paused = false;
	return s->config->file ? take_words(s) : 0;
}

/**
 * source_next - find out what is to be asked next, without waiting for it
 * @s: the source; @s->range, @s->n and @s->done are set, if there was nothing before
 *
 * A request has at most SOURCE_CHUNK ranges, and RANGE_ADDRESSES_MAX addresses in them. The
 * same file makes the same requests, however long names take.
 *
 * Return: 0, or -1 and then it was told why not.
 */
int source_next(struct sweep_source *s)
{
	uint64_t addresses = 0;

	if (s->n || s->done)
		return 0;
	if (s->ready.n - s->at < SOURCE_CHUNK && read_on(s))
		return -1;
	/* There is more to come at once. */
	if (s->ready.n - s->at < SOURCE_CHUNK && s->paused)
		return 0;
	s->range = s->ready.range + s->at;
	while (s->n < SOURCE_CHUNK && s->at + s->n < s->ready.n) {
		addresses += range_count(&s->range[s->n]);
		if (addresses > RANGE_ADDRESSES_MAX)
			break;
		s->n++;
	}
	s->done = s->at + s->n == s->ready.n && s->next == s->given.n &&
		  (!s->config->file || words_ended(&s->file));
	return 0;
}

/**
 * source_handed - what was to be asked next is being asked
 * @s: the source
 */
void source_handed(struct sweep_source *s)
{
	s->at += s->n;
	s->handed += s->n;
	s->n = 0;
}

/**
 * source_refused - the module does not take one of the ranges
 * @s: the source
 * @which: of @s->range
 * @why: the refusal
 *
 * In a file that is one wrong target among others, which are asked without it. What stands on
 * the command line was typed just now.
 *
 * Return: 0 to go on with what is left, or -1.
 */
int source_refused(struct sweep_source *s, size_t which, const struct nlc_refusal *why)
{
	struct range *first = &s->ready.range[s->at + which], *end = first;
	const struct range *all_end = s->ready.range + s->ready.n;
	size_t n;

	if (s->handed + which < s->given.n) {
		char text[RANGE_TEXT_LEN];

		client_report(why, range_text(text, first), "probing");
		return -1;
	}
	report_mute(s->unknown >= WRONG_TOLD);
	client_report(why, s->words[first->origin - s->word], "probing");
	report_mute(false);
	wrong_word(s);
	/* What was excluded from it has made several ranges of it. */
	while (end < all_end && end->origin == first->origin)
		end++;
	n = end - first;
	memmove(first, end, (char *)all_end - (char *)end);
	s->ready.n -= n;
	s->n = which + n < s->n ? s->n - n : which;
	return 0;
}

/**
 * source_close - give back what the source holds
 * @s: the source
 */
void source_close(struct sweep_source *s)
{
	range_list_free(&s->given);
	range_list_free(&s->ready);
	drop_words(s, s->word + (uint32_t)s->n_words);
	free(s->words);
	free(s->names);
	words_close(&s->file);
}
