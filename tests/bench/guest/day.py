#!/usr/bin/python3
"""usage: tests/bench/guest/day.py HOURS
What tests/bench/day runs in the guest."""
import json
import os
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../system"))
from forge import check, finish  # noqa: E402 (found by the line above)

HOURS = float(sys.argv[1])
INTERVALS = (1, 2, 5, 10)
# As late as the clockwork of an idle machine may be.
LATE_NS = 1_000_000
# An hour's records of each, and what is sent while they are read: on a busy host a reader
# that waits for its disk may wait for minutes of virtual time.
KEEP = 4000
A = ["ip", "netns", "exec", "a"]

# When this program, or a command of its, had the only CPU, s: from the end of one sleep to a
# second after the beginning of the next.
BUSY = [[time.time(), None]]


def sleep(seconds):
    BUSY[-1][1] = time.time() + 1
    time.sleep(seconds)
    BUSY.append([time.time() - 1, None])


def idle(when):
    return not any(begin <= when and (end is None or when <= end) for begin, end in BUSY)


def monitor(*words):
    return subprocess.run([*A, "icmpctl", "monitor", *words], capture_output=True, text=True,
                          check=False)


def show():
    """Of each monitor when it was read, as itself says, and its one target."""
    return {m["name"]: (m["elapsed_ns"], m["targets"][0], m) for m in
            map(json.loads, monitor("show", "--json").stdout.splitlines())}


PLACES = {}


def planned_ns(r):
    """When a probe was to be sent: before it was handed over, and that before the driver had it."""
    return r["sent_unix_ns"] - r.get("tx_stack_ns", 0) - r["late_ns"]


def places(what, name):
    """Every probe of the past hour: planned where the first one and the interval put it, and
    handed over then, unless somebody else had the CPU."""
    told = [json.loads(line) for line in
            monitor("show", "--json", "-n", str(KEEP), name).stdout.splitlines()[1:]]
    first = PLACES.setdefault(name, (told[0]["seq"], planned_ns(told[0])))
    begin = PLACES.get(name + " seen", first[0])
    told = [r for r in told if r["seq"] >= begin]
    check(f"{what}: {name}: {len(told)} records, none is missing",
          [r["seq"] for r in told] == list(range(begin, begin + len(told))),
          begin, [r["seq"] for r in told][:3])
    PLACES[name + " seen"] = begin + len(told)
    off = [r for r in told if planned_ns(r) - first[1] !=
           (r["seq"] - first[0]) * int(name[1:]) * 10**9]
    check(f"{what}: {name}: no drift, not by a nanosecond", not off, off[:3])
    late = [r for r in told if r["late_ns"] >= LATE_NS]
    alone = [r for r in late if idle(r["sent_unix_ns"] / 1e9)]
    for r in late:
        print(f"# {name}: probe {r['seq']} was {r['late_ns']} ns late")
    check(f"{what}: {name}: none later than 1 ms while the machine was idle", not alone, alone[:3],
          BUSY[-3:])


def kib(field):
    with open("/proc/meminfo", encoding="utf-8") as file:
        lines = dict(line.split(":") for line in file)
    return int(lines[field].split()[0])


def exact(what, before, after):
    """Between two looks as many probes as the time between them has intervals, give or take
    the one that lies on the edge; and each was answered or is on its way."""
    for name, (then_ns, old, _) in before.items():
        now_ns, new, _ = after[name]
        interval_ns = int(name[1:]) * 10**9
        sent, want = new["sent"] - old["sent"], (now_ns - then_ns) / interval_ns
        check(f"{what}: {name}: {sent} probes in {(now_ns - then_ns) / 1e9:.3f} s",
              abs(sent - want) < 1, want)
        check(f"{what}: {name}: none is missing", new["sent"] == new["received"] +
              new["outstanding"] and not new["lost"] and not new["skipped"] and
              not new["send_failed"], new)


subprocess.run(["bash", "-ec", ". tests/lab/net.sh; net_pair"], check=True,
               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
subprocess.run(["modprobe", "icmpctl"], check=True)
for i in INTERVALS:
    said = monitor("add", f"i{i}", "-i", f"{i}s", "--keep", str(KEEP), "192.0.2.2")
    check(f"a monitor at {i} s", not said.returncode, said.stderr)
exporter = subprocess.Popen([*A, "icmpctl", "export"], stdout=subprocess.DEVNULL)
sleep(30)
first = show()

# Ten minutes in which nobody is there but the kernel.
exporter.send_signal(signal.SIGKILL)
exporter.wait()
sleep(600)
last = show()
exact("ten minutes without a process", first, last)

memory = [(kib("MemFree"), kib("Slab"))]
began = time.monotonic()
for hour in range(round(HOURS)):
    then = last
    sleep(max(0, began + (hour + 1) * 3600 - time.monotonic()))
    last = show()
    exact(f"hour {hour + 1}", then, last)
    for name, (_, target, _) in last.items():
        lately = target["last_hour"]
        rate = lately["sent"] * int(name[1:]) * 10**9 / lately["span_ns"]
        check(f"hour {hour + 1}: {name}: the last hour is one", 0.98 < rate < 1.02 and
              3300 * 10**9 <= lately["span_ns"] <= 3600 * 10**9 or not hour, lately)
        places(f"hour {hour + 1}", name)
    memory.append((kib("MemFree"), kib("Slab")))
exact("all the time", first, last)
for name, (elapsed_ns, target, whole) in last.items():
    late = target["send_late_ns"]
    print(f"# {name}: {target['sent']} probes in {elapsed_ns / 3.6e12:.2f} h, latest "
          f"{late['max']} ns late, mean {late['mean']} ns; {whole['memory_bytes']} bytes")
# The first hour warms caches; what grows with time grows with every hour.
grown = memory[1][1] - memory[-1][1] if len(memory) > 2 else 0
print("# Slab KiB by the hour: " + " ".join(str(m[1]) for m in memory))
print("# MemFree KiB by the hour: " + " ".join(str(m[0]) for m in memory))
check("memory is flat", abs(grown) < 512, memory)
monitor("rm", "--all")
subprocess.run(["bash", "-c", ". tests/lab/net.sh; net_down"], capture_output=True, check=False)
finish()
