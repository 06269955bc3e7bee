// SPDX-License-Identifier: GPL-2.0
/*
 * Strings from elsewhere. A host name comes from whoever runs the name server
 * of an address, and a terminal obeys what is printed to it: so nothing that
 * could be a command to a terminal is printed as it came.
 */
#include "lib/text.h"

#include <ctype.h>
#include <langinfo.h>
#include <locale.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <wchar.h>

static bool terminal_utf8;

/**
 * text_locale - learn what the terminal can show
 *
 * Only the character set is taken from the locale: numbers and messages stay
 * as they are, whoever reads them.
 */
void text_locale(void)
{
	setlocale(LC_CTYPE, "");
	terminal_utf8 = !strcasecmp(nl_langinfo(CODESET), "UTF-8");
}

/**
 * text_terminal_utf8 - can the terminal show all characters
 *
 * Return: true if it takes UTF-8.
 */
bool text_terminal_utf8(void)
{
	return terminal_utf8;
}

/* The length of the UTF-8 sequence at @s, 0 if it is none; @cp gets its value. */
static int utf8_next(const char *s, uint32_t *cp)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *u = (const unsigned char *)s;
	int len;

	if (u[0] < 0x80) {
		*cp = u[0];
		return 1;
	}
	if (u[0] >= 0xc2 && u[0] <= 0xdf)
		len = 2;
	else if (u[0] >= 0xe0 && u[0] <= 0xef)
		len = 3;
	else if (u[0] >= 0xf0 && u[0] <= 0xf4)
		len = 4;
	else
		return 0;
	*cp = u[0] & (0xff >> (len + 1));
	for (int i = 1; i < len; i++) {
		/* A NUL is no continuation either: never past the end. */
		if ((u[i] & 0xc0) != 0x80)
			return 0;
		*cp = *cp << 6 | (u[i] & 0x3f);
	}
	if (*cp < least[len] || *cp > 0x10ffff || (*cp >= 0xd800 && *cp <= 0xdfff))
		return 0;
	return len;
}

/* Controls, and the characters that reorder or hide what is around them. */
static bool harmful(uint32_t cp)
{
	return cp < 0x20 || (cp >= 0x7f && cp <= 0x9f) ||
	       (cp >= 0x200b && cp <= 0x200f) ||
	       (cp >= 0x2028 && cp <= 0x202e) ||
	       (cp >= 0x2060 && cp <= 0x206f) || cp == 0xad ||
	       cp == 0x061c || cp == 0xfeff || (cp >= 0xe0000 && cp <= 0xe0fff);
}

/**
 * text_harmless - how much of a text does nothing to a terminal that shows it
 * @s: the text, in UTF-8; what is below 0x80 is its author's own
 * @next: gets the harmful character behind that, 0 if there is none
 *
 * Return: its length in bytes; @next begins there.
 */
size_t text_harmless(const char *s, uint32_t *next)
{
	size_t at = 0;

	while (s[at]) {
		int len = utf8_next(s + at, next);

		if (len && *next >= 0x7f && harmful(*next))
			return at;
		at += len ? len : 1;
	}
	*next = 0;
	return at;
}

/**
 * text_safe - copy a string so that it can be printed
 * @dst: where to
 * @size: of @dst; what does not fit is cut off at a character
 * @src: anything; each byte of what must not be printed becomes \ooo
 *
 * Return: @dst.
 */
char *text_safe(char *dst, size_t size, const char *src)
{
	size_t used = 0;

	while (*src) {
		uint32_t cp = 0;
		int len = utf8_next(src, &cp);

		if (len && !harmful(cp) && (len == 1 || terminal_utf8)) {
			if (used + len >= size)
				break;
			memcpy(dst + used, src, len);
			used += len;
			src += len;
			continue;
		}
		if (!len)
			len = 1;
		if (used + 4 * len >= size)
			break;
		for (; len; len--, used += 4)
			sprintf(dst + used, "\\%03o", (unsigned char)*src++);
	}
	if (size)
		dst[used] = '\0';
	return dst;
}

