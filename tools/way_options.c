// SPDX-License-Identifier: GPL-2.0
/* What pmtu and diagnose have in common: by which way they ask. */
#include "way_options.h"

#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "lib/client.h"
#include "lib/report.h"

#define MAX_HOPS_DEFAULT 30

/**
 * way_check - do the options go together
 * @c: the options; those not given get their defaults
 * @wait_ns: default of the wait
 *
 * Return: 0, or -1 and then it was told why not.
 */
int way_check(struct way_config *c, uint64_t wait_ns)
{
	if (!c->wait.given)
		c->wait.value = wait_ns;
	if (!c->max_hops.given)
		c->max_hops.value = MAX_HOPS_DEFAULT;
	return sender_check(&c->from, "-I");
}

/**
 * way_check_target - do the options fit the host
 * @c: the options
 * @t: the host; it learns its interface if it needs one
 *
 * Return: 0, or -1 and then it was told why not.
 */
int way_check_target(const struct way_config *c, struct target *t)
{
	if (target_is_multicast(t)) {
		report("%s: no path leads to a multicast address", t->given);
		return -1;
	}
	return sender_check_target(&c->from, t, "-i");
}

#define ASK(NAME, member, v) SESSION_ASK(p, ICMPCTL_SESSION_A_##NAME, member, v)

/**
 * way_params - what each session of the command is to be asked for
 * @c: the options
 * @family: of the host
 * @p: the result
 *
 * All have one flow, so that it is one path.
 */
void way_params(const struct way_config *c, int family, struct session_params *p)
{
	uint32_t flow_base = 0;

	/* Without a random number it is always the same flow. */
	if (getrandom(&flow_base, sizeof(flow_base), 0) != sizeof(flow_base))
		flow_base = 0;
	*p = (struct session_params){ .set = 0 };
	ASK(TIMEOUT_NS, timeout_ns, c->wait.value);
	ASK(FLOW_BASE, flow_base, flow_base);
	if (c->tos.given)
		ASK(TOS, tos, c->tos.value);
	if (c->mark.given)
		ASK(MARK, mark, c->mark.value);
	sender_params(&c->from, family, p);
}
#undef ASK

/**
 * way_refused - tell the user why the module refused
 * @options: of the command
 * @t: whom it was about
 * @why: the refusal
 * @attr: the attribute to blame, 0 if it is not known
 * @of_target: it is the target
 */
void way_refused(const struct opt *options, const struct target *t, const struct nlc_refusal *why,
		 int attr, bool of_target)
{
	const struct opt *o = options_of_attr(options, attr);
	char option[32];

	if (of_target) {
		client_report_path(why, t->given, t->family);
	} else if (o) {
		snprintf(option, sizeof(option), o->letter ? "-%.1s" : "--%.20s",
			 o->letter ? &o->letter : o->name);
		client_report(why, option, "probing");
	} else {
		client_report(why, NULL, "probing");
	}
}
