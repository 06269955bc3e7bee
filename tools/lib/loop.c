// SPDX-License-Identifier: GPL-2.0
/*
 * The event loop. Signals come in as events (signalfd) and so at a place where
 * anything may be done about them.
 */
#include "lib/loop.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "lib/units.h"

/**
 * loop_open - prepare an empty loop
 * @l: the loop
 *
 * Return: 0 or a negative errno.
 */
int loop_open(struct loop *l)
{
	*l = (struct loop){ .epoll = -1, .signals = -1, .timer = -1 };
	l->epoll = epoll_create1(EPOLL_CLOEXEC);
	return l->epoll < 0 ? -errno : 0;
}

/**
 * loop_watch - have a function called when a descriptor is ready
 * @l: the loop
 * @fd: the descriptor, which stays the caller's
 * @events: EPOLLIN and the like; EPOLLERR and EPOLLHUP are always told
 * @fn: the function
 * @arg: its first argument
 *
 * Return: 0 or a negative errno (-EPERM: such a descriptor is always ready).
 */
int loop_watch(struct loop *l, int fd, uint32_t events, loop_fn *fn, void *arg)
{
	struct epoll_event event = { .events = events, .data.u32 = l->sources };

	if (l->sources == LOOP_SOURCES)
		return -ENOSPC;
	l->source[l->sources] = (struct loop_source){ fd, fn, arg };
	if (epoll_ctl(l->epoll, EPOLL_CTL_ADD, fd, &event))
		return -errno;
	l->sources++;
	return 0;
}

static int signals_ready(void *arg, uint32_t events)
{
	struct signalfd_siginfo info;
	struct loop *l = arg;
	int result = 0;

	(void)events;
	while (!result && read(l->signals, &info, sizeof(info)) == sizeof(info))
		result = l->on_signal(l->signal_arg, info.ssi_signo);
	return result;
}

/**
 * loop_on_signals - have a function called when a signal comes
 * @l: the loop
 * @set: the signals; they do nothing else from now on
 * @fn: the function
 * @arg: its first argument
 *
 * Threads made later inherit that these signals are blocked.
 *
 * Return: 0 or a negative errno.
 */
int loop_on_signals(struct loop *l, const sigset_t *set, loop_signal_fn *fn, void *arg)
{
	l->on_signal = fn;
	l->signal_arg = arg;
	l->signals = signalfd(-1, set, SFD_NONBLOCK | SFD_CLOEXEC);
	if (l->signals < 0)
		return -errno;
	if (sigprocmask(SIG_BLOCK, set, NULL))
		return -errno;
	return loop_watch(l, l->signals, EPOLLIN, signals_ready, l);
}

/**
 * loop_on_end - have a function called when the user or the system wants an end
 * @l: the loop
 * @more: another signal that is wanted; 0: none
 * @fn: the function; it is told SIGINT, SIGTERM, SIGHUP, or @more
 * @arg: its first argument
 *
 * Who was started by nohup goes on when the terminal is gone.
 *
 * Return: 0 or a negative errno.
 */
int loop_on_end(struct loop *l, int more, loop_signal_fn *fn, void *arg)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	if (signal(SIGHUP, SIG_DFL) == SIG_IGN)
		signal(SIGHUP, SIG_IGN);
	else
		sigaddset(&set, SIGHUP);
	if (more)
		sigaddset(&set, more);
	return loop_on_signals(l, &set, fn, arg);
}

static int timer_ready(void *arg, uint32_t events)
{
	struct loop *l = arg;
	uint64_t times;

	(void)events;
	if (read(l->timer, &times, sizeof(times)) != sizeof(times))
		return 0;
	return l->on_timer(l->timer_arg);
}

/**
 * loop_on_timer - have a function called once, after a time
 * @l: the loop
 * @ns: the time from now, not 0; it replaces the one set before
 * @fn: the function
 * @arg: its argument
 *
 * Return: 0 or a negative errno.
 */
int loop_on_timer(struct loop *l, uint64_t ns, loop_timer_fn *fn, void *arg)
{
	struct itimerspec when = {
		.it_value.tv_sec = ns / NSEC_PER_SEC,
		.it_value.tv_nsec = ns % NSEC_PER_SEC,
	};
	int err;

	l->on_timer = fn;
	l->timer_arg = arg;
	if (l->timer < 0) {
		l->timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
		if (l->timer < 0)
			return -errno;
		err = loop_watch(l, l->timer, EPOLLIN, timer_ready, l);
		if (err)
			return err;
	}
	return timerfd_settime(l->timer, 0, &when, NULL) ? -errno : 0;
}

/**
 * loop_run - wait and call, until a function says it is enough
 * @l: the loop
 *
 * Return: what that function returned, or a negative errno.
 */
int loop_run(struct loop *l)
{
	struct epoll_event ready[LOOP_SOURCES];

	for (;;) {
		int n = epoll_wait(l->epoll, ready, LOOP_SOURCES, -1);

		if (n < 0 && errno != EINTR)
			return -errno;
		for (int i = 0; i < n; i++) {
			struct loop_source *s = &l->source[ready[i].data.u32];
			int result = s->fn(s->arg, ready[i].events);

			if (result)
				return result;
		}
	}
}

/**
 * loop_close - give back what the loop holds
 * @l: the loop
 *
 * The signals it took stay blocked: who is about to end needs no more of them.
 */
void loop_close(struct loop *l)
{
	if (l->timer >= 0)
		close(l->timer);
	if (l->signals >= 0)
		close(l->signals);
	if (l->epoll >= 0)
		close(l->epoll);
	l->timer = l->signals = l->epoll = -1;
}
