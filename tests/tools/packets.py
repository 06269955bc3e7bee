#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""usage: packets.py PCAP count|rtts: what is in a capture of ours. count: packets by what they
are; rtts: from each probe to the answer right behind it, in ns, sorted."""
import collections
import struct
import sys

with open(sys.argv[1], "rb") as file:
    data = file.read()
magic, _, _, _, _, _, link = struct.unpack_from("<IHHiIII", data)
assert (magic, link) == (0xa1b23c4d, 101), "nanoseconds and raw IP"
packets, at = [], 24
while at < len(data):
    seconds, ns, have, length = struct.unpack_from("<IIII", data, at)
    packets.append((seconds * 10**9 + ns, data[at + 16:at + 16 + have]))
    at += 16 + have
assert at == len(data), "it ends where a packet ends"


def what(packet):
    six = packet[0] >> 4 == 6
    protocol, head = (packet[6], 40) if six else (packet[9], 20)
    if protocol in (6, 17):
        return {6: "tcp", 17: "udp"}[protocol]
    assert protocol == (58 if six else 1), f"protocol {protocol}"
    kind = packet[head]
    if kind in (8, 128):
        return "echo"
    if kind == (129 if six else 0):
        return "reply"
    # An error quotes a probe of ours: its addresses are those of the way back.
    quoted = packet[head + 8:]
    ends = (quoted[8:24], quoted[24:40]) if six else (quoted[12:16], quoted[16:20])
    assert len(quoted) >= head, f"an error that quotes {len(quoted)} bytes"
    assert ends[0] == (packet[24:40] if six else packet[16:20]), "a quoted probe is not ours"
    return "error"


if sys.argv[2] == "count":
    counts = collections.Counter(what(packet) for _, packet in packets)
    print(*(f"{name}:{counts[name]}" for name in ("echo", "udp", "tcp", "reply", "error")
            if counts[name]))
else:
    def ends(packet):
        return (packet[8:24], packet[24:40]) if packet[0] >> 4 == 6 else \
            (packet[12:16], packet[16:20])

    ours = {packet[0] >> 4: ends(packet)[0] for _, packet in reversed(packets)}

    def probe(packet):
        return what(packet) == "echo" or \
            what(packet) in ("udp", "tcp") and ends(packet)[0] == ours[packet[0] >> 4]

    rtts = [after[0] - before[0] for before, after in zip(packets, packets[1:])
            if probe(before[1]) and not probe(after[1])]
    print(*sorted(rtts), sep="\n")
