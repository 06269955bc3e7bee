// SPDX-License-Identifier: GPL-2.0
/*
 * mtr's live view: what stands where on a screen of any size. It knows the numbers and
 * what the user wants to see, and no terminal.
 */
#include "out_mtr_screen.h"

#include <math.h>
#include <string.h>
#include <wchar.h>

#include "lib/text.h"

#define HOST_WIDTH	30
#define HOST_MIN	12
#define STRIP_MIN	8
#define LINE		2048
/* Lines above the hops, and below them. */
#define HEAD_ROWS	3
#define FOOT_ROWS	1

struct page {
	const struct mtr_screen *s;
	const struct out_mtr *out;
	int rows, columns;
	mtr_put_fn *put;
	void *arg;
	/* where the columns are */
	char fields[MTR_FIELDS_MAX];
	int host, strip_at, strip;
	/* line of hops that is put next */
	int line;
	/* the rounds that fit, and the scale of them all */
	uint64_t rounds;
	double least, most;
};

static void put(const struct page *p, int row, int column, enum mtr_look look, const char *text)
{
	if (row >= 0 && row < p->rows && column < p->columns && *text)
		p->put(p->arg, row, column, look, text);
}

static void put_fit(const struct page *p, int row, int column, int width, enum mtr_look look,
		    const char *text)
{
	char line[LINE];

	if (width > p->columns - column)
		width = p->columns - column;
	text_fit(line, sizeof(line), text, width);
	put(p, row, column, look, line);
}

static int fields_width(const char *fields)
{
	int width = 0;

	for (; *fields; fields++)
		width += mtr_field(*fields)->width;
	return width;
}

static const char *fields_wanted(const struct mtr_screen *s, const struct out_mtr *out,
				 int columns)
{
	/* As the screen grows: jitter, and then the far end of the distribution first. */
	static const char *const growing[] = {
		MTR_FIELDS_DEFAULT "I59P", MTR_FIELDS_DEFAULT "I9P", MTR_FIELDS_DEFAULT "IP",
		MTR_FIELDS_DEFAULT "I", MTR_FIELDS_DEFAULT,
	};
	unsigned int i = 0;

	if (s->mode != MTR_NUMBERS)
		return "LA";
	if (*s->order)
		return s->order;
	if (s->set)
		return s->set == 1 ? MTR_FIELDS_JITTER : MTR_FIELDS_PERCENTILES;
	if (strcmp(out->fields, MTR_FIELDS_DEFAULT))
		return out->fields;
	while (i + 1 < sizeof(growing) / sizeof(growing[0]) &&
	       fields_width(growing[i]) + HOST_WIDTH > columns)
		i++;
	return growing[i];
}

/* Decides on the columns: fields, hosts, the strip of the last rounds. */
static void lay_out(struct page *p)
{
	int rest, n;

	snprintf(p->fields, sizeof(p->fields), "%s",
		 fields_wanted(p->s, p->out, p->columns));
	/* What does not fit is left out from the right. */
	for (n = strlen(p->fields);
	     n && fields_width(p->fields) + HOST_MIN > p->columns; n--)
		p->fields[n - 1] = '\0';
	rest = p->columns - fields_width(p->fields);
	p->host = rest < HOST_WIDTH ? rest : HOST_WIDTH;
	p->strip = rest - p->host - 1;
	if (p->strip > HOPS_ROUNDS)
		p->strip = HOPS_ROUNDS;
	if (p->strip < STRIP_MIN) {
		p->host = rest;
		p->strip = 0;
	}
	p->strip_at = p->host + fields_width(p->fields) + 1;
}

/* The rounds of a hop that are on the strip: first and last. */
static uint64_t first_round(const struct page *p)
{
	return p->rounds > (uint64_t)p->strip ? p->rounds - p->strip + 1 : 1;
}

