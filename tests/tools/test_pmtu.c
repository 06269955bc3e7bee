// SPDX-License-Identifier: GPL-2.0
/* The search for a path MTU, over paths that are made up. */
#include <errno.h>
#include <string.h>

#include "check.h"
#include "lib/pmtu.h"
#include "lib/units.h"

/* A path: what it lets pass, and how it says so. */
struct way {
	int family;
	uint32_t local;		/* of this host's interface */
	uint32_t mtu;
	enum { TELLS, SILENT, TELLS_NOTHING, LIES_LARGE, LIES_SMALL, LIES_LOW } how;
	unsigned int loss;	/* every so-manieth is lost, 0 for none */
	bool dead;		/* nobody answers */
	bool liar_first;	/* the lie comes first, then the reply */
};

static struct pmtu p;
static unsigned int rounds, probes, count;

static void told(uint32_t bytes, const struct way *w, uint32_t mtu)
{
	struct icmpctl_record r = {
		.status = ICMPCTL_STATUS_ERROR,
		.cause = ICMPCTL_CAUSE_REPORTED,
		.family = w->family,
		.tx_source = ICMPCTL_SOURCE_HOOK,
		.rx_source = ICMPCTL_SOURCE_HOOK,
		.rtt_ns = NSEC_PER_MSEC,
		.icmp_type = w->family == 4 ? 3 : 2,
		.icmp_code = w->family == 4 ? 4 : 0,
		.info = mtu,
		.from = { 10, 0, 0, 3 },
	};

	pmtu_record(&p, bytes, &r);
}

static void plain(uint32_t bytes, const struct way *w, uint8_t status)
{
	struct icmpctl_record r = {
		.status = status,
		.cause = status == ICMPCTL_STATUS_LOST ? ICMPCTL_CAUSE_SILENCE : 0,
		.family = w->family,
		.tx_source = ICMPCTL_SOURCE_HOOK,
		.rx_source = ICMPCTL_SOURCE_HOOK,
		.rtt_ns = 2 * NSEC_PER_MSEC,
		.ttl = 60,
		.icmp_type = w->family == 4 ? 0 : 129,
	};

	pmtu_record(&p, bytes, &r);
}

static void one(uint32_t bytes, const struct way *w)
{
	bool lost = w->dead || (w->loss && ++count % w->loss == 0);
	uint32_t lie = w->how == LIES_LARGE ? bytes + 100 : w->how == LIES_LOW ? 40 : 1280;

	if (bytes > w->local) {
		struct icmpctl_record r = {
			.status = ICMPCTL_STATUS_SEND_FAILED,
			.cause = ICMPCTL_CAUSE_REFUSED,
			.error = EMSGSIZE,
			.info = w->local,
		};

		pmtu_record(&p, bytes, &r);
		return;
	}
	if (p.phase == PMTU_AT_START)
		plain(bytes, w, ICMPCTL_STATUS_SENT);
	if (w->liar_first && bytes > 1280 && !lost) {
		told(bytes, w, lie);
		if (bytes <= w->mtu)
			plain(bytes, w, ICMPCTL_STATUS_DUPLICATE);
	} else if (lost || (bytes > w->mtu && w->how == SILENT)) {
		plain(bytes, w, ICMPCTL_STATUS_LOST);
	} else if (bytes > w->mtu) {
		told(bytes, w, w->how == TELLS ? w->mtu : w->how == TELLS_NOTHING ? 0 : lie);
	} else {
		plain(bytes, w, ICMPCTL_STATUS_REPLY);
	}
}

static void search(const struct way *w, uint32_t max)
{
	struct pmtu_step s;

	pmtu_init(&p, w->family, max);
	rounds = probes = count = 0;
	while (pmtu_next(&p, &s) && rounds < 100) {
		rounds++;
		for (unsigned int i = 0; i < s.probes; i++)
			for (unsigned int j = 0; j < s.n; j++, probes++)
				one(s.bytes[j], w);
		if (pmtu_waits(&p))
			pmtu_give_up(&p);
	}
}

static void found(const struct way *w, uint32_t mtu, bool hole, unsigned int most,
		  const char *name)
{
	search(w, PMTU_MAX);
	check(p.outcome == PMTU_FOUND && pmtu_passes(&p) == mtu && pmtu_black_hole(&p) == hole &&
	      rounds <= most,
	      "pmtu: %s: outcome %d, %u bytes, black hole %d, %u rounds, %u probes", name,
	      p.outcome, pmtu_passes(&p), pmtu_black_hole(&p), rounds, probes);
}

