// SPDX-License-Identifier: GPL-2.0
/*
 * A small HTTP server: sockets that are bound here or come from systemd, and
 * libmicrohttpd, which runs when its caller waits. What is wrong is told on stderr.
 */
#include "lib/serve.h"

#include <errno.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/report.h"
#include "lib/units.h"

/* The first descriptor that systemd passes: sd_listen_fds(3). */
#define INHERITED_FIRST 3
#define BACKLOG 64

/* HOST:PORT, [HOST]:PORT or :PORT; -1 if it is none of these. */
static int split(const char *where, char host[256], char port[8])
{
	const char *colon = strrchr(where, ':');
	uint64_t number;
	size_t len;

	if (!colon || units_number(colon + 1, &number) || !number || number > 65535)
		return -1;
	snprintf(port, 8, "%u", (unsigned int)number);
	len = colon - where;
	if (len && *where == '[') {
		if (len < 3 || where[len - 1] != ']')
			return -1;
		where++;
		len -= 2;
	} else if (memchr(where, ':', len)) {
		return -1;
	}
	if (len > 255)
		return -1;
	memcpy(host, where, len);
	host[len] = '\0';
	return 0;
}

static void cannot_listen(const char *where, const char *port, int error)
{
	if (error == EADDRINUSE)
		report("--listen %s: port %s is in use by another program there: choose another one",
		       where, port);
	else if (error == E2BIG)
		report("--listen %s: %d addresses are the most", where, SERVE_SOCKETS_MAX);
	else if (error == EADDRNOTAVAIL)
		report("--listen %s: this machine has no such address; `ip address` lists those it has",
		       where);
	else if (error == EACCES)
		report("--listen %s: no right to listen on port %s: choose one above 1023, or try it with sudo",
		       where, port);
	else
		report("--listen %s: %s", where, strerror(error));
}

/* @own: an address of IPv6 is of that alone, so that the one of IPv4 may be listened on as well. */
static int bind_one(const struct addrinfo *a, bool own)
{
	int fd = socket(a->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), on = 1;
	int only = own;

	if (fd < 0)
		return -errno;
	/* Both only make it better: to be back at once, and who may listen beside it. */
	(void)!setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (a->ai_family == AF_INET6)
		(void)!setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof(only));
	if (bind(fd, a->ai_addr, a->ai_addrlen) || listen(fd, BACKLOG)) {
		int err = -errno;

		close(fd);
		return err;
	}
	return fd;
}

/* Of "any" by IPv6 is both; where there is no IPv6 the other is taken. */
static int bind_any(struct serve *s, const struct addrinfo *found)
{
	int fd = -EADDRNOTAVAIL;

	for (int family = AF_INET6; fd < 0; family = AF_INET) {
		for (const struct addrinfo *a = found; a && fd < 0; a = a->ai_next)
			if (a->ai_family == family)
				fd = bind_one(a, false);
		if (family == AF_INET)
			break;
	}
	if (fd < 0)
		return fd;
	s->fd[s->n++] = fd;
	return 0;
}

static bool is_any(const struct addrinfo *a)
{
	if (a->ai_family == AF_INET6)
		return IN6_IS_ADDR_UNSPECIFIED(&((const struct sockaddr_in6 *)a->ai_addr)->sin6_addr);
	return ((const struct sockaddr_in *)a->ai_addr)->sin_addr.s_addr == htonl(INADDR_ANY);
}

/* Does one of our own sockets listen on that port by both families already? */
static bool have_both(const struct serve *s, const struct addrinfo *a)
{
	in_port_t port = ((const struct sockaddr_in *)a->ai_addr)->sin_port;

	for (unsigned int i = 0; i < s->n; i++) {
		struct sockaddr_in6 is = { .sin6_family = AF_UNSPEC };
		socklen_t len = sizeof(is), size = sizeof(int);
		int only = 1;

		if (!getsockname(s->fd[i], (struct sockaddr *)&is, &len) &&
		    is.sin6_family == AF_INET6 && is.sin6_port == port &&
		    IN6_IS_ADDR_UNSPECIFIED(&is.sin6_addr) &&
		    !getsockopt(s->fd[i], IPPROTO_IPV6, IPV6_V6ONLY, &only, &size) && !only)
			return true;
	}
	return false;
}

