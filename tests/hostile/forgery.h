/* SPDX-License-Identifier: GPL-2.0 */
/*
 * forgery.h - packets that could be taken for an answer, and what they must count as
 *
 * What nobody could tell from an answer is not among them: a datagram that comes from the right
 * port while a probe waits, or an error that quotes eight right bytes.
 */
#ifndef _HOSTILE_FORGERY_H
#define _HOSTILE_FORGERY_H

#include "answer.h"
#include "genl.h"

#define FRAMES_MAX	3

/* What the asking host must make of a packet. */
enum fate { NOTHING, FORGED, BAD_CHECKSUM, OTHER_ADDRESS, DUPLICATE, FATES };

struct forgery {
	const char *name;
	enum fate fate;
	int probes;
	/* At most FRAMES_MAX; the rest has no length. False: there is none in this family. */
	bool (*make)(struct chance *chance, const struct request *r, struct packet *p);
};

#define FORGERIES	24

extern const struct forgery *const forgeries;

#endif /* _HOSTILE_FORGERY_H */
