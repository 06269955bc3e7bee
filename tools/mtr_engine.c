// SPDX-License-Identifier: GPL-2.0
/* mtr's sessions: started, listened to, asked for their statistics, stopped. */
#include "mtr_engine.h"

#include <netlink/msg.h>
#include <stdio.h>
#include <string.h>

#include "lib/client.h"
#include "lib/now.h"
#include "lib/units.h"
#include "mtr_options.h"
#include "out_mtr_keep.h"

static int on_started(void *arg, const struct nlmsghdr *nlh)
{
	struct session_info *info = arg;

	session_info_parse(info, nlh);
	return 0;
}

static void note_refusal(struct mtr_engine *e, const struct nl_msg *msg)
{
	const struct opt *o;

	e->blamed[0] = '\0';
	e->refused_target = false;
	if (!msg)
		return;
	o = options_of_attr(mtr_options, session_attr_at(msg, e->why.offset));
	if (session_blamed_target(msg, e->why.offset) >= 0)
		e->refused_target = true;
	else if (o)
		snprintf(e->blamed, sizeof(e->blamed), "-%c", o->letter);
}

/* Asks the hops from @first on; 0, or -1 and then it was noted why not. */
static int start_session(struct mtr_engine *e, struct mtr_session *s, unsigned int first,
			 uint64_t rounds_before)
{
	struct session_params params = e->params;
	struct session_hop hop[HOPS_MAX];
	struct session_info info = { .set = 0 };
	struct nl_msg *msg;
	int err;

	*s = (struct mtr_session){
		.first = first,
		.n = e->hops->max + 1 - first,
		.rounds_before = rounds_before,
	};
	for (unsigned int i = 0; i < s->n; i++)
		hop[i] = (struct session_hop){ .ttl = first + i, .flow = MTR_FLOW };
	if (e->cycles) {
		params.set |= SESSION_BIT(ICMPCTL_SESSION_A_COUNT);
		params.count = e->cycles > rounds_before ? e->cycles - rounds_before : 1;
	}
	msg = session_path_msg(e->nlc, &params, e->target, hop, s->n);
	if (msg)
		nlmsg_get(msg);
	/* What happens to the first probes may be told before the answer. */
	nlc_hold(e->nlc);
	err = nlc_call(e->nlc, msg, on_started, &info, &e->why);
	if (err)
		note_refusal(e, msg);
	if (msg)
		nlmsg_free(msg);
	s->id = err ? 0 : info.id;
	if (!err && !e->started_ns) {
		e->started_ns = now_ns(CLOCK_MONOTONIC);
		e->started_unix_ns = info.started_unix_ns;
		out_mtr_keep_start(e->keep, &info);
	}
	/* mtr_event() never fails. */
	nlc_release(e->nlc);
	return err ? -1 : 0;
}

/**
 * mtr_start - ask all hops, with nothing known of them
 * @e: the engine; sessions that run already are told to end and not listened to
 *
 * Return: 0, or -1 for a refusal: see mtr_tell_refusal().
 */
int mtr_start(struct mtr_engine *e)
{
	struct hops *h = e->hops;

	if (!mtr_ended(e))
		mtr_stop(e);
	memset(e->sessions, 0, sizeof(e->sessions));
	hops_init(h, e->target->family, h->first, h->max, e->params.interval_ns,
		  e->params.timeout_ns);
	e->started_ns = 0;
	e->longer_from = 0;
	e->stopping = false;
	e->unsent = NULL;
	return start_session(e, &e->sessions[0], h->first, 0);
}

/**
 * mtr_follow - ask what lies behind the former end of a path that has grown longer
 * @e: the engine
 *
 * Return: as mtr_start().
 */
int mtr_follow(struct mtr_engine *e)
{
	unsigned int from = e->longer_from;

	e->longer_from = 0;
	if (!from || from > e->hops->max || e->stopping)
		return 0;
	for (unsigned int i = 0; i < MTR_SESSIONS; i++) {
		struct mtr_session *s = &e->sessions[i];
		uint64_t rounds = hops_rounds(e->hops);

		if (s->id) {
			/* The module does not ask these any more; late answers confuse. */
			if (s->first + s->n > from)
				s->n = from > s->first ? from - s->first : 0;
			continue;
		}
		hops_forget(e->hops, from);
		return start_session(e, s, from, rounds);
	}
	return 0;
}

struct call {
	struct mtr_engine *e;
	struct mtr_session *session;
	uint32_t next;
};

static int on_record(void *arg, const struct icmpctl_record *r,
		     const struct icmpctl_extension *extension)
{
	const struct call *call = arg;
	struct mtr_engine *e = call->e;
	unsigned int ttl = call->session->first + r->target;

	if (r->target >= call->session->n)
		return 0;
	out_mtr_keep_record(e->keep, ttl, call->session->rounds_before, r);
	if (r->status == ICMPCTL_STATUS_SEND_FAILED)
		e->unsent = out_send_error(r);
	else if (out_has_answer(r))
		e->unsent = NULL;
	if (hops_record(e->hops, ttl, call->session->rounds_before, r, extension))
		e->longer_from = ttl + 1;
	return 0;
}

static int on_target(void *arg, uint32_t target, const struct session_stats *stats)
{
	struct call *call = arg;

	call->next = target + 1;
	if (target < call->session->n)
		hops_stats(call->e->hops, call->session->first + target, stats);
	return 0;
}

