// SPDX-License-Identifier: GPL-2.0
/* Strings from elsewhere, and misspellings. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "lib/text.h"

static void safe(const char *in, const char *expected, const char *what)
{
	char buf[256];

	check_text(text_safe(buf, sizeof(buf), in), expected, "safe: %s", what);
}

void test_text(void)
{
	char buf[256], small[6];
	uint32_t next;

	setenv("LC_ALL", "C.UTF-8", 1);
	text_locale();
	safe("far.lab", "far.lab", "plain");
	safe("a\033[2Jb", "a\\033[2Jb", "escape sequence");
	safe("a\nb\tc\177", "a\\012b\\011c\\177", "controls");
	safe("m\303\274nchen", "m\303\274nchen", "UTF-8 on a UTF-8 terminal");
	safe("\302\233x", "\\302\\233x", "C1 control in UTF-8");
	safe("\233x", "\\233x", "C1 control as a byte");
	safe("\342\200\256abc", "\\342\\200\\256abc", "right-to-left override");
	safe("\303", "\\303", "cut sequence");
	safe("\300\257", "\\300\\257", "overlong sequence");
	safe("\355\240\200", "\\355\\240\\200", "surrogate");
	check_text(text_safe(small, sizeof(small), "abcdefgh"), "abcde", "safe: cut to fit");
	check_text(text_safe(small, sizeof(small), "ab\001"), "ab", "safe: no half escape");
	check_text(text_utf8(buf, sizeof(buf), "a\377b"), "a\357\277\275b",
		   "utf8: a wrong byte is replaced");
	check_text(text_utf8(small, sizeof(small), "abcd\303\274"), "abcd",
		   "utf8: no half character");
	check_text(text_label(buf, sizeof(buf), "a\033b\302\233\342\200\256\nm\303\274\377"),
		   "a\357\277\275b\357\277\275\357\277\275\nm\303\274\357\277\275",
		   "label: nothing that a terminal obeys");
	check(text_harmless("m\303\274\342\200\256b", &next) == 3 && next == 0x202e,
	      "harmless: up to an override");
	check(text_harmless("a\033\n\377b", &next) == 5 && !next,
	      "harmless: what is below 0x7f is its author's");
	setenv("LC_ALL", "C", 1);
	text_locale();
	safe("m\303\274nchen", "m\\303\\274nchen", "UTF-8 on an ASCII terminal");
	check(text_similar("pign", "ping"), "similar: swapped");
	check(text_similar("ppng", "ping"), "similar: changed");
	check(text_similar("pin", "ping"), "similar: start");
	check(text_similar("staus", "status"), "similar: left out");
	check(!text_similar("mtr", "ping"), "similar: not mtr and ping");
	check(!text_similar("", "ping"), "similar: not nothing");
	check(!text_similar("x", "ping"), "similar: not one letter");
}
