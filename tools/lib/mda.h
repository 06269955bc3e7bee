/* SPDX-License-Identifier: GPL-2.0 */
/* How many flows it takes to have seen all ways that a router balances over. */
#ifndef ICMPCTL_MDA_H
#define ICMPCTL_MDA_H

double mda_miss(unsigned int ways, unsigned int flows);
unsigned int mda_stop(unsigned int found, double bound);

#endif
