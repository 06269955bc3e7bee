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
#include <time.h>

#include "lib/report.h"
#include "lib/units.h"

/* Shared with the thread; whoever comes last frees it. */
struct question {
	pthread_mutex_t lock;
	pthread_cond_t answered;
	bool done, abandoned;
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
	struct timespec begin, until, end;
	char *ascii = NULL;
	struct question *q;
	pthread_t thread;

	*r = (struct resolved){ .name = is_numeric(name) ? NAME_NUMERIC : NAME_FOUND };
	r->family[0].given = r->family[1].given = name;
	if (target_ascii(name, &ascii))
		return -1;
	q = question(ascii ? ascii : name, family);
	free(ascii);
	clock_gettime(CLOCK_MONOTONIC, &begin);
	if (!q || pthread_create(&thread, NULL, ask, q)) {
		report("not enough memory");
		return -1;
	}
	pthread_detach(thread);
	until = begin;
	until.tv_sec += patience_ns / NSEC_PER_SEC;
	pthread_mutex_lock(&q->lock);
	while (!q->done && !pthread_cond_timedwait(&q->answered, &q->lock, &until))
		;
	clock_gettime(CLOCK_MONOTONIC, &end);
	r->ns = (end.tv_sec - begin.tv_sec) * NSEC_PER_SEC + end.tv_nsec - begin.tv_nsec;
	if (!q->done) {
		r->name = NAME_NO_ANSWER;
		q->abandoned = true;
		pthread_mutex_unlock(&q->lock);
		return 0;
	}
	pthread_mutex_unlock(&q->lock);
	for (const struct addrinfo *ai = q->found; ai; ai = ai->ai_next)
		take(r, ai);
	if (q->error)
		judge_error(r, q->error, q->system_error);
	else if (!r->family[0].family && !r->family[1].family)
		r->name = NAME_NO_ADDRESS;
	drop(q);
	return 0;
}
