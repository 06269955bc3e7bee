// SPDX-License-Identifier: GPL-2.0
/* What pmtu and diagnose have in common: by which way they ask. */
#include "way_options.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "lib/client.h"
#include "lib/report.h"

#define MAX_HOPS_DEFAULT 30

/**
 * way_set_device - -i
 * @config: begins with a struct way_config
 * @name: what the user gave
 *
 * Return: 0, or -1 if there is no such interface.
 */
int way_set_device(void *config, const char *name)
{
	struct way_config *c = config;

	c->ifindex = if_nametoindex(name);
	c->device = name;
	return c->ifindex ? 0 : -1;
}

/**
 * way_set_interface - -I: an address, an interface, or an address%interface
 * @config: begins with a struct way_config
 * @value: what the user gave
 *
 * Return: 0, or -1 if it is neither.
 */
int way_set_interface(void *config, const char *value)
{
	struct way_config *c = config;
	char addr[INET6_ADDRSTRLEN];
	size_t len = strcspn(value, "%");

	if (inet_pton(AF_INET, value, c->source) == 1) {
		c->source_family = 4;
		return 0;
	}
	if (!strchr(value, ':'))
		return way_set_device(c, value);
	if (len >= sizeof(addr))
		return -1;
	memcpy(addr, value, len);
	addr[len] = '\0';
	if (inet_pton(AF_INET6, addr, c->source) != 1)
		return -1;
	c->source_family = 6;
	return value[len] ? way_set_device(c, value + len + 1) : 0;
}

/**
 * way_check - do the options go together
 * @c: the options; those not given get their defaults
 * @wait_ns: default of the wait
 *
 * Return: 0, or -1 and then it was told why not.
 */
int way_check(struct way_config *c, uint64_t wait_ns)
{
	if (!c->wait.given)
		c->wait.value = wait_ns;
	if (!c->max_hops.given)
		c->max_hops.value = MAX_HOPS_DEFAULT;
	if (c->ipv4 && c->ipv6) {
		report("-4 and -6 exclude each other");
		return -1;
	}
	if (c->source_family && c->source_family != way_family(c)) {
		report("-I: an IPv%d address cannot send to IPv%d hosts", c->source_family,
		       way_family(c));
		return -1;
	}
	return 0;
}

/**
 * way_family - which address a name is to be resolved to
 * @c: the options
 *
 * Return: 4, 6, or 0 for either.
 */
int way_family(const struct way_config *c)
{
	if (c->ipv4 || c->ipv6)
		return c->ipv4 ? 4 : 6;
	return c->source_family;
}

/**
 * way_check_target - do the options fit the host
 * @c: the options
 * @t: the host; it learns its interface if it needs one
 *
 * Return: 0, or -1 and then it was told why not.
 */
int way_check_target(const struct way_config *c, struct target *t)
{
	if (target_is_multicast(t)) {
		report("%s: no path leads to a multicast address", t->given);
		return -1;
	}
	if (!t->scope && address_is_link_local(t->family, t->addr)) {
		if (!c->ifindex) {
			report("%s: a link-local address needs its interface: %s%%eth0 or -i eth0",
			       t->given, t->text);
			return -1;
		}
		t->scope = c->ifindex;
		address_text(t->text, t->family, t->addr, t->scope);
	}
	if (c->source_family == t->family)
		address_text(t->source, c->source_family, c->source, c->ifindex);
	return 0;
}

#define ASK(NAME, member, v)						\
	do {								\
		p->set |= SESSION_BIT(ICMPCTL_SESSION_A_##NAME);	\
		p->member = (v);					\
	} while (0)

/**
 * way_params - what each session of the command is to be asked for
 * @c: the options
 * @family: of the host
 * @p: the result
 *
 * All have one flow, so that it is one path.
 */
void way_params(const struct way_config *c, int family, struct session_params *p)
{
	uint32_t flow_base = 0;

	/* Without a random number it is always the same flow. */
	if (getrandom(&flow_base, sizeof(flow_base), 0) != sizeof(flow_base))
		flow_base = 0;
	*p = (struct session_params){ .set = 0 };
	ASK(TIMEOUT_NS, timeout_ns, c->wait.value);
	ASK(FLOW_BASE, flow_base, flow_base);
	if (c->tos.given)
		ASK(TOS, tos, c->tos.value);
	if (c->mark.given)
		ASK(MARK, mark, c->mark.value);
	if (c->ifindex)
		ASK(IFINDEX, ifindex, c->ifindex);
	if (c->source_family == family) {
		ASK(SOURCE, source_len, family == 4 ? 4 : 16);
		memcpy(p->source, c->source, sizeof(p->source));
	}
}
#undef ASK

/**
 * way_refused - tell the user why the module refused
 * @options: of the command
 * @t: whom it was about
 * @why: the refusal
 * @attr: the attribute to blame, 0 if it is not known
 * @of_target: it is the target
 */
void way_refused(const struct opt *options, const struct target *t, const struct nlc_refusal *why,
		 int attr, bool of_target)
{
	const struct opt *o = options_of_attr(options, attr);
	char option[32];

	if (of_target) {
		client_report(why, t->given, "probing");
	} else if (o) {
		snprintf(option, sizeof(option), o->letter ? "-%.1s" : "--%.20s",
			 o->letter ? &o->letter : o->name);
		client_report(why, option, "probing");
	} else {
		client_report(why, NULL, "probing");
	}
}
