// SPDX-License-Identifier: GPL-2.0
/*
 * mtr's report: its lines and its columns, so that what reads those reads these. Times
 * have more digits; loss that is none is a word.
 */
#include "out_mtr.h"

#include <string.h>
#include <time.h>

#include "lib/text.h"
#include "lib/units.h"

/* "  1.|-- " and the host; with the default fields 80 columns in all. */
#define HOST_WIDTH	31
#define HOP_WIDTH	8

static void put_start(const struct out_mtr *out)
{
	time_t start = out->started_unix_ns / NSEC_PER_SEC;
	char text[64];
	struct tm tm;

	localtime_r(&start, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S%z", &tm);
	fprintf(out->file, "Start: %s\n", text);
}

/* Whose line it is: who answered last, or nobody. */
static const char *host_of(char buf[MTR_HOST], const struct out_mtr *out, unsigned int ttl)
{
	const struct hops_hop *hop = &out->hops->hop[ttl];
	char annotation[16];
	const char *said;

	if (!hop->addresses)
		return "???";
	mtr_host(buf, out, hop->address[hop->latest]);
	said = mtr_annotation(annotation, out->hops, ttl);
	if (*said)
		snprintf(buf + strlen(buf), MTR_HOST - strlen(buf), " %s", said);
	return buf;
}

/* Bytes of UTF-8 that begin a character. */
static int columns_of(const char *text)
{
	int n = 0;

	for (; *text; text++)
		n += (*text & 0xc0) != 0x80;
	return n;
}

static int host_width(const struct out_mtr *out, const char *local)
{
	const struct hops *h = out->hops;
	int width = HOST_WIDTH, n;
	char buf[MTR_HOST];

	if (!out->wide)
		return width;
	n = strlen("HOST: ") + columns_of(local);
	for (unsigned int ttl = h->first; ttl <= hops_last(h); ttl++) {
		if (n > width)
			width = n;
		n = HOP_WIDTH + columns_of(host_of(buf, out, ttl));
	}
	return n > width ? n : width;
}

static void pad(FILE *file, const char *text, int width)
{
	fprintf(file, "%s%*s", text, width > columns_of(text) ? width - columns_of(text) : 0, "");
}

static void put_extension(void *arg, const char *text)
{
	const struct out_mtr *out = arg;

	fprintf(out->file, "       %s\n", text);
}

/* The further addresses of a hop. */
static void put_others(struct out_mtr *out, unsigned int ttl)
{
	const struct hops_hop *hop = &out->hops->hop[ttl];
	unsigned int kept = hop->addresses < HOPS_ADDRESSES ? hop->addresses : HOPS_ADDRESSES;
	char buf[MTR_HOST];
	bool first = true;

	for (unsigned int i = 0; i < kept; i++) {
		if (i == hop->latest)
			continue;
		fprintf(out->file, "    |  %c|-- %s\n", first ? '`' : ' ',
			mtr_host(buf, out, hop->address[i]));
		mtr_extensions(out, hop, i, put_extension, out);
		first = false;
	}
	if (hop->addresses > kept)
		fprintf(out->file, "    |   |-- and %u more\n", hop->addresses - kept);
}

/**
 * out_mtr_text - print the report
 * @out: what, and how
 */
void out_mtr_text(const struct out_mtr *out)
{
	const struct hops *h = out->hops;
	char local[MTR_HOST], buf[MTR_HOST], cell[MTR_CELL];
	struct out_mtr lines = *out;
	int width;

	text_safe(local, sizeof(local), out->local);
	width = host_width(out, local);
	put_start(out);
	fputs("HOST: ", out->file);
	pad(out->file, local, width - (int)strlen("HOST: "));
	for (const char *f = out->fields; *f; f++)
		fprintf(out->file, "%*s", mtr_field(*f)->width,
			*f == ' ' ? "" : mtr_field(*f)->title);
	fputc('\n', out->file);
	for (unsigned int ttl = h->first; ttl <= hops_last(h); ttl++) {
		fprintf(out->file, "%3u.|-- ", ttl);
		pad(out->file, host_of(buf, out, ttl), width - HOP_WIDTH);
		for (const char *f = out->fields; *f; f++)
			fprintf(out->file, "%*s", mtr_field(*f)->width,
				mtr_cell(cell, h, ttl, *f));
		fputc('\n', out->file);
		mtr_extensions(out, &h->hop[ttl], h->hop[ttl].latest, put_extension, &lines);
		put_others(&lines, ttl);
	}
}