/*
 * One that was asked for by its address. [::] is both families, as ever, unless somebody has the
 * other one already, we ourselves perhaps.
 */
static int bind_given(struct serve *s, const struct addrinfo *a)
{
	int fd;

	if (a->ai_family != AF_INET6 || !is_any(a))
		return bind_one(a, true);
	fd = bind_one(a, false);
	return fd == -EADDRINUSE && !have_both(s, a) ? bind_one(a, true) : fd;
}

static bool is_same(const struct addrinfo *a, const struct addrinfo *b)
{
	return a->ai_addrlen == b->ai_addrlen && !memcmp(a->ai_addr, b->ai_addr, a->ai_addrlen);
}

/*
 * All that a name stands for, localhost for both loopbacks: who asks by the other one would
 * find nobody there. Those that this machine has not are left out, unless it has none.
 */
static int bind_all(struct serve *s, const struct addrinfo *found)
{
	const struct addrinfo *a, *before;
	unsigned int first = s->n;
	int fd = -EADDRNOTAVAIL;

	for (a = found; a; a = a->ai_next) {
		for (before = found; before != a && !is_same(before, a); before = before->ai_next)
			;
		if (before != a)
			continue;
		if (s->n == SERVE_SOCKETS_MAX)
			return -E2BIG;
		fd = bind_given(s, a);
		if (fd == -EADDRINUSE && a->ai_family == AF_INET && is_any(a) && have_both(s, a))
			return 0;
		if (fd >= 0)
			s->fd[s->n++] = fd;
		else if (fd != -EADDRNOTAVAIL && fd != -EAFNOSUPPORT)
			return fd;
	}
	return s->n > first ? 0 : fd;
}

/**
 * serve_listen - listen on an address
 * @s: the server; one more of its sockets, or several if a name has several addresses
 * @where: HOST:PORT, [HOST]:PORT, or :PORT or *:PORT for every address
 *
 * Return: 0 or -1, and then it was told why.
 */
int serve_listen(struct serve *s, const char *where)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE }, *found;
	char host[256], port[8];
	int err;

	if (split(where, host, port)) {
		report("--listen %s: expected ADDRESS:PORT, as in 127.0.0.1:9427, [::1]:9427 or :9427",
		       where);
		return -1;
	}
	if (!strcmp(host, "*"))
		*host = '\0';
	err = getaddrinfo(*host ? host : NULL, port, &hints, &found);
	if (err) {
		report("--listen %s: %s", where, gai_strerror(err));
		return -1;
	}
	err = s->n == SERVE_SOCKETS_MAX ? -E2BIG : *host ? bind_all(s, found) : bind_any(s, found);
	freeaddrinfo(found);
	if (err)
		cannot_listen(where, port, -err);
	return err ? -1 : 0;
}

/**
 * serve_inherit - take the sockets that systemd opened for us
 * @s: the server; they are its sockets
 *
 * Return: how many there are, 0 if there are none for this process, or -1 and then it
 * was told why.
 */
int serve_inherit(struct serve *s)
{
	const char *pid = getenv("LISTEN_PID"), *fds = getenv("LISTEN_FDS");
	uint64_t for_pid, n;

	if (!pid || !fds || units_number(pid, &for_pid) || units_number(fds, &n) ||
	    for_pid != (uint64_t)getpid())
		return 0;
	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_FDNAMES");
	if (n > SERVE_SOCKETS_MAX) {
		report("%u sockets were passed, and %d are the most", (unsigned int)n,
		       SERVE_SOCKETS_MAX);
		return -1;
	}
	for (unsigned int i = 0; i < n; i++) {
		int fd = INHERITED_FIRST + (int)i, listens = 0;
		socklen_t len = sizeof(listens);

		if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &len) || !listens) {
			report("descriptor %d, passed as LISTEN_FDS says, is no socket that listens",
			       fd);
			return -1;
		}
		fcntl(fd, F_SETFD, FD_CLOEXEC);
		fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
		s->fd[s->n++] = fd;
	}
	return (int)n;
}

static enum MHD_Result refuse(struct MHD_Connection *connection)
{
	static char text[] = "only GET and HEAD\n";
	struct MHD_Response *r = MHD_create_response_from_buffer(sizeof(text) - 1, text,
								 MHD_RESPMEM_PERSISTENT);
	enum MHD_Result result;

