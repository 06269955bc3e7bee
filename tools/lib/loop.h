/* SPDX-License-Identifier: GPL-2.0 */
/* The event loop: descriptors, signals, one timer. */
#ifndef ICMPCTL_LOOP_H
#define ICMPCTL_LOOP_H

#include <signal.h>
#include <stdint.h>

#define LOOP_SOURCES 8

/* Each returns 0 to go on; anything else ends the loop and is its result. */
typedef int loop_fn(void *arg, uint32_t events);
typedef int loop_signal_fn(void *arg, int number);
typedef int loop_timer_fn(void *arg);

struct loop_source {
	int fd;
	loop_fn *fn;
	void *arg;
};

struct loop {
	int epoll;
	int signals;
	int timer;
	loop_signal_fn *on_signal;
	void *signal_arg;
	loop_timer_fn *on_timer;
	void *timer_arg;
	struct loop_source source[LOOP_SOURCES];
	int sources;
};

int loop_open(struct loop *l);
int loop_watch(struct loop *l, int fd, uint32_t events, loop_fn *fn, void *arg);
int loop_on_signals(struct loop *l, const sigset_t *set, loop_signal_fn *fn, void *arg);
int loop_on_end(struct loop *l, int more, loop_signal_fn *fn, void *arg);
int loop_on_timer(struct loop *l, uint64_t ns, loop_timer_fn *fn, void *arg);
int loop_run(struct loop *l);
void loop_close(struct loop *l);

#endif
