#!/usr/bin/python3
"""usage: sweep.py MAC RESULTS [TOOL...]

Runs every tool over the networks of tests/bench/guest/sweep, MAC being the far end, and says
what a target takes: instructions on the exact clock, where one is 2 ns and a machine that
waits takes none; CPU time and elapsed time elsewhere. Prints results like a test, and leaves
the table in the folder RESULTS, sweep-exact.md or sweep-cpus.md.

What a target takes is told by two runs with N targets each, one of few and one of many: their
difference has no start and no end in it. The responder's share is what a sweep takes more
whose probes are answered in vain (the replies leave by the responder's sink) than one whose
probes leave by its own sink: all that happens between the sender's driver and the
responder's. It is taken out of what every tool takes."""
import collections
import contextlib
import ipaddress
import os
import re
import subprocess
import sys
import time

INSTRUCTION_NS = 2
FLOOR_MAX = 1.5
PEERS_MIN = 10
FAR, VOID = "10.0.0.0", "10.128.0.0"
WORK = "/tmp/sweep"
EXACT = os.environ.get("LAB_MODE") == "exact"
CPUS = os.cpu_count()
# On the real clock the least of so many: whatever else the host does only adds to it.
RUNS = 1 if EXACT else 5
LIMIT_S = 30 if EXACT else 60
# Of the fast ones many is more there, to stand out of that.
MANY = 15 if EXACT else 16
failed = False

# What a run took of all CPUs and of the clock, ns, and how many hosts were told to be up.
Run = collections.namedtuple("Run", "busy elapsed found")
# Per target, ns, and how many were found of how many; busy at start and end.
Cost = collections.namedtuple("Cost", "busy elapsed found asked start")


def result(good, name, *seen):
    global failed
    print(("ok" if good else "not ok") + " - " + name, flush=True)
    if not good:
        failed = True
        for line in seen:
            print("#", line)


def say(*words):
    print("#", *words, flush=True)


# ---- the tools: what they are told, (bits of) how many targets few and many are ----

# What their receivers bear on one CPU; icmpctl and fping wait for theirs.
RATE = "10000"
ETH0 = ["-e", "eth0", "--source-ip", "192.0.2.1"]
SINK = ["-e", "sink", "--source-ip", "198.18.0.1"]


def icmpctl(*options):
    def command(network, void):
        return ["icmpctl", "sweep", "-n", "-r", "0", "--rate", "max", *options, network]
    return command


def fping(network, void):
    return ["fping", "-a", "-r", "0", "-i", "0.01", "-t", "1000", "-g", network]


def nmap(network, void):
    return ["nmap", "-sn", "-n", "-PE", "-T5", "--max-retries", "0", "--min-parallelism", "1000",
            "--min-hostgroup", "4096", "-oG", "-", network]


def masscan(network, void):
    mac = "02:00:00:00:00:02" if void else MAC
    return ["masscan", "--ping", "--rate", RATE, "--retries", "0", "--wait", "1",
            "--router-mac", mac, *(SINK if void else ETH0), "-oL", "-", network]


def zmap(network, void):
    mac = "02:00:00:00:00:02" if void else MAC
    how = ["-i", "sink", "-S", "198.18.0.1"] if void else ["-i", "eth0", "-S", "192.0.2.1"]
    return ["zmap", "-M", "icmp_echoscan", "-G", mac, *how, "-r", RATE, "-c", "1", "-T", "1",
            "-b", "/dev/null", "-q", "-v", "0", "-o", "-", network]


def scamper(network, void):
    """It knows no networks: a list of their addresses."""
    path = f"{WORK}/list.{network.replace('/', '.')}"
    if not os.path.exists(path):
        with open(path, "w") as file:
            file.writelines(f"{addr}\n" for addr in ipaddress.ip_network(network))
    return ["scamper", "-p", "10000", "-O", "json", "-c", "ping -c 1 -i 1", "-f", path]


# @deaf: its receiver looks whether it is to end when a packet comes, and else never does.
Tool = collections.namedtuple("Tool", "command few many found text deaf", defaults=[False])
LINE = re.compile(rb"^[0-9.]+$", re.M)
TOOLS = {
    "icmpctl sweep": Tool(icmpctl(), 10, MANY, re.compile(rb" is up \("),
                          "a line a host, with its RTT"),
    "icmpctl sweep -a": Tool(icmpctl("-a"), 10, MANY, LINE, "addresses"),
    "icmpctl sweep --json": Tool(icmpctl("--json"), 10, MANY, re.compile(rb'"status":"up"'),
                                 "JSON Lines, with RTT and TTL"),
    "masscan": Tool(masscan, 10, 14, re.compile(rb"^open icmp", re.M), "addresses", True),
    "zmap": Tool(zmap, 10, 14, LINE, "addresses"),
    "fping": Tool(fping, 8, 12, LINE, "addresses"),
    "nmap -sn": Tool(nmap, 8, 12, re.compile(rb"Status: Up"), "addresses"),
    "scamper": Tool(scamper, 6, 10, re.compile(rb'"responses":\[\{'), "JSON Lines, with RTT and TTL"),
}

