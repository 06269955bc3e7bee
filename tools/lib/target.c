// SPDX-License-Identifier: GPL-2.0
/* Targets: names given by the user, and the addresses they stand for. */
#include "lib/target.h"

#include <arpa/inet.h>
#include <errno.h>
#include <idn2.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/report.h"
#include "lib/text.h"

/* Sweeps print millions of them, and the library's way leads through printf(). */
static void ipv4_text(char *to, const uint8_t *addr)
{
	for (int i = 0; i < 4; i++) {
		unsigned int byte = addr[i];

		if (i)
			*to++ = '.';
		if (byte >= 100)
			*to++ = '0' + byte / 100;
		if (byte >= 10)
			*to++ = '0' + byte / 10 % 10;
		*to++ = '0' + byte % 10;
	}
	*to = '\0';
}

/*
 * Whoever has a network namespace gives its interfaces their names, and the kernel takes
 * nearly all: what writes on terminals, or ends a string of JSON, is told by its number.
 */
static bool is_plain(const char *name)
{
	for (; *name; name++)
		if (*name <= ' ' || *name >= 0x7f || strchr("\"'\\%,;<>&`$", *name))
			return false;
	return true;
}

/**
 * address_text - an address as text
 * @buf: where to
 * @family: 4 or 6
 * @addr: the address
 * @scope: interface of a link-local address, told behind a %; else 0
 *
 * Return: @buf.
 */
const char *address_text(char buf[ADDRESS_LEN], int family, const uint8_t *addr,
			 uint32_t scope)
{
	char name[IF_NAMESIZE];
	size_t len;

	if (family == 4)
		ipv4_text(buf, addr);
	else
		inet_ntop(AF_INET6, addr, buf, INET6_ADDRSTRLEN);
	if (!scope || !address_is_link_local(family, addr))
		return buf;
	len = strlen(buf);
	if (if_indextoname(scope, name) && is_plain(name))
		snprintf(buf + len, ADDRESS_LEN - len, "%%%s", name);
	else
		snprintf(buf + len, ADDRESS_LEN - len, "%%%u", scope);
	return buf;
}

/**
 * address_is_link_local - does an address mean something only on one link
 * @family: 4 or 6
 * @addr: the address
 *
 * Return: true for fe80::/10 and for multicast of link or interface scope.
 */
bool address_is_link_local(int family, const uint8_t *addr)
{
	if (family == 4)
		return false;
	return (addr[0] == 0xfe && (addr[1] & 0xc0) == 0x80) ||
	       (addr[0] == 0xff && ((addr[1] & 0x0f) == 1 || (addr[1] & 0x0f) == 2));
}

/**
 * target_is_multicast - is the target a group
 * @t: the target
 *
 * Return: true if so.
 */
bool target_is_multicast(const struct target *t)
{
	return t->family == 4 ? (t->addr[0] & 0xf0) == 0xe0 : t->addr[0] == 0xff;
}

/* Takes the address of one answer of the resolver; false if it is neither IP. */
static bool take_address(struct target *t, const struct addrinfo *ai)
{
	if (ai->ai_family == AF_INET) {
		const struct sockaddr_in *sin = (const void *)ai->ai_addr;

		t->family = 4;
		memcpy(t->addr, &sin->sin_addr, 4);
		return true;
	}
	if (ai->ai_family == AF_INET6) {
		const struct sockaddr_in6 *sin6 = (const void *)ai->ai_addr;

		t->family = 6;
		memcpy(t->addr, &sin6->sin6_addr, 16);
		t->scope = sin6->sin6_scope_id;
		return true;
	}
	return false;
}

/* What follows in the answer of the resolver; without memory there is just none. */
static void take_others(struct target *t, const struct addrinfo *ai)
{
	struct target other = { .family = 0 };
	unsigned int n = 0;

	for (const struct addrinfo *next = ai; next; next = next->ai_next)
		n++;
	t->others = n ? calloc(n, sizeof(*t->others)) : NULL;
	for (; t->others && ai; ai = ai->ai_next) {
		struct target_address *to = &t->others[t->n_others];

		if (!take_address(&other, ai))
			continue;
		to->family = other.family;
		to->scope = other.family == 6 ? other.scope : 0;
		memcpy(to->addr, other.addr, sizeof(to->addr));
		t->n_others++;
	}
}

/**
 * target_keep - stay with an address that a host had, if it still has it
 * @t: the host, looked up
 * @family: 4 or 6
 * @addr: the address
 *
 * A name of several addresses may have them in another order each time.
 */
void target_keep(struct target *t, int family, const uint8_t *addr)
{
	size_t len = family == 4 ? 4 : 16;

	if (t->family == family && !memcmp(t->addr, addr, len))
		return;
	for (unsigned int i = 0; i < t->n_others; i++) {
		const struct target_address *other = &t->others[i];

		if (other->family != family || memcmp(other->addr, addr, len))
			continue;
		t->family = family;
		memcpy(t->addr, addr, len);
		t->scope = other->scope;
		address_text(t->text, t->family, t->addr, t->scope);
		return;
	}
}

/**
 * target_ascii - a name as the DNS knows it
 * @name: the name
 * @ascii: gets it, to be freed; NULL if it is ASCII already
 *
 * Done here and not by AI_IDN, which goes by the locale: a name in UTF-8 is one in
 * UTF-8 in LANG=C as well.
 *
 * Return: 0, or -1 if it is no name, and then it was told.
 */
