// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "lib/ranges.h"

static const char *text(const struct range *r, char *buf, size_t size)
{
	char first[INET6_ADDRSTRLEN], last[INET6_ADDRSTRLEN];
	int family = r->family == 4 ? AF_INET : AF_INET6;

	inet_ntop(family, r->first, first, sizeof(first));
	inet_ntop(family, r->last, last, sizeof(last));
	snprintf(buf, size, "%s%s%s", first, strcmp(first, last) ? "-" : "",
		 strcmp(first, last) ? last : "");
	return buf;
}

#define ZONE "an interface is named behind one IPv6 address; of all others -I gives it"
#define FOUR "an IPv4 address has four numbers of 0 to 255; more of them are written 192.0.2.0/24 or 192.0.2.1-120"
#define NEITHER "it is neither a name nor an address; more of them are written 192.0.2.0/24 or 192.0.2.1-120"

static void parsed(void)
{
	static const struct {
		const char *given, *is;
	} case_of[] = {
		{ "10.0.0.1", "10.0.0.1" },
		{ "10.0.0.7/24", "10.0.0.0-10.0.0.255" },
		{ "10.0.0.7/32", "10.0.0.7" },
		{ "10.0.0.7/31", "10.0.0.6-10.0.0.7" },
		{ "1.2.3.4/0", "0.0.0.0-255.255.255.255" },
		{ "192.168.1.1-120", "192.168.1.1-192.168.1.120" },
		{ "10.0.0.1-10.0.3.254", "10.0.0.1-10.0.3.254" },
		{ "10.0.0.1-10.0.0.1", "10.0.0.1" },
		{ "2001:db8::1", "2001:db8::1" },
		{ "2001:db8::1/120", "2001:db8::-2001:db8::ff" },
		{ "2001:db8::1-2001:db8::7", "2001:db8::1-2001:db8::7" },
		{ "localhost", "a name" },
		{ "my-host.example", "a name" },
		{ "10-0-0-1.example", "a name" },
		{ "", "a name" },
		{ "10.0.0.1/33", "an IPv4 prefix has a length of 0 to 32" },
		{ "10.0.0.1/", "an IPv4 prefix has a length of 0 to 32" },
		{ "::1/129", "an IPv6 prefix has a length of 0 to 128" },
		{ "2001:db8::/32", "2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff" },
		{ "2001:db8::/88", "2001:db8::-2001:db8::ff:ffff:ffff" },
		{ "fe80::1%eth0", "a name" },
		{ "fe80::1%br-lan", "a name" },
		{ "fe80::1%eth0/64", ZONE },
		{ "fe80::1%eth0-fe80::7", ZONE },
		{ "192.0.2.1%eth0", ZONE },
		{ "10.0.0.300", FOUR },
		{ "10.0.0", FOUR },
		{ "443", FOUR },
		{ "10.0-1.0.1", FOUR },
		{ "10.0.0.*", FOUR },
		{ "10.0.0.1,2", FOUR },
		{ "10.0.0.0/255.255.255.0", "an IPv4 prefix has a length of 0 to 32" },
		{ "fe80:::1", "it is no IPv6 address" },
		{ "[::1]", "it is no IPv6 address" },
		{ "localhost/24", NEITHER },
		{ "a.example,b.example", NEITHER },
		{ "10.0.0.9-8", "its last address is before its first" },
		{ "10.0.0.9-256", "behind the - there must be an address of the same family, or the last number of an IPv4 address" },
		{ "10.0.0.9-::1", "behind the - there must be an address of the same family, or the last number of an IPv4 address" },
		{ "::1-8", "behind the - there must be an address of the same family, or the last number of an IPv4 address" },
	};

	for (size_t i = 0; i < sizeof(case_of) / sizeof(case_of[0]); i++) {
		const char *why = NULL, *is;
		char buf[128];
		struct range r;
		int result = range_parse(&r, case_of[i].given, &why);

		is = result == RANGE_NAME ? "a name" : result ? why : text(&r, buf, sizeof(buf));
		check_text(is, case_of[i].is, "ranges: \"%s\"", case_of[i].given);
	}
}

