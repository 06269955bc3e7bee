// SPDX-License-Identifier: GPL-2.0
/* The columns of mtr, by its letters; 5, 9 and P are ours. */
#include "out_mtr.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "lib/extension.h"
#include "lib/path.h"
#include "lib/text.h"
#include "lib/units.h"

const struct mtr_field mtr_fields[] = {
	{ 'L', "Loss%", "loss; limited, silent: not loss", 8, MTR_LOSS },
	{ 'D', "Drop", "lost probes", 6, MTR_COUNT },
	{ 'R', "Rcv", "answered probes", 6, MTR_COUNT },
	{ 'S', "Snt", "sent probes", 6, MTR_COUNT },
	{ 'N', "Last", "newest RTT", 7, MTR_TIME },
	{ 'B', "Best", "least RTT", 7, MTR_TIME },
	{ 'A', "Avg", "mean RTT", 7, MTR_TIME },
	{ 'W', "Wrst", "greatest RTT", 7, MTR_TIME },
	{ 'V', "StDev", "standard deviation", 7, MTR_TIME },
	{ 'G', "Gmean", "geometric mean", 7, MTR_TIME },
	{ 'J', "Jttr", "newest jitter", 7, MTR_TIME },
	{ 'M', "Javg", "mean jitter", 7, MTR_TIME },
	{ 'X', "Jmax", "greatest jitter", 7, MTR_TIME },
	{ 'I', "Jint", "jitter of RFC 3550", 7, MTR_TIME },
	{ '5', "P50", "median RTT", 7, MTR_TIME },
	{ '9', "P90", "90th percentile", 7, MTR_TIME },
	{ 'P', "P99", "99th percentile", 7, MTR_TIME },
	{ ' ', " ", "a space", 1, MTR_SPACE },
	{ 0 }
};

/**
 * mtr_field - the field of a letter
 * @letter: the letter
 *
 * Return: NULL if there is none.
 */
const struct mtr_field *mtr_field(char letter)
{
	for (const struct mtr_field *f = mtr_fields; f->letter; f++)
		if (f->letter == letter)
			return f;
	return NULL;
}

static bool statistic(const struct hops_hop *hop, int attr, uint64_t *value)
{
	*value = stats_get(&hop->stats, attr);
	return stats_has(&hop->stats, attr);
}

/**
 * mtr_field_value - a number of a hop
 * @h: the hops
 * @ttl: which one
 * @letter: the field
 * @value: the result: a count, or nanoseconds
 *
 * Return: false if there is no such number, or not yet.
 */
bool mtr_field_value(const struct hops *h, unsigned int ttl, char letter, uint64_t *value)
{
	const struct hops_hop *hop = &h->hop[ttl];
	struct hops_count c;

	hops_count(h, ttl, &c);
	switch (letter) {
	case 'D':
		*value = c.lost;
		return true;
	case 'R':
		*value = c.answered;
		return true;
	case 'S':
		*value = c.sent;
		return true;
	case 'N':
		*value = hop->last_ns;
		return hop->timed;
	case 'J':
		*value = hop->jitter_ns;
		return hop->jittered;
	case 'G':
		/* Of records alone: without some of them it would be another number. */
		if (!hop->logs || h->dropped)
			return false;
		*value = exp(hop->log_sum / hop->logs) + 0.5;
		return true;
	case 'B':
		return statistic(hop, ICMPCTL_STATS_A_RTT_MIN_NS, value);
	case 'A':
		return statistic(hop, ICMPCTL_STATS_A_RTT_MEAN_NS, value);
	case 'W':
		return statistic(hop, ICMPCTL_STATS_A_RTT_MAX_NS, value);
	case 'V':
		return statistic(hop, ICMPCTL_STATS_A_RTT_STDDEV_NS, value);
	case 'M':
		return statistic(hop, ICMPCTL_STATS_A_IPDV_MEAN_NS, value);
	case 'X':
		return statistic(hop, ICMPCTL_STATS_A_IPDV_MAX_NS, value);
	case 'I':
		return statistic(hop, ICMPCTL_STATS_A_JITTER_NS, value);
	case '5':
		return statistic(hop, ICMPCTL_STATS_A_RTT_P50_NS, value);
	case '9':
		return statistic(hop, ICMPCTL_STATS_A_RTT_P90_NS, value);
	case 'P':
		return statistic(hop, ICMPCTL_STATS_A_RTT_P99_NS, value);
	}
	return false;
}

/* Milliseconds in six characters: as many decimals as there is room for, three at most. */
static void put_time(char buf[MTR_CELL], uint64_t ns)
{
	static const uint64_t steps[] = { 1, 10, 100 };

	for (unsigned int i = 0; i < 3; i++) {
		uint64_t unit = steps[i] * NSEC_PER_USEC, n = (ns + unit / 2) / unit;
		uint64_t per_ms = 1000 / steps[i];

		if (n >= 100000)
			continue;
		snprintf(buf, MTR_CELL, "%" PRIu64 ".%0*" PRIu64, n / per_ms, 3 - (int)i,
			 n % per_ms);
		return;
	}
	snprintf(buf, MTR_CELL, "%" PRIu64, (ns + NSEC_PER_MSEC / 2) / NSEC_PER_MSEC);
}

