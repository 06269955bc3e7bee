/* SPDX-License-Identifier: GPL-2.0 */
/* Lists that grow by one. */
#ifndef ICMPCTL_GROW_H
#define ICMPCTL_GROW_H

#include <stddef.h>

void *grow(void *list, unsigned int n, size_t size);

#endif