static void ended(struct mtr_engine *e, const struct session_info *info)
{
	switch (info->reason) {
	case ICMPCTL_REASON_NAMESPACE:
		e->failure = "the session ended because its network namespace went away";
		break;
	case ICMPCTL_REASON_UNLOAD:
		e->failure = "the session ended because the icmpctl module was unloaded";
		break;
	case ICMPCTL_REASON_STOPPED:
		if (!e->stopping)
			e->failure = "the session was stopped by another process";
		break;
	}
}

/**
 * mtr_event - take in what the module tells
 * @e: the engine
 * @nlh: the message
 *
 * Return: 0.
 */
int mtr_event(struct mtr_engine *e, const struct nlmsghdr *nlh)
{
	const struct genlmsghdr *ghdr = nlmsg_data(nlh);
	struct session_info info = { .set = 0 };
	struct call call = { .e = e };

	if (session_info_parse(&info, nlh))
		return 0;
	for (unsigned int i = 0; i < MTR_SESSIONS && !call.session; i++)
		if (e->sessions[i].id && e->sessions[i].id == info.id)
			call.session = &e->sessions[i];
	if (!call.session)
		return 0;
	if (info.records_dropped > e->hops->dropped)
		e->hops->dropped = info.records_dropped;
	switch (ghdr->cmd) {
	case ICMPCTL_CMD_PROBES_EVENT:
		session_extended(nlh, on_record, &call);
		break;
	case ICMPCTL_CMD_STATS_EVENT:
		session_targets(nlh, on_target, &call);
		break;
	case ICMPCTL_CMD_DONE_EVENT:
		call.session->id = 0;
		ended(e, &info);
		break;
	}
	return 0;
}

static int on_statistics(void *arg, const struct nlmsghdr *nlh)
{
	struct call *call = arg;
	struct session_info info = { .set = 0 };

	if (!session_info_parse(&info, nlh) && info.records_dropped > call->e->hops->dropped)
		call->e->hops->dropped = info.records_dropped;
	session_targets(nlh, on_target, call);
	return 0;
}

/**
 * mtr_ask_statistics - learn what the module has counted up to now
 * @e: the engine
 *
 * As many requests as the hops need; those behind the end of the path are left out. A
 * session that ends meanwhile tells by itself.
 */
void mtr_ask_statistics(struct mtr_engine *e)
{
	for (unsigned int i = 0; i < MTR_SESSIONS; i++) {
		struct mtr_session *s = &e->sessions[i];
		struct call call = { .e = e, .session = s };
		struct nlc_refusal why;
		uint32_t first;

		while (s->id && call.next < s->n &&
		       s->first + call.next <= hops_last(e->hops)) {
			first = call.next;
			/* What goes wrong here is heard of again when events are read. */
			if (nlc_call(e->nlc,
				     session_msg(e->nlc, ICMPCTL_CMD_SESSION_GET, s->id, first),
				     on_statistics, &call, &why) ||
			    call.next <= first)
				break;
		}
	}
}

/**
 * mtr_stop - have all sessions end
 * @e: the engine; their last statistics and their end are told as events
 *
 * Return: 0 or a negative errno.
 */
int mtr_stop(struct mtr_engine *e)
{
	int err = 0;

	e->stopping = true;
	for (unsigned int i = 0; i < MTR_SESSIONS && !err; i++)
		if (e->sessions[i].id)
			err = nlc_send(e->nlc, session_msg(e->nlc, ICMPCTL_CMD_SESSION_STOP,
							   e->sessions[i].id, 0));
	return err;
}

/**
 * mtr_ended - has every session ended
 * @e: the engine
 *
 * Return: true if so.
 */
bool mtr_ended(const struct mtr_engine *e)
{
	for (unsigned int i = 0; i < MTR_SESSIONS; i++)
		if (e->sessions[i].id)
			return false;
	return true;
}

/**
 * mtr_deadline_ns - when there is nothing more to be expected of all rounds wanted
 * @e: the engine, with an end
 *
 * That is one interval behind the begin of the last round; later only if the answers
 * to its last probes are still awaited.
 *
 * Return: CLOCK_MONOTONIC.
 */
uint64_t mtr_deadline_ns(const struct mtr_engine *e)
{
	const struct hops *h = e->hops;
	unsigned int hops = h->max + 1 - h->first;
	uint64_t last_round_ns, awaited_ns;

	if (__builtin_mul_overflow(e->cycles - 1, h->interval_ns, &last_round_ns) ||
	    last_round_ns > UINT64_MAX / 2)
		return UINT64_MAX / 2;
	last_round_ns += e->started_ns;
	/* The hops of a round are spread over the interval. */
	awaited_ns = last_round_ns + h->interval_ns / hops * (hops_last(h) - h->first) +
		     (hops_reached(h) ? hops_patience_ns(h) : h->timeout_ns);
	return awaited_ns > last_round_ns + h->interval_ns ? awaited_ns :
							     last_round_ns + h->interval_ns;
}

/**
 * mtr_tell_refusal - tell the user on stderr why a session was not started
 * @e: the engine
 */
void mtr_tell_refusal(const struct mtr_engine *e)
{
	if (e->refused_target)
		client_report_path(&e->why, e->target->given, e->target->family);
	else
		client_report(&e->why, *e->blamed ? e->blamed : NULL, "probing");
}
