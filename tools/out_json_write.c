// SPDX-License-Identifier: GPL-2.0
/*
 * JSON is read by machines, and looked at in terminals. Names from elsewhere are in it as they
 * are, but for what a terminal would obey: the library escapes controls below 0x20 and none
 * above, among them one that some terminals take for the beginning of a sequence (U+009B).
 */
#include "json.h"

static void escape(FILE *file, uint32_t cp)
{
	if (cp >= 0x10000) {
		cp -= 0x10000;
		fprintf(file, "\\u%04x", 0xd800 + (cp >> 10));
		cp = 0xdc00 + (cp & 0x3ff);
	}
	fprintf(file, "\\u%04x", cp);
}

static size_t utf8_len(uint32_t cp)
{
	return cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
}

/**
 * json_write - print an object and a newline, and give it back
 * @file: where to
 * @o: the object
 * @flags: JSON_C_TO_STRING_PLAIN, or what else there is
 */
void json_write(FILE *file, struct json_object *o, int flags)
{
	const char *s = json_object_to_json_string_ext(o, flags | JSON_C_TO_STRING_NOSLASHESCAPE);
	uint32_t next;

	for (;;) {
		size_t len = text_harmless(s, &next);

		fwrite(s, 1, len, file);
		if (!next)
			break;
		/* Beyond ASCII there is nothing in JSON but in strings. */
		escape(file, next);
		s += len + utf8_len(next);
	}
	putc('\n', file);
	json_object_put(o);
}