/**
 * mtr_verdict_name - what the loss of a hop means, as a word
 * @verdict: see there
 *
 * Return: the word.
 */
const char *mtr_verdict_name(enum hops_verdict verdict)
{
	switch (verdict) {
	case HOPS_LIMITED:
		return "limited";
	case HOPS_SILENT:
		return "silent";
	case HOPS_PLAIN:
		break;
	}
	return "plain";
}

/**
 * mtr_cell - a number of a hop for people
 * @buf: where it is put together
 * @h: the hops
 * @ttl: which one
 * @letter: the field
 *
 * Times are milliseconds. Loss that is none is a word.
 *
 * Return: the text, "-" where there is no number.
 */
const char *mtr_cell(char buf[MTR_CELL], const struct hops *h, unsigned int ttl, char letter)
{
	const struct mtr_field *f = mtr_field(letter);
	enum hops_verdict verdict = h->hop[ttl].verdict;
	uint64_t value;
	double loss;

	if (!f || f->kind == MTR_SPACE)
		return "";
	if (f->kind == MTR_LOSS) {
		if (verdict != HOPS_PLAIN)
			return mtr_verdict_name(verdict);
		if (!hops_loss(h, ttl, &loss))
			return "-";
		/* Neither none nor all that is not so. */
		if (loss > 0 && loss < 0.001)
			return "<0.1%";
		if (loss < 1 && loss > 0.999)
			return "99.9%";
		snprintf(buf, MTR_CELL, "%.1f%%", 100 * loss);
		return buf;
	}
	if (!mtr_field_value(h, ttl, letter, &value))
		return "-";
	if (f->kind == MTR_COUNT)
		snprintf(buf, MTR_CELL, "%" PRIu64, value);
	else
		put_time(buf, value);
	return buf;
}

/**
 * mtr_host - how an address is shown
 * @buf: where it is put together
 * @out: how
 * @addr: the address
 *
 * Return: its name, itself, or both; fit to be printed.
 */
const char *mtr_host(char buf[MTR_HOST], const struct out_mtr *out, const uint8_t *addr)
{
	int family = out->hops->family;
	uint32_t scope = address_is_link_local(family, addr) ? out->target->scope : 0;
	const char *name = out->name_of ? out->name_of(family, addr, scope) : NULL;
	char number[ADDRESS_LEN];

	address_text(number, family, addr, scope);
	text_safe(buf, MTR_HOST - ADDRESS_LEN - 4, name ? name : number);
	if (name && out->both)
		snprintf(buf + strlen(buf), ADDRESS_LEN + 4, " (%s)", number);
	return buf;
}

/**
 * mtr_annotation - what is to be said of a hop that ends the path but is not the target
 * @buf: where it is put together
 * @h: the hops
 * @ttl: which one
 *
 * Return: "!H" and the like, as traceroute has it; "" for nothing.
 */
const char *mtr_annotation(char buf[16], const struct hops *h, unsigned int ttl)
{
	const struct hops_hop *hop = &h->hop[ttl];
	const struct path_answer answer = {
		.known = true,
		.reply = hop->reply,
		.type = hop->type,
		.code = hop->code,
		.info = hop->info,
	};

	return hop->addresses ? path_annotation(buf, h->family, &answer) : "";
}

/* An object that is no label stack, by itself. */
static void put_object(const struct extension_object *o, mtr_line_fn *line, void *arg)
{
	struct icmpctl_extension alone = { .len = o->len + 4 };
	char inner[EXTENSION_TEXT_LEN], text[EXTENSION_TEXT_LEN + 2];

	/* With its header, which is before what it says. */
	memcpy(alone.objects, o->data - 4, alone.len);
	snprintf(text, sizeof(text), "[%s]", extension_text(inner, &alone));
	line(arg, text);
}

/**
 * mtr_extensions - what an address appended to its last answer, as mtr has it
 * @out: how; if it is not wanted there is nothing
 * @hop: the hop
 * @address: which of its addresses
 * @line: called for each line
 * @arg: its first argument
 */
void mtr_extensions(const struct out_mtr *out, const struct hops_hop *hop, unsigned int address,
		    mtr_line_fn *line, void *arg)
{
	const char *fault = extension_fault(hop->extension_state[address]);
	struct extension_object o;
	char text[80];
	size_t at = 0;

	if (!out->extensions)
		return;
	if (fault) {
		snprintf(text, sizeof(text), "[extension: %s]", fault);
		line(arg, text);
	}
	while (extension_next(&hop->extension[address], &at, &o)) {
		if (!extension_is_mpls(&o)) {
			put_object(&o, line, arg);
			continue;
		}
		for (size_t n = 0; n < o.len / 4; n++) {
			uint32_t label = extension_label(&o, n);

			snprintf(text, sizeof(text), "[MPLS: Lbl %u TC %u S %u TTL %u]",
				 label >> 12, label >> 9 & 7, label >> 8 & 1, label & 255);
			line(arg, text);
		}
	}
}
