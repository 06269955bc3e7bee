// SPDX-License-Identifier: GPL-2.0
/* lib/extension.c: objects as text, and objects that no module would hand on. */
#include "lib/extension.h"

#include <stdlib.h>
#include <string.h>

#include "check.h"

static struct icmpctl_extension make(const char *objects, size_t len)
{
	struct icmpctl_extension e = { .len = len };

	memcpy(e.objects, objects, len);
	return e;
}

#define MAKE(objects) make(objects, sizeof(objects) - 1)

static void check_object(struct icmpctl_extension e, const char *expected, const char *name)
{
	char buf[EXTENSION_TEXT_LEN];

	check_text(extension_text(buf, &e), expected, "extension: %s", name);
}

void test_extension(void)
{
	static const char *const faults[] = {
		"cut", "wrong-version", "wrong-checksum", "wrong-length", "wrong-object", "too-long",
	};
	struct icmpctl_extension e;
	char buf[EXTENSION_TEXT_LEN];

	check_object(MAKE(""), "", "nothing");
	check_object(MAKE("\0\x0c\1\1\x05\xdc\x56\x07\0\1\1\1"),
		     "MPLS:L=24005,E=3,S=0,T=7/L=16,E=0,S=1,T=1", "labels");
	check_object(MAKE("\0\x1c\2\x0f\0\0\0\5\0\1\0\0\xc0\0\2\1\x08" "eth0\0\0\0\0\0\5\xdc"),
		     "INC:5,192.0.2.1,\"eth0\",mtu=1500", "an interface");
	check_object(MAKE("\0\x08\2\xc1\0\0\5\xdc"), "NXT:mtu=1500", "a role, and the MTU alone");
	check_object(MAKE("\0\x08\x63\7\xde\xad\xbe\xef\0\4\x63\0"), "99/7:deadbeef;99/0:", "others");
	/* The module hands on none of these. */
	check_object(MAKE("\0\x08\2\x0f\0\0\0\5"), "2/15:00000005", "an interface that is cut");
	check_object(MAKE("\0\x08\2\2\xff" "eth"), "2/2:ff657468", "a name beyond its object");
	check_object(MAKE("\0\3\1\1"), "", "a length below the header");
	check_object(MAKE("\0\xff\1\1"), "", "a length beyond the end");
	e = MAKE("\0\4\x63\7");
	e.len = 65535;
	check_object(e, "99/7:", "a length that cannot be");
	srandom(1);
	for (int i = 0; i < 20000; i++) {
		e.len = random() % sizeof(e.objects);
		for (unsigned int j = 0; j < e.len; j++)
			e.objects[j] = random();
		for (unsigned int j = 0; j + 4 < e.len; j += 16)
			memcpy(e.objects + j, (uint8_t[]){ 0, 16, 1 + i % 2 }, 3);
		extension_text(buf, &e);
	}
	check(true, "extension: objects of chance");
	for (unsigned int i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		check_text(extension_fault(ICMPCTL_EXTENSION_CUT + i), faults[i],
			   "extension: fault %u", i);
	check(!extension_fault(ICMPCTL_EXTENSION_NONE) && !extension_fault(ICMPCTL_EXTENSION_GOOD) &&
	      extension_fault(99), "extension: no fault, and one of a newer module");
}
