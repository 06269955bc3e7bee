/* SPDX-License-Identifier: GPL-2.0 */
/* JSON objects, key by key, for whoever prints them. Keys are literals. */
#ifndef ICMPCTL_JSON_H
#define ICMPCTL_JSON_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "lib/session.h"
#include "lib/text.h"

static inline void add(struct json_object *o, const char *key, struct json_object *value)
{
	json_object_object_add_ex(o, key, value, JSON_C_OBJECT_KEY_IS_CONSTANT);
}

static inline void add_uint(struct json_object *o, const char *key, uint64_t value)
{
	add(o, key, json_object_new_uint64(value));
}

/* null: it is not known, or there is none. */
static inline void add_known(struct json_object *o, const char *key, uint64_t value)
{
	add(o, key, value ? json_object_new_uint64(value) : NULL);
}

static inline void add_bool(struct json_object *o, const char *key, bool value)
{
	add(o, key, json_object_new_boolean(value));
}

/* Whatever bytes it has, it is JSON. */
static inline void add_text(struct json_object *o, const char *key, const char *value)
{
	char utf8[4096];

	add(o, key, json_object_new_string(text_utf8(utf8, sizeof(utf8), value)));
}

/* A statistic; absent if it was not told. */
static inline void add_stat(struct json_object *o, const char *key,
			    const struct session_stats *s, int attr)
{
	if (stats_has(s, attr))
		add_uint(o, key, stats_get(s, attr));
}

/* A statistic; null if it was not told, where that means that there is none. */
static inline void add_stat_or_null(struct json_object *o, const char *key,
				    const struct session_stats *s, int attr)
{
	add(o, key, stats_has(s, attr) ? json_object_new_uint64(stats_get(s, attr)) : NULL);
}

void json_write(FILE *file, struct json_object *o, int flags);

/* Prints an object on a line of its own, and gives it back. */
static inline void print_line(FILE *file, struct json_object *o)
{
	json_write(file, o, JSON_C_TO_STRING_PLAIN);
}

#endif
