#!/usr/bin/python3
"""usage: accuracy.py FAR RESULTS [CONDITION|TOOL...]

Runs every tool in every condition against FAR, the far end of the wire, and holds what it
said against what the wire saw. Prints results like a test, and leaves in the folder RESULTS
accuracy.md (the table), and accuracy/ (what every tool said, and the wire's log)."""
import collections
import contextlib
import json
import os
import shutil
import subprocess
import sys
import time

import peers

BENCH = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(BENCH, "../../exact"))
import truth  # noqa: E402 pylint: disable=wrong-import-position
from truth import median, rank, result  # noqa: E402 pylint: disable=wrong-import-position

WIRE = "/sys/kernel/debug/icmpctl_wire"
LOG = WIRE + "/log"
CGROUP = "/sys/fs/cgroup/bench"
WORK = "/tmp/accuracy"
TARGETS = WORK + "/targets"

BIAS_MAX_NS = 1700
SPREAD_MAX_NS = 100
RATIO_MIN = 6
HARDWARE_MAX_NS = 50

# disturbed: whether interrupts may come between a software stamp and what the log notes.
# tools: those that are run, if not all.
Condition = collections.namedtuple("Condition",
                                   "text interval_s count load many disturbed tools",
                                   defaults=[None, False, False, None])
Row = collections.namedtuple("Row", "condition tool errors asked answered resolution sources")

# ---- the tools ----


def short(tool):
    return tool.replace(" ", "").replace(",", "")


def milliseconds(seconds):
    return round(seconds * 1000)


def scamper(options, count, interval_s):
    # It reads a fraction of a second by its first digit: 0.1 s is its least.
    wait = "1" if interval_s == 1 else "0.1"
    return ["scamper", "-p", "1000", "-O", "json", "-I",
            f"ping {options} -c {count} -i {wait} {FAR}"]


def traceroute(count, interval_s):
    # Ten probes a run are its most.
    runs = f"for i in $(seq {count // 10}); do traceroute -I -n -m 1 -q 10 -N 1"
    return ["sh", "-c", f"{runs} -z {interval_s} {FAR} || exit; done"]


PING = ["ping", "-n"]
TOOLS = {
    "icmpctl": lambda n, s: ["icmpctl", "ping", "-n", "-c", n, "-i", s, "--json", FAR],
    "icmpctl, hardware": lambda n, s: ["icmpctl", "ping", "-n", "-c", n, "-i", s, "--json",
                                       "--timestamps", "hardware", FAR],
    "ping": lambda n, s: [*PING, "-c", n, "-i", s, FAR],
    # What takes longer than the interval it calls lost, and no two probes are nearer than
    # 10 ms, unless told otherwise.
    "fping": lambda n, s: ["fping", "-c", n, "-p", milliseconds(s), "-i", 1, "-t", 2000, FAR],
    "scamper": lambda n, s: scamper("", n, s),
    "scamper -O dl": lambda n, s: scamper("-O dl", n, s),
    "mtr": lambda n, s: ["mtr", "--raw", "-n", "-m", 1, "-c", n, "-i", s, FAR],
    "traceroute": traceroute,
    "nping": lambda n, s: ["nping", "--icmp", "-c", n, "--delay", f"{milliseconds(s)}ms", FAR],
    # In microseconds, but a whole second of them it does not bear.
    "hping3": lambda n, s: ["hping3", "-1", "-n", "-c", n,
                            "-i", s if s == 1 else f"u{milliseconds(s) * 1000}", FAR],
    "oping": lambda n, s: ["oping", "-c", n, "-i", s, FAR],
}


def many_ping(count):
    # One process a target, as who has nothing but ping does it.
    return ["sh", "-c", f"""while read -r target; do
        {' '.join(PING)} -c {count} -i 1 $target >{WORK}/ping.$target &
        done <{TARGETS}
        wait
        cat {WORK}/ping.*
        rm {WORK}/ping.*"""]