static void add(struct range_list *list, const char *given)
{
	const char *why;
	struct range r;

	check(!range_parse(&r, given, &why) && !range_list_add(list, &r), "ranges: add %s",
	      given);
}

static void listed(const struct range_list *list, const char *is, const char *name)
{
	char buf[1024] = "", one[128];

	for (size_t i = 0; i < list->n; i++) {
		strcat(buf, text(&list->range[i], one, sizeof(one)));
		strcat(buf, " ");
	}
	check_text(buf, is, "ranges: %s", name);
}

static void lists(void)
{
	struct range_list list = { .n = 0 }, excluded = { .n = 0 }, left = { .n = 0 };

	add(&list, "10.0.1.0/24");
	add(&list, "2001:db8::/126");
	add(&list, "10.0.0.0/24");
	add(&list, "10.0.0.7");
	add(&list, "10.0.3.1");
	add(&list, "255.255.255.254/31");
	add(&list, "255.255.255.255");
	range_list_merge(&list);
	listed(&list, "10.0.0.0-10.0.1.255 10.0.3.1 255.255.255.254-255.255.255.255 2001:db8::-2001:db8::3 ",
	       "merged");
	add(&excluded, "10.0.0.0");
	add(&excluded, "10.0.0.255-10.0.1.0");
	add(&excluded, "10.0.1.9");
	add(&excluded, "10.0.3.0/24");
	add(&excluded, "255.255.255.255");
	add(&excluded, "2001:db8::1");
	range_list_merge(&excluded);
	for (size_t i = 0; i < list.n; i++)
		range_list_add_less(&left, &list.range[i], &excluded);
	listed(&left, "10.0.0.1-10.0.0.254 10.0.1.1-10.0.1.8 10.0.1.10-10.0.1.255 255.255.255.254 2001:db8:: 2001:db8::2-2001:db8::3 ",
	       "less others");
	check(range_list_has(&excluded, 4, (const uint8_t []){ 10, 0, 1, 9 }) &&
	      range_list_has(&excluded, 4, (const uint8_t []){ 10, 0, 3, 255 }) &&
	      !range_list_has(&excluded, 4, (const uint8_t []){ 10, 0, 1, 8 }) &&
	      !range_list_has(&excluded, 6, (const uint8_t [16]){ 10, 0, 1, 9 }),
	      "ranges: one of a list, and others");
	range_list_free(&list);
	range_list_free(&left);
	range_list_free(&excluded);
	add(&list, "2001:db8::/88");
	add(&list, "2001:db8::80:0:0/88");
	add(&list, "2001:db8::100:0:0/88");
	range_list_merge(&list);
	listed(&list, "2001:db8::-2001:db8::ff:ffff:ffff 2001:db8::100:0:0-2001:db8::1ff:ffff:ffff ",
	       "too large to be one");
	range_list_free(&list);
}

static void public(void)
{
	static const struct {
		const char *given;
		bool is;
	} case_of[] = {
		{ "10.0.0.0/8", false }, { "10.0.0.0/7", true }, { "192.168.0.0/16", false },
		{ "8.8.8.0/24", true }, { "172.16.0.0/12", false }, { "172.32.0.0/16", true },
		{ "198.19.255.255", false }, { "2a00::1", true }, { "fd00::/100", false },
		{ "fe80::1", false }, { "127.0.0.1", false },
	};

	for (size_t i = 0; i < sizeof(case_of) / sizeof(case_of[0]); i++) {
		const char *why;
		struct range r;

		check(!range_parse(&r, case_of[i].given, &why) &&
		      range_is_public(&r) == case_of[i].is, "ranges: %s is %s", case_of[i].given,
		      case_of[i].is ? "public" : "private");
	}
}

void test_ranges(void)
{
	parsed();
	lists();
	public();
}
