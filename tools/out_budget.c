// SPDX-License-Identifier: GPL-2.0
/* The error budget, line by line, as text and as JSON. */
#include <json-c/json.h>
#include <stdio.h>

#include "lib/text.h"
#include "lib/units.h"
#include "out.h"

static const struct {
	const char *text, *key;
} lines[BUDGET_LINES] = {
	[BUDGET_CLOCK_READ] = { "clock read", "clock_read" },
	[BUDGET_DRIVER] = { "driver", "driver" },
	[BUDGET_COALESCING] = { "coalescing", "coalescing" },
	[BUDGET_CONVERSION] = { "clock conversion", "conversion" },
};

/**
 * out_text_budget - one line on what an RTT can be off by
 * @buf: where to
 * @b: the budget
 * @name: its interface, "" if that is not known
 *
 * Return: @buf.
 */
const char *out_text_budget(char buf[BUDGET_TEXT], const struct budget *b, const char *name)
{
	char safe[4 * IF_NAMESIZE], ns[UNITS_LEN];
	size_t len;

	len = snprintf(buf, BUDGET_TEXT, "error budget%s%s:", *name ? " of " : "",
		       text_safe(safe, sizeof(safe), name));
	for (int i = 0; i < BUDGET_LINES; i++) {
		/* Nothing is converted where there are no hardware stamps. */
		if (i == BUDGET_CONVERSION && budget_knows(b, i) && !b->ns[i])
			continue;
		len += snprintf(buf + len, BUDGET_TEXT - len, " %s %s,", lines[i].text,
				budget_knows(b, i) ? units_span(ns, b->ns[i]) : "not known");
	}
	snprintf(buf + len, BUDGET_TEXT - len, " sum %s", units_span(ns, b->sum_ns));
	return buf;
}

/**
 * out_json_budget - what an RTT can be off by
 * @b: the budget
 *
 * Return: an object; what is not known is null, and not in the sum.
 */
struct json_object *out_json_budget(const struct budget *b)
{
	struct json_object *o = json_object_new_object();

	for (int i = 0; i < BUDGET_LINES; i++)
		json_object_object_add(o, lines[i].key, budget_knows(b, i) ?
				       json_object_new_uint64(b->ns[i]) : NULL);
	json_object_object_add(o, "sum", json_object_new_uint64(b->sum_ns));
	return o;
}