# To 1,000 targets, each once a second. Who is not here has one target a process.
MANY = {
    "icmpctl": lambda n: ["xargs", "-a", TARGETS, "icmpctl", "ping", "-n", "-c", n, "-i", 1,
                          "--json"],
    "icmpctl, hardware": lambda n: ["xargs", "-a", TARGETS, "icmpctl", "ping", "-n", "-c", n,
                                    "-i", 1, "--json", "--timestamps", "hardware"],
    "ping": many_ping,
    "fping": lambda n: ["fping", "-c", n, "-p", 1000, "-i", 1, "-f", TARGETS],
    "scamper": lambda n: ["scamper", "-p", 1000, "-O", "json", "-c", f"ping -c {n} -i 1",
                          "-f", TARGETS],
    "scamper -O dl": lambda n: ["scamper", "-p", 1000, "-O", "json",
                                "-c", f"ping -O dl -c {n} -i 1", "-f", TARGETS],
    "nping": lambda n: ["xargs", "-a", TARGETS, "nping", "--icmp", "-c", n, "--delay", "1ms"],
    "oping": lambda n: ["oping", "-c", n, "-i", 1, "-f", TARGETS],
}

# ---- the conditions ----


@contextlib.contextmanager
def running(*commands):
    """Each is a list; they end when the block does."""
    started = [subprocess.Popen(command, stdin=subprocess.DEVNULL) for command in commands]
    try:
        yield started
    finally:
        for process in started:
            process.kill()
            process.wait()


HOG = ["sh", "-c", "while :; do :; done"]


@contextlib.contextmanager
def hogs():
    with running(*[HOG] * 4):
        yield []


def write(path, text):
    with open(path, "w") as file:
        file.write(text)


@contextlib.contextmanager
def throttled():
    """Both the tool and a busy loop beside it."""
    write("/sys/fs/cgroup/cgroup.subtree_control", "+cpu")
    os.makedirs(CGROUP, exist_ok=True)
    write(CGROUP + "/cpu.max", "5000 100000")
    inside = ["sh", "-c", f'echo $$ >{CGROUP}/cgroup.procs && exec "$@"', "throttled"]
    with running(inside + HOG):
        yield inside
    # What has ended leaves the group a moment later.
    for _ in range(100):
        with contextlib.suppress(OSError):
            os.rmdir(CGROUP)
            return
        time.sleep(0.1)


def received_bytes():
    seen = subprocess.run(["ip", "-n", "a", "-s", "-j", "link", "show", "dev", "w0"],
                          capture_output=True, text=True, check=True).stdout
    return int(seen.split('"rx":{"bytes":')[1].split(",")[0])


@contextlib.contextmanager
def bulk():
    """TCP both ways as fast as it goes."""
    ends = [["ip", "netns", "exec", node, BENCH + "/bulk.py", how, FAR]
            for node, how in (("b", "listen"), ("a", "connect"))]
    before = received_bytes()
    with running(*ends):
        while received_bytes() < before + 10 ** 7:
            time.sleep(0.1)
        yield []


def shape(*words):
    for node, dev in (("a", "w0"), ("b", "w1")):
        subprocess.run(["tc", "-n", node, "qdisc", words[0], "dev", dev, "root", *words[1:]],
                       check=True)


@contextlib.contextmanager
def queue():
    """The same, and both ends send no more than 100 Mbit/s: what is over waits in a queue."""
    shape("replace", "tbf", "rate", "100mbit", "burst", "10kb", "latency", "100ms")
    with bulk() as inside:
        yield inside
    shape("delete")


# A loaded second is a second's work for the emulator: few of them, and who comes closest.
SLOW = ("icmpctl", "icmpctl, hardware", "ping", "fping", "scamper")

