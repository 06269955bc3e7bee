// SPDX-License-Identifier: GPL-2.0
/*
 * record.c - what happened to a probe, as a record for the reader
 */
#include <linux/socket.h>

#include "icmpctl.h"
#include "monitor.h"

/**
 * icmpctl_record_probe() - what is known of a probe by itself
 * @session: whose.
 * @slot: its slot.
 * @number: its number.
 * @record: <- all else is zero.
 *
 * Context: any.
 */
void icmpctl_record_probe(const struct icmpctl_session *session,
			  const struct icmpctl_slot *slot, u64 number,
			  struct icmpctl_record *record)
{
	const struct icmpctl_target *target = &session->targets[slot->target];

	memset(record, 0, sizeof(*record));
	record->seq = slot->round + 1;
	record->planned_ns = slot->planned_ns;
	record->handed_ns = slot->handed_ns;
	record->driver_ns = READ_ONCE(slot->driver_ns);
	record->target = slot->target;
	record->bytes = icmpctl_packet_hlen(slot->kind, target->family, &session->config.query);
	if (icmpctl_packet_has_payload(slot->kind))
		record->bytes += target->size;
	record->kind = slot->kind;
	record->family = target->family == AF_INET ? 4 : 6;
	record->ttl_sent = slot->ttl;
	icmpctl_wire_of(session, slot, number, &record->wire_id, &record->wire_seq);
	if (slot->kind == ICMPCTL_PROBE_UDP)
		record->wire_seq = icmpctl_packet_udp_check(record->wire_seq);
	if (session->sweep)
		memcpy(record->to, icmpctl_session_addr(session, slot), sizeof(record->to));
	if (target->group)
		record->flags |= ICMPCTL_RECORD_F_GROUP;
	if (slot->handed_ns && slot->asleep_ns != icmpctl_clock_asleep_ns())
		record->flags |= ICMPCTL_RECORD_F_SUSPENDED;
}

/**
 * icmpctl_record_emit() - send a record on its way
 * @session: whose.
 * @record: copied.
 *
 * Context: any but hard interrupts; the session is not yet retired.
 */
void icmpctl_record_emit(struct icmpctl_session *session, const struct icmpctl_record *record)
{
	if (session->monitor)
		icmpctl_monitor_record(session, record);
	else
		icmpctl_event_kick(session, icmpctl_ring_put(&session->ring, record, NULL));
}

/**
 * icmpctl_record_emit_answer() - send the record of an answer on its way
 * @session: whose.
 * @record: copied.
 * @arrival: the answer, of which the objects appended go with it.
 *
 * Context: any but hard interrupts; the session is not yet retired.
 */
void icmpctl_record_emit_answer(struct icmpctl_session *session,
				const struct icmpctl_record *record,
				const struct icmpctl_arrival *arrival)
{
	if (session->monitor)
		icmpctl_monitor_record(session, record);
	else
		icmpctl_event_kick(session,
				   icmpctl_ring_put(&session->ring, record, arrival->extension));
}