static void widen(double *least, double *most, const struct hops_round *r)
{
	if (!r || r->fate != HOPS_ANSWERED || !r->rtt_ns)
		return;
	if (!*most || r->rtt_ns < *least)
		*least = r->rtt_ns;
	if (r->rtt_ns > *most)
		*most = r->rtt_ns;
}

static void scale_of_all(struct page *p)
{
	const struct hops *h = p->out->hops;

	for (unsigned int ttl = h->first; ttl <= hops_last(h); ttl++)
		for (uint64_t round = first_round(p); round <= p->rounds; round++)
			widen(&p->least, &p->most, hops_round(h, ttl, round));
}

/* Which of @n equal parts of a scale a value lies in, from 0. */
static int part(double value, double least, double most, int n)
{
	int i = most > least ? (value - least) / (most - least) * n : 0;

	return i < 0 ? 0 : i < n ? i : n - 1;
}

/* RTTs of a path differ by factors, so their scale goes by factors. */
static int heat(const struct page *p, double rtt_ns)
{
	return part(log(rtt_ns), log(p->least), log(p->most), MTR_LEVELS);
}

/* A round without an answer: on its way, lost, or what is no loss at this hop. */
static const char *unanswered(const struct page *p, unsigned int ttl, uint64_t round,
			      const struct hops_count *c, enum mtr_look *look)
{
	const struct hops *h = p->out->hops;
	uint64_t not_yet = p->rounds > c->sent ? p->rounds - c->sent : 0;
	const struct hops_round *r = hops_round(h, ttl, round);
	/* A hop is at most one round behind, or was asked later than others were. */
	uint64_t newest = not_yet == 1 ? p->rounds - 1 : p->rounds;

	if (!r && (round > newest || newest - round < c->waiting ||
		   newest - round >= c->sent || h->dropped))
		return " ";
	*look = h->hop[ttl].verdict == HOPS_PLAIN ? MTR_LOST : MTR_FAINT;
	return h->hop[ttl].verdict == HOPS_PLAIN ? "?" : "-";
}

