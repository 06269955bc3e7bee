/* SPDX-License-Identifier: GPL-2.0 */
/* What the user is told on stderr: one sentence, after the command's name. */
#ifndef ICMPCTL_REPORT_H
#define ICMPCTL_REPORT_H

#include <stdbool.h>

/* What every command returns. */
enum {
	STATUS_OK = 0,
	STATUS_NO = 1,		/* it worked, and the answer is no */
	STATUS_FAILED = 2,	/* it could not be done */
	STATUS_WRONG = 78,	/* a file is wrong in itself: EX_CONFIG, which systemd calls CONFIG */
};

void report_command(const char *name);
void report_place(const char *where);
void report_mute(bool mute);
const char *report_name(void);
void report(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
