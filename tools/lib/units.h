/* SPDX-License-Identifier: GPL-2.0 */
/* Numbers and times as people write and read them. */
#ifndef ICMPCTL_UNITS_H
#define ICMPCTL_UNITS_H

#include <stdint.h>

#define NSEC_PER_USEC	UINT64_C(1000)
#define NSEC_PER_MSEC	UINT64_C(1000000)
#define NSEC_PER_SEC	UINT64_C(1000000000)

#define UNITS_LEN 40

int units_number(const char *text, uint64_t *value);
int units_bytes(const char *text, uint64_t *value);
int units_duration(const char *text, uint64_t *ns);
const char *units_ms(char buf[UNITS_LEN], uint64_t ns);
const char *units_signed_ms(char buf[UNITS_LEN], int64_t ns);
const char *units_span(char buf[UNITS_LEN], uint64_t ns);

#endif
