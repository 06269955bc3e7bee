/* SPDX-License-Identifier: GPL-2.0 */
/* All addresses of a name, in bounded time. */
#ifndef ICMPCTL_RESOLVE_H
#define ICMPCTL_RESOLVE_H

#include "lib/judge.h"
#include "lib/target.h"

/**
 * struct resolved - what a name stands for
 * @name: how that went
 * @text: NAME_FAILED: what the resolver says
 * @ns: how long it took
 * @family: [0]: the first IPv4 address, [1]: the first IPv6 one; family 0 for none
 */
struct resolved {
	enum fact_name name;
	char text[FACT_LEN];
	uint64_t ns;
	struct target family[2];
};

struct question;

/* Begins; what was asked is to be taken with resolve_nobody_end(). */
struct question *resolve_nobody(void);
bool resolve_nobody_end(struct question *q, const struct resolved *r, char address[FACT_LEN]);
int resolve(struct resolved *r, const char *name, int family, uint64_t patience_ns);

#endif
