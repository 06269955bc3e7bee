// SPDX-License-Identifier: GPL-2.0
/*
 * Names of addresses. A name server that does not answer takes many seconds,
 * and neither a probe nor a line of output may wait for that: a thread asks,
 * and whoever prints uses what is known by then.
 *
 * The table only grows, up to a bound, and lives as long as the process. So a
 * name once handed out stays valid, and the thread, which may sit in the
 * resolver for long, needs no end: it ends with the process.
 */
#include "lib/rname.h"

#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "lib/units.h"

#define BUCKETS		1024
#define ENTRIES_MAX	16384

struct entry {
	struct entry *next;		/* of the bucket */
	struct entry *next_wanted;	/* of the queue */
	uint8_t addr[16];
	uint32_t scope;
	int family;
	bool asked;
	char *name;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t wanted_more = PTHREAD_COND_INITIALIZER;
static pthread_cond_t all_asked = PTHREAD_COND_INITIALIZER;
static struct entry *bucket[BUCKETS];
static struct entry *wanted, **wanted_end = &wanted;
static unsigned int entries, unasked;
static bool running;

/* The name of an address, NULL if it has none; takes as long as it takes. */
static char *look_up(const struct entry *e)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	struct sockaddr_in6 sin6 = {
		.sin6_family = AF_INET6,
		.sin6_scope_id = e->scope,
	};
	char host[NI_MAXHOST];
	int err;

	if (e->family == 4) {
		memcpy(&sin.sin_addr, e->addr, 4);
		err = getnameinfo((struct sockaddr *)&sin, sizeof(sin), host,
				  sizeof(host), NULL, 0, NI_NAMEREQD);
	} else {
		memcpy(&sin6.sin6_addr, e->addr, 16);
		err = getnameinfo((struct sockaddr *)&sin6, sizeof(sin6), host,
				  sizeof(host), NULL, 0, NI_NAMEREQD);
	}
	return err ? NULL : strdup(host);
}

static void *worker(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&lock);
	for (;;) {
		struct entry *e = wanted;
		char *name;

		if (!e) {
			pthread_cond_wait(&wanted_more, &lock);
			continue;
		}
		wanted = e->next_wanted;
		if (!wanted)
			wanted_end = &wanted;
		pthread_mutex_unlock(&lock);
		name = look_up(e);
		pthread_mutex_lock(&lock);
		e->name = name;
		e->asked = true;
		if (!--unasked)
			pthread_cond_broadcast(&all_asked);
	}
	return NULL;
}

static void start_worker(void)
{
	pthread_attr_t attr;
	pthread_t thread;

	if (running)
		return;
	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	/* Without a thread there are no names, and that is all. */
	running = !pthread_create(&thread, &attr, worker, NULL);
	pthread_attr_destroy(&attr);
}

static unsigned int hash(int family, const uint8_t *addr, uint32_t scope)
{
	uint32_t h = 2166136261u ^ scope;

	for (int i = 0; i < (family == 4 ? 4 : 16); i++)
		h = (h ^ addr[i]) * 16777619u;
	return h % BUCKETS;
}

/**
 * rname_get - the name of an address, if it is known by now
 * @family: 4 or 6
 * @addr: the address
 * @scope: interface of a link-local address, else 0
 *
 * Asking for an address the first time has it looked up.
 *
 * Return: the name, which stays valid; NULL if it has none or none yet.
 */
const char *rname_get(int family, const uint8_t *addr, uint32_t scope)
{
	unsigned int h = hash(family, addr, scope);
	int len = family == 4 ? 4 : 16;
	const char *name = NULL;
	struct entry *e;

	pthread_mutex_lock(&lock);
	for (e = bucket[h]; e; e = e->next)
		if (e->family == family && e->scope == scope &&
		    !memcmp(e->addr, addr, len))
			break;
	if (e) {
		name = e->name;
	} else if (entries < ENTRIES_MAX && (e = calloc(1, sizeof(*e)))) {
		e->family = family;
		e->scope = scope;
		memcpy(e->addr, addr, len);
		e->next = bucket[h];
		bucket[h] = e;
		*wanted_end = e;
		wanted_end = &e->next_wanted;
		entries++;
		unasked++;
		start_worker();
		pthread_cond_signal(&wanted_more);
	}
	pthread_mutex_unlock(&lock);
	return name;
}

/**
 * rname_wait - wait until all that was asked for is known
 * @ms: but no longer than this
 */
void rname_wait(unsigned int ms)
{
	struct timespec until;
	uint64_t ns;

	clock_gettime(CLOCK_REALTIME, &until);
	ns = until.tv_nsec + ms * NSEC_PER_MSEC;
	until.tv_sec += ns / NSEC_PER_SEC;
	until.tv_nsec = ns % NSEC_PER_SEC;
	pthread_mutex_lock(&lock);
	while (running && unasked)
		if (pthread_cond_timedwait(&all_asked, &lock, &until))
			break;
	pthread_mutex_unlock(&lock);
}

/**
 * rname_pending - is a name still being looked up
 *
 * Return: true if so.
 */
bool rname_pending(void)
{
	bool pending;

	pthread_mutex_lock(&lock);
	pending = running && unasked;
	pthread_mutex_unlock(&lock);
	return pending;
}
