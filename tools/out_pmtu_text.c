// SPDX-License-Identifier: GPL-2.0
/*
 * A path MTU as text, in the manner of tracepath: a line for each finding, with the hop
 * it is about, and the result behind "Resume:".
 */
#include <string.h>

#include "lib/icmp_names.h"
#include "lib/text.h"
#include "lib/units.h"
#include "out_pmtu.h"

#define NAME_LEN 1100
/* Where tracepath begins to tell, behind the host. */
#define COLUMN 42

/**
 * out_pmtu_text_start - the head line
 * @out: the search
 */
void out_pmtu_text_start(const struct out_pmtu *out)
{
	char name[NAME_LEN];

	fprintf(out->file, "path MTU to %s (%s)\n",
		text_safe(name, sizeof(name), out->target->given), out->target->text);
}

static const char *host(const struct out_pmtu *out, const uint8_t *addr, char buf[NAME_LEN])
{
	int family = out->target->family;
	uint32_t scope = address_is_link_local(family, addr) ? out->target->scope : 0;
	const char *known = out->name_of ? out->name_of(family, addr, scope) : NULL;
	char number[ADDRESS_LEN], safe[NAME_LEN - ADDRESS_LEN - 4];

	address_text(number, family, addr, scope);
	if (known)
		snprintf(buf, NAME_LEN, "%s (%s)", text_safe(safe, sizeof(safe), known),
			 number);
	else
		snprintf(buf, NAME_LEN, "%s", number);
	return buf;
}

/* " 3:  r3.lab (198.51.100.9)             "; hop 0 is not known. */
static void put_hop(const struct out_pmtu *out, unsigned int hop, const uint8_t *addr)
{
	char buf[NAME_LEN];

	if (hop)
		fprintf(out->file, "%2u:  %-*s", hop, COLUMN - 5, host(out, addr, buf));
	else
		fprintf(out->file, " ?:  %-*s", COLUMN - 5, host(out, addr, buf));
}

static void put_told(const struct out_pmtu *out, const struct pmtu_told *told)
{
	char span[UNITS_LEN];

	put_hop(out, path_hop_of(&out->run->near->path, told->from), told->from);
	if (told->timed)
		fprintf(out->file, " %s ms", units_ms(span, told->rtt_ns));
	switch (told->doubt) {
	case PMTU_BELIEVED:
		if (told->mtu)
			fprintf(out->file, "  pmtu %u", told->mtu);
		else
			fprintf(out->file, "  too big: %u, and no word of what is not",
				told->bytes);
		break;
	case PMTU_NOT_SMALLER:
		fprintf(out->file, "  not believed: pmtu %u, told to packets of %u",
			told->mtu, told->bytes);
		break;
	case PMTU_TOO_SMALL:
		fprintf(out->file, "  not believed: pmtu %u, and %u is the least", told->mtu,
			out->run->pmtu.min);
		break;
	case PMTU_REFUTED:
		fprintf(out->file, "  not believed: pmtu %u, and packets of %u pass",
			told->mtu, pmtu_passes(&out->run->pmtu));
		break;
	}
	fputc('\n', out->file);
}

static const uint8_t *address_of_hop(const struct path *path, unsigned int ttl)
{
	for (unsigned int i = 0; i < path->queries; i++)
		if (path->hop[ttl].answers[i].known)
			return path->hop[ttl].answers[i].from;
	return NULL;
}

static void put_black_hole(const struct out_pmtu *out)
{
	const struct path *near = &out->run->near->path;
	unsigned int last = pmtu_run_last_hop(out->run), next = pmtu_run_next_hop(out->run);
	const uint8_t *addr = last ? address_of_hop(&out->run->far.path, last) : NULL;
	char buf[NAME_LEN];

	if (addr)
		put_hop(out, last, addr);
	else
		fprintf(out->file, " 0:  %-*s", COLUMN - 5, "[LOCALHOST]");
	fprintf(out->file, " black hole behind: %u bytes pass, %u vanish",
		pmtu_passes(&out->run->pmtu), pmtu_fails(&out->run->pmtu));
	if (next && address_of_hop(near, next))
		fprintf(out->file, ", before hop %u, %s", next,
			host(out, address_of_hop(near, next), buf));
	fputc('\n', out->file);
}

static void put_end(const struct out_pmtu *out)
{
	const struct pmtu *p = &out->run->pmtu;
	const struct path *near = &out->run->near->path;
	struct path_answer back = { .ttl = p->reply_ttl };
	char span[UNITS_LEN], name[ICMP_NAME_LEN], from[NAME_LEN];

	if (p->reply_ttl) {
		put_hop(out, near->end, out->target->addr);
		fprintf(out->file, " %s ms  reached\n", units_ms(span, p->rtt_min_ns));
	}
	fputs("     Resume: ", out->file);
	switch (p->outcome) {
	case PMTU_FOUND:
		fprintf(out->file, "pmtu %u", pmtu_passes(p));
		if (near->end)
			fprintf(out->file, " hops %u", near->end);
		if (path_return_hops(&back))
			fprintf(out->file, " back %u", path_return_hops(&back));
		if (pmtu_black_hole(p))
			fputs(", black hole: larger packets vanish without an error",
			      out->file);
		else if (pmtu_passes(p) == p->max)
			fputs(", the largest that was asked for", out->file);
		break;
	case PMTU_NO_REPLY:
		if (p->refused)
			fprintf(out->file, "no reply: %s says: %s",
				host(out, p->refused_by, from),
				icmp_text(name, p->family, p->refused_type,
					  p->refused_code, 0));
		else if (p->unsent)
			fprintf(out->file, "nothing was sent: %s", strerror(p->unsent));
		else
			fprintf(out->file, "no reply within %s; a longer -W waits longer",
				units_span(span, out->run->wait_ns));
		break;
	case PMTU_UNSETTLED:
		fprintf(out->file,
			"pmtu %u at least; packets of %u get lost, but not for their size",
			pmtu_passes(p), pmtu_fails(p));
		break;
	case PMTU_SEARCHING:
		fprintf(out->file, "interrupted; pmtu %u at least", pmtu_passes(p));
		break;
	}
	fputc('\n', out->file);
}

/**
 * out_pmtu_text_result - a line for each finding, and the result
 * @out: the search
 */
void out_pmtu_text_result(const struct out_pmtu *out)
{
	const struct pmtu *p = &out->run->pmtu;

	if (p->local)
		fprintf(out->file, " 1?: %-*s pmtu %u\n", COLUMN - 5, "[LOCALHOST]",
			p->local);
	for (unsigned int i = 0; i < p->tellers; i++)
		put_told(out, &p->told[i]);
	if (pmtu_black_hole(p))
		put_black_hole(out);
	put_end(out);
}
