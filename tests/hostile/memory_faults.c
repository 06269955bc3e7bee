// SPDX-License-Identifier: GPL-2.0
/*
 * memory_faults.c - every request to the module, its load and its namespaces, without memory
 *
 *	memory_faults [load STEP MODULE.ko | namespace STEP]
 *
 * The kernel refuses the nth allocation that this task asks for (fail-nth), from the first
 * one on until a request gets through with no refusal at all. Each time the request is carried
 * out or refused as what it is, in words as soon as the module is the one who refuses, the same
 * request works right after, and nothing is left.
 *
 * `load`: likewise finit_module(), for which the module must not be there, but what it needs.
 * `namespace`: likewise unshare(CLONE_NEWNET), whose namespaces the module is a part of. Of both
 * every STEPth allocation is refused.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../../include/uapi/linux/icmpctl.h"
#include "genl.h"

#define ROOM		65536
#define NAME		"faults"
/* Those that come before the module is asked: of a socket, and of the attributes. */
#define CORE_MAX	8
#define FAULTS_MAX	2000
/* The whole network stack is made anew. */
#define NAMESPACE_FAULTS_MAX	20000
#define MS		1000000ULL

/* What must be there before it can be asked. */
enum need { NOTHING, SESSION, SWEEP, MONITOR };

struct request {
	const char *name;
	void (*put)(struct message *m);
	uint8_t cmd;
	enum need need;
	bool dump;
	bool sessions;		/* it leaves one behind */
	uint32_t least;		/* refusals of the module */
};

enum outcome { ACCEPTED, WORDED, WORDLESS, LOST, OTHER, OUTCOMES };

static uint16_t family;
static uint32_t asked_id;
static int fail_nth;
static char words[256];
static int refusal;

static void put_target(struct message *m, const char *host, const char *name, uint32_t flow)
{
	size_t start = message_nest(m, ICMPCTL_SESSION_A_TARGET);

	message_address(m, ICMPCTL_TARGET_A_ADDRESS, host);
	if (name)
		message_attr(m, ICMPCTL_TARGET_A_NAME, name, strlen(name) + 1);
	if (flow)
		message_u32(m, ICMPCTL_TARGET_A_FLOW, flow);
	message_attr_end(m, start);
}

static void put_nothing(struct message *m)
{
	(void)m;
}

static void put_id(struct message *m)
{
	message_u32(m, ICMPCTL_SESSION_A_ID, asked_id);
}

static void put_echo(struct message *m)
{
	put_target(m, "127.0.0.1", NULL, 0);
}

static void put_two_families(struct message *m)
{
	put_target(m, "127.0.0.1", NULL, 0);
	put_target(m, "::1", NULL, 0);
	/* Answers come in fragments: somebody must put them together. */
	message_u32(m, ICMPCTL_SESSION_A_SIZE, 4000);
	message_u32(m, ICMPCTL_SESSION_A_FLAGS, ICMPCTL_SESSION_F_EXTENSIONS);
}

static void put_flows(struct message *m)
{
	uint32_t i;

	message_u32(m, ICMPCTL_SESSION_A_KIND, ICMPCTL_PROBE_UDP);
	message_u32(m, ICMPCTL_SESSION_A_FLOW_BASE, 77);
	for (i = 0; i < 6; i++)
		put_target(m, i % 2 ? "::1" : "127.0.0.1", NULL, 1 + i / 2);
}

static void put_poisson(struct message *m)
{
	uint32_t i;

	message_u32(m, ICMPCTL_SESSION_A_SCHEDULE, ICMPCTL_SCHEDULE_POISSON);
	message_u32(m, ICMPCTL_SESSION_A_RECORDS, 4096);
	for (i = 0; i < 40; i++)
		put_target(m, "127.0.0.1", NULL, 0);
}

static void put_sweep(struct message *m)
{
	static const uint32_t kinds[] = { ICMPCTL_PROBE_ECHO, ICMPCTL_PROBE_TCP,
					  ICMPCTL_PROBE_EXTENDED };
	size_t start = message_nest(m, ICMPCTL_SESSION_A_SWEEP);
	uint32_t i;

	message_u32(m, ICMPCTL_SWEEP_A_RATE_PPS, 1000);
	message_attr_end(m, start);
	for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		start = message_nest(m, ICMPCTL_SESSION_A_PROBE);
		message_u32(m, ICMPCTL_PROBE_A_KIND, kinds[i]);
		message_attr_end(m, start);
	}
	message_u64(m, ICMPCTL_SESSION_A_TIMEOUT_NS, 50 * MS);
}

