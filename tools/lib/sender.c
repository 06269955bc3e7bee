// SPDX-License-Identifier: GPL-2.0
/* What probes are sent from: which IP version, an interface, an address of ours. */
#include "lib/sender.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <string.h>

#include "lib/report.h"

/**
 * sender_set_device - an option's value is an interface
 * @sender: the struct sender
 * @name: what the user gave
 *
 * Return: 0, or -1 if there is no such interface.
 */
int sender_set_device(void *sender, const char *name)
{
	struct sender *s = sender;

	s->ifindex = if_nametoindex(name);
	s->device = name;
	return s->ifindex ? 0 : -1;
}

/**
 * sender_set_address - an option's value is an address, perhaps with %interface
 * @sender: the struct sender
 * @value: what the user gave
 *
 * Return: 0, or -1 if it is no address.
 */
int sender_set_address(void *sender, const char *value)
{
	struct sender *s = sender;
	char addr[INET6_ADDRSTRLEN];
	size_t len = strcspn(value, "%");

	if (inet_pton(AF_INET, value, s->source) == 1) {
		s->family = 4;
		return 0;
	}
	if (len >= sizeof(addr))
		return -1;
	memcpy(addr, value, len);
	addr[len] = '\0';
	if (inet_pton(AF_INET6, addr, s->source) != 1)
		return -1;
	s->family = 6;
	return value[len] ? sender_set_device(s, value + len + 1) : 0;
}

/**
 * sender_set_either - an option's value is an interface or an address
 * @sender: the struct sender
 * @value: what the user gave
 *
 * Return: 0, or -1 if it is neither.
 */
int sender_set_either(void *sender, const char *value)
{
	if (!sender_set_address(sender, value))
		return 0;
	return strchr(value, ':') ? -1 : sender_set_device(sender, value);
}

/**
 * sender_check - do the options go together
 * @s: what is sent from
 * @option: what an address is given by
 *
 * Return: 0, or -1 and then it was told why not.
 */
int sender_check(const struct sender *s, const char *option)
{
	if (s->ipv4 && s->ipv6) {
		report("-4 and -6 exclude each other");
		return -1;
	}
	if (s->family && s->family != sender_family(s)) {
		report("%s: an IPv%d address cannot send to IPv%d hosts", option, s->family,
		       sender_family(s));
		return -1;
	}
	return 0;
}

/**
 * sender_family - which address a name is to be resolved to
 * @s: what is sent from
 *
 * Return: 4, 6, or 0 for either.
 */
int sender_family(const struct sender *s)
{
	if (s->ipv4 || s->ipv6)
		return s->ipv4 ? 4 : 6;
	return s->family;
}

/**
 * sender_resolve - look up a host that is to be sent to
 * @s: what is sent from
 * @t: the result, to be freed with target_free()
 * @name: a name or an address; must stay as long as @t
 *
 * The resolver puts first what the routes reach best, and knows of no interface: of one
 * that was asked for, the first address that can be reached by it is taken.
 *
 * Return: 0, or -1 and then it was told.
 */
int sender_resolve(const struct sender *s, struct target *t, const char *name)
{
	struct target other;
	uint8_t source[16];

	if (target_resolve(t, name, sender_family(s)))
		return -1;
	if (!s->ifindex || !target_source(t, s->ifindex, source))
		return 0;
	other = *t;
	for (unsigned int i = 0; i < t->n_others; i++) {
		target_keep(&other, t->others[i].family, t->others[i].addr);
		if (target_source(&other, s->ifindex, source))
			continue;
		target_keep(t, other.family, other.addr);
		break;
	}
	return 0;
}

/**
 * sender_check_target - does it fit a host
 * @s: what is sent from
 * @t: the host; it learns its interface, and from which address, if the user said so
 * @option: what an interface is given by
 *
 * Return: 0, or -1 and then it was told that a link-local address has no link.
 */
int sender_check_target(const struct sender *s, struct target *t, const char *option)
{
	if (!t->scope && address_is_link_local(t->family, t->addr)) {
		if (!s->ifindex) {
			report("%.200s: a link-local address needs its interface: %s%%eth0 or %s eth0",
			       t->given, t->text, option);
			return -1;
		}
		t->scope = s->ifindex;
		address_text(t->text, t->family, t->addr, t->scope);
	}
	if (s->family == t->family)
		address_text(t->source, s->family, s->source, s->ifindex);
	return 0;
}

/**
 * sender_params - what to ask of the module
 * @s: what is sent from; an address of the other family is left out
 * @family: of the hosts
 * @p: the parameters, to be added to
 */
void sender_params(const struct sender *s, int family, struct session_params *p)
{
	if (s->ifindex)
		SESSION_ASK(p, ICMPCTL_SESSION_A_IFINDEX, ifindex, s->ifindex);
	if (s->family && s->family == family) {
		SESSION_ASK(p, ICMPCTL_SESSION_A_SOURCE, source_len, family == 4 ? 4 : 16);
		memcpy(p->source, s->source, sizeof(p->source));
	}
}
