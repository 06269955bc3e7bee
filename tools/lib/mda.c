// SPDX-License-Identifier: GPL-2.0
/*
 * The stopping rule of the multipath detection algorithm: who has found k ways out of a
 * router asks on until n_k flows have been seen through it, so many that a further way, if
 * there were one and all were equally likely, would not have been missed but with a small
 * probability.
 *
 * B. Augustin, T. Friedman, R. Teixeira: "Multipath tracing with Paris traceroute",
 * E2EMON 2007; the same: "Measuring load-balanced paths in the Internet", IMC 2007.
 * D. Veitch, B. Augustin, R. Teixeira, T. Friedman: "Failure control in multipath route
 * tracing", INFOCOM 2009.
 */
#include "lib/mda.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>

/* Up to here the alternating sum loses no digits that matter. */
#define SUM_MAX 0.5

/* By inclusion and exclusion: (K over i) (-1)^(i+1) (1 - i/K)^n. */
static double miss_sum(unsigned int ways, unsigned int flows)
{
	double sum = 0, binomial = 1;

	for (unsigned int i = 1; i < ways; i++) {
		double term;

		binomial *= (double)(ways - i + 1) / i;
		term = binomial * pow(1 - (double)i / ways, flows);
		sum += i % 2 ? term : -term;
		if (term < 1e-18)
			break;
	}
	return sum;
}

/* Flow by flow: how likely it is that so many of the ways are seen by then. */
static double miss_count(unsigned int ways, unsigned int flows)
{
	double *seen = calloc(ways + 1, sizeof(*seen)), miss = 0;

	if (!seen)
		return 1;
	seen[0] = 1;
	for (unsigned int n = 1; n <= flows; n++) {
		for (unsigned int j = ways; j > 0; j--)
			seen[j] = seen[j] * j / ways + seen[j - 1] * (ways - j + 1) / ways;
		seen[0] = 0;
	}
	for (unsigned int j = 0; j < ways; j++)
		miss += seen[j];
	free(seen);
	return miss < 1 ? miss : 1;
}

/**
 * mda_miss - how likely it is that a way was missed
 * @ways: so many there are, each as likely as the other
 * @flows: so many flows took one of them
 *
 * Return: the probability that at least one of the ways was taken by none.
 */
double mda_miss(unsigned int ways, unsigned int flows)
{
	if (ways > flows)
		return 1;
	if (ways < 2)
		return 0;
	if (ways * pow(1 - 1.0 / ways, flows) < SUM_MAX)
		return miss_sum(ways, flows);
	return miss_count(ways, flows);
}

/**
 * mda_stop - how many flows are enough
 * @found: so many ways were found, at least 1
 * @bound: how likely it may be that there is one more, from 0 to 1
 *
 * The n_k of the papers: 6, 11, 16, 21, 27, 33... for a bound of 0.05.
 *
 * Return: the flows, UINT_MAX if no number is enough.
 */
unsigned int mda_stop(unsigned int found, double bound)
{
	unsigned int ways = found + 1, n;

	if (bound <= 0)
		return UINT_MAX;
	if (bound >= 1)
		return ways;
	/* That many are enough, for the sum is less than its first term. */
	n = ceil(log(bound / ways) / log(1 - 1.0 / ways));
	if (n < ways)
		n = ways;
	while (n > ways && mda_miss(ways, n - 1) <= bound)
		n--;
	return n;
}
