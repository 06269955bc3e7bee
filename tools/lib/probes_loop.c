// SPDX-License-Identifier: GPL-2.0
/* The loop of a command that decides what to do whenever something was told. */
#include "lib/probes_loop.h"

#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "lib/loop.h"
#include "lib/now.h"
#include "lib/report.h"
#include "lib/units.h"

struct call {
	struct probes *probes;
	probes_advance_fn *advance;
	void *arg;
	struct loop loop;
};

static int advance(void *arg)
{
	struct call *call = arg;
	uint64_t now, at = UINT64_MAX;
	int result;

	if (call->probes->failure)
		return PROBES_FAILED;
	now = now_ns(CLOCK_MONOTONIC);
	result = call->advance(call->arg, now, &at);
	if (result || at == UINT64_MAX)
		return result;
	return loop_on_timer(&call->loop, at > now ? at - now : 1, advance, call);
}

static int on_readable(void *arg, uint32_t events)
{
	struct call *call = arg;
	int err = probes_read(call->probes);

	(void)events;
	return err ? err : advance(call);
}

static int on_output_gone(void *arg, uint32_t events)
{
	(void)arg;
	return events & (EPOLLERR | EPOLLHUP) ? PROBES_NO_READER : 0;
}

static int on_signal(void *arg, int number)
{
	(void)arg, (void)number;
	return PROBES_INTERRUPTED;
}

static int prepare(struct call *call)
{
	int err;

	err = loop_open(&call->loop);
	if (!err)
		err = loop_on_end(&call->loop, 0, on_signal, call);
	if (!err)
		err = loop_watch(&call->loop, nlc_fd(&call->probes->nlc), EPOLLIN, on_readable,
				 call);
	/* Fails for a file, which nobody closes behind our back. */
	if (!err)
		loop_watch(&call->loop, STDOUT_FILENO, 0, on_output_gone, call);
	return err;
}

/**
 * probes_loop - read, decide, wait, until it is enough
 * @p: the sessions
 * @advance_fn: decides; called once at the start, and after whatever happened
 * @arg: its first argument
 *
 * Return: how it ended; a negative errno was told on stderr.
 */
int probes_loop(struct probes *p, probes_advance_fn *advance_fn, void *arg)
{
	struct call call = { .probes = p, .advance = advance_fn, .arg = arg };
	int result = prepare(&call);

	if (!result)
		result = advance(&call);
	if (!result)
		result = loop_run(&call.loop);
	if (result < 0)
		report("cannot read what the module tells: %s", strerror(-result));
	loop_close(&call.loop);
	return result;
}
