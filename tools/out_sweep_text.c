// SPDX-License-Identifier: GPL-2.0
/*
 * A sweep as text: a line an address, in the order of the answers. A line waits for the
 * name of its host, but not for long, and no more lines wait than fit into the queue.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "lib/icmp_names.h"
#include "lib/now.h"
#include "lib/rname.h"
#include "lib/text.h"
#include "lib/units.h"
#include "out.h"
#include "out_sweep.h"

#define WAITING_MAX	1024
#define NAME_WAIT_NS	(300 * NSEC_PER_MSEC)
#define NAME_LEN	1100

struct waiting {
	struct icmpctl_record record;
	uint64_t since_ns;
};

static struct waiting waiting[WAITING_MAX];
static unsigned int head, tail;

/* The name the user gave. */
static const char *given_name(const struct sweep_run *run, const struct icmpctl_record *r)
{
	int len = r->family == 4 ? 4 : 16;

	for (size_t i = 0; i < run->source->n_names; i++) {
		const struct sweep_name *n = &run->source->names[i];

		if (n->family == r->family && !memcmp(n->addr, r->to, len))
			return n->name;
	}
	return NULL;
}

/* On a link of this host the last address, and often the first, is everybody's. */
static const char *why_not_asked(const struct sweep_run *run, const struct icmpctl_record *r)
{
	if (r->cause != ICMPCTL_CAUSE_REFUSED || !r->error)
		return out_cause_text(r->cause);
	if (r->error == EACCES && r->family == 4 && !run->config->broadcast)
		return "a broadcast address, which -b would ask, or its route is prohibited";
	return strerror(r->error);
}

static void print_down(const struct sweep_run *run, const struct icmpctl_record *r)
{
	char buf[ICMP_NAME_LEN], from[ADDRESS_LEN], by[OUT_SWEEP_LEN];

	switch (r->status) {
	case ICMPCTL_STATUS_ERROR:
		if (r->cause != ICMPCTL_CAUSE_REPORTED)
			break;
		printf(" is unreachable: %s, said by %s",
		       icmp_text(buf, r->family, r->icmp_type, r->icmp_code, r->info),
		       address_text(from, r->family, r->from, 0));
		if (run->config->n_probes > 1)
			printf(" to %s", out_sweep_by(by, run, r));
		putchar('\n');
		return;
	case ICMPCTL_STATUS_SEND_FAILED:
		printf(" was not asked: %s\n", why_not_asked(run, r));
		return;
	}
	if (r->flags & ICMPCTL_RECORD_F_NEIGHBOUR)
		printf(" is on the link, and answers %s, but no probe\n",
		       r->family == 4 ? "ARP" : "neighbour discovery");
	else if (r->cause > ICMPCTL_CAUSE_SILENCE)
		printf(" is unreachable: %s\n", out_cause_text(r->cause));
	else
		printf(" is unreachable\n");
}

/* Not by printf(): there may be millions. */
static void print_up(const struct sweep_run *run, const struct icmpctl_record *r,
		     const char *addr)
{
	char line[ADDRESS_LEN + UNITS_LEN + OUT_SWEEP_LEN + 64], buf[UNITS_LEN];
	char by[OUT_SWEEP_LEN], *end = stpcpy(line, addr);

	if (r->tx_source != ICMPCTL_SOURCE_NONE)
		end = stpcpy(stpcpy(stpcpy(end, " is up ("), units_ms(buf, r->rtt_ns)), " ms");
	else
		end = stpcpy(end, " is up (of no known time");
	if (run->config->n_probes || out_sweep_is_error(r))
		end = stpcpy(stpcpy(end, ", "), out_sweep_by(by, run, r));
	if (r->status == ICMPCTL_STATUS_LATE)
		end = stpcpy(end, ", after it was given up");
	end = stpcpy(end, ")\n");
	fwrite(line, 1, end - line, stdout);
}

static void print(const struct sweep_run *run, const struct icmpctl_record *r, const char *name)
{
	char addr[ADDRESS_LEN + 1], safe[NAME_LEN];
	bool up = out_sweep_answered(r);

	address_text(addr, r->family, r->to, run->source->ifindex);
	if (run->config->alive || run->config->dead) {
		if (up == run->config->alive)
			fputs(strcat(addr, "\n"), stdout);
		return;
	}
	if (name) {
		printf("%s (%s)", text_safe(safe, sizeof(safe), name), addr);
		*addr = '\0';
	}
	if (up) {
		print_up(run, r, addr);
		return;
	}
	fputs(addr, stdout);
	print_down(run, r);
}

static void text_flush(const struct sweep_run *run, bool all)
{
	uint64_t now = head != tail ? now_ns(CLOCK_MONOTONIC) : 0;

	if (all && head != tail && rname_pending())
		rname_wait(NAME_WAIT_NS / NSEC_PER_MSEC);
	while (head != tail) {
		const struct waiting *w = &waiting[tail % WAITING_MAX];
		const char *name = rname_get(w->record.family, w->record.to,
					     run->source->ifindex);

		if (!name && !all && head - tail < WAITING_MAX &&
		    now - w->since_ns < NAME_WAIT_NS && rname_pending())
			break;
		out_sweep_progress_clear();
		print(run, &w->record, name);
		tail++;
	}
}

static void text_host(const struct sweep_run *run, const struct icmpctl_record *r)
{
	const char *name = given_name(run, r);
	bool up = out_sweep_answered(r);

	/* That was asked for by a log, or a capture. */
	if (!up && !run->config->all && !run->config->dead &&
	    !(r->flags & ICMPCTL_RECORD_F_NEIGHBOUR))
		return;
	if (!up || name || run->config->numeric || run->config->alive || run->config->dead) {
		out_sweep_progress_clear();
		print(run, r, name);
		return;
	}
	if (head - tail == WAITING_MAX)
		text_flush(run, false);
	waiting[head++ % WAITING_MAX] = (struct waiting){ *r, now_ns(CLOCK_MONOTONIC) };
	rname_get(r->family, r->to, run->source->ifindex);
}

static void text_summary(const struct sweep_run *run)
{
	text_flush(run, true);
	fflush(stdout);
	out_sweep_progress_clear();
	if (!run->config->quiet)
		out_sweep_counts(stderr, run);
	out_sweep_resume(stderr, run);
}

const struct sweep_out out_sweep_text = {
	.host = text_host,
	.flush = text_flush,
	.summary = text_summary,
};
