/* SPDX-License-Identifier: GPL-2.0 */
/* Probes and their answers as a capture, made of records: for every command that probes. */
#ifndef ICMPCTL_OUT_CAPTURE_H
#define ICMPCTL_OUT_CAPTURE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "lib/session.h"
#include "lib/target.h"

struct pcap;
struct probes;
struct pcap_dumper;
struct capture_source;

/**
 * struct capture - a capture that is being written; all zeroes is none
 * @path: its name, set by the caller; NULL for none
 * @format: nanoseconds and raw IP, as libpcap knows it
 * @file: the capture
 * @dumper: writes to @file, and owns it; NULL: nothing is captured (any more)
 * @failed: something could not be written, and the user was told
 * @started_ns: an instant, CLOCK_MONOTONIC
 * @started_unix_ns: the same instant, CLOCK_REALTIME; 0: not known yet
 * @sources: addresses of ours, found out before
 */
struct capture {
	const char *path;
	struct pcap *format;
	FILE *file;
	struct pcap_dumper *dumper;
	bool failed;
	uint64_t started_ns, started_unix_ns;
	struct capture_source *sources;
};

/**
 * struct capture_probe - what a record does not tell of its probe
 * @params: what the session was asked for
 * @target: to whom it went; NULL: that is in the record (a sweep)
 * @scope: interface of link-local addresses, of a sweep
 * @size: bytes of payload
 * @port: UDP, TCP: destination port; 0: as @params says
 */
struct capture_probe {
	const struct session_params *params;
	const struct target *target;
	uint32_t scope;
	uint32_t size;
	uint16_t port;
};

int capture_open(struct capture *c);
void capture_clock(struct capture *c, const struct session_info *info);
void capture_record(struct capture *c, const struct capture_probe *probe,
		    const struct icmpctl_record *r);
void capture_flush(struct capture *c);
void capture_close(struct capture *c);
void capture_probes(struct capture *c, struct probes *probes);

#endif