static void put_feed(struct message *m)
{
	static const uint8_t range[8] = { 127, 0, 0, 1, 127, 0, 0, 9 };

	put_id(m);
	message_attr(m, ICMPCTL_SESSION_A_RANGE, range, sizeof(range));
}

static void put_name(struct message *m)
{
	size_t start = message_nest(m, ICMPCTL_SESSION_A_MONITOR);

	message_attr(m, ICMPCTL_MONITOR_A_NAME, NAME, sizeof(NAME));
	message_attr_end(m, start);
}

static void put_add(struct message *m)
{
	size_t start = message_nest(m, ICMPCTL_SESSION_A_MONITOR);

	message_attr(m, ICMPCTL_MONITOR_A_NAME, NAME, sizeof(NAME));
	message_attr(m, ICMPCTL_MONITOR_A_OPTIONS, "x", 2);
	message_u32(m, ICMPCTL_MONITOR_A_KEEP, 64);
	message_attr_end(m, start);
	put_target(m, "127.0.0.1", "one", 0);
	put_target(m, "::1", "two", 0);
	message_u64(m, ICMPCTL_SESSION_A_TIMEOUT_NS, 50 * MS);
}

static const struct request requests[] = {
	{ "info", put_nothing, ICMPCTL_CMD_INFO_GET, .least = 1 },
	{ "start an echo", put_echo, ICMPCTL_CMD_SESSION_START, .sessions = true, .least = 10 },
	{ "start large ones of two families", put_two_families, ICMPCTL_CMD_SESSION_START,
	  .sessions = true, .least = 10 },
	{ "start flows by UDP", put_flows, ICMPCTL_CMD_SESSION_START, .sessions = true,
	  .least = 15 },
	{ "start a Poisson schedule", put_poisson, ICMPCTL_CMD_SESSION_START, .sessions = true,
	  .least = 10 },
	{ "start a sweep", put_sweep, ICMPCTL_CMD_SESSION_START, .sessions = true, .least = 12 },
	{ "feed a sweep", put_feed, ICMPCTL_CMD_SWEEP_FEED, .need = SWEEP, .least = 1 },
	{ "look at a session", put_id, ICMPCTL_CMD_SESSION_GET, .need = SESSION, .least = 1 },
	{ "look at all sessions", put_nothing, ICMPCTL_CMD_SESSION_GET, .need = SESSION, .dump = true },
	{ "stop a session", put_id, ICMPCTL_CMD_SESSION_STOP, .need = SESSION },
	{ "add a monitor", put_add, ICMPCTL_CMD_MONITOR_ADD, .sessions = true, .least = 12 },
	{ "look at a monitor", put_name, ICMPCTL_CMD_MONITOR_GET, .need = MONITOR, .least = 1 },
	{ "look at all monitors", put_nothing, ICMPCTL_CMD_MONITOR_GET, .need = MONITOR, .dump = true },
	{ "reset a monitor", put_name, ICMPCTL_CMD_MONITOR_RESET, .need = MONITOR, .least = 1 },
	{ "last probes of a monitor", put_name, ICMPCTL_CMD_MONITOR_RECORDS, .need = MONITOR,
	  .dump = true },
	{ "remove a monitor", put_name, ICMPCTL_CMD_MONITOR_DEL, .need = MONITOR },
};

static const struct request start_session = { "", put_echo, .cmd = ICMPCTL_CMD_SESSION_START };
static const struct request start_sweep = { "", put_sweep, .cmd = ICMPCTL_CMD_SESSION_START };
static const struct request add_monitor = { "", put_add, .cmd = ICMPCTL_CMD_MONITOR_ADD };
static const struct request remove_monitor = { "", put_name, .cmd = ICMPCTL_CMD_MONITOR_DEL };
static const struct request get_info = { "", put_nothing, .cmd = ICMPCTL_CMD_INFO_GET };

/* Have the kernel refuse this task its @nth allocation from now; 0: none. */
static void arm(uint32_t nth)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", nth);

	if (pwrite(fail_nth, text, len, 0) != len)
		perror("fail-nth");
}