CONDITIONS = {
    "idle": Condition("idle, every 10 ms", 0.01, 200),
    "1ms": Condition("idle, every ms", 0.001, 200),
    "1s": Condition("idle, every second", 1, 100),
    "hogs": Condition("four busy loops, every ms", 0.001, 100, hogs),
    "hogs-1s": Condition("four busy loops, every second", 1, 10, hogs, tools=SLOW),
    "throttled": Condition("5 % of the CPU, shared with a busy loop, every ms", 0.001, 100,
                           throttled),
    "throttled-1s": Condition("5 % of the CPU, shared with a busy loop, every second", 1, 10,
                              throttled, tools=SLOW),
    "bulk": Condition("bulk TCP both ways, every ms", 0.001, 100, bulk),
    "bulk-1s": Condition("bulk TCP both ways, every second", 1, 10, bulk, tools=SLOW),
    "queue": Condition("bulk TCP both ways, 100 Mbit/s, a full queue, every 10 ms", 0.01, 100,
                       queue),
    "interrupts": Condition("the same, interrupts between stamp and wire ³", 0.01, 1000, queue,
                            disturbed=True, tools=("icmpctl", "ping")),
    "many": Condition("1,000 targets, each every second", 1, 3, many=True),
}

# ---- the truth ----

# Where the sequence number tells which probe to its target it is: that of the first. With
# many targets some count over all of them.
FIRST_SEQ = {"ping": 1, "fping": 0, "scamper": 0, "scamper -O dl": 0, "oping": 0, "mtr": 33000}


def read_trips(path, first_seq):
    """True RTTs, to the stack and to the end of the wire, by (target, which probe) and by
    (target, (id, sequence number)); how many requests there were, and how many answers.
    Which probe is told by the sequence number, or (None) by how many came before."""
    waiting, nth, trips = collections.defaultdict(collections.deque), collections.Counter(), {}
    answered = 0
    with open(path) as log:
        heading = log.readline().split()
        assert heading[3:] == ["overwritten", "0"], heading
        for line in log:
            if line.startswith("#"):
                continue
            (_, dev, _, _, kind, _, ident, seq, _,
             departed, wire, arrived, fate, _, target) = line.split()
            if fate != "arrived" or ident == "-":
                continue
            key = target, (int(ident), int(seq))
            if dev == "w0" and kind == "8":
                number = nth[target] if first_seq is None else int(seq) - first_seq
                waiting[key].append((number, int(departed)))
                nth[target] += 1
            elif dev == "w1" and kind == "0" and waiting[key]:
                number, sent = waiting[key].popleft()
                trips[target, number] = trips[key] = int(arrived) - sent, int(wire) - sent
                answered += 1
    return trips, sum(nth.values()), answered


def run(condition, tool, inside, count):
    """What the tool said, and what the wire saw."""
    how = CONDITIONS[condition]
    if how.load and tool.startswith("scamper"):
        # It takes ten times as long as the others, in which the CPU is not idle.
        count //= 2
    command = MANY[tool](count) if how.many else TOOLS[tool](count, how.interval_s)
    path = f"{WORK}/{condition}.{short(tool)}"
    # Only ends what hangs; an idle clock runs ahead while a file is read from the host.
    limit = 120 if how.load else 2000
    write(LOG, "\n")
    with open(path, "w") as out, open(path + ".err", "w") as err:
        subprocess.run([*inside, "timeout", "-s", "INT", "-k", "10", str(limit),
                        "ip", "netns", "exec", "a", *map(str, command)],
                       stdin=subprocess.DEVNULL, stdout=out, stderr=err, check=False)
    # The last answer may be on its way.
    time.sleep(0.1)
    with open(LOG) as log, open(path + ".log", "w") as copy:
        shutil.copyfileobj(log, copy)
    return path, count * (1000 if how.many else 1)


def measure(condition, tool, inside):
    how = CONDITIONS[condition]
    path, count = run(condition, tool, inside, how.count)
    trips, asked, answered = read_trips(path + ".log", None if how.many else FIRST_SEQ.get(tool))
    with open(path) as text:
        said = list(peers.PARSERS[tool](text.read()))
    errors, stray = [], 0
    for one in said:
        trip = trips.get((one.target or FAR, one.probe))
        if trip is None:
            stray += 1
        else:
            errors.append(one.rtt_ns - trip[one.sources == ("hardware", "hardware")])
    name = f"{condition}: {tool}"
    # Where some did not get to the wire, their order tells nothing of the others.
    if asked != count and not tool.startswith("icmpctl") and tool not in FIRST_SEQ:
        print(f"# {name}: no row, {asked} of {count} probes were on the wire")
        errors, stray = [], 0
    result(not stray, f"{name}: what it says of {len(errors)} probes is in the log",
           f"{len(said)} RTTs, {stray} strays; {asked} requests, {answered} answered")
    return Row(condition, tool, errors, asked, answered,
               max((one.resolution_ns for one in said), default=0),
               collections.Counter(one.sources for one in said))


