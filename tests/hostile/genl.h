/* SPDX-License-Identifier: GPL-2.0 */
/*
 * genl.h - netlink by hand, for those who mean to get it wrong
 *
 * No library: what a message has in it is the test's to say, byte by byte.
 */
#ifndef _HOSTILE_GENL_H
#define _HOSTILE_GENL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/genetlink.h>
#include <linux/netlink.h>

/* splitmix64: the same seed makes the same messages, on every machine. */
struct chance {
	uint64_t state;
};

uint64_t chance_next(struct chance *chance);
/* 0 to @n - 1 */
uint32_t chance_below(struct chance *chance, uint32_t n);
/* once in @n times */
bool chance_one_in(struct chance *chance, uint32_t n);

/* A message, or several behind one another, being written. */
struct message {
	uint8_t *data;
	size_t len;
	size_t room;
};

/* Returns where it begins; the length is written by message_end(). */
size_t message_begin(struct message *m, uint16_t type, uint16_t flags, uint32_t seq, uint8_t cmd,
		     uint8_t version);
void message_end(struct message *m, size_t start);
/* As much as there is room for; returns where the attribute begins. */
size_t message_attr(struct message *m, uint16_t type, const void *data, size_t len);
void message_attr_end(struct message *m, size_t start);
void message_u32(struct message *m, uint16_t type, uint32_t value);
void message_u64(struct message *m, uint16_t type, uint64_t value);
/* A nest, to be ended by message_attr_end(). */
size_t message_nest(struct message *m, uint16_t type);
/* An address as it is written, of either family. */
void message_address(struct message *m, uint16_t type, const char *text);

/* A socket with extended ACKs; -1 and a line on stderr if there is none. */
int genl_open(int rcvbuf);
/* Number of the family, asked from @fd; 0: there is none. */
uint16_t genl_family(int fd, const char *name);
/* The attribute @type in [@at, @at + @len), or NULL. */
const struct nlattr *genl_find(const void *at, size_t len, uint16_t type);

/* One interface up in this namespace. */
int interface_up(const char *name);

#endif /* _HOSTILE_GENL_H */
