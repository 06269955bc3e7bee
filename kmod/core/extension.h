/* SPDX-License-Identifier: GPL-2.0 */
/*
 * extension.h - what stands behind the packet that an ICMP error quotes
 */
#ifndef _ICMPCTL_CORE_EXTENSION_H
#define _ICMPCTL_CORE_EXTENSION_H

#include <linux/types.h>
#include <uapi/linux/icmpctl.h>

/* RFC 4884: version and checksum, then the objects */
#define ICMPCTL_EXTENSION_HLEN	4
/* So much of an extension is looked at; a longer one is too long. */
#define ICMPCTL_EXTENSION_LEN	(ICMPCTL_EXTENSION_HLEN + ICMPCTL_EXTENSION_MAX)

u32 icmpctl_extension_offset(const u8 *icmp, u32 len, int family, bool *told);
enum icmpctl_extension_state icmpctl_extension_check(const u8 *data, u32 len, bool told);

#endif /* _ICMPCTL_CORE_EXTENSION_H */
