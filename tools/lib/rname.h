/* SPDX-License-Identifier: GPL-2.0 */
/* Names of addresses, looked up by a thread so that nobody waits for them. */
#ifndef ICMPCTL_RNAME_H
#define ICMPCTL_RNAME_H

#include <stdbool.h>
#include <stdint.h>

const char *rname_get(int family, const uint8_t *addr, uint32_t scope);
void rname_wait(unsigned int ms);
bool rname_pending(void);

#endif
