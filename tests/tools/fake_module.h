/* SPDX-License-Identifier: GPL-2.0 */
/* A module that is none: see fake_module.c. */
#ifndef ICMPCTL_TESTS_FAKE_MODULE_H
#define ICMPCTL_TESTS_FAKE_MODULE_H

#include <netlink/netlink.h>
#include <sys/socket.h>

#include "lib/session.h"

struct nlattr;

void fake_dump(struct nlattr *attr);
extern const struct icmpctl_extension fake_extension;

bool fake_hop(struct icmpctl_record *record, const struct target *t, uint8_t ttl,
	      uint64_t seq, uint64_t count, uint32_t bytes);
bool fake_size(struct icmpctl_record *record, const struct target *t, uint64_t seq,
	       uint32_t bytes);
bool fake_is_router(const struct icmpctl_record *r);
void fake_hop_count(struct session_stats *s, const struct icmpctl_record *r);
int __wrap_genl_connect(struct nl_sock *sk);
int __wrap_nl_socket_get_fd(const struct nl_sock *sk);
ssize_t __wrap_recvfrom(int fd, void *buf, size_t len, int flags, struct sockaddr *from,
			socklen_t *from_len);
int __wrap_nl_send(struct nl_sock *sk, struct nl_msg *msg);
int __wrap_module_load(void);

#endif