/* Was it refused? If not, that will not happen any more. */
static bool disarm(void)
{
	char text[16] = "";
	bool refused;

	refused = pread(fail_nth, text, sizeof(text) - 1, 0) > 0 && !atoi(text);
	arm(0);
	return refused;
}

static enum outcome judge(const struct nlmsghdr *nlh, bool ack)
{
	size_t at = NLMSG_HDRLEN + (ack ? sizeof(struct nlmsgerr) : sizeof(int));
	const struct nlattr *attr = NULL;

	refusal = -*(const int *)NLMSG_DATA(nlh);
	if (refusal <= 0)
		return ACCEPTED;
	if (nlh->nlmsg_flags & NLM_F_ACK_TLVS && nlh->nlmsg_len > at)
		attr = genl_find((const uint8_t *)nlh + at, nlh->nlmsg_len - at,
				 NLMSGERR_ATTR_MSG);
	snprintf(words, sizeof(words), "%s", attr ? (const char *)(attr + 1) : "");
	if (refusal != ENOMEM && refusal != ENOBUFS)
		return OTHER;
	return *words ? WORDED : WORDLESS;
}

/* The answer, with what it tells in u32 attributes: the id, or of @wanted the sum. */
static enum outcome answer(int fd, bool dump, const uint16_t *wanted, uint32_t *sum)
{
	static uint8_t data[ROOM];
	struct pollfd ready = { .fd = fd, .events = POLLIN };

	while (poll(&ready, 1, 2000) > 0) {
		const struct nlmsghdr *nlh = (void *)data;
		int len = recv(fd, data, sizeof(data), MSG_DONTWAIT);

		if (len < 0)
			return LOST;
		for (; NLMSG_OK(nlh, len); nlh = NLMSG_NEXT(nlh, len)) {
			const struct nlattr *attr;

			if (nlh->nlmsg_type == NLMSG_ERROR)
				return judge(nlh, true);
			if (nlh->nlmsg_type == NLMSG_DONE && dump)
				return judge(nlh, false);
			/* Events tell of nobody's request. */
			if (nlh->nlmsg_type != family || !nlh->nlmsg_seq)
				continue;
			for (; wanted && *wanted; wanted++) {
				attr = genl_find((const uint8_t *)nlh + NLMSG_HDRLEN + GENL_HDRLEN,
						 nlh->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN,
						 *wanted);
				*sum += attr ? *(const uint32_t *)(attr + 1) : 0;
			}
		}
	}
	return LOST;
}

static enum outcome ask(int fd, const struct request *request, uint32_t nth, bool *refused,
			const uint16_t *wanted, uint32_t *sum)
{
	static uint8_t data[ROOM];
	struct message m = { .data = data, .room = sizeof(data) };
	uint16_t flags = NLM_F_REQUEST | NLM_F_ACK | (request->dump ? NLM_F_DUMP : 0);
	size_t start = message_begin(&m, family, flags, 1, request->cmd, 1);
	enum outcome outcome = LOST;

	request->put(&m);
	message_end(&m, start);
	arm(nth);
	if (send(fd, data, m.len, 0) > 0)
		outcome = answer(fd, request->dump, wanted, sum);
	if (refused)
		*refused = disarm();
	return outcome;
}

/* All that the sessions and monitors of this namespace take. */
static uint32_t in_use(int fd)
{
	static const uint16_t all[] = {
		ICMPCTL_INFO_A_SESSIONS, ICMPCTL_INFO_A_INFLIGHT, ICMPCTL_INFO_A_RATE_PPS,
		ICMPCTL_INFO_A_MEMORY_BYTES, ICMPCTL_INFO_A_MONITORS,
		ICMPCTL_INFO_A_MONITOR_MEMORY_BYTES, 0
	};
	uint32_t sum = 0;

	if (ask(fd, &get_info, 0, NULL, all, &sum) != ACCEPTED)
		return UINT32_MAX;
	return sum;
}

/* Nothing is taken any more; what is left of sessions needs a moment to go. */
static bool nothing_left(void)
{
	int fd = genl_open(1 << 20), i;
	uint32_t used = 1;

	for (i = 0; i < 500 && used; i++) {
		used = in_use(fd);
		if (used)
			usleep(10000);
	}
	close(fd);
	return !used;
}

