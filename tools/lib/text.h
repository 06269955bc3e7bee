/* SPDX-License-Identifier: GPL-2.0 */
/* Strings from elsewhere, made fit to be printed; and likely misspellings. */
#ifndef ICMPCTL_TEXT_H
#define ICMPCTL_TEXT_H

#include <stdbool.h>
#include <stddef.h>

void text_locale(void);
bool text_terminal_utf8(void);
char *text_safe(char *dst, size_t size, const char *src);
char *text_utf8(char *dst, size_t size, const char *src);
bool text_is_ascii(const char *s);
bool text_similar(const char *a, const char *b);

#endif
