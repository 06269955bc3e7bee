/* SPDX-License-Identifier: GPL-2.0 */
/* Strings from elsewhere, made fit to be printed; and likely misspellings. */
#ifndef ICMPCTL_TEXT_H
#define ICMPCTL_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void text_locale(void);
bool text_terminal_utf8(void);
char *text_safe(char *dst, size_t size, const char *src);
size_t text_harmless(const char *s, uint32_t *next);
char *text_utf8(char *dst, size_t size, const char *src);
char *text_label(char *dst, size_t size, const char *src);
int text_fit(char *dst, size_t size, const char *src, int columns);
bool text_is_ascii(const char *s);
bool text_similar(const char *a, const char *b);

#endif
