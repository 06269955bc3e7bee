/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHIM_LINUX_SLAB_H
#define _SHIM_LINUX_SLAB_H

#include <stdlib.h>

#define GFP_ATOMIC	0
#define __GFP_NOWARN	0

#define kmalloc_array(n, size, flags)	malloc((n) * (size) + (flags))
#define kcalloc(n, size, flags)	calloc(n, (size) + (flags))
#define kfree(ptr)		free(ptr)

#endif /* _SHIM_LINUX_SLAB_H */