	if (!r)
		return MHD_NO;
	MHD_add_response_header(r, "Allow", "GET, HEAD");
	result = MHD_queue_response(connection, MHD_HTTP_METHOD_NOT_ALLOWED, r);
	MHD_destroy_response(r);
	return result;
}

static enum MHD_Result handle(void *arg, struct MHD_Connection *connection, const char *url,
			      const char *method, const char *version, const char *data,
			      size_t *size, void **seen)
{
	static int once;
	const struct serve *s = arg;
	struct serve_answer answer;

	(void)version;
	(void)data;
	/* The first call is for the headers alone: nothing may be answered yet. */
	if (!*seen) {
		*seen = &once;
		return MHD_YES;
	}
	if (*size) {
		*size = 0;
		return MHD_YES;
	}
	if (strcmp(method, MHD_HTTP_METHOD_GET) && strcmp(method, MHD_HTTP_METHOD_HEAD))
		return refuse(connection);
	answer = s->fn(s->arg, url, MHD_lookup_connection_value(connection, MHD_HEADER_KIND,
								MHD_HTTP_HEADER_ACCEPT));
	return answer.response ? MHD_queue_response(connection, answer.status, answer.response) :
				 MHD_NO;
}

/**
 * serve_start - answer from now on, whenever serve_wait() is called
 * @s: the server
 * @fn: answers
 * @arg: its first argument
 *
 * Return: 0 or -1, and then it was told why.
 */
int serve_start(struct serve *s, serve_fn *fn, void *arg)
{
	s->fn = fn;
	s->arg = arg;
	for (unsigned int i = 0; i < s->n; i++) {
		s->daemon[i] = MHD_start_daemon(MHD_USE_EPOLL, 0, NULL, NULL, handle, s,
			MHD_OPTION_LISTEN_SOCKET, s->fd[i],
			MHD_OPTION_CONNECTION_LIMIT, (unsigned int)SERVE_CONNECTIONS_MAX,
			MHD_OPTION_PER_IP_CONNECTION_LIMIT, (unsigned int)SERVE_CONNECTIONS_OF_ONE,
			MHD_OPTION_CONNECTION_TIMEOUT, (unsigned int)SERVE_IDLE_S,
			MHD_OPTION_END);
		if (!s->daemon[i]) {
			report("the HTTP server cannot be started: %s", strerror(errno));
			return -1;
		}
	}
	return 0;
}

/**
 * serve_wait - answer what comes in, until something else is to be done
 * @s: the server
 * @other_fd: may become readable
 * @timeout_ms: the longest wait; UINT64_MAX for no end
 *
 * Return: 1 if @other_fd is readable, 0 if not, or a negative errno.
 */
int serve_wait(struct serve *s, int other_fd, uint64_t timeout_ms)
{
	struct pollfd fds[1 + SERVE_SOCKETS_MAX] = { { .fd = other_fd, .events = POLLIN } };
	int result;

	for (unsigned int i = 0; i < s->n; i++) {
		MHD_UNSIGNED_LONG_LONG wanted;

		fds[1 + i] = (struct pollfd){
			.fd = MHD_get_daemon_info(s->daemon[i], MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd,
			.events = POLLIN,
		};
		if (MHD_get_timeout(s->daemon[i], &wanted) == MHD_YES && wanted < timeout_ms)
			timeout_ms = wanted;
	}
	result = poll(fds, 1 + s->n, timeout_ms == UINT64_MAX ? -1 :
		      timeout_ms > 1000000 ? 1000000 : (int)timeout_ms);
	if (result < 0)
		return errno == EINTR ? 0 : -errno;
	/* Twice: with a connection that has gone the socket is listened to again only then. */
	for (unsigned int i = 0; i < 2 * s->n; i++)
		MHD_run(s->daemon[i / 2]);
	return fds[0].revents != 0;
}

/**
 * serve_close - close all sockets; what is being answered is cut off
 * @s: the server
 */
void serve_close(struct serve *s)
{
	for (unsigned int i = 0; i < s->n; i++) {
		/* Who stops a daemon closes its socket. */
		if (s->daemon[i])
			MHD_stop_daemon(s->daemon[i]);
		else
			close(s->fd[i]);
	}
	s->n = 0;
}
