/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What mtr has to tell: the numbers of each hop, as a report at the end or as they are
 * while it runs. Who measures and who prints do not know each other.
 */
#ifndef ICMPCTL_OUT_MTR_H
#define ICMPCTL_OUT_MTR_H

#include <stdio.h>

#include "lib/hops.h"
#include "lib/target.h"

/* Of the fields a user may ask for. */
#define MTR_FIELDS_MAX	32
#define MTR_FIELDS_DEFAULT "LS NABWV"
#define MTR_FIELDS_JITTER "DR AGJMXI"
#define MTR_FIELDS_PERCENTILES "LS 59PBWI"

#define MTR_CELL	32
#define MTR_HOST	1200

/**
 * struct out_mtr - what is printed, and how
 * @file: where to
 * @hops: the numbers; judged
 * @target: where the path leads
 * @local: name of this host
 * @source: address of ours that the probes have, "" if not known
 * @device: interface they are bound to, NULL for none
 * @fields: which, a letter each
 * @name_of: the name of an address if known by now, else NULL; NULL for addresses alone
 * @both: address and name
 * @wide: as wide as the longest name
 * @extensions: what routers append is shown
 * @cycles: rounds asked for, 0 for no end
 * @packet_bytes: length of the probes, IP header included
 * @tos: their type of service or traffic class
 * @started_unix_ns: when the first session began
 * @elapsed_ns: how long it all took
 */
struct out_mtr {
	FILE *file;
	const struct hops *hops;
	const struct target *target;
	const char *local;
	char source[ADDRESS_LEN];
	const char *device;
	const char *fields;
	const char *(*name_of)(int family, const uint8_t *addr, uint32_t scope);
	bool both, wide, extensions;
	uint64_t cycles;
	unsigned int packet_bytes, tos;
	uint64_t started_unix_ns, elapsed_ns;
};

/* What a field is made of. */
enum mtr_kind {
	MTR_SPACE,
	MTR_LOSS,
	MTR_COUNT,
	MTR_TIME,
};

/**
 * struct mtr_field - a column
 * @letter: how it is asked for
 * @title: its head
 * @help: what it is
 * @width: columns it takes, the space before it among them
 * @kind: see there
 */
struct mtr_field {
	char letter;
	const char *title, *help;
	unsigned int width;
	enum mtr_kind kind;
};

/* out_mtr_fields.c */
extern const struct mtr_field mtr_fields[];

const struct mtr_field *mtr_field(char letter);
bool mtr_field_value(const struct hops *h, unsigned int ttl, char letter, uint64_t *value);
const char *mtr_cell(char buf[MTR_CELL], const struct hops *h, unsigned int ttl, char letter);
const char *mtr_verdict_name(enum hops_verdict verdict);
const char *mtr_host(char buf[MTR_HOST], const struct out_mtr *out, const uint8_t *addr);
typedef void mtr_line_fn(void *arg, const char *text);
void mtr_extensions(const struct out_mtr *out, const struct hops_hop *hop, unsigned int address,
		    mtr_line_fn *line, void *arg);
const char *mtr_annotation(char buf[16], const struct hops *h, unsigned int ttl);

void out_mtr_text(const struct out_mtr *out);
struct json_object;

struct json_object *out_mtr_json_hubs(const struct out_mtr *out);
void out_mtr_json(const struct out_mtr *out);
void out_mtr_csv(const struct out_mtr *out);

#endif
