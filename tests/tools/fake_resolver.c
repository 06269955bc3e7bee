// SPDX-License-Identifier: GPL-2.0
/*
 * A resolver in a stranger's hand: with FAKE_NAME every address has that name, and every host
 * that is no number is 127.0.0.1 (::1), properly called so. The C library's own looks at what it
 * is told before it hands it on; not every library does, and not of what is in a file.
 */
#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fake_module.h"

int __wrap_getnameinfo(const struct sockaddr *addr, socklen_t len, char *host,
		       socklen_t host_len, char *service, socklen_t service_len, int flags)
{
	const char *name = getenv("FAKE_NAME");

	if (!name)
		return __real_getnameinfo(addr, len, host, host_len, service, service_len, flags);
	snprintf(host, host_len, "%s", name);
	return 0;
}

static int several(const char *addresses, const char *service, const struct addrinfo *hints,
		   struct addrinfo **found)
{
	char *text = strdup(addresses), *next = text, *word;
	struct addrinfo **end = found;

	*found = NULL;
	while ((word = strsep(&next, ","))) {
		/* Not of the family that is asked for. */
		if (__real_getaddrinfo(word, service, hints, end))
			continue;
		while (*end)
			end = &(*end)->ai_next;
	}
	free(text);
	return *found ? 0 : EAI_NONAME;
}

int __wrap_getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
		       struct addrinfo **found)
{
	const char *name = getenv("FAKE_NAME"), *hosts = getenv("FAKE_HOSTS");
	size_t len = node ? strlen(node) : 0;
	const char *ms = getenv("FAKE_LOOKUP");
	struct in_addr literal;
	int err;

	if (ms)
		usleep(strtoul(ms, NULL, 10) * 1000);
	if (hosts && node && !strncmp(hosts, node, len) && hosts[len] == '=')
		return several(hosts + len + 1, service, hints, found);
	if (!name || !node || strchr(node, ':') || inet_aton(node, &literal))
		return __real_getaddrinfo(node, service, hints, found);
	err = __real_getaddrinfo(hints && hints->ai_family == AF_INET6 ? "::1" : "127.0.0.1",
				 service, hints, found);
	if (!err && (*found)->ai_canonname) {
		free((*found)->ai_canonname);
		(*found)->ai_canonname = strdup(name);
	}
	return err;
}
