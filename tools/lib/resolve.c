// SPDX-License-Identifier: GPL-2.0
/*
 * All addresses of a name, in bounded time. The resolver cannot be told how long it may
 * take, so it runs in a thread, which is left to itself when that is over.
 */
#include "lib/resolve.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "lib/report.h"
#include "lib/units.h"

/* Shared with the thread; whoever comes last frees it. */
struct question {
	pthread_mutex_t lock;
	pthread_cond_t answered;
	bool done, abandoned;
	struct timespec begun;
	char *name;
	int family, error, system_error;
	struct addrinfo *found;
};

static void drop(struct question *q)
{
	if (q->found)
		freeaddrinfo(q->found);
	pthread_cond_destroy(&q->answered);
	pthread_mutex_destroy(&q->lock);
	free(q->name);
	free(q);
}

static void *ask(void *arg)
{
	struct question *q = arg;
	struct addrinfo hints = {
		.ai_family = q->family == 4 ? AF_INET : q->family == 6 ? AF_INET6 : AF_UNSPEC,
		.ai_socktype = SOCK_DGRAM,
		.ai_protocol = IPPROTO_UDP,
	};
	struct addrinfo *found = NULL;
	int error = getaddrinfo(q->name, NULL, &hints, &found), system_error = errno;
	bool abandoned;

	pthread_mutex_lock(&q->lock);
	q->error = error;
	q->system_error = system_error;
	q->found = error ? NULL : found;
	q->done = true;
	abandoned = q->abandoned;
	pthread_cond_signal(&q->answered);
	pthread_mutex_unlock(&q->lock);
	if (abandoned)
		drop(q);
	return NULL;
}

static struct question *question(const char *name, int family)
{
	struct question *q = calloc(1, sizeof(*q));
	pthread_condattr_t monotonic;

	if (!q)
		return NULL;
	q->name = strdup(name);
	q->family = family;
	pthread_mutex_init(&q->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&q->answered, &monotonic);
	pthread_condattr_destroy(&monotonic);
	if (q->name)
		return q;
	drop(q);
	return NULL;
}

static struct question *begin(const char *name, int family)
{
	struct question *q = question(name, family);
	pthread_t thread;

	if (!q)
		return NULL;
	clock_gettime(CLOCK_MONOTONIC, &q->begun);
	if (pthread_create(&thread, NULL, ask, q)) {
		drop(q);
		return NULL;
	}
	pthread_detach(thread);
	return q;
}

/* Until there is an answer, or it is @patience_ns old; not 0: there is none, and @q is gone. */
static int wait_for(struct question *q, uint64_t patience_ns, uint64_t *took_ns)
{
	const struct timespec begun = q->begun;
	struct timespec until = begun, end;
	bool done;

	until.tv_sec += patience_ns / NSEC_PER_SEC;
	pthread_mutex_lock(&q->lock);
	while (!q->done && !pthread_cond_timedwait(&q->answered, &q->lock, &until))
		;
	done = q->done;
	q->abandoned = !done;
	pthread_mutex_unlock(&q->lock);
	clock_gettime(CLOCK_MONOTONIC, &end);
	*took_ns = (end.tv_sec - begun.tv_sec) * NSEC_PER_SEC + end.tv_nsec - begun.tv_nsec;
	return done ? 0 : -1;
}

static void take(struct resolved *r, const struct addrinfo *ai)
{
	struct target *t = &r->family[ai->ai_family == AF_INET6];

	if ((ai->ai_family != AF_INET && ai->ai_family != AF_INET6) || t->family)
		return;
	if (ai->ai_family == AF_INET) {
		const struct sockaddr_in *sin = (const void *)ai->ai_addr;

		t->family = 4;
		memcpy(t->addr, &sin->sin_addr, 4);
	} else {
		const struct sockaddr_in6 *sin6 = (const void *)ai->ai_addr;

		t->family = 6;
		memcpy(t->addr, &sin6->sin6_addr, 16);
		t->scope = sin6->sin6_scope_id;
	}
	address_text(t->text, t->family, t->addr, t->scope);
}