static void put_strip(const struct page *p, int row, unsigned int ttl)
{
	static const char *const bars[] = { "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };
	static const char *const signs[] = { "_", ".", ":", "-", "=", "+", "*", "#" };
	static const char *const digits[] = { "1", "2", "3", "4", "5", "6" };
	const struct hops *h = p->out->hops;
	double least = 0, most = 0;
	struct hops_count c;
	int column = p->strip_at;

	hops_count(h, ttl, &c);
	for (uint64_t round = first_round(p); round <= p->rounds; round++)
		widen(&least, &most, hops_round(h, ttl, round));
	for (uint64_t round = first_round(p); round <= p->rounds; round++, column++) {
		const struct hops_round *r = hops_round(h, ttl, round);
		enum mtr_look look = MTR_PLAIN;
		const char *sign;

		if (!r || r->fate != HOPS_ANSWERED) {
			sign = unanswered(p, ttl, round, &c, &look);
		} else if (!r->rtt_ns) {
			sign = "!";
		} else if (p->s->mode == MTR_HEAT) {
			look = MTR_LEVEL + heat(p, r->rtt_ns);
			sign = digits[heat(p, r->rtt_ns)];
		} else {
			look = MTR_LEVEL + heat(p, r->rtt_ns);
			sign = (p->s->utf8 ? bars : signs)[part(r->rtt_ns, least, most, 8)];
		}
		put(p, row, column, look, sign);
	}
}

/* A line among those of the hops; NULL if it is not on the screen. */
static int hop_row(struct page *p)
{
	int row = HEAD_ROWS + p->line++ - (int)p->s->scroll;

	return row >= HEAD_ROWS && row < p->rows - FOOT_ROWS ? row : -1;
}

static void put_extension(void *arg, const char *text)
{
	struct page *p = arg;
	char line[LINE];

	snprintf(line, sizeof(line), "    %s", text);
	put_fit(p, hop_row(p), 0, p->columns, MTR_FAINT, line);
}

static void put_hop(struct page *p, unsigned int ttl)
{
	const struct hops_hop *hop = &p->out->hops->hop[ttl];
	unsigned int kept = hop->addresses < HOPS_ADDRESSES ? hop->addresses : HOPS_ADDRESSES;
	char line[LINE], host[MTR_HOST], cell[MTR_CELL], said[16];
	int row = hop_row(p), column = p->host;

	snprintf(line, sizeof(line), "%3u. %s", ttl,
		 hop->addresses ? mtr_host(host, p->out, hop->address[hop->latest]) : "???");
	if (*mtr_annotation(said, p->out->hops, ttl))
		snprintf(line + strlen(line), sizeof(line) - strlen(line), " %s",
			 mtr_annotation(said, p->out->hops, ttl));
	put_fit(p, row, 0, p->host - 1, MTR_PLAIN, line);
	for (const char *f = p->fields; *f; f++) {
		const struct mtr_field *field = mtr_field(*f);
		const char *text = mtr_cell(cell, p->out->hops, ttl, *f);
		enum mtr_look look = MTR_PLAIN;
		double loss;

		if (field->kind == MTR_LOSS && hop->verdict != HOPS_PLAIN)
			look = MTR_FAINT;
		else if (field->kind == MTR_LOSS && hops_loss(p->out->hops, ttl, &loss) && loss > 0)
			look = MTR_LOST;
		snprintf(line, sizeof(line), "%*s", field->width, text);
		if (row >= 0)
			put(p, row, column, look, line);
		column += field->width;
	}
	if (p->strip && row >= 0)
		put_strip(p, row, ttl);
	mtr_extensions(p->out, hop, hop->latest, put_extension, p);
	for (unsigned int i = 0; i < kept; i++) {
		if (i == hop->latest)
			continue;
		row = hop_row(p);
		snprintf(line, sizeof(line), "     %s",
			 mtr_host(host, p->out, hop->address[i]));
		put_fit(p, row, 0, p->columns, MTR_PLAIN, line);
		mtr_extensions(p->out, hop, i, put_extension, p);
	}
	if (hop->addresses > kept) {
		snprintf(line, sizeof(line), "     and %u more", hop->addresses - kept);
		put_fit(p, hop_row(p), 0, p->columns, MTR_PLAIN, line);
	}
}

/* Right-aligned, if it has room behind what begins the line. */
static void put_right(const struct page *p, int row, int behind, const char *text)
{
	int column = p->columns - (int)strlen(text);

	if (column > behind)
		put(p, row, column, MTR_PLAIN, text);
}

static void put_head(const struct page *p)
{
	static const char *const modes[] = { "numbers", "sparkline", "heat" };
	const struct out_mtr *out = p->out;
	char local[MTR_HOST], given[MTR_HOST], line[LINE];
	int used, column = p->host;

	used = snprintf(line, sizeof(line), "%s (%s) -> %s (%s)",
			text_safe(local, sizeof(local), out->local), out->source,
			text_safe(given, sizeof(given), out->target->given), out->target->text);
	put_fit(p, 0, 0, p->columns, MTR_PLAIN, line);
	put_right(p, 0, used, p->s->clock);

	if (p->s->editing) {
		snprintf(line, sizeof(line), "Fields of LDRSNBAWVGJMXI59P, Enter: %s_", p->s->edit);
		put_fit(p, 1, 0, p->columns, MTR_BAR, line);
	} else if (p->s->paused) {
		put_fit(p, 1, 0, p->columns, MTR_BAR,
			"Paused: space goes on. What happens meanwhile is counted.");
	} else {
		put_fit(p, 1, 0, p->columns, MTR_PLAIN,
			"?: help  d: display  j: columns  o: order  n: names  p: pause  r: reset  q: quit");
	}
	snprintf(line, sizeof(line), "%-*s", p->columns, "  Hop and host");
	put_fit(p, 2, 0, p->columns, MTR_BAR, line);
	for (const char *f = p->fields; *f; f++) {
		snprintf(line, sizeof(line), "%*s", mtr_field(*f)->width, mtr_field(*f)->title);
		put(p, 2, column, MTR_BAR, line);
		column += mtr_field(*f)->width;
	}
	if (p->strip)
		put_fit(p, 2, p->strip_at, p->strip, MTR_BAR, modes[p->s->mode == MTR_NUMBERS ?
								  MTR_SPARKS : p->s->mode]);
}

/* What the six levels of heat stand for. */
static void put_scale(const struct page *p)
{
	char line[LINE] = "ms:";
	size_t used = strlen(line);

	for (int i = 0; i < MTR_LEVELS && p->most > 0; i++) {
		double top = p->least * pow(p->most / p->least, (i + 1.0) / MTR_LEVELS);

		used += snprintf(line + used, sizeof(line) - used, "  %d to %.3f", i + 1, top / 1e6);
	}
	put_fit(p, p->rows - 1, 0, p->columns, MTR_PLAIN, line);
}

static void put_foot(const struct page *p)
{
	int room = p->rows - HEAD_ROWS - FOOT_ROWS, last = p->s->scroll + room;
	char line[LINE];

	snprintf(line, sizeof(line), "lines %u to %d of %d: + and - show the others",
		 p->s->scroll + 1, last < p->line ? last : p->line, p->line);
	if (p->s->note)
		put_fit(p, p->rows - 1, 0, p->columns, MTR_LOST, p->s->note);
	else if (p->s->mode == MTR_HEAT)
		put_scale(p);
	else if (p->line > room)
		put_fit(p, p->rows - 1, 0, p->columns, MTR_PLAIN, line);
	else if (p->out->hops->dropped)
		put_fit(p, p->rows - 1, 0, p->columns, MTR_PLAIN,
			"Rounds are missing in the strip: the terminal is slow. The numbers are complete.");
}

static void put_help(const struct page *p)
{
	static const char *const lines[] = {
		"?, h    this help, and back",
		"d       display: numbers, sparkline, heat",
		"j       columns: usual, jitter, percentiles",
		"o       columns by letters:",
		"        L loss  D lost  R answered  S sent  N newest  B best  A mean  W worst",
		"        V deviation  G geometric mean  J newest, M mean, X greatest jitter",
		"        I jitter of RFC 3550  5 median  9, P 90th and 99th percentile",
		"e       MPLS labels and interfaces, where routers tell them",
		"n       names or addresses",
		"p       pause; space goes on",
		"r       reset: all numbers from the start",
		"+, -    further hops, where the screen is too small for all",
		"q       quit",
		"",
		"limited: this hop lost more answers than those behind it; no loss of the path",
		"silent:  it never answers, and others behind it do",
		"Strip:   one sign a round; ? lost, - not answered by a hop that limits",
	};
	int row = HEAD_ROWS;

	for (unsigned int i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		put_fit(p, row + i < (unsigned int)p->rows ? row + (int)i : -1, 1, p->columns - 1,
			MTR_PLAIN, lines[i]);
}

/**
 * mtr_screen_draw - put everything at its place
 * @s: what the user wants to see
 * @out: the numbers and who they are of; judged
 * @rows: of the screen
 * @columns: of the screen
 * @put_text: called for each piece; the screen is empty before
 * @arg: its first argument
 */
void mtr_screen_draw(const struct mtr_screen *s, const struct out_mtr *out, int rows,
		     int columns, mtr_put_fn *put_text, void *arg)
{
	const struct hops *h = out->hops;
	struct page p = {
		.s = s,
		.out = out,
		.rows = rows,
		.columns = columns,
		.put = put_text,
		.arg = arg,
		.rounds = hops_rounds(h),
	};

	lay_out(&p);
	scale_of_all(&p);
	put_head(&p);
	if (s->help) {
		put_help(&p);
		return;
	}
	for (unsigned int ttl = h->first; ttl <= hops_last(h); ttl++)
		put_hop(&p, ttl);
	put_foot(&p);
}
