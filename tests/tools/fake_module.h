/* SPDX-License-Identifier: GPL-2.0 */
/* A module that is none: see fake_module.c. */
#ifndef ICMPCTL_TESTS_FAKE_MODULE_H
#define ICMPCTL_TESTS_FAKE_MODULE_H

#include <netdb.h>
#include <netlink/netlink.h>
#include <sys/socket.h>

#include "lib/session.h"

struct nlattr;

#define FAKE_FAMILY	42

void fake_queue(struct nl_msg *msg);
void fake_queue_late(struct nl_msg *msg, unsigned int ms);
struct nl_msg *fake_begin(uint32_t seq, int type, int command);
void fake_answer(const struct nlmsghdr *request, int error, const char *text, uint32_t offset);
bool fake_monitor_asked(const struct nlmsghdr *request, int command, struct nlattr *nest);
void fake_monitor_info(struct nl_msg *msg);
void fake_sweep_begin(const struct nlattr *nest);
void fake_sweep_put(struct nl_msg *msg);
bool fake_sweep_feed(const struct nlmsghdr *request, uint32_t id);
void fake_dump(struct nlattr *attr);
struct icmpctl_extension fake_extension(void);
struct nl_msg *fake_aged(struct nlmsghdr *nlh);

bool fake_hop(struct icmpctl_record *record, const struct target *t, uint8_t ttl,
	      uint64_t seq, uint64_t count, uint32_t bytes);
bool fake_size(struct icmpctl_record *record, const struct target *t, uint64_t seq,
	       uint32_t bytes);
bool fake_is_router(const struct icmpctl_record *r);
void fake_hop_count(struct session_stats *s, const struct icmpctl_record *r);
int __wrap_genl_connect(struct nl_sock *sk);
void __real_nl_socket_free(struct nl_sock *sk);
void __wrap_nl_socket_free(struct nl_sock *sk);
int __wrap_nl_socket_get_fd(const struct nl_sock *sk);
ssize_t __wrap_recvfrom(int fd, void *buf, size_t len, int flags, struct sockaddr *from,
			socklen_t *from_len);
int __wrap_nl_send(struct nl_sock *sk, struct nl_msg *msg);
int __wrap_module_load(void);
int __real_getnameinfo(const struct sockaddr *addr, socklen_t len, char *host,
		       socklen_t host_len, char *service, socklen_t service_len, int flags);
int __wrap_getnameinfo(const struct sockaddr *addr, socklen_t len, char *host,
		       socklen_t host_len, char *service, socklen_t service_len, int flags);
int __real_getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
		       struct addrinfo **found);
int __wrap_getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
		       struct addrinfo **found);

#endif
