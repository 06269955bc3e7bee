#!/usr/bin/python3
"""usage: tests/bench/guest/day.py HOURS
What tests/bench/day runs in the guest."""
import json
import signal
import subprocess
import sys
import time

HOURS = float(sys.argv[1])
INTERVALS = (1, 2, 5, 10)
# As late as the clockwork of an idle machine may be, on average: a drift of 1 ppm would have
# added up to 86 ms by the end of a day. One probe may meet something that takes the CPU.
MEAN_LATE_NS, LATE_NS = 100_000, 10_000_000
FAILED = 0
A = ["ip", "netns", "exec", "a"]


def check(name, good, *diagnostics):
    global FAILED
    FAILED += not good
    print(f"{'ok' if good else 'not ok'} - {name}", flush=True)
    if not good:
        for text in diagnostics:
            print(f"# {text}")


def monitor(*words):
    return subprocess.run([*A, "icmpctl", "monitor", *words], capture_output=True, text=True,
                          check=False)


def show():
    """Of each monitor when it was read, as itself says, and its one target."""
    return {m["name"]: (m["elapsed_ns"], m["targets"][0], m) for m in
            map(json.loads, monitor("show", "--json").stdout.splitlines())}


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
    said = monitor("add", f"i{i}", "-i", f"{i}s", "192.0.2.2")
    check(f"a monitor at {i} s", not said.returncode, said.stderr)
exporter = subprocess.Popen([*A, "icmpctl", "export"], stdout=subprocess.DEVNULL)
time.sleep(30)
first = show()

# Ten minutes in which nobody is there but the kernel.
exporter.send_signal(signal.SIGKILL)
exporter.wait()
time.sleep(600)
last = show()
exact("ten minutes without a process", first, last)

memory = [(kib("MemFree"), kib("Slab"))]
began = time.monotonic()
for hour in range(round(HOURS)):
    then, real = last, time.monotonic()
    time.sleep(max(0, began + (hour + 1) * 3600 - time.monotonic()))
    last = show()
    exact(f"hour {hour + 1}", then, last)
    for name, (_, target, _) in last.items():
        lately = target["last_hour"]
        rate = lately["sent"] * int(name[1:]) * 10**9 / lately["span_ns"]
        check(f"hour {hour + 1}: {name}: the last hour is one", 0.98 < rate < 1.02 and
              3300 * 10**9 <= lately["span_ns"] <= 3600 * 10**9 or not hour, lately)
    memory.append((kib("MemFree"), kib("Slab")))
exact("all the time", first, last)
for name, (elapsed_ns, target, whole) in last.items():
    late = target["send_late_ns"]
    print(f"# {name}: {target['sent']} probes in {elapsed_ns / 3.6e12:.2f} h, latest "
          f"{late['max']} ns late, mean {late['mean']} ns; {whole['memory_bytes']} bytes")
    check(f"{name}: no drift", late["mean"] < MEAN_LATE_NS and late["max"] < LATE_NS, late)
# The first hour warms caches; what grows with time grows with every hour.
grown = memory[1][1] - memory[-1][1] if len(memory) > 2 else 0
print("# Slab KiB by the hour: " + " ".join(str(m[1]) for m in memory))
print("# MemFree KiB by the hour: " + " ".join(str(m[0]) for m in memory))
check("memory is flat", abs(grown) < 512, memory)
monitor("rm", "--all")
subprocess.run(["bash", "-c", ". tests/lab/net.sh; net_down"], capture_output=True, check=False)
sys.exit(FAILED != 0)
