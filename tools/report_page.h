/* SPDX-License-Identifier: GPL-2.0 */
/* The page that `icmpctl report` writes, without its data. */
#ifndef ICMPCTL_REPORT_PAGE_H
#define ICMPCTL_REPORT_PAGE_H

extern const char report_page_head[];
extern const char report_page_tail[];

#endif