static bool prepare(int fd, enum need need)
{
	static const uint16_t id[] = { ICMPCTL_SESSION_A_ID, 0 };
	const struct request *first = need == SESSION ? &start_session :
				      need == SWEEP ? &start_sweep : &add_monitor;

	asked_id = 0;
	return need == NOTHING || ask(fd, first, 0, NULL, id, &asked_id) == ACCEPTED;
}

/* @request on a socket of its own, without its @nth allocation. */
static enum outcome attempt(const struct request *request, uint32_t nth, bool *refused)
{
	int fd = genl_open(1 << 20), why;
	enum outcome outcome = OTHER;
	char said[sizeof(words)];

	*refused = false;
	if (prepare(fd, request->need))
		outcome = ask(fd, request, nth, refused, NULL, NULL);
	else
		printf("# %s: what it needs could not be made: %s\n", request->name, words);
	snprintf(said, sizeof(said), "%s", words);
	why = refusal;
	/* It is there unless the request was to remove it, or could not add it. */
	ask(fd, &remove_monitor, 0, NULL, NULL, NULL);
	close(fd);
	memcpy(words, said, sizeof(words));
	refusal = why;
	return outcome;
}

static bool try_request(const struct request *request)
{
	uint32_t count[OUTCOMES] = {}, nth, again = 0;
	bool refused = true, good = true;

	for (nth = 1; refused && nth <= FAULTS_MAX; nth++) {
		enum outcome outcome = attempt(request, nth, &refused);

		/*
		 * IPv6 says that there is no route where it has no memory for one, and TCP that
		 * a port is taken.
		 */
		if (outcome == OTHER && (refusal == ENETUNREACH || refusal == EADDRINUSE))
			outcome = *words ? WORDED : WORDLESS;
		if (outcome == WORDLESS && count[WORDED] && !request->dump) {
			printf("# %s, allocation %u: refused without a word: %s\n", request->name,
			       nth, strerror(refusal));
			good = false;
		}
		if (outcome == OTHER) {
			printf("# %s, allocation %u: %s: %s\n", request->name, nth,
			       strerror(refusal), words);
			good = false;
		}
		if (outcome == WORDED && !count[WORDED])
			printf("# %s: %s: %s\n", request->name, strerror(refusal), words);
		if (refused)
			count[outcome]++;
		if (!refused && outcome != ACCEPTED) {
			printf("# %s: not carried out with all its memory\n", request->name);
			good = false;
		}
		if (!nothing_left()) {
			printf("# %s, allocation %u: something is left\n", request->name, nth);
			return false;
		}
		if (!refused || outcome == ACCEPTED)
			continue;
		/* Now that there is memory again. */
		again += attempt(request, 0, &refused) == ACCEPTED;
		refused = true;
		good &= nothing_left();
	}
	printf("# %s: %u allocations refused: %u in words, %u by the core without, %u with the answer lost, %u carried out all the same\n",
	       request->name, nth - 2, count[WORDED], count[WORDLESS], count[LOST],
	       count[ACCEPTED]);
	if (again != count[WORDED] + count[WORDLESS] + count[LOST] + count[OTHER]) {
		printf("# %s: it worked only %u times afterwards\n", request->name, again);
		good = false;
	}
	return good && !refused && count[WORDLESS] <= CORE_MAX && count[WORDED] >= request->least;
}

/* ---- what comes before any request ---- */

#define MODULE		"icmpctl"
#define LOADED		"/sys/module/" MODULE

static int load(int file)
{
	return syscall(SYS_finit_module, file, "", 0) ? errno : 0;
}

static int unload(void)
{
	int i;

	/* Whoever still looks at it has gone in a moment. */
	for (i = 0; i < 100 && syscall(SYS_delete_module, MODULE, O_NONBLOCK); i++)
		usleep(10000);
	return i < 100 ? 0 : errno;
}

/* Does a file have a line that begins so? */
static bool has_line(const char *path, const char *begin)
{
	FILE *file = fopen(path, "r");
	char line[512];
	bool found = false;

	while (file && !found && fgets(line, sizeof(line), file))
		found = !strncmp(line, begin, strlen(begin));
	if (file)
		fclose(file);
	return found;
}

