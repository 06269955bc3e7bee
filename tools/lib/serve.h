/* SPDX-License-Identifier: GPL-2.0 */
/* A small HTTP server: one thread, which is its caller's. */
#ifndef ICMPCTL_SERVE_H
#define ICMPCTL_SERVE_H

#include <stdbool.h>
#include <stdint.h>

#define SERVE_SOCKETS_MAX	8
/* At one socket; who comes later waits in the kernel's queue. */
#define SERVE_CONNECTIONS_MAX	32
/* Of one address: one that is slow on purpose does not keep everybody else out. */
#define SERVE_CONNECTIONS_OF_ONE (SERVE_CONNECTIONS_MAX / 2)
/* A connection on which nothing moves is closed after this. */
#define SERVE_IDLE_S		10

struct MHD_Daemon;
struct MHD_Response;

/**
 * struct serve_answer - an answer to a request
 * @status: of HTTP
 * @response: what is sent; it belongs to the caller, who may keep it
 */
struct serve_answer {
	unsigned int status;
	struct MHD_Response *response;
};

/* Answers a GET or HEAD of @path; @accept is the header of that name, NULL without one. */
typedef struct serve_answer serve_fn(void *arg, const char *path, const char *accept);

/**
 * struct serve - sockets on which requests come in
 * @fd: those that listen
 * @daemon: libmicrohttpd's part of each, once serve_start() was called
 * @n: how many
 * @fn: answers
 * @arg: its first argument
 */
struct serve {
	int fd[SERVE_SOCKETS_MAX];
	struct MHD_Daemon *daemon[SERVE_SOCKETS_MAX];
	unsigned int n;
	serve_fn *fn;
	void *arg;
};

int serve_listen(struct serve *s, const char *where);
int serve_inherit(struct serve *s);
int serve_start(struct serve *s, serve_fn *fn, void *arg);
int serve_wait(struct serve *s, int other_fd, uint64_t timeout_ms);
void serve_close(struct serve *s);

#endif