static char *utf8(char *dst, size_t size, const char *src, bool (*wrong)(uint32_t cp))
{
	size_t used = 0;

	while (*src) {
		uint32_t cp;
		int len = utf8_next(src, &cp);
		bool good = len && !(wrong && wrong(cp));
		const char *from = good ? src : "\357\277\275";
		int n = good ? len : 3;

		if (used + n >= size)
			break;
		memcpy(dst + used, from, n);
		used += n;
		src += len ? len : 1;
	}
	if (size)
		dst[used] = '\0';
	return dst;
}

/**
 * text_utf8 - copy a string so that it is UTF-8, for JSON
 * @dst: where to
 * @size: of @dst; what does not fit is cut off at a character
 * @src: anything; a byte that is not UTF-8 becomes U+FFFD
 *
 * Return: @dst.
 */
char *text_utf8(char *dst, size_t size, const char *src)
{
	return utf8(dst, size, src, NULL);
}

static bool harmful_in_label(uint32_t cp)
{
	return cp != '\n' && harmful(cp);
}

/**
 * text_label - copy a string for whoever escapes newlines, and nothing else that is harmful
 * @dst: where to
 * @size: of @dst; what does not fit is cut off at a character
 * @src: anything; what is not UTF-8 or would write on a terminal becomes U+FFFD
 *
 * Return: @dst.
 */
char *text_label(char *dst, size_t size, const char *src)
{
	return utf8(dst, size, src, harmful_in_label);
}

/**
 * text_is_ascii - does a string have ASCII characters alone
 * @s: the string
 *
 * Return: true if so.
 */
bool text_is_ascii(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s >= 0x80)
			return false;
	return true;
}

#define WORD_MAX 32

/**
 * text_similar - could @a be a misspelling of @b
 * @a: what was typed
 * @b: a word that exists
 *
 * Return: true if one is the start of the other (two letters at least) or if
 * two letters at most were added, left out, changed or swapped.
 */
bool text_similar(const char *a, const char *b)
{
	int la = strlen(a), lb = strlen(b), row[3][WORD_MAX + 1], limit;

	if (!la || la > WORD_MAX || lb > WORD_MAX)
		return false;
	if (la >= 2 && lb >= 2 && !strncmp(a, b, la < lb ? la : lb))
		return true;
	/* Damerau-Levenshtein (optimal alignment), three rows at a time. */
	for (int j = 0; j <= lb; j++)
		row[0][j] = j;
	for (int i = 1; i <= la; i++) {
		int *now = row[i % 3], *last = row[(i + 2) % 3];
		int *before = row[(i + 1) % 3];

		now[0] = i;
		for (int j = 1; j <= lb; j++) {
			int best = last[j - 1] + (a[i - 1] != b[j - 1]);

			if (last[j] + 1 < best)
				best = last[j] + 1;
			if (now[j - 1] + 1 < best)
				best = now[j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1] && before[j - 2] + 1 < best)
				best = before[j - 2] + 1;
			now[j] = best;
		}
	}
	/* Of a short word two wrong letters leave nothing to recognise. */
	limit = la < 4 ? 1 : 2;
	return row[la % 3][lb] <= limit;
}

/**
 * text_fit - as much of a text as fits into so many columns of a terminal
 * @dst: where to
 * @size: of @dst, in bytes
 * @src: anything that may be printed
 * @columns: how many there are; ~ stands for what did not fit
 *
 * Return: the columns it takes.
 */
int text_fit(char *dst, size_t size, const char *src, int columns)
{
	int used = 0, before = 0;
	size_t len = 0, cut = 0;
	mbstate_t state = { 0 };

	if (columns <= 0)
		columns = 0;
	while (*src) {
		wchar_t wide;
		size_t n = mbrtowc(&wide, src, MB_CUR_MAX, &state);
		int width;

		if (n == (size_t)-1 || n == (size_t)-2 || !n) {
			memset(&state, 0, sizeof(state));
			n = 1;
			wide = '?';
		}
		width = wcwidth(wide);
		if (width < 0)
			width = 1;
		if (used + width > columns || len + n >= size) {
			len = cut;
			used = before;
			if (used < columns && len + 1 < size) {
				dst[len++] = '~';
				used++;
			}
			break;
		}
		/* Up to here it may be cut, so that the ~ has its place. */
		if (used < columns) {
			cut = len;
			before = used;
		}
		memcpy(dst + len, src, n);
		len += n;
		used += width;
		src += n;
	}
	dst[len] = '\0';
	return used;
}
