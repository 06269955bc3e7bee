/* SPDX-License-Identifier: GPL-2.0 */
/* What a user may have kept of a run beside what is shown: a log, a capture. */
#ifndef ICMPCTL_KEEP_OPTIONS_H
#define ICMPCTL_KEEP_OPTIONS_H

#include "lib/logfile.h"
#include "lib/options.h"
#include "lib/units.h"

/**
 * struct keep_config - what is kept
 * @log: file of JSON Lines, NULL for none
 * @pcap: file for tcpdump, NULL for none
 * @log_size: bytes at which a new log begins
 * @log_age: ns after which one does
 * @log_keep: old ones kept
 */
struct keep_config {
	const char *log, *pcap;
	struct opt_value log_size, log_age, log_keep;
};

int keep_set_log_size(void *value, const char *text);
int keep_set_pcap(void *place, const char *text);
int keep_check(const struct keep_config *c);
void keep_logfile(const struct keep_config *c, struct logfile *log);

#define KEEP_PLACE(type, member) .offset = offsetof(type, keep.member)

/* Options of commands whose configuration has a struct keep_config keep. */
#define KEEP_LOG_OPTIONS(type, seldom)							\
	{ 0, "log", "FILE", "append every record as JSON Lines",	\
	  OPT_STRING, KEEP_PLACE(type, log), .rare = seldom,				\
	  .detail = "Every record is in it. A run that is cut off leaves a file that "	\
		    "can be read: what was told more than a second ago is on the disk." }, \
	{ 0, "log-size", "BYTES", "begin a new file at this size: 10M, 1G", OPT_CALL,	\
	  KEEP_PLACE(type, log_size), .call = keep_set_log_size, .rare = true,		\
	  .right = "the size must be 4096 bytes or more: 64k, 10M, 1G",			\
	  .detail = "What was FILE becomes FILE.1, and FILE.1 becomes FILE.2." },	\
	{ 0, "log-age", "TIME", "begin a new file at this age: 1h, 1d", OPT_DURATION,	\
	  KEEP_PLACE(type, log_age), NSEC_PER_SEC, 3650 * 86400 * NSEC_PER_SEC,		\
	  "the age must be 1 second to 3650 days", .rare = true },			\
	{ 0, "log-keep", "N", "keep so many old files, default 9", OPT_NUMBER,		\
	  KEEP_PLACE(type, log_keep), 0, LOGFILE_KEEP_MAX,				\
	  "the files must be 0 to 1000", .rare = true }
#define KEEP_PCAP_OPTION(type, more) KEEP_PCAP_OPTION_OF(type, keep, more)
#define KEEP_PCAP_OPTION_OF(type, member, more)						\
	{ 0, "pcap", "FILE", "write probes and answers for tcpdump and Wireshark",	\
	  OPT_CALL, .call = keep_set_pcap, .offset = offsetof(type, member.pcap),		\
	  .right = "it must be a file; standard output has what is shown", .rare = true,	\
	  .detail = "The headers are made of the records, with the stamps of the RTTs, to the " \
		    "nanosecond: payloads are cut off, and what no record tells is zero. A "	\
		    "probe stands just before its answer." more }

#endif