# ---- the table ----


def thousands(number):
    return f"{number:,}".replace("-", "−")


def cells(row, ping):
    errors = row.errors
    if not errors:
        return [row.tool, f"0 of {row.answered}"] + ["–"] * 7
    counted = str(len(errors))
    if len(errors) != row.answered:
        counted += f" of {row.answered}"
    ratio = ""
    if ping and ping.errors:
        ratio = f"{abs(median(ping.errors)) / max(1, abs(median(errors))):.2f}"
    return [row.tool, counted, *(thousands(n) for n in (
        median(errors), rank(errors, 1), rank(errors, 99), rank(errors, 99) - rank(errors, 1),
        max(errors, key=abs))), ratio, thousands(row.resolution)]


HEADING = ("tool", "RTTs", "bias", "p1", "p99", "spread", "worst", "× closer than ping",
           "printed to")


def table(rows):
    lines = ["| condition | " + " | ".join(HEADING) + " |",
             "|---|---|" + "---:|" * (len(HEADING) - 1)]
    for condition in dict.fromkeys(row.condition for row in rows):
        these = [row for row in rows if row.condition == condition]
        ping = next((row for row in these if row.tool == "ping"), None)
        for n, row in enumerate(these):
            text = CONDITIONS[condition].text if n == 0 else ""
            lines.append(f"| {text} | " + " | ".join(cells(row, ping)) + " |")
    return lines


def told_ns(condition):
    """What the error budget of the hardware row allows for the rate of the interface's clock."""
    with open(f"{WORK}/{condition}.{short('icmpctl, hardware')}") as lines:
        rows = [json.loads(line) for line in lines]
    return max(r["error_budget_ns"]["conversion"] for r in rows if r["type"] == "summary")


def judge_hardware(row):
    name = f"{row.condition}: {row.tool}"
    result(len(row.errors) == row.answered == row.asked, f"{name}: every probe",
           f"{len(row.errors)} RTTs, {row.answered} answers, {row.asked} probes")
    result(set(row.sources) == {("hardware", "hardware")},
           f"{name}: by the interface alone", dict(row.sources))
    off, told = max(map(abs, row.errors), default=None), told_ns(row.condition)
    result(off is not None and off <= HARDWARE_MAX_NS,
           f"{name}: within {off} ns of the wire, at most {HARDWARE_MAX_NS}", row.errors)
    result(off is not None and off <= told,
           f"{name}: and within the {told} ns of its error budget", row.errors)


def judge(rows):
    for row in rows:
        if row.tool == "icmpctl, hardware":
            judge_hardware(row)
        if row.tool != "icmpctl":
            continue
        if not row.errors:
            result(False, f"{row.condition}: icmpctl tells an RTT")
            continue
        name, bias = f"{row.condition}: icmpctl", abs(median(row.errors))
        spread = rank(row.errors, 99) - rank(row.errors, 1)
        worst = abs(max(row.errors, key=abs))
        result(set(row.sources) == {("driver", "stack")},
               f"{name}: from the driver's stamp to the stack's", dict(row.sources))
        result(len(row.errors) == row.answered == row.asked, f"{name}: every probe",
               f"{len(row.errors)} RTTs, {row.answered} answers, {row.asked} probes")
        result(bias <= BIAS_MAX_NS, f"{name}: bias {bias} ns, at most {BIAS_MAX_NS}")
        # An interrupt there is an error of the driver's stamp, of about 1.4 us.
        result(spread <= SPREAD_MAX_NS or CONDITIONS[row.condition].disturbed,
               f"{name}: spread {spread} ns, at most {SPREAD_MAX_NS}")
        for peer in rows:
            if (peer.condition != row.condition or peer.tool.startswith("icmpctl") or
                    not peer.errors):
                continue
            theirs = abs(median(peer.errors))
            result(theirs > bias and abs(max(peer.errors, key=abs)) > worst and
                   rank(peer.errors, 99) - rank(peer.errors, 1) >= spread,
                   f"{name}: closer than {peer.tool}, {theirs / max(1, bias):.1f} times",
                   *table([row, peer]))
            if peer.tool == "ping":
                result(theirs >= RATIO_MIN * bias,
                       f"{name}: at least {RATIO_MIN} times closer than ping")