/* Neither itself nor its caches. */
static bool module_left(void)
{
	return !access(LOADED, F_OK) || has_line("/proc/modules", MODULE " ") ||
	       has_line("/proc/slabinfo", MODULE "_");
}

/* It loads, and goes again. */
static bool loads(int file)
{
	int why = load(file);

	if (!why)
		why = unload();
	if (why)
		printf("# with all its memory: %s\n", strerror(why));
	return !why;
}

static bool try_load(uint32_t step, const char *path)
{
	int file = open(path, O_RDONLY | O_CLOEXEC), why;
	uint32_t count[2] = {}, nth;
	bool refused = true;

	if (file < 0 || module_left()) {
		printf("# %s: cannot be read, or it is there already\n", path);
		return false;
	}
	for (nth = 1; refused && nth <= FAULTS_MAX; nth += step) {
		arm(nth);
		why = load(file);
		refused = disarm();
		if (why ? why != ENOMEM || !refused : unload()) {
			printf("# load, allocation %u: %s\n", nth,
			       why ? strerror(why) : "it cannot be removed");
			return false;
		}
		if (module_left() || (why && !loads(file)) || module_left()) {
			printf("# load, allocation %u: something is left\n", nth);
			return false;
		}
		count[!why] += refused;
	}
	printf("# load: %u allocations, every %uth refused: %u the load, %u loaded all the same\n",
	       nth - step, step, count[0], count[1]);
	return !refused && count[0];
}

/* In a namespace that was just made: the module is a part of it, and nobody was there before. */
static bool new_and_empty(void)
{
	int fd = genl_open(1 << 20);
	bool is = fd >= 0 && !in_use(fd);

	close(fd);
	return is;
}

static bool try_namespace(uint32_t step)
{
	int home = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC), why;
	uint32_t count[2] = {}, nth;
	bool refused = true;

	for (nth = 1; refused && nth <= NAMESPACE_FAULTS_MAX; nth += step) {
		arm(nth);
		why = unshare(CLONE_NEWNET) ? errno : 0;
		refused = disarm();
		if (why && !refused) {
			printf("# namespace: not made with all its memory: %s\n", strerror(why));
			return false;
		}
		/* Others than ours have other words for it as well. */
		if (why && why != ENOMEM)
			printf("# namespace, allocation %u: %s\n", nth, strerror(why));
		count[!why] += refused;
		if (why && unshare(CLONE_NEWNET)) {
			printf("# namespace, allocation %u: none afterwards: %s\n", nth,
			       strerror(errno));
			return false;
		}
		if (!new_and_empty()) {
			printf("# namespace, allocation %u: not as it should be\n", nth);
			return false;
		}
		if (setns(home, CLONE_NEWNET)) {
			perror("setns");
			return false;
		}
	}
	printf("# namespace: %u allocations, every %uth refused: %u the namespace, %u made all the same\n",
	       nth - step, step, count[0], count[1]);
	return !refused && count[0];
}

static bool try_requests(void)
{
	bool good = true;
	uint32_t i;

	for (i = 0; i < sizeof(requests) / sizeof(*requests); i++) {
		bool fine = try_request(&requests[i]);

		printf("%s - %s: without memory it is refused as that, and nothing is left\n",
		       fine ? "ok" : "not ok", requests[i].name);
		good &= fine;
	}
	return good;
}

static bool connected(void)
{
	int fd = genl_open(1 << 20);

	family = fd < 0 ? 0 : genl_family(fd, ICMPCTL_FAMILY_NAME);
	close(fd);
	return family && !interface_up("lo");
}

int main(int argc, char **argv)
{
	bool loading = argc == 4 && !strcmp(argv[1], "load");
	uint32_t step = argc > 2 ? strtoul(argv[2], NULL, 0) : 0;
	bool fine;

	setvbuf(stdout, NULL, _IOLBF, 0);
	fail_nth = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	if (fail_nth < 0 || (!loading && !connected())) {
		fprintf(stderr, "no fail-nth, or no module\n");
		return 1;
	}
	if (!step)
		return !try_requests();
	fine = loading ? try_load(step, argv[3]) : try_namespace(step);
	printf("%s - %s: without memory it is refused as that, works afterwards, and nothing is left\n",
	       fine ? "ok" : "not ok", loading ? "load of the module" : "a network namespace");
	return !fine;
}
