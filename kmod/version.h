/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ICMPCTL_VERSION_H
#define _ICMPCTL_VERSION_H

/* The release; tools/version.h says the same, and a test holds them together. */
#define ICMPCTL_VERSION "0.1.0"

#endif /* _ICMPCTL_VERSION_H */
