// SPDX-License-Identifier: GPL-2.0
/*
 * loss.c - the pattern of loss: episodes, runs and gaps (RFC 3357)
 */
#include <linux/minmax.h>

#include "loss.h"

/* A loss period begins where the probe before is not lost. */
static void begin_episode(struct icmpctl_loss *loss)
{
	/* As many answered between, and one step more. */
	u64 gap = loss->run + 1;

	if (loss->episodes++) {
		loss->gap_sum += gap;
		loss->gap_min = loss->episodes == 2 ? gap : min(loss->gap_min, gap);
	}
}

/**
 * icmpctl_loss_add() - feed in what became of the next probe
 * @loss: the pattern.
 * @lost: no reply came in time.
 */
void icmpctl_loss_add(struct icmpctl_loss *loss, bool lost)
{
	if (lost && !loss->losing)
		begin_episode(loss);
	if (lost != loss->losing)
		loss->run = 0;
	loss->losing = lost;
	loss->run++;
	loss->probes++;
	loss->lost += lost;
	if (lost)
		loss->run_max = max(loss->run_max, loss->run);
	else
		loss->answered_run_max = max(loss->answered_run_max, loss->run);
}
