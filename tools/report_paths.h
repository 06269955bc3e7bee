/* SPDX-License-Identifier: GPL-2.0 */
/* What a report says of hops: traces, and paths that mtr watched. */
#ifndef ICMPCTL_REPORT_PATHS_H
#define ICMPCTL_REPORT_PATHS_H

#include <json-c/json.h>

struct watched;

/**
 * struct report_paths - what was read of them; the lists are the caller's
 * @traces: of traces
 * @paths: of paths that were watched
 * @hops: of the last trace; NULL: what comes is of none
 * @watched: the path whose probes are being read, NULL for none
 */
struct report_paths {
	struct json_object *traces, *paths;
	struct json_object *hops;
	struct watched *watched;
};

int report_paths_line(struct report_paths *p, struct json_object *line);
void report_paths_end(struct report_paths *p);

#endif
