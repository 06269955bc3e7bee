"""The figures of docs/statistics.md by numpy, from raw records. Durations in ns.

Integers wherever a sum is one, so that nothing is rounded but by the last division."""
import numpy

MAX_NS = 2 ** 40 - 1
QUANTILES = {"p50": .5, "p90": .9, "p99": .99, "p999": .999}


def clamped(rtts):
    """As int64: what is longer than the longest timeout counts as the longest."""
    return numpy.minimum(numpy.array(rtts, dtype=numpy.uint64), MAX_NS).astype(numpy.int64)


def percentiles(values):
    return {key: int(numpy.quantile(values, q, method="inverted_cdf"))
            for key, q in QUANTILES.items()}


def rtt(values):
    """Of int64 RTTs in the order of arrival."""
    fine = values.astype(numpy.longdouble)
    weights = (15 / 16) ** numpy.arange(len(values) - 1)[::-1] / 16
    recent = (7 / 8) ** numpy.arange(len(values))[::-1] / 8
    recent[0] *= 8
    return {"n": len(values), "min": int(values.min()), "max": int(values.max()),
            "mean": fine.mean(), "stddev": fine.std(),
            "jitter": float(numpy.dot(numpy.abs(numpy.diff(values)), weights)),
            "ewma": float(numpy.dot(fine, recent)), **percentiles(values)}


def pairs(seqs, values):
    """RTTs of consecutive probes that were both answered: earlier and later."""
    by_seq = numpy.argsort(seqs)
    seqs, values = seqs[by_seq], values[by_seq]
    both = numpy.flatnonzero(numpy.diff(seqs) == 1)
    return values[both], values[both + 1]


def ipdv(earlier, later):
    differences = later - earlier
    size = numpy.abs(differences)
    return {"pairs": len(differences), "mean": int(size.sum()) // len(size),
            "max": int(size.max()), "signed_min": int(differences.min()),
            "signed_max": int(differences.max())}


def loss(fates):
    """RFC 3357, of lost (1) or answered (0) in the order of sending."""
    edges = numpy.diff(numpy.concatenate(([0], fates, [0])))
    begin, end = numpy.flatnonzero(edges == 1), numpy.flatnonzero(edges == -1)
    marks = numpy.concatenate(([-1], numpy.flatnonzero(fates), [len(fates)]))
    gaps = begin[1:] - (end[:-1] - 1)
    return {"lost": int(fates.sum()), "loss_episodes": len(begin),
            "loss_run_max": int((end - begin).max(initial=0)),
            "answered_run_max": int((numpy.diff(marks) - 1).max(initial=0)),
            "loss_gap_min": int(gaps.min()) if len(gaps) else 0,
            "loss_gap_sum": int(gaps.sum())}


def order(seqs):
    """RFC 4737, of the numbers of probes as their replies came."""
    greatest = numpy.maximum.accumulate(seqs)
    reordered = numpy.flatnonzero(seqs < greatest)
    # What came before and is greater began where the greatest so far went beyond it.
    first = numpy.searchsorted(greatest, seqs[reordered], side="right")
    return {"reordered": len(reordered),
            "reordering_extent_max": int((reordered - first).max(initial=0))}


def off(got, want):
    """What is further from numpy's figures than docs/statistics.md says."""
    wrong = []
    for key, value in want.items():
        if key in QUANTILES:
            bound = value / 128 + 1
        else:
            bound = {"mean": .501, "stddev": 1.001, "jitter": 2, "ewma": 2}.get(key, 0)
            # What a double in the sums of numpy itself can be off by.
            bound += bound and float(value) * 1e-12
        if (got[key] or 0) != value and abs((got[key] or 0) - value) > bound:
            wrong.append(f"{key}: {got[key]}, by numpy {value}")
    return wrong