static void judge_error(struct resolved *r, int error, int system_error)
{
	switch (error) {
	case EAI_NONAME:
		r->name = NAME_UNKNOWN;
		break;
	case EAI_AGAIN:
		r->name = NAME_NO_ANSWER;
		break;
	case EAI_NODATA:
	case EAI_ADDRFAMILY:
		r->name = NAME_NO_ADDRESS;
		break;
	default:
		r->name = NAME_FAILED;
		snprintf(r->text, sizeof(r->text), "%s",
			 error == EAI_SYSTEM ? strerror(system_error) : gai_strerror(error));
	}
}

static bool is_numeric(const char *name)
{
	struct in_addr literal;

	return strchr(name, ':') || inet_aton(name, &literal);
}

/**
 * resolve - look up what the user gave
 * @r: the result; its targets' given is @name, which must stay
 * @name: a name or an address
 * @family: 4, 6, or 0 for both
 * @patience_ns: it takes no longer
 *
 * Return: 0, whatever came of it; -1 if it could not be asked, and then it was told.
 */
int resolve(struct resolved *r, const char *name, int family, uint64_t patience_ns)
{
	const char *missing = target_no_interface(name);
	char *ascii = NULL;
	struct question *q;

	*r = (struct resolved){ .name = is_numeric(name) ? NAME_NUMERIC : NAME_FOUND };
	r->family[0].given = r->family[1].given = name;
	if (missing) {
		report("%.200s: there is no interface %.50s", name, missing);
		return -1;
	}
	if (target_ascii(name, &ascii))
		return -1;
	q = begin(ascii ? ascii : name, family);
	free(ascii);
	if (!q) {
		report("not enough memory");
		return -1;
	}
	if (wait_for(q, patience_ns, &r->ns)) {
		r->name = NAME_NO_ANSWER;
		return 0;
	}
	for (const struct addrinfo *ai = q->found; ai; ai = ai->ai_next)
		take(r, ai);
	if (q->error)
		judge_error(r, q->error, q->system_error);
	else if (!r->family[0].family && !r->family[1].family)
		r->name = NAME_NO_ADDRESS;
	drop(q);
	return 0;
}

/**
 * resolve_nobody - ask for a name that nobody has
 *
 * A resolver that knows an address of it knows one of every name. example is reserved
 * (RFC 6761) and asked for like any other name, unlike invalid, of which resolvers say
 * by themselves that it does not exist.
 *
 * Return: what was asked, or NULL without memory.
 */
struct question *resolve_nobody(void)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
	uint8_t random[16];
	char name[sizeof(random) + sizeof(".example.")] = "";

	if (getrandom(random, sizeof(random), 0) != sizeof(random))
		return NULL;
	for (size_t i = 0; i < sizeof(random); i++)
		name[i] = letters[random[i] % (sizeof(letters) - 1)];
	/* The dot at the end: not below a domain of ours. */
	memcpy(name + sizeof(random), ".example.", sizeof(".example."));
	return begin(name, 0);
}

static bool is_of(const struct addrinfo *ai, const struct resolved *r)
{
	const struct target *t = &r->family[ai->ai_family == AF_INET6];

	if (ai->ai_family == AF_INET)
		return t->family == 4 &&
		       !memcmp(t->addr, &((const struct sockaddr_in *)ai->ai_addr)->sin_addr, 4);
	return ai->ai_family == AF_INET6 && t->family == 6 &&
	       !memcmp(t->addr, &((const struct sockaddr_in6 *)ai->ai_addr)->sin6_addr, 16);
}

/**
 * resolve_nobody_end - has nobody's name an address that a host's name has, too
 * @q: what was asked, not waited for; may be NULL
 * @r: the host's name
 * @address: gets that address
 *
 * Return: true if so; it says nothing of the host then.
 */
bool resolve_nobody_end(struct question *q, const struct resolved *r, char address[FACT_LEN])
{
	uint64_t took_ns;
	bool same = false;

	if (!q || wait_for(q, 0, &took_ns))
		return false;
	for (const struct addrinfo *ai = q->found; ai && !same; ai = ai->ai_next) {
		same = is_of(ai, r);
		if (same)
			snprintf(address, FACT_LEN, "%s",
				 r->family[ai->ai_family == AF_INET6].text);
	}
	drop(q);
	return same;
}
