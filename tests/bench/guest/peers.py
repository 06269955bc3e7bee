"""What each tool said of its probes: PARSERS[tool](text) gives a Said for every RTT in it.

    target         whom the probe was for; None: the only one there was
    probe          which probe to that target it was, from 0; of icmpctl's: its id and
                   sequence number
    rtt_ns         as printed
    resolution_ns  what the last printed digit stands for
    sources        of icmpctl's: where its two stamps are from"""
import collections
import json
import re

Said = collections.namedtuple("Said", "target probe rtt_ns resolution_ns sources",
                              defaults=[None])
MS, S = 10 ** 6, 10 ** 9


def exact(text, unit_ns):
    """A printed decimal number in ns, and what its last digit stands for."""
    whole, _, digits = text.partition(".")
    resolution = unit_ns // 10 ** len(digits)
    return int(whole + digits) * resolution, resolution


def icmpctl(text):
    for line in text.splitlines():
        row = json.loads(line)
        if row["type"] == "probe" and row["status"] == "reply":
            yield Said(row["address"], (row["icmp_id"], row["icmp_seq"]), row["rtt_ns"], 1,
                       (row["tx_source"], row["rx_source"]))


def ping(text):
    """Of one run, or of many behind one another."""
    target = None
    for line in text.splitlines():
        if found := re.match(r"PING \S+ \((\S+?)\)", line):
            target = found[1]
        elif found := re.search(r"icmp_seq=(\d+) .*time=([\d.]+) ms", line):
            yield Said(target, int(found[1]) - 1, *exact(found[2], MS))


def fping(text):
    for line in text.splitlines():
        if found := re.match(r"(\S+)\s*: \[(\d+)\], \d+ bytes, ([\d.]+) ms", line):
            yield Said(found[1], int(found[2]), *exact(found[3], MS))


def scamper(text):
    """JSON, in which milliseconds have three digits behind the point."""
    for line in text.splitlines():
        row = json.loads(line)
        for reply in row.get("responses", []):
            yield Said(row["dst"], reply["seq"], *exact(f"{reply['rtt']:.3f}", MS))


def mtr(text):
    """Its raw output: microseconds, and sequence numbers from 33000 on."""
    for line in text.splitlines():
        if found := re.match(r"p 0 (\d+) (\d+)$", line):
            yield Said(None, int(found[2]) - 33000, *exact(found[1], 1000))


def traceroute(text):
    """Ten probes a run, and run behind run; a star is one that was lost."""
    nth = 0
    for line in text.splitlines():
        if not re.match(r" *1 ", line):
            continue
        for rtt, _ in re.findall(r"([\d.]+) ms|(\*)", line):
            if rtt:
                yield Said(None, nth, *exact(rtt, MS))
            nth += 1


def nping(text):
    """A line as it sends, a line as it receives; sequence numbers are no help, some repeat."""
    sent, received = collections.defaultdict(list), collections.Counter()
    for line in text.splitlines():
        found = re.match(r"(SENT|RCVD) \(([\d.]+)s\) ICMP \[(\S+) > (\S+) Echo", line)
        if not found:
            continue
        at, resolution = exact(found[2], S)
        if found[1] == "SENT":
            sent[found[4]].append(at)
        else:
            target, nth = found[3], received[found[3]]
            received[target] += 1
            yield Said(target, nth, at - sent[target][nth], resolution)


def hping3(text):
    for line in text.splitlines():
        if found := re.search(r"ip=(\S+) .*icmp_seq=(\d+) rtt=([\d.]+) ms", line):
            yield Said(found[1], int(found[2]), *exact(found[3], MS))


def oping(text):
    for line in text.splitlines():
        found = re.search(r"bytes from \S+ \((\S+)\): icmp_seq=(\d+) .*time=([\d.]+) ms", line)
        if found:
            yield Said(found[1], int(found[2]) - 1, *exact(found[3], MS))


PARSERS = {
    "icmpctl": icmpctl,
    "icmpctl, hardware": icmpctl,
    "ping": ping,
    "fping": fping,
    "scamper": scamper,
    "scamper -O dl": scamper,
    "mtr": mtr,
    "traceroute": traceroute,
    "nping": nping,
    "hping3": hping3,
    "oping": oping,
}
