// SPDX-License-Identifier: GPL-2.0
/* Lists that grow by one, and take twice as much each time they are full. */
#include "lib/grow.h"

#include <stdlib.h>
#include <string.h>

/**
 * grow - room for one element more
 * @list: what was returned for the one before, NULL for the first
 * @n: how many elements it has
 * @size: of an element
 *
 * Return: the list, wherever it is now, with element @n zeroed; NULL without memory, and
 * then @list is as it was.
 */
void *grow(void *list, unsigned int n, size_t size)
{
	if (!(n & (n - 1))) {
		list = reallocarray(list, n ? 2 * (size_t)n : 1, size);
		if (!list)
			return NULL;
	}
	memset((char *)list + n * size, 0, size);
	return list;
}
