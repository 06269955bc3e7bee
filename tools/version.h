/* SPDX-License-Identifier: GPL-2.0 */
/* The release this command belongs to; kmod/version.h holds the same literal. */
#ifndef ICMPCTL_TOOLS_VERSION_H
#define ICMPCTL_TOOLS_VERSION_H

#define ICMPCTL_VERSION "0.1.0"
/* When what the manual says was last looked at. */
#define ICMPCTL_DATE "November 22, 2026"

#endif