# ---- what the machine does ----


def idle_ns():
    with open("/proc/timer_list", "rb") as file:
        text = file.read()
    return sum(int(ns) for ns in
               re.findall(rb"\.(?:idle|iowait)_sleeptime *: (\d+) nsecs", text))


def sh(*command, **how):
    return subprocess.run(["ip", "netns", "exec", "a", *map(str, command)], check=True, **how)


def measured(command, stop_s=None, pattern=None, packets_to=None):
    """Runs a command in a; with STOP_S it gets Ctrl-C after so many seconds, with PACKETS_TO some
    packets a second leave to that address meanwhile. None is to hang."""
    command = ["timeout", "-k", "5", "-s", "INT" if stop_s else "KILL",
               str(stop_s or LIMIT_S), *command]
    command = ["ip", "netns", "exec", "a", *map(str, command)]
    with open(WORK + "/out", "wb") as out, open(WORK + "/err", "wb") as err:
        before, begin = idle_ns(), time.monotonic_ns()
        with contextlib.ExitStack() as beside:
            if packets_to:
                ping = beside.enter_context(subprocess.Popen(
                    ["ip", "netns", "exec", "a", "ping", "-q", "-i", "0.2", packets_to],
                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
                beside.callback(ping.kill)
            with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out,
                                  stderr=err) as run:
                run.wait()
        elapsed, idle = time.monotonic_ns() - begin, idle_ns() - before
    found = 0
    if pattern:
        with open(WORK + "/out", "rb") as out:
            found = len(pattern.findall(out.read()))
    return Run(elapsed * CPUS - idle, elapsed, found)


def cost(commands, bits, **how):
    """Of commands for few and for many: what one target more takes."""
    runs = [[measured(command, **how) for command in commands] for _ in range(RUNS)]
    targets = (1 << bits[1]) - (1 << bits[0])
    few, many = (Run(*map(min, zip(*those))) for those in zip(*runs))
    busy = (many.busy - few.busy) / targets
    return Cost(busy, (many.elapsed - few.elapsed) / targets, many.found, 1 << bits[1],
                few.busy - busy * (1 << bits[0]))


def networks(base, tool):
    return [f"{base}/{32 - bits}" for bits in (tool.few, tool.many)]


def deaf_to(tool, void):
    return tool.deaf and ("198.18.0.2" if void else "192.0.2.2")


def tool_cost(tool, void=False):
    commands = [tool.command(network, void)
                for network in networks(VOID if void else FAR, tool)]
    return cost(commands, (tool.few, tool.many), pattern=tool.found,
                packets_to=deaf_to(tool, void))


# ---- the floor, and the responder ----


def pktgen_write(file, *lines):
    for line in lines:
        sh("sh", "-c", f"echo {line} >/proc/net/pktgen/{file}")


def pktgen():
    """Of UDP, as long as our echo requests, to one address after the other."""
    pktgen_write("kpktgend_0", "rem_device_all", "add_device sink")
    pktgen_write("sink", "pkt_size 98", "clone_skb 0", "delay 0", "dst_min 10.128.0.1",
                 "dst_max 10.200.0.0", "dst_mac 02:00:00:00:00:02", "src_min 198.18.0.1",
                 "src_max 198.18.0.1")
    bits = 10, 16
    commands = [["sh", "-c", f"echo count {1 << n} >/proc/net/pktgen/sink; "
                 "echo start >/proc/net/pktgen/pgctrl"] for n in bits]
    seen = cost(commands, bits)
    sent = sh("cat", "/proc/net/pktgen/sink", capture_output=True).stdout
    result(b"pkts-sofar: 65536 " in sent, "pktgen: it sends what it was told", sent.decode())
    pktgen_write("kpktgend_0", "rem_device_all")
    return seen


def sending():
    """Of a sweep stopped when all is sent, and nothing given up yet."""
    tool = TOOLS["icmpctl sweep"]
    seen = cost([icmpctl("-t", "600s")(network, True) for network in networks(VOID, tool)],
                (tool.few, tool.many), stop_s=20 if EXACT else 12)
    with open(WORK + "/err", encoding="utf-8") as err:
        said = err.read()
    result(f" {1 << tool.many} ICMP Echos sent" in said, "icmpctl sweep: all is sent when it is "
           "stopped", said)
    return seen


def responder(lost):
    """@lost: what a sweep takes whose probes nobody sees."""
    route = ["ip", "-n", "b", "route", "replace", "192.0.2.1/32", "via", "198.18.0.2", "dev", "sink"]
    subprocess.run(route, check=True)
    answered = tool_cost(TOOLS["icmpctl sweep"]._replace(
        command=lambda network, void: icmpctl()(network, void)))
    route[4] = "delete"
    subprocess.run(route, check=True)
    result(not answered.found, "the responder answers in vain", answered)
    return answered.busy - lost.busy


# ---- the tables ----


def thousands(number):
    return f"{round(number):,}".replace("-", "−")


def instructions(ns):
    return thousands(ns / INSTRUCTION_NS)


def table(name, lines):
    text = "".join(line + "\n" for line in lines)
    with open(f"{RESULTS}/sweep-{name}.md", "w") as file:
        file.write(text)
    for line in lines:
        say(line)


def exact_table(floor, sent, answers, jobs, voids):
    ours = jobs["icmpctl sweep"]
    lines = ["| instructions | a target, all answer | nobody answers | "
             "the former beside icmpctl | start and end, million | found |",
             "|---|---:|---:|---:|---:|---:|"]
    for name, job in jobs.items():
        lines.append(f"| {name} | {instructions(job.busy - answers)} | "
                     f"{instructions(voids[name].busy)} | "
                     f"{(job.busy - answers) / (ours.busy - answers):.2f} | "
                     f"{job.start / INSTRUCTION_NS / 1e6:.1f} | "
                     f"{thousands(job.found)} of {thousands(job.asked)} |")
    lines += ["| the responder, taken out of the first column | "
              f"{instructions(answers)} | | | | |",
              f"| icmpctl, sending alone | | {instructions(sent.busy)} | | | |",
              f"| pktgen, sending alone | | {instructions(floor.busy)} | | | |"]
    return lines


def cpus_table(floor, sent, answers, jobs, voids):
    ours, our_void = jobs["icmpctl sweep"], voids["icmpctl sweep"]
    lines = [f"| {CPUS} CPUs, beside icmpctl | CPU time, all answer | nobody answers | "
             "elapsed time, all answer |", "|---|---:|---:|---:|"]
    for name, job in jobs.items():
        lines.append(f"| {name} | {(job.busy - answers) / (ours.busy - answers):.2f} | "
                     f"{voids[name].busy / our_void.busy:.2f} | "
                     f"{job.elapsed / ours.elapsed:.2f} |")
    lines += [f"| the responder, taken out | {answers / (ours.busy - answers):.2f} | | |",
              f"| icmpctl, sending alone | | {sent.busy / our_void.busy:.2f} | |",
              f"| pktgen, sending alone | | {floor.busy / our_void.busy:.2f} | |"]
    return lines


def judge(floor, sent, answers, jobs):
    ratio = sent.busy / floor.busy
    result(ratio <= FLOOR_MAX, f"sending takes {ratio:.2f} times what pktgen takes, "
           f"at most {FLOOR_MAX}")
    ours = jobs["icmpctl sweep"].busy - answers
    # Who finds less than nine of ten does another job.
    peers = {name: job.busy - answers for name, job in jobs.items()
             if not name.startswith("icmpctl") and job.found > 0.9 * job.asked}
    if peers:
        best = min(peers, key=peers.get)
        result(peers[best] >= PEERS_MIN * ours, f"the whole job takes {peers[best] / ours:.1f} "
               f"times less than that of the best peer, {best}, at least {PEERS_MIN}")


def main():
    chosen = sys.argv[3:]
    if unknown := set(chosen) - set(TOOLS):
        sys.exit(f"sweep.py: no such tool: {' '.join(unknown)}")
    tools = {name: tool for name, tool in TOOLS.items()
             if not chosen or name in chosen or name == "icmpctl sweep"}
    os.makedirs(WORK, exist_ok=True)
    # What is read and built on first use is not part of it.
    for tool in tools.values():
        for base in (FAR, VOID):
            measured(tool.command(f"{base}/28", base == VOID),
                     packets_to=deaf_to(tool, base == VOID))
    floor, sent = pktgen(), sending()
    say(f"ns a packet: pktgen {floor.busy:.0f}, icmpctl sending {sent.busy:.0f}")
    jobs, voids = {}, {}
    answers = None
    for name, tool in tools.items():
        voids[name] = tool_cost(tool, True)
        if answers is None:
            answers = responder(voids[name])
            say(f"ns an answer: the responder {answers:.0f}")
        jobs[name] = job = tool_cost(tool)
        say(f"{name}: ns a target {job.busy:.0f}, without the responder "
            f"{job.busy - answers:.0f}; nobody answers {voids[name].busy:.0f}; elapsed "
            f"{job.elapsed:.0f}; found {job.found} of {job.asked}")
        if name.startswith("icmpctl"):
            result(job.found == job.asked, f"{name}: all are found", job)
    if EXACT:
        table("exact", exact_table(floor, sent, answers, jobs, voids))
        judge(floor, sent, answers, jobs)
    else:
        table("cpus", cpus_table(floor, sent, answers, jobs, voids))
    sys.exit(failed)


MAC, RESULTS = sys.argv[1:3]
main()