int target_ascii(const char *name, char **ascii)
{
	int err;

	*ascii = NULL;
	if (text_is_ascii(name))
		return 0;
	err = idn2_lookup_u8((const uint8_t *)name, (uint8_t **)ascii,
				 IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);

	if (err == IDN2_OK)
		return 0;
	report("%.200s: this is no host name: %s", name, idn2_strerror(err));
	return -1;
}

/**
 * target_no_interface - does an address name an interface that there is not
 * @name: what the user gave, perhaps an address with %interface
 *
 * The resolver takes it for a name that nobody has.
 *
 * Return: the interface, in @name, or NULL if nothing is wrong with it.
 */
const char *target_no_interface(const char *name)
{
	const char *zone = strchr(name, '%');
	char addr[INET6_ADDRSTRLEN];
	uint8_t parsed[16];

	if (!zone || zone - name >= (ptrdiff_t)sizeof(addr))
		return NULL;
	memcpy(addr, name, zone - name);
	addr[zone - name] = '\0';
	zone++;
	if (inet_pton(AF_INET6, addr, parsed) != 1 || if_nametoindex(zone) ||
	    !zone[strspn(zone, "0123456789")])
		return NULL;
	return zone;
}

/**
 * target_resolve - look up what the user gave
 * @t: the result, to be freed with target_free()
 * @name: a name or an address; must stay as long as @t
 * @family: 4, 6, or 0 for whichever the resolver puts first
 *
 * A failure is told on stderr.
 *
 * Return: 0 or -1.
 */
int target_resolve(struct target *t, const char *name, int family)
{
	struct addrinfo hints = {
		.ai_family = family == 4 ? AF_INET : family == 6 ? AF_INET6 : AF_UNSPEC,
		.ai_socktype = SOCK_DGRAM,
		.ai_protocol = IPPROTO_UDP,
		.ai_flags = AI_CANONNAME,
	};
	struct addrinfo *found = NULL, *ai;
	const char *missing = target_no_interface(name);
	struct in_addr literal;
	char *ascii = NULL;
	int err;

	*t = (struct target){ .given = name };
	if (missing) {
		report("%.200s: there is no interface %.50s", name, missing);
		return -1;
	}
	if (target_ascii(name, &ascii))
		return -1;
	err = getaddrinfo(ascii ? ascii : name, NULL, &hints, &found);
	if (err) {
		report("%.200s: %s", name, err == EAI_SYSTEM ? strerror(errno) :
							   gai_strerror(err));
		idn2_free(ascii);
		return -1;
	}
	for (ai = found; ai; ai = ai->ai_next)
		if (take_address(t, ai))
			break;
	t->numeric = strchr(name, ':') || inet_aton(name, &literal);
	/*
	 * As ping does: an IPv4 host is shown by its canonical name. A name in
	 * another script stays as the user wrote it.
	 */
	if (ai && t->family == 4 && !t->numeric && !ascii && found->ai_canonname)
		t->name = strdup(found->ai_canonname);
	if (ai)
		take_others(t, ai->ai_next);
	freeaddrinfo(found);
	idn2_free(ascii);
	if (!ai) {
		report("%.200s: it has neither an IPv4 nor an IPv6 address", name);
		return -1;
	}
	address_text(t->text, t->family, t->addr, t->scope);
	return 0;
}

/**
 * target_name - what a target is called in text
 * @t: the target
 *
 * Return: its name, as it came from wherever: not yet fit to be printed.
 */
const char *target_name(const struct target *t)
{
	return t->name ? t->name : t->given;
}

/**
 * target_source - the address of ours that a target would be reached from
 * @t: the target
 * @ifindex: interface to leave by, 0 for the route's
 * @addr: the result, 4 or 16 bytes as the target's
 *
 * Nothing is sent: a datagram socket is told where to go, and asked.
 *
 * Return: 0 or a negative errno.
 */
int target_source(const struct target *t, uint32_t ifindex, uint8_t addr[16])
{
	union {
		struct sockaddr sa;
		struct sockaddr_in sin;
		struct sockaddr_in6 sin6;
	} to = { .sa.sa_family = t->family == 4 ? AF_INET : AF_INET6 };
	socklen_t len = t->family == 4 ? sizeof(to.sin) : sizeof(to.sin6);
	char name[IF_NAMESIZE];
	int fd, on = 1, err = 0;

	fd = socket(to.sa.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (t->family == 4) {
		to.sin.sin_port = htons(1025);
		memcpy(&to.sin.sin_addr, t->addr, 4);
	} else {
		to.sin6.sin6_port = htons(1025);
		to.sin6.sin6_scope_id = t->scope ? t->scope : ifindex;
		memcpy(&to.sin6.sin6_addr, t->addr, 16);
	}
	setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof(on));
	if ((ifindex && if_indextoname(ifindex, name) &&
	     setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name, strlen(name) + 1)) ||
	    connect(fd, &to.sa, len) || getsockname(fd, &to.sa, &len))
		err = -errno;
	else if (t->family == 4)
		memcpy(addr, &to.sin.sin_addr, 4);
	else
		memcpy(addr, &to.sin6.sin6_addr, 16);
	close(fd);
	return err;
}

/**
 * target_free - give back what a target holds
 * @t: the target
 */
void target_free(struct target *t)
{
	free(t->name);
	free(t->others);
	t->name = NULL;
	t->others = NULL;
	t->n_others = 0;
}
