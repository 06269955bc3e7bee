/* SPDX-License-Identifier: GPL-2.0 */
/* JSON of the statistics that are made by the book. */
#ifndef ICMPCTL_OUT_JSON_STATS_H
#define ICMPCTL_OUT_JSON_STATS_H

#include "lib/session.h"

struct json_object;

void out_json_figures(struct json_object *o, const struct session_stats *s,
		      const struct session_info *info, bool of_hop);
struct json_object *out_json_ipdv(const struct session_stats *s);
struct json_object *out_json_late(const struct session_stats *s, const struct session_info *info);
void out_json_patterns(struct json_object *o, const struct session_stats *s);
struct json_object *out_json_lately(const struct session_stats *s, enum stats_part part,
				    bool of_hop);

#endif
