// SPDX-License-Identifier: GPL-2.0
/*
 * wire.c - what a probe bears on the wire, what it carries, and which probe that names
 */
#include <linux/bits.h>
#include <linux/compiler.h>
#include <linux/string.h>

#include "core/cookie.h"
#include "core/number.h"
#include "icmpctl.h"

/**
 * icmpctl_wire_number() - which probe an answer is about
 * @wire: the identifier it bears.
 * @seq: its sequence number, or key.
 *
 * Identifier and sequence number name a probe modulo the span of the session's
 * identifiers; the latest such probe is meant.
 *
 * Context: RCU read side.
 * Return: number of the probe, or 0 if none such was sent.
 */
u64 icmpctl_wire_number(const struct icmpctl_wire_id *wire, u16 seq)
{
	u64 last = READ_ONCE(wire->session->slots.last);
	u64 span = (u64)wire->blocks << wire->bits;
	u64 key = (u64)wire->block << wire->bits | (seq & (BIT(wire->bits) - 1));

	return icmpctl_number(last, span, key);
}

/**
 * icmpctl_wire_icmp() - what a probe bears on the wire
 * @session: whose.
 * @number: of the probe.
 * @id: <- ICMP identifier.
 * @seq: <- ICMP sequence number.
 */
void icmpctl_wire_icmp(const struct icmpctl_session *session, u64 number, u16 *id, u16 *seq)
{
	*id = session->wire[number >> 16 & (session->wire_ids - 1)].id;
	*seq = number;
}

/**
 * icmpctl_wire_of() - what a probe bears on the wire, whatever its kind
 * @session: whose.
 * @slot: its slot.
 * @number: of the probe.
 * @id: <- ICMP identifier, or source port.
 * @seq: <- ICMP sequence number, or key.
 */
void icmpctl_wire_of(const struct icmpctl_session *session, const struct icmpctl_slot *slot,
		     u64 number, u16 *id, u16 *seq)
{
	if (icmpctl_packet_has_stream(slot->kind))
		icmpctl_stream_wire(session, slot->stream, number, id, seq);
	else
		icmpctl_wire_icmp(session, number, id, seq);
}

static void payload_of(const struct icmpctl_session *session, u32 target, u64 cookie,
		       struct icmpctl_payload *payload)
{
	const struct icmpctl_config *config = &session->config;

	payload->cookie = cookie;
	payload->size = session->targets[target].size;
	payload->pattern_len = config->pattern_len;
	memcpy(payload->pattern, config->pattern, sizeof(payload->pattern));
}

/**
 * icmpctl_wire_payload() - what a probe shall carry
 * @session: whose.
 * @number: of the probe.
 * @slot: its slot, which keeps the cookie.
 * @payload: <- all that its bytes depend on.
 *
 * Context: the session's work.
 */
void icmpctl_wire_payload(const struct icmpctl_session *session, u64 number,
			  struct icmpctl_slot *slot, struct icmpctl_payload *payload)
{
	u16 flow_sum = session->targets[slot->target].flow_sum;
	u64 cookie = icmpctl_cookie(number, slot->target, &session->key);
	u16 id, seq;

	if (flow_sum) {
		icmpctl_wire_icmp(session, number, &id, &seq);
		cookie = icmpctl_cookie_steady(cookie, id, seq, flow_sum);
	}
	WRITE_ONCE(slot->cookie, cookie);
	payload_of(session, slot->target, cookie, payload);
}

/**
 * icmpctl_wire_carried() - what a probe carried
 * @session: whose.
 * @slot: its slot. Taken for another probe this instant: that one's, and no answer to
 *	the former one is found to be right.
 * @payload: <- all that its bytes depend on.
 *
 * Context: any.
 */
void icmpctl_wire_carried(const struct icmpctl_session *session, const struct icmpctl_slot *slot,
			  struct icmpctl_payload *payload)
{
	payload_of(session, slot->target, READ_ONCE(slot->cookie), payload);
}
