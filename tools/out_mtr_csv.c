// SPDX-License-Identifier: GPL-2.0
/* mtr's CSV: a head, then a line a hop; its columns first, ours behind them. */
#include "out_mtr.h"

#include <inttypes.h>
#include <string.h>

#include "lib/extension.h"
#include "lib/text.h"
#include "lib/units.h"
#include "version.h"

static const struct {
	const char *title;
	char letter;
} ours[] = {
	{ "Last_ns", 'N' }, { "Avg_ns", 'A' }, { "Best_ns", 'B' }, { "Wrst_ns", 'W' },
	{ "StDev_ns", 'V' }, { "P50_ns", '5' }, { "P90_ns", '9' }, { "P99_ns", 'P' },
	{ "Javg_ns", 'M' }, { "Jmax_ns", 'X' }, { "Jint_ns", 'I' },
};

/* RFC 4180: quoted where it has to be. */
static void put_text(FILE *file, const char *text)
{
	if (!strpbrk(text, ",\"\r\n")) {
		fputs(text, file);
		return;
	}
	fputc('"', file);
	for (; *text; text++) {
		if (*text == '"')
			fputc('"', file);
		fputc(*text, file);
	}
	fputc('"', file);
}

static void put_field(const struct out_mtr *out, unsigned int ttl, const struct mtr_field *f)
{
	const struct hops *h = out->hops;
	char text[UNITS_LEN];
	uint64_t value = 0;
	double loss = 0;

	switch (f->kind) {
	case MTR_LOSS:
		hops_loss(h, ttl, &loss);
		fprintf(out->file, ",%.2f", 100 * loss);
		return;
	case MTR_SPACE:
		/* What mtr has in this column: the lost probes. */
		mtr_field_value(h, ttl, 'D', &value);
		fprintf(out->file, ",%" PRIu64, value);
		return;
	case MTR_COUNT:
		mtr_field_value(h, ttl, f->letter, &value);
		fprintf(out->file, ",%" PRIu64, value);
		return;
	case MTR_TIME:
		if (!mtr_field_value(h, ttl, f->letter, &value))
			value = 0;
		fprintf(out->file, ",%s", units_ms(text, value));
		return;
	}
}

static void put_hop(const struct out_mtr *out, unsigned int ttl)
{
	const struct hops *h = out->hops;
	const struct hops_hop *hop = &h->hop[ttl];
	unsigned int kept = hop->addresses < HOPS_ADDRESSES ? hop->addresses : HOPS_ADDRESSES;
	char host[MTR_HOST], number[ADDRESS_LEN];
	char text[EXTENSION_TEXT_LEN];
	uint64_t value;

	fprintf(out->file, "icmpctl.%s,%" PRIu64 ",OK,", ICMPCTL_VERSION,
		out->started_unix_ns / NSEC_PER_SEC);
	put_text(out->file, text_safe(host, sizeof(host), out->target->given));
	fprintf(out->file, ",%u,", ttl);
	put_text(out->file,
		 hop->addresses ? mtr_host(host, out, hop->address[hop->latest]) : "???");
	for (const char *f = out->fields; *f; f++)
		put_field(out, ttl, mtr_field(*f));
	fprintf(out->file, ",%s,", mtr_verdict_name(hop->verdict));
	for (unsigned int i = 0; i < kept; i++)
		fprintf(out->file, "%s%s", i ? " " : "",
			address_text(number, h->family, hop->address[i],
				     address_is_link_local(h->family, hop->address[i]) ?
				     out->target->scope : 0));
	for (unsigned int i = 0; i < sizeof(ours) / sizeof(ours[0]); i++) {
		fputc(',', out->file);
		if (mtr_field_value(h, ttl, ours[i].letter, &value))
			fprintf(out->file, "%" PRIu64, value);
	}
	fputc(',', out->file);
	if (hop->addresses && hop->extension[hop->latest].len)
		put_text(out->file, extension_text(text, &hop->extension[hop->latest]));
	fputc('\n', out->file);
}

/**
 * out_mtr_csv - print the report as CSV
 * @out: what, and how
 */
void out_mtr_csv(const struct out_mtr *out)
{
	const struct hops *h = out->hops;

	fputs("Mtr_Version,Start_Time,Status,Host,Hop,Ip", out->file);
	for (const char *f = out->fields; *f; f++)
		fprintf(out->file, ",%s", mtr_field(*f)->title);
	fputs(",Verdict,Addresses", out->file);
	for (unsigned int i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		fprintf(out->file, ",%s", ours[i].title);
	fputs(",Extensions\n", out->file);
	for (unsigned int ttl = h->first; ttl <= hops_last(h); ttl++)
		put_hop(out, ttl);
}
