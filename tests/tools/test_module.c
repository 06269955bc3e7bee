// SPDX-License-Identifier: GPL-2.0
/* Why the module could not be loaded: from modprobe's words to a sentence. */
#include "check.h"
#include "lib/client.h"

#define ABSENT "the icmpctl module is not loaded and could not be loaded: "
#define ADVICE "; install it with `sudo make install`, or load it with `sudo modprobe icmpctl`"

static void explains_if(bool locked, const char *said, int status, const char *expected,
			const char *what)
{
	char buf[1536];

	check_text(module_explain(buf, sizeof(buf), said, status, locked, "6.1.0-9-amd64"),
		   expected, "module: %s", what);
}

static void explains(const char *said, int status, const char *expected, const char *what)
{
	explains_if(false, said, status, expected, what);
}

#define SIGNED "this kernel only takes signed modules (Secure Boot or lockdown), and the module is not signed with a key the kernel knows; sign it with an enrolled key (DKMS does so with its MOK, see `mokutil --import`), or switch Secure Boot off"

void test_module(void)
{
	explains("", 127, ABSENT "there is no modprobe here" ADVICE, "no modprobe");
	explains("modprobe: FATAL: Module icmpctl not found in directory /lib/modules/6.1.0-9-amd64\n",
		 1, ABSENT "none is installed for the running kernel 6.1.0-9-amd64" ADVICE,
		 "not installed");
	explains("modprobe: ERROR: could not insert 'icmpctl': Key was rejected by service\n", 1,
		 ABSENT SIGNED,
		 "Secure Boot");
	explains("modprobe: ERROR: could not insert 'icmpctl': Required key not available\n", 1,
		 ABSENT SIGNED, "Secure Boot, in the words of older kernels");
	explains_if(true, "modprobe: ERROR: could not insert 'icmpctl': Operation not permitted\n",
		    1, ABSENT SIGNED, "lockdown");
	explains("modprobe: ERROR: could not insert 'icmpctl': Exec format error\n", 1,
		 ABSENT "the one installed was built for another kernel than the running 6.1.0-9-amd64" ADVICE,
		 "of another kernel");
	explains("modprobe: ERROR: could not insert 'icmpctl': Operation not permitted\n", 1,
		 ABSENT "the kernel does not let this process load modules (a container?)" ADVICE,
		 "in a container");
	explains("something\nmodprobe: ERROR: ctx=0x55 path=x error=No such device\n\n", 1,
		 ABSENT "ctx=0x55 path=x error=No such device" ADVICE, "anything else");
	explains("\n", 1, ABSENT "modprobe failed without a word" ADVICE, "not a word");
}
