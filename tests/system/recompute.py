#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""usage: recompute.py NAME FILE [STATS]: the summaries of `icmpctl ping --json` against the
same figures made of its probe records, by the definitions of docs/statistics.md. STATS is what
`icmpctl stats --json FILE` made of them.

Sums and counts must be equal, percentiles within 1 %, deviations within 1 ns.
"""
import itertools
import json
import math
import statistics
import sys

NAME = ""
failed = False


def check(what, good, *seen):
    global failed
    print(f"{'ok' if good else 'not ok'} - {NAME}: {what}")
    if not good:
        failed = True
        for line in seen:
            print("#", line)


def nearest_rank(values, per_mille):
    values = sorted(values)
    return values[max(0, math.ceil(len(values) * per_mille / 1000) - 1)]


def differs(got, want):
    """Keys whose values are not equal."""
    return [f"{key}: {got.get(key)}, of the records {value}"
            for key, value in want.items() if got.get(key) != value]


def percentiles_differ(got, values, keys):
    wrong = []
    for key, per_mille in keys:
        want = nearest_rank(values, per_mille)
        if abs(got[key] - want) > want / 100:
            wrong.append(f"{key}: {got[key]}, of the records {want}")
    return wrong


QUANTILES = [("p50", 500), ("p90", 900), ("p99", 990), ("p999", 999)]


def rtt(got, values):
    """RTTs in the order of arrival."""
    mean = (2 * sum(values) + len(values)) // (2 * len(values))
    wrong = differs(got, {"min": min(values), "mean": mean, "max": max(values)})
    deviation = statistics.pstdev(values)
    if abs(got["stddev"] - deviation) > 1:
        wrong.append(f"stddev: {got['stddev']}, of the records {deviation}")
    return wrong


def ipdv(rtt_of):
    pairs = [rtt_of[seq + 1] - rtt_of[seq] for seq in rtt_of if seq + 1 in rtt_of]
    return {"pairs": len(pairs), "mean": sum(map(abs, pairs)) // len(pairs),
            "max": max(map(abs, pairs)), "signed_min": min(pairs), "signed_max": max(pairs)}


def loss(fates):
    """RFC 3357, of (answered or not) in the order of sending."""
    runs = [(lost, len(list(group))) for lost, group in itertools.groupby(fates)]
    lost = [length for is_lost, length in runs if is_lost]
    answered = [length for is_lost, length in runs if not is_lost]
    # What is answered between two loss periods, and one step more.
    inner = [length for i, (is_lost, length) in enumerate(runs)
             if not is_lost and 0 < i < len(runs) - 1]
    gaps = [length + 1 for length in inner]
    return {"loss_episodes": len(lost), "loss_run_sum": sum(lost),
            "loss_run_max": max(lost, default=0),
            "answered_run_max": max(answered, default=0),
            "loss_gap_min": min(gaps, default=None),
            "loss_gap_sum": sum(gaps) if gaps else None}


def order(seqs):
    """RFC 4737: of all replies the numbers of their probes, as they came."""
    extents = []
    for i, seq in enumerate(seqs):
        earlier = [j for j in range(i) if seqs[j] > seq]
        if earlier:
            extents.append(i - earlier[0])
    return {"reordered": len(extents), "reordering_extent_max": max(extents, default=None)}


def one(head, probes, total):
    replies = [p for p in probes if p["status"] == "reply"]
    rtt_of = {p["seq"]: p["rtt_ns"] for p in replies}
    rtts = [p["rtt_ns"] for p in replies]
    fates = {p["seq"]: p["status"] == "lost" for p in probes
             if p["status"] in ("reply", "lost")}
    twice = [p["seq"] for p in probes if p["status"] == "duplicate"]

    check(head + "every probe has one fate", sorted(fates) == list(range(1, total["sent"] + 1)))
    check(head + "counts", *split(differs(total, {
        "received": len(replies), "lost": sum(fates.values()), "duplicates": len(twice),
        "duplicate_probes": len(set(twice) & set(rtt_of))})))
    check(head + "rtt", *split(rtt(total["rtt_ns"], rtts)))
    check(head + "percentiles of the rtt",
          *split(percentiles_differ(total["rtt_ns"], rtts, QUANTILES)))
    check(head + "delay variation (RFC 3393)", *split(differs(total["ipdv_ns"], ipdv(rtt_of))))
    jitter = 0.0
    for before, now in zip(rtts, rtts[1:]):
        jitter += (abs(now - before) - jitter) / 16
    check(head + "jitter (RFC 3550)", abs(total["jitter_ns"] - jitter) <= 2 + jitter / 100,
          total["jitter_ns"], jitter)
    check(head + "loss pattern (RFC 3357)",
          *split(differs(total, loss([fates[seq] for seq in sorted(fates)]))))
    check(head + "reordering (RFC 4737)",
          *split(differs(total, order([p["seq"] for p in replies]))))
    minute = total["last_minute"]
    check(head + "the last minute is all of a short run", *split(differs(minute, {
        key: total[key] for key in ("sent", "received", "lost", "errors", "late", "duplicates",
                                    "reordered", "loss_ratio")}) + rtt(minute["rtt_ns"], rtts)))
    check(head + "its span is not longer than the run",
          0 < minute["span_ns"] <= total["elapsed_ns"])


def split(wrong):
    return [not wrong] + wrong


# What `icmpctl stats --json` makes of the same file is the same.
EXACT = ["sent", "received", "lost", "late", "duplicates", "errors", "outstanding", "send_failed",
         "loss_ratio", "jitter_ns", "ipdv_ns", "loss_episodes", "loss_run_sum", "loss_run_max",
         "loss_gap_min", "loss_gap_sum", "answered_run_max", "reordered", "duplicate_probes",
         "reordering_extent_max", "tx_driver", "rx_stack", "fallbacks", "causes", "elapsed_ns"]


def agrees(made, kernel):
    wrong = differs({key: made.get(key) for key in EXACT}, {key: kernel.get(key) for key in EXACT})
    for key in ("min", "mean", "max", "ewma"):
        if made["rtt_ns"][key] != kernel["rtt_ns"][key]:
            wrong.append(f"rtt {key}: {made['rtt_ns'][key]}, of the kernel {kernel['rtt_ns'][key]}")
    if abs(made["rtt_ns"]["stddev"] - kernel["rtt_ns"]["stddev"]) > 1:
        wrong.append("rtt stddev")
    for key, _ in QUANTILES:
        if abs(made["rtt_ns"][key] - kernel["rtt_ns"][key]) > made["rtt_ns"][key] / 100:
            wrong.append(f"rtt {key}")
    for key in ("mean", "max"):
        if made["send_late_ns"][key] != kernel["send_late_ns"][key]:
            wrong.append(f"late {key}: {made['send_late_ns'][key]}, {kernel['send_late_ns'][key]}")
    check(f"{made['target']}: icmpctl stats agrees", not wrong, *wrong)


def main(file, others):
    with open(file, encoding="utf-8") as lines:
        objects = [json.loads(line) for line in lines]
    targets = {o["target"]: o for o in objects if o["type"] == "summary"}
    records = [o for o in objects if o["type"] == "probe"]
    for target, total in targets.items():
        one(f"{target}: " if len(targets) > 1 else "",
            [p for p in records if p["target"] == target], total)
    for line in others:
        made = json.loads(line)
        agrees(made, targets[made["target"]])
    if others:
        check("icmpctl stats knows every target", len(others) == len(targets))

    late = [max(0, p["late_ns"]) for p in records if p["status"] in ("reply", "lost")]
    told = next(iter(targets.values()))["send_late_ns"]["session"]
    check("lateness of every probe, its percentiles", *split(
        percentiles_differ(told, late, QUANTILES) + differs(told, {"max": max(late)})))
    made = {key: sum(s[key] for s in targets.values())
            for key in ("lost", "duplicates", "reordered")}
    check("something was lost, doubled and reordered", all(made.values()), made)


if __name__ == "__main__":
    NAME = sys.argv[1]
    stats = []
    if len(sys.argv) > 3:
        with open(sys.argv[3], encoding="utf-8") as told_by_stats:
            stats = told_by_stats.readlines()
    main(sys.argv[2], stats)
    sys.exit(failed)
