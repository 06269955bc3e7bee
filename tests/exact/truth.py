#!/usr/bin/python3
"""usage: truth.py rtt NAME JSON PING             icmpctl and ping against the wire
       truth.py sweep NAME JSON PING PPS         a sweep's RTTs, each host asked once
       truth.py pace NAME JSON INTERVAL_NS       departures against the schedule
       truth.py departures NAME OUTPUT INTERVAL_NS COUNT [TABLE]
                                                 of any tool, by the wire
       truth.py step NAME JSON                   RTTs while the clock was set
       truth.py suspend NAME JSON                the machine slept meanwhile
       truth.py hardware NAME JSON all|some|none|driver|hook [first]
                                                 RTTs by hardware stamps, and without; first:
                                                 the interface's clock is new to the module
       truth.py cold NAME JSON                   the first probe had to ask for its way
       truth.py idle|cost NAME RUN RUN           what is added from the one to the other

Holds what a tool said (JSON, PING) against what the wire saw meanwhile (that
file's name and .log), and prints results like a test: `ok - …`, `not ok - …`,
and tables behind `# `. Times in ns."""
import collections
import json
import re
import sys

SPREAD_MAX_NS = 100
RATIO_MIN = 5
STEP_MAX_NS = 1000
# A stamp taken in the hook is off by the way through the stack.
STEP_FALLBACK_MAX_NS = 100_000
DRIFT_MAX_NS = 1000
# Of 100,000 probes, the last tenth against the first.
NO_DRIFT_NS = 100
LATE_P99_MAX_NS = 20_000
HARDWARE_MAX_NS = 50
# So many probes tell the rate of an interface's clock that was never seen before.
HARDWARE_FIRST = 12
SOFTWARE_MAX_NS = 1000
# From the hand-over to the driver and from the stack to the hook, at most.
HOOK_MAX_NS = 100_000
INSTRUCTION_NS = 2
COST_MAX = 150
# The way of the question and its answer, and what the neighbour takes to answer.
ASK_NS = 2_000_000, 2_200_000
REQUEST = {4: 8, 6: 128}
REPLY = {4: 0, 6: 129}

Trip = collections.namedtuple("Trip", "departed far_arrived far_departed arrived wire")
failed = False


def result(good, name, *seen):
    global failed
    print(("ok" if good else "not ok") + " - " + name)
    if not good:
        failed = True
        for line in seen:
            print("#", line)


