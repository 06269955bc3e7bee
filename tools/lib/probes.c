// SPDX-License-Identifier: GPL-2.0
/*
 * Sessions side by side on one socket. What the module tells is handed on to whoever
 * started the session; listeners only take note, what is to be done next is decided
 * when all is read.
 */
#include "lib/probes.h"

#include <netlink/msg.h>
#include <stdlib.h>

#include "lib/client.h"

static struct probes_pass *find(struct probes *p, uint32_t session)
{
	for (unsigned int i = 0; session && i < PROBES_PASSES; i++)
		if (p->passes[i].session == session)
			return &p->passes[i];
	return NULL;
}

static void ended(struct probes *p, struct probes_pass *pass, uint32_t reason)
{
	pass->session = 0;
	if (reason == ICMPCTL_REASON_NAMESPACE)
		p->failure = "the session ended because its network namespace went away";
	else if (reason == ICMPCTL_REASON_UNLOAD)
		p->failure = "the session ended because the icmpctl module was unloaded";
	else if (reason == ICMPCTL_REASON_STOPPED)
		p->failure = "the session was stopped by another process";
}

struct record_call {
	struct probes *probes;
	struct probes_pass *pass;
};

static int on_record(void *arg, const struct icmpctl_record *r,
		     const struct icmpctl_extension *extension)
{
	const struct record_call *call = arg;
	const struct probes_pass *pass = call->pass;
	const struct probes_sent *sent = pass->sent;

	if (sent && r->target < PROBES_TARGETS)
		call->probes->tap.on_record(call->probes->tap.arg, &sent->params,
					    sent->target + (sent->one ? 0 : r->target),
					    sent->size[r->target], r);
	return pass->on_extended ? pass->on_extended(pass->arg, r, extension) :
				   pass->on_record(pass->arg, r);
}

/* What the tap has to know of a session; without memory it hears nothing of it. */
static struct probes_sent *note_sent(const struct session_params *params,
				     const struct target *target,
				     const struct session_hop *hops, unsigned int n)
{
	struct probes_sent *sent = calloc(1, sizeof(*sent));

	if (!sent)
		return NULL;
	sent->params = *params;
	sent->target = target;
	sent->one = hops;
	for (unsigned int i = 0; i < n && i < PROBES_TARGETS; i++)
		sent->size[i] = hops && hops[i].size ? hops[i].size : session_size(params);
	return sent;
}

static int on_event(void *arg, const struct nlmsghdr *nlh)
{
	const struct genlmsghdr *ghdr = nlmsg_data(nlh);
	struct session_info info = { .set = 0 };
	struct probes *p = arg;
	struct record_call call = { .probes = p };
	struct probes_pass *pass;

	if (session_info_parse(&info, nlh))
		return 0;
	pass = find(p, info.id);
	if (!pass)
		return 0;
	switch (ghdr->cmd) {
	case ICMPCTL_CMD_PROBES_EVENT:
		call.pass = pass;
		session_extended(nlh, on_record, &call);
		break;
	case ICMPCTL_CMD_STATS_EVENT:
		if (pass->on_stats)
			session_targets(nlh, pass->on_stats, pass->arg);
		break;
	case ICMPCTL_CMD_DONE_EVENT:
		ended(p, pass, info.reason);
		break;
	}
	return 0;
}

static int on_started(void *arg, const struct nlmsghdr *nlh)
{
	session_info_parse(arg, nlh);
	return 0;
}

/**
 * probes_open - open the way to the module
 * @p: to be closed with probes_close() in any case
 *
 * A failure is told on stderr.
 *
 * Return: 0 or -1.
 */
int probes_open(struct probes *p)
{
	*p = (struct probes){ .newest = 0 };
	return client_open(&p->nlc, on_event, p);
}

/**
 * probes_start - start a session
 * @p: the sessions
 * @params: what is wanted
 * @target: of whom
 * @hops: how it is probed, once for each of them; NULL: there are as many targets
 * @n: how many they are
 * @listener: who gets what comes of it, which may be before this returns
 * @refusal: why the module refused
 *
 * Return: 0, or a negative errno of a refusal.
 */
int probes_start(struct probes *p, const struct session_params *params,
		 const struct target *target, const struct session_hop *hops, unsigned int n,
		 const struct probes_pass *listener, struct probes_refusal *refusal)
{
	struct probes_pass *pass = &p->passes[p->newest];
	struct session_info info = { .set = 0 };
	struct nl_msg *msg;
	int err;

	*refusal = (struct probes_refusal){ .attr = 0 };
	p->newest = (p->newest + 1) % PROBES_PASSES;
	if (pass->session) {
		uint32_t oldest = pass->session;

		/* Nobody listens any more, and so its end is nobody's failure. */
		pass->session = 0;
		nlc_send(&p->nlc, session_msg(&p->nlc, ICMPCTL_CMD_SESSION_STOP, oldest, 0));
	}
	msg = hops ? session_path_msg(&p->nlc, params, target, hops, n) :
		     session_start_msg(&p->nlc, params, target, n);
	if (msg)
		nlmsg_get(msg);
	/* What happens to the first probes may be told before the answer. */
	nlc_hold(&p->nlc);
	err = nlc_call(&p->nlc, msg, on_started, &info, &refusal->why);
	if (err && msg) {
		refusal->attr = session_attr_at(msg, refusal->why.offset);
		refusal->of_target = session_blamed_target(msg, refusal->why.offset) >= 0;
	}
	if (msg)
		nlmsg_free(msg);
	if (!err) {
		free(pass->sent);
		*pass = *listener;
		pass->session = info.id;
		pass->sent = p->tap.on_record ? note_sent(params, target, hops, n) : NULL;
		if (p->tap.on_started)
			p->tap.on_started(p->tap.arg, &info);
		if (!p->info.set)
			p->info = info;
	}
	nlc_release(&p->nlc);
	return err;
}

/**
 * probes_read - hand on what has come
 * @p: the sessions
 *
 * Return: 0 or a negative errno.
 */
int probes_read(struct probes *p)
{
	return nlc_read(&p->nlc);
}

/**
 * probes_close - end all sessions
 * @p: the sessions
 */
void probes_close(struct probes *p)
{
	nlc_close(&p->nlc);
	for (unsigned int i = 0; i < PROBES_PASSES; i++) {
		free(p->passes[i].sent);
		p->passes[i].sent = NULL;
	}
}