def rows_of(conditions, tools):
    rows = []
    for name in conditions:
        how = CONDITIONS[name]
        mine = [tool for tool in tools if tool in (MANY if how.many else how.tools or TOOLS)]
        if not mine:
            continue
        for end in ("w0", "w1"):
            write(f"{WIRE}/{end}/undisturbed", "N" if how.disturbed else "Y")
        with (how.load or contextlib.nullcontext)() as inside:
            for tool in mine:
                start = time.monotonic()
                try:
                    rows.append(measure(name, tool, inside or []))
                except (ValueError, LookupError, AssertionError, OSError) as error:
                    result(False, f"{name}: {tool}: can be read", repr(error))
                print(f"# {name}: {tool}: {time.monotonic() - start:.1f} s", flush=True)
        print("\n".join("# " + line for line in table(
            [row for row in rows if row.condition == name])), flush=True)
    return rows


def has_option(option, *command):
    seen = subprocess.run(command, capture_output=True, text=True, check=False)
    return option in seen.stdout + seen.stderr


def hardware_rows(conditions):
    """With the interface's clock 1000 s ahead and 50 ppm fast."""
    write(WIRE + "/w0/clock_offset_ns", "1000000000000")
    write(WIRE + "/w0/clock_drift_ppb", "50000")
    # Has the interface stamp from now on.
    subprocess.run(["ip", "netns", "exec", "a", BENCH + "/../../exact/nic_stamps.py", "w0", FAR,
                    "1"], stdout=subprocess.DEVNULL, check=True)
    # The module sees that clock for the first time, and has to learn its rate. Whatever is
    # asked for, this one is idle.
    for end in ("w0", "w1"):
        write(f"{WIRE}/{end}/undisturbed", "Y")
    first = measure("idle", "icmpctl, hardware", [])
    off, told = max(map(abs, first.errors)), told_ns("idle")
    result(off <= told, f"first session by the interface: within {off} ns of the wire, and the "
           f"{told} ns of its error budget", first.errors)
    return rows_of(conditions, ["icmpctl, hardware"])


def main():
    chosen = sys.argv[3:]
    conditions = [c for c in CONDITIONS if c in chosen] or list(CONDITIONS)
    tools = [t for t in TOOLS if short(t) in chosen] or list(TOOLS)
    if unknown := set(chosen) - set(CONDITIONS) - set(map(short, TOOLS)):
        sys.exit(f"accuracy.py: neither a condition nor a tool: {' '.join(unknown)}")
    # To print more than three digits came with ping of 2023.
    if has_option("-3 ", "ping", "-h"):
        PING.append("-3")
    os.makedirs(WORK)
    with open(TARGETS, "w") as file:
        for n in range(1000):
            file.write(f"198.18.{n // 250}.{n % 250 + 1}\n")
    hardware = "icmpctl, hardware" in tools
    tools = [tool for tool in tools if tool != "icmpctl, hardware"]
    # What is read from the host's disk is read before it counts.
    for tool in tools:
        run("idle", tool, [], 10)
    rows = rows_of(conditions, tools)
    if hardware and not has_option("hardware", "icmpctl", "ping", "--help"):
        print("# no hardware rows: this icmpctl knows no hardware stamps")
    elif hardware:
        rows += hardware_rows(conditions)
    rows.sort(key=lambda row: (list(CONDITIONS).index(row.condition),
                               list(TOOLS).index(row.tool)))
    judge(rows)
    with open(os.path.join(RESULTS, "accuracy.md"), "w") as out:
        out.write("\n".join(table(rows)) + "\n")
    shutil.copytree(WORK, os.path.join(RESULTS, "accuracy"), dirs_exist_ok=True)


FAR, RESULTS = sys.argv[1:3]
main()
sys.exit(truth.failed)