def rank(values, p):
    """The nearest-rank percentile: one of the values."""
    values = sorted(values)
    return values[max(0, min(len(values) - 1, -(-len(values) * p // 100) - 1))]


def median(values):
    return rank(values, 50)


def read_log(path):
    """What the wire saw: round trips by (id, sequence number), as they departed."""
    out, back = {}, {}
    with open(path + ".log") as log:
        heading = log.readline().split()
        assert heading[3:] == ["overwritten", "0"], heading
        for line in log:
            if line.startswith("#"):
                continue
            (_, dev, _, family, kind, _, ident, seq, _,
             departed, wire, arrived, fate, _, _) = line.split()
            if fate != "arrived" or ident == "-":
                continue
            key = int(ident), int(seq)
            if dev == "w0" and int(kind) == REQUEST[int(family)]:
                out[key] = int(departed), int(arrived)
            elif dev == "w1" and int(kind) == REPLY[int(family)]:
                back.setdefault(key, (int(departed), int(arrived), int(wire)))
    return {key: Trip(*sent, *back[key]) for key, sent in out.items() if key in back}


def read_json(path):
    with open(path) as lines:
        rows = [json.loads(line) for line in lines]
    return ([r for r in rows if r["type"] == "probe"],
            [r for r in rows if r["type"] == "summary"][0])


def read_ping(path):
    """Printed RTTs by sequence number, their resolution, and the summary."""
    rtts, resolution, summary = {}, 0, None
    with open(path) as lines:
        for line in lines:
            found = re.search(r"icmp_seq=(\d+) .*time=(\d+)(?:\.(\d+))? ms", line)
            if found:
                digits = found[3] or ""
                rtts[int(found[1])] = int((found[2] + digits).ljust(len(found[2]) + 6, "0"))
                resolution = max(resolution, 10 ** (6 - len(digits)))
            found = re.match(r"rtt min/avg/max/mdev = (\S+) ms", line)
            if found:
                summary = [round(float(x) * 1e6) for x in found[1].split("/")]
    return rtts, resolution, summary


def row(name, errors, note=""):
    print("# %-22s %9s %9s %9s %9s %9s  %s" % (
        name, f"{median(errors):,}", f"{rank(errors, 1):,}", f"{rank(errors, 99):,}",
        f"{rank(errors, 99) - rank(errors, 1):,}", f"{max(errors, key=abs):,}", note))


def rtt(name, probes_json, ping_text):
    trips = read_log(probes_json)
    probes, _ = read_json(probes_json)
    ours, sources, unmatched = [], collections.Counter(), 0
    for probe in probes:
        trip = trips.get((probe["icmp_id"], probe["icmp_seq"]))
        if probe["status"] != "reply" or trip is None:
            unmatched += 1
            continue
        sources[probe["tx_source"], probe["rx_source"]] += 1
        ours.append(probe["rtt_ns"] - (trip.arrived - trip.departed))
    result(len(ours) == len(probes) == len(trips) and not unmatched,
           f"{name}: every probe has its round trip in the log",
           f"{len(probes)} probes, {len(trips)} round trips, {unmatched} without")
    result(set(sources) == {("driver", "stack")},
           f"{name}: every RTT is from the driver's stamp to the stack's", dict(sources))

    trips = {seq: trip for (_, seq), trip in read_log(ping_text).items()}
    rtts, resolution, summary = read_ping(ping_text)
    theirs = [rtts[seq] - (t.arrived - t.departed) for seq, t in trips.items() if seq in rtts]
    truths = [t.arrived - t.departed for t in trips.values()]
    # Its average is printed to the microsecond even where its lines are not.
    average = summary[1] - round(sum(truths) / len(truths))
    shortest = summary[0] - min(truths)

    print(f"# {name}: RTT minus the wire's, ns")
    print("# %-22s %9s %9s %9s %9s %9s" % ("", "median", "p1", "p99", "p99 - p1", "worst"))
    row("icmpctl", ours)
    row("ping", theirs, f"printed to {resolution:,} ns")
    print(f"# ping's summary: average {average:,} ns and least {shortest:,} ns off")
    # Where its lines are rounded to more than a microsecond, what its summary
    # gives, and of that what is better for it.
    centre = median(theirs) if resolution <= 1000 else min(average, shortest, key=abs)
    ratio = abs(centre) / max(1, abs(median(ours)))
    print(f"# ping / icmpctl: {ratio:.2f}")

    spread = rank(ours, 99) - rank(ours, 1)
    result(len(theirs) == len(rtts) == len(trips), f"{name}: every line of ping's as well")
    result(spread <= SPREAD_MAX_NS,
           f"{name}: spread of the error is {spread} ns, at most {SPREAD_MAX_NS}")
    result(ratio >= RATIO_MIN, f"{name}: {ratio:.1f} times closer than ping, at least {RATIO_MIN}")


def sweep(name, hosts_json, ping_text, pps):
    """Each host was asked once: its address tells which round trip was its."""
    trips, departed = {}, []
    with open(hosts_json + ".log") as log:
        heading = log.readline().split()
        assert heading[3:] == ["overwritten", "0"], heading
        for line in log:
            if line.startswith("#"):
                continue
            (_, dev, _, family, kind, _, _, _, _, left, _, arrived, fate, _, target) = line.split()
            if dev == "w0" and int(kind) == REQUEST[int(family)]:
                assert target not in trips, line
                trips[target] = [int(left), None]
                departed.append(int(left))
            elif dev == "w1" and int(kind) == REPLY[int(family)] and fate == "arrived":
                trips[target][1] = int(arrived)
    with open(hosts_json) as lines:
        rows = [json.loads(line) for line in lines]
    hosts = [r for r in rows if r["type"] == "host"]
    others = [r for r in hosts if r["status"] != "up"]
    result(not others, f"{name}: no host is taken for anything but up",
           f"{len(others)} of {len(hosts)}, {others[:3]}, {rows[-1]}")
    if others:
        return
    ours = [r["rtt_ns"] - (trips[r["address"]][1] - trips[r["address"]][0]) for r in hosts]
    theirs = [rtts - (t.arrived - t.departed) for t, rtts in ping_errors(ping_text)]
    span = max(departed) - min(departed)
    print(f"# {name}: {len(departed)} probes, {pps} a second offered, "
          f"{(len(departed) - 1) * 10 ** 9 // span} left; RTT minus the wire's, ns")
    print("# %-22s %9s %9s %9s %9s %9s" % ("", "median", "p1", "p99", "p99 - p1", "worst"))
    row("icmpctl sweep", ours)
    row("ping, of one of them", theirs)
    result(len(hosts) == len(trips) == len({r["address"] for r in hosts}),
           f"{name}: every host is up, and told once", f"{len(hosts)} of {len(trips)}")
    # How far off: the spread of ping's errors alone is 92 ns in one run and 10,542 in another, as
    # its wake-ups happen to fall.
    far = [[abs(error) for error in errors] for errors in (ours, theirs)]
    result(all(rank(far[0], percent) <= rank(far[1], percent) for percent in (50, 99)),
           f"{name}: as true as ping: {median(far[0]):,} ns off where ping is {median(far[1]):,}, "
           f"of 99 in 100 at most {rank(far[0], 99):,} where ping has {rank(far[1], 99):,}")


def ping_errors(ping_text):
    trips = {seq: trip for (_, seq), trip in read_log(ping_text).items()}
    rtts, _, _ = read_ping(ping_text)
    return [(trips[seq], rtts[seq]) for seq in rtts]


def pace(name, probes_json, interval):
    interval = int(interval)
    trips = list(read_log(probes_json).values())
    probes, summary = read_json(probes_json)
    departed = sorted(t.departed for t in trips)
    n = len(departed)
    off = [d - departed[0] - i * interval for i, d in enumerate(departed)]
    probes.sort(key=lambda p: p["seq"])
    late = [p["late_ns"] for p in probes]
    planned = [p["sent_unix_ns"] - p["tx_stack_ns"] - p["late_ns"] for p in probes
               if p.get("tx_source") == "driver"]
    strays = sum(p - planned[0] != i * interval for i, p in enumerate(planned))
    tenth = max(1, n // 10)
    drift = median(off[-tenth:]) - median(off[:tenth])
    gaps = [b - a for a, b in zip(departed, departed[1:])]

    print(f"# {name}: {n} probes on the wire; ns")
    print("# %-28s %12s %12s %12s" % ("", "p50", "p99", "max"))
    for what, values in (("late, planned to handed", late),
                         ("departures off the first's", [abs(x) for x in off]),
                         ("from one to the next", gaps)):
        print("# %-28s %12s %12s %12s" % (what, f"{rank(values, 50):,}",
                                          f"{rank(values, 99):,}", f"{max(values):,}"))
    print("# the latest:", ", ".join(
        f"seq {p['seq']} {p['late_ns']:,}" for p in
        sorted(probes, key=lambda p: -p["late_ns"])[:8]))
    print(f"# the last {off[-1]:+,} from where the first puts it; drift {drift:+,}")

    result(n == len(probes) == summary["sent"], f"{name}: every probe is on the wire once",
           f"wire {n}, records {len(probes)}, sent {summary['sent']}")
    result(not summary["skipped"] and not strays and len(planned) == len(probes),
           f"{name}: planned instants are exactly {interval} ns apart",
           f"{strays} strays, {summary['skipped']} skipped, {len(planned)} driver stamps")
    result(rank(late, 99) <= LATE_P99_MAX_NS,
           f"{name}: 99 of 100 are handed over within {LATE_P99_MAX_NS} ns of their instant",
           f"{rank(late, 99)} ns")
    result(abs(off[-1]) < interval,
           f"{name}: the last is sent within one interval of where the first puts it",
           f"{off[-1]} ns")
    result(abs(drift) <= DRIFT_MAX_NS, f"{name}: no drift", f"{drift} ns")


def departures(name, output, interval, count, table=None):
    """When a tool's requests left, against the first and so many intervals. Without its
    own word for it: nothing is known of where it wanted to send."""
    interval, count = int(interval), int(count)
    departed = []
    with open(output + ".log") as log:
        heading = log.readline().split()
        assert heading[3:] == ["overwritten", "0"], heading
        for line in log:
            fields = line.split()
            if not line.startswith("#") and fields[1] == "w0" and fields[4] == "8":
                departed.append(int(fields[9]))
    off = [d - departed[0] - i * interval for i, d in enumerate(departed)]
    gaps = [b - a - interval for a, b in zip(departed, departed[1:])]
    tenth = max(1, len(off) // 10)
    print(f"# {name}: {len(departed)} departures at {interval} ns; ns")
    print("# %-28s %12s %12s %12s" % ("", "p50", "p99", "max"))
    for what, values in (("off the first's schedule", [abs(x) for x in off]),
                         ("gap, off the interval", [abs(x) for x in gaps])):
        print("# %-28s %12s %12s %12s" % (what, f"{rank(values, 50):,}",
                                          f"{rank(values, 99):,}", f"{max(values):,}"))
    drift = median(off[-tenth:]) - median(off[:tenth])
    print(f"# the last {off[-1]:+,}; drift {drift:+,}")
    result(len(departed) == count, f"{name}: all {count} are on the wire", str(len(departed)))
    if table:
        off, gaps = [abs(x) for x in off], [abs(x) for x in gaps]
        cells = [len(departed), rank(off, 50), rank(off, 99), max(off), rank(gaps, 50),
                 rank(gaps, 99), drift]
        with open(table, "a") as out:
            out.write(f"| {name} | " + " | ".join(
                f"{x:,}".replace("-", "−") for x in cells) + " |\n")
    if name == "icmpctl":
        late = read_json(output)[1]["send_late_ns"]["session"]["p99"]
        result(late <= LATE_P99_MAX_NS,
               f"{name}: 99 of 100 are handed over within {LATE_P99_MAX_NS} ns of their instant",
               f"{late} ns")
        result(abs(drift) <= NO_DRIFT_NS, f"{name}: no drift", f"{drift} ns")


def step(name, probes_json):
    trips = read_log(probes_json)
    probes, _ = read_json(probes_json)
    errors, fallback, missing, steps = [], [], 0, 0
    for probe in probes:
        trip = trips.get((probe["icmp_id"], probe["icmp_seq"]))
        if probe["status"] != "reply" or trip is None:
            missing += 1
            continue
        error = probe["rtt_ns"] - (trip.arrived - trip.departed)
        if (probe["tx_source"], probe["rx_source"]) == ("driver", "stack"):
            errors.append(error)
        else:
            fallback.append(error)
    row(name, errors, f"{len(fallback)} fell back: {fallback}")
    result(not missing and len(errors) + len(fallback) == len(trips),
           f"{name}: every probe is answered", f"{missing} of {len(probes)} are not")
    worst = max(abs(e - median(errors)) for e in errors)
    result(worst <= STEP_MAX_NS,
           f"{name}: no RTT is changed by more than {STEP_MAX_NS} ns", f"{worst} ns")
    result(len(fallback) <= 4 and all(abs(e) <= STEP_FALLBACK_MAX_NS for e in fallback),
           f"{name}: what fell back says so, and is near", fallback)


def suspend(name, probes_json):
    trips = read_log(probes_json)
    probes, summary = read_json(probes_json)
    asleep = {p["seq"] for p in probes if p.get("suspended")}
    awake = [p for p in probes if not p.get("suspended")]
    errors = []
    for probe in awake:
        trip = trips[probe["icmp_id"], probe["icmp_seq"]]
        errors.append(probe["rtt_ns"] - (trip.arrived - trip.departed))
    print(f"# {name}: under way meanwhile: {sorted(asleep)}")
    row(name, errors)
    result(len(probes) == len(trips) == summary["received"] and not summary["lost"],
           f"{name}: every probe is answered", summary)
    # In mid-run, as many as an RTT has intervals, next to each other.
    result(asleep and 10 < min(asleep) and max(asleep) < len(probes) - 10,
           f"{name}: probes were sent before and after", sorted(asleep), len(probes))
    result(5 <= len(asleep) <= 15 and max(asleep) - min(asleep) == len(asleep) - 1,
           f"{name}: what was under way is marked", sorted(asleep))
    result(summary["suspended"] == len(asleep), f"{name}: and counted", summary)
    worst = max(abs(e - median(errors)) for e in errors)
    result(worst <= STEP_MAX_NS, f"{name}: no other RTT is changed by more than {STEP_MAX_NS} ns",
           f"{worst} ns")
    rtts = [p["rtt_ns"] for p in awake]
    told = summary["rtt_ns"]
    result((told["min"], told["mean"], told["max"]) ==
           (min(rtts), (2 * sum(rtts) + len(rtts)) // (2 * len(rtts)), max(rtts)),
           f"{name}: the statistics are of those alone", told)


def hardware(name, probes_json, which, first=""):
    trips = read_log(probes_json)
    probes, summary = read_json(probes_json)
    told = summary["error_budget_ns"]["conversion"]
    errors, firsts, others, unmarked = [], [], [], []
    for probe in probes:
        trip = trips.get((probe["icmp_id"], probe["icmp_seq"]))
        if probe["status"] != "reply" or trip is None:
            continue
        if probe["tx_source"] == probe["rx_source"] == "hardware":
            error = probe["rtt_ns"] - (trip.wire - trip.departed)
            (firsts if first and probe["seq"] <= HARDWARE_FIRST else errors).append(error)
        else:
            others.append(probe["rtt_ns"] - (trip.arrived - trip.departed))
            if not probe.get("fallback"):
                unmarked.append(probe["seq"])
    for what, values in ("hardware, at first", firsts), ("hardware", errors), ("other", others):
        if values:
            row(f"{name}: {what}", values, f"{len(values)} probes")
    result(len(firsts) + len(errors) + len(others) == len(probes) == len(trips),
           f"{name}: no probe is lost")
    result(all(abs(e) <= HARDWARE_MAX_NS for e in errors),
           f"{name}: RTTs are within {HARDWARE_MAX_NS} ns of the wire", errors)
    result(all(abs(e) <= told for e in errors + firsts),
           f"{name}: and within the {told} ns of their error budget", errors, firsts)
    bound = HOOK_MAX_NS if which == "hook" else SOFTWARE_MAX_NS
    result(all(abs(e) <= bound for e in others),
           f"{name}: others are within {bound} ns", others)
    result(summary["tx_hardware"] == summary["rx_hardware"] == len(firsts) + len(errors) and
           summary["fallbacks"] == sum(bool(p.get("fallback")) for p in probes),
           f"{name}: and so they are counted", summary)
    if which == "all":
        result(not others, f"{name}: all by hardware", others)
    elif which == "some":
        result(errors and others and not unmarked, f"{name}: what fell back is marked", unmarked)
    elif which == "none":
        result(not errors and not firsts and not unmarked,
               f"{name}: all fell back, and are marked", unmarked)
    else:
        sources = {(p["tx_source"], p["rx_source"]) for p in probes}
        result(sources == {("driver", "stack") if which == "driver" else ("hook", "hook")} and
               len(unmarked) == len(probes), f"{name}: stamps as asked for", sources)


def cold(name, probes_json):
    trips = read_log(probes_json)
    probes, _ = read_json(probes_json)
    probes.sort(key=lambda p: p["seq"])
    way = [p["tx_stack_ns"] for p in probes]
    errors = []
    for probe in probes:
        trip = trips[probe["icmp_id"], probe["icmp_seq"]]
        errors.append(probe["rtt_ns"] - (trip.arrived - trip.departed))
    print(f"# {name}: handed over to driver, ns: {way}; RTTs minus the wire's: {errors}")
    result(ASK_NS[0] <= way[0] <= ASK_NS[1] and max(way[1:]) < ASK_NS[0] // 10,
           f"{name}: the first probe waits for its neighbour, the others do not")
    result(max(map(abs, errors)) <= SOFTWARE_MAX_NS, f"{name}: no RTT knows of it")


def idle(name, before, after):
    turns = []
    for text in (before, after):
        turns.append([t.far_departed - t.far_arrived for t in read_log(text).values()])
    print(f"# {name}: what a bystander's echo takes at the far end, ns")
    print("# %-22s %9s %9s %9s" % ("", "least", "median", "most"))
    for what, values in zip(("without", "with"), turns):
        print("# %-22s %9s %9s %9s" % (what, f"{min(values):,}", f"{median(values):,}",
                                       f"{max(values):,}"))
    added = median(turns[1]) - median(turns[0]), min(turns[1]) - min(turns[0])
    print(f"# added: median {added[0]:+,}, least {added[1]:+,}")
    return added


def main():
    command, *args = sys.argv[1:]
    if command == "rtt":
        rtt(*args)
    elif command == "sweep":
        sweep(*args)
    elif command == "pace":
        pace(*args)
    elif command == "departures":
        departures(*args)
    elif command == "step":
        step(*args)
    elif command == "suspend":
        suspend(*args)
    elif command == "hardware":
        hardware(*args)
    elif command == "cold":
        cold(*args)
    elif command == "idle":
        added = idle(*args)
        result(not any(added), f"{args[0]}: not a nanosecond is added", added)
    elif command == "cost":
        # One packet is received there and one is sent.
        echo = idle(*args)[0] / INSTRUCTION_NS
        result(echo / 2 <= COST_MAX, f"{args[0]}: {echo:.0f} instructions for an echo, "
               f"{echo / 2:.0f} a packet, at most {COST_MAX}")
    else:
        sys.exit(__doc__)
    sys.exit(failed)


if __name__ == "__main__":
    main()
