#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""usage: capture.py PCAP JSON: a capture of `icmpctl ping --pcap` against the records of the same
run: every probe and every answer is in it, with the RTT to the nanosecond."""
import ipaddress
import json
import struct
import sys

failed = False


def check(what, good, *seen):
    global failed
    print(f"{'ok' if good else 'not ok'} - capture: {what}")
    if not good:
        failed = True
        for line in seen:
            print("#", line)


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return total


with open(sys.argv[1], "rb") as file:
    data = file.read()
with open(sys.argv[2], encoding="utf-8") as file:
    lines = [json.loads(line) for line in file]
records = [line for line in lines if line["type"] == "probe"]
size = {line["target"]: line["size"] for line in lines if line["type"] == "start"}

magic, major, minor, _, _, snap, link = struct.unpack_from("<IHHiIII", data)
check("nanoseconds, version 2.4, raw IP", (magic, major, minor, link) == (0xa1b23c4d, 2, 4, 101))
packets, at = [], 24
while at < len(data):
    seconds, ns, have, length = struct.unpack_from("<IIII", data, at)
    packets.append((seconds * 10**9 + ns, length, data[at + 16:at + 16 + have]))
    at += 16 + have
check("it ends where a packet ends", at == len(data))

probes, answers, wrong = {}, {}, []
for when, length, packet in packets:
    six = packet[0] >> 4 == 6
    head = 40 if six else 20
    if not six and checksum(packet[:20]) != 0xffff:
        wrong.append(packet[:20].hex())
    told = struct.unpack_from(">H", packet, 4)[0] + 40 if six else \
        struct.unpack_from(">H", packet, 2)[0]
    if told != length or len(packet) > min(length, snap):
        wrong.append(f"{told} bytes, {length}, {len(packet)}")
    ends = [str(ipaddress.ip_address(packet[8:24] if six else packet[12:16])),
            str(ipaddress.ip_address(packet[24:40] if six else packet[16:20]))]
    kind = packet[head]
    inner = packet[head:] if kind in (0, 8, 128, 129) else packet[head + 8 + head:]
    if len(inner) < 8:
        continue
    name = struct.unpack_from(">HH", inner, 4)
    if kind in (8, 128):
        probes[ends[1], name] = when, length - head
    else:
        answers.setdefault((ends[0], name, kind), []).append(when)
check("lengths and IP checksums", not wrong, *wrong)

missing, off = [], []
for r in records:
    key = r["address"], (r["icmp_id"], r["icmp_seq"])
    if r["status"] in ("reply", "error", "lost") and \
            probes.get(key, (0, 0))[1] != size[r["target"]] + 8:
        missing.append(f"probe {key}")
    if r["status"] in ("reply", "error", "late", "duplicate"):
        kind = r.get("icmp_type", 129 if ":" in r["from"] else 0)
        came = answers.get((r["from"], key[1], kind))
        if not came:
            missing.append(f"answer {key}")
        elif "rtt_ns" in r and r["sent_unix_ns"] + r["rtt_ns"] not in came:
            off.append(f"{key}: {came} - {r['sent_unix_ns']}, rtt {r['rtt_ns']}")
        # What was given up before the driver had it stands where it was handed over.
        elif "rtt_ns" in r and probes[key][0] not in (
                r["sent_unix_ns"], r["sent_unix_ns"] - r.get("tx_stack_ns", 0) *
                (r["status"] in ("late", "duplicate"))):
            off.append(f"{key}: sent {probes[key][0]}, {r['sent_unix_ns']}")
        if r["status"] == "reply" and probes.get(key, (0, 0))[0] != r["sent_unix_ns"]:
            off.append(f"{key}: sent {probes.get(key)}, {r['sent_unix_ns']}")
check(f"all of {len(records)} records are in it", records and not missing, *missing)
check("RTTs to the nanosecond", not off, *off)
sys.exit(failed)