static void test_each_mtu(void)
{
	struct way w = { .family = 4, .local = 1500 };
	unsigned int wrong = 0, most = 0;

	for (int how = TELLS; how <= TELLS_NOTHING; how++)
		for (w.mtu = 68, w.how = how; w.mtu <= 1500; w.mtu++) {
			search(&w, PMTU_MAX);
			wrong += p.outcome != PMTU_FOUND || pmtu_passes(&p) != w.mtu ||
				 pmtu_black_hole(&p) != (how == SILENT && w.mtu < 1500);
			most = rounds > most ? rounds : most;
		}
	check(!wrong && most <= 7, "pmtu: every MTU, three kinds of router: %u wrong, %u rounds",
	      wrong, most);
	wrong = 0;
	w = (struct way){ .family = 6, .local = 65535, .how = SILENT };
	for (w.mtu = 1280; w.mtu <= 65535; w.mtu += 97) {
		search(&w, PMTU_MAX);
		wrong += p.outcome != PMTU_FOUND || pmtu_passes(&p) != w.mtu;
	}
	check(!wrong, "pmtu: IPv6, up to 65535, without errors: %u wrong", wrong);
}

static void test_lies(void)
{
	struct way w = { .family = 4, .local = 1500, .mtu = 1500, .how = LIES_LARGE,
			 .liar_first = true };

	found(&w, 1500, false, 3, "an MTU larger than the probe is told, and it passes");
	check(p.tellers && p.told[0].doubt == PMTU_NOT_SMALLER, "pmtu: that is not believed");
	w.mtu = 1400;
	found(&w, 1400, true, 7, "the same, and it does not pass");
	w = (struct way){ .family = 4, .local = 1500, .mtu = 1500, .how = LIES_SMALL,
			  .liar_first = true };
	found(&w, 1500, false, 4, "1280 is told, and more passes");
	check(p.tellers == 1 && p.told[0].doubt == PMTU_REFUTED, "pmtu: that is refuted");
	w = (struct way){ .family = 6, .local = 1500, .mtu = 1450, .how = LIES_LOW };
	found(&w, 1450, true, 7, "IPv6: 40 is told");
	check(p.tellers == 1 && p.told[0].doubt == PMTU_TOO_SMALL, "pmtu: no link has that");
	w.family = 4;
	found(&w, 1450, true, 7, "IPv4: 40 is told");
	w = (struct way){ .family = 4, .local = 1500, .mtu = 1400, .how = TELLS_NOTHING };
	found(&w, 1400, false, 4, "0 is told, as before RFC 1191");
}

static void test_loss(void)
{
	struct way w = { .family = 4, .local = 1500, .mtu = 1500 };
	unsigned int wrong = 0;

	for (w.loss = 2; w.loss < 40; w.loss++) {
		search(&w, PMTU_MAX);
		wrong += p.outcome != PMTU_FOUND || pmtu_passes(&p) != 1500;
	}
	check(!wrong, "pmtu: loss is no black hole: %u wrong", wrong);
	w = (struct way){ .family = 4, .local = 1500, .dead = true };
	search(&w, PMTU_MAX);
	check(p.outcome == PMTU_NO_REPLY && !pmtu_passes(&p) && rounds == 3,
	      "pmtu: a dead host is asked twice");
}

void test_pmtu(void)
{
	struct way w = { .family = 4, .local = 1500, .mtu = 1500 };

	found(&w, 1500, false, 2, "nothing narrows");
	search(&w, 1300);
	check(p.outcome == PMTU_FOUND && pmtu_passes(&p) == 1300 && !p.local,
	      "pmtu: no more than is asked for");
	search(&w, 68);
	check(p.outcome == PMTU_FOUND && pmtu_passes(&p) == 68, "pmtu: the least");
	w.mtu = 1400;
	found(&w, 1400, false, 3, "a router that tells");
	w.mtu = 1399;
	found(&w, 1399, false, 3, "an unusual one");
	w.how = SILENT;
	found(&w, 1399, true, 6, "a router that does not");
	w = (struct way){ .family = 6, .local = 9000, .mtu = 1280, .how = SILENT };
	found(&w, 1280, true, 6, "IPv6, the least there is");
	w = (struct way){ .family = 4, .local = 65536, .mtu = 65535 };
	found(&w, 65535, false, 2, "the loopback");
	test_each_mtu();
	test_lies();
	test_loss();
}
