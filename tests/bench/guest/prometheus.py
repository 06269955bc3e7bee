#!/usr/bin/python3
"""What tests/bench/prometheus runs in the guest.

    m1, m2, m3: 198.51.100.4i+1/30  ----  hub: 198.51.100.4i+2/30
    monitors, an exporter                 netem of its own for each; Prometheus twice
"""
import json
import os
import re
import subprocess
import sys
import time
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../system"))
from forge import check, finish  # noqa: E402 (found by the line above)

MACHINES = (1, 2, 3)
PROGRAM = os.environ["ICMPCTL_RESULTS"] + "/prometheus/prometheus"
CONFIG = """\
global: {scrape_interval: 1s}
scrape_configs:
  - job_name: icmpctl
    static_configs: [{targets: [%s]}]
""" % ", ".join(f'"198.51.100.{4 * i + 1}:9427"' for i in MACHINES)


def run(node, *words):
    return subprocess.run(["ip", "netns", "exec", node, *words], capture_output=True, text=True,
                          check=False)


def start(node, *words):
    return subprocess.Popen(["ip", "netns", "exec", node, *words], stdout=subprocess.DEVNULL,
                            stderr=open("/tmp/stderr", "a", encoding="utf-8"))


def network():
    lines = ["link set lo up"]
    subprocess.run(["ip", "netns", "add", "hub"], check=True)
    for i in MACHINES:
        subprocess.run(["ip", "netns", "add", f"m{i}"], check=True)
        lines += [f"link add m{i} type veth peer name eth0 netns m{i}",
                  f"addr add 198.51.100.{4 * i + 2}/30 dev m{i}", f"link set m{i} up"]
    subprocess.run(["ip", "-n", "hub", "-batch", "-"], input="\n".join(lines), text=True,
                   check=True)
    for i in MACHINES:
        subprocess.run(["ip", "-n", f"m{i}", "-batch", "-"], text=True, check=True,
                       input=f"link set lo up\naddr add 198.51.100.{4 * i + 1}/30 dev eth0\n"
                             "link set eth0 up\n")
        # Only answers to probes are delayed and lost: scrapes are TCP.
        for rule in ("qdisc add dev {} root handle 1: prio",
                     "qdisc add dev {} parent 1:3 handle 30: netem delay {}ms 8ms loss {}%",
                     "filter add dev {} parent 1: protocol ip prio 1 u32 match ip protocol 1 0xff "
                     "flowid 1:3"):
            numbers = (20 * i, 5 * i) if "netem" in rule else ()
            subprocess.run(["tc", "-n", "hub", *rule.format(f"m{i}", *numbers).split()],
                           check=True)


def show(i):
    out = run(f"m{i}", "icmpctl", "monitor", "show", "--json", "hub")
    return json.loads(out.stdout)["targets"][0]


def query(port, promql):
    where = f"http://127.0.0.1:{port}/api/v1/query?" + urllib.parse.urlencode({"query": promql})
    out = run("hub", "python3", "-c", "import sys, urllib.request as u; "
              "sys.stdout.write(u.urlopen(sys.argv[1], timeout=30).read().decode())", where)
    try:
        answer = json.loads(out.stdout)
    except ValueError:
        return {}
    return {int(re.search(r"100\.(\d+):", r["metric"]["instance"])[1]) // 4: float(r["value"][1])
            for r in answer.get("data", {}).get("result", ()) if "instance" in r["metric"]}


def wait_for(what, seconds, fn):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if fn():
            return
        time.sleep(1)
    check(what, False, open("/tmp/stderr", encoding="utf-8").read()[-3000:])


SENT = 'icmpctl_probes_sent_total{monitor="hub"}'
LOSS = ('sum without (cause) (icmpctl_probes_unanswered_total{monitor="hub"}) / '
        '(sum without (cause) (icmpctl_probes_unanswered_total{monitor="hub"}) + '
        'icmpctl_probes_received_total{monitor="hub"})')


def loss_of(target):
    lost = target["lost"] + target["errors"] + target["send_failed"]
    return lost / (lost + target["received"])


def p99_ns(target):
    return target["rtt_ns"]["p99"]


def compare(port, kind, p99, tolerance):
    before = {i: show(i) for i in MACHINES}
    time.sleep(2.5)
    sent, loss = query(port, SENT), query(port, LOSS)
    quantile = query(port, p99)
    gauge = query(port, 'icmpctl_rtt_percentile_seconds{monitor="hub", percentile="99"}')
    time.sleep(0.1)
    after = {i: show(i) for i in MACHINES}
    for i in MACHINES:
        a, b = before[i], after[i]
        print(f"# {kind}, m{i}: sent {a['sent']} <= {sent.get(i)} <= {b['sent']}; loss "
              f"{loss_of(a):.4f}, {loss.get(i, -1):.4f}, {loss_of(b):.4f}; p99 ms "
              f"{p99_ns(a) / 1e6:.3f}, {1e3 * gauge.get(i, -1):.3f} and "
              f"{1e3 * quantile.get(i, -1):.3f}, {p99_ns(b) / 1e6:.3f}")
        check(f"{kind}, m{i}: what was sent, as monitor show says before and after",
              a["sent"] <= sent.get(i, -1) <= b["sent"])
        # The few probes between the three looks move it by no more than their share.
        room = (b["sent"] - a["sent"] + 2) / b["sent"]
        check(f"{kind}, m{i}: loss", abs(loss.get(i, -1) - loss_of(b)) <= room,
              loss.get(i), loss_of(b), room)
        low, high = sorted((p99_ns(a) / 1e9, p99_ns(b) / 1e9))
        # It may go up and come back between the looks, by one of the kernel's buckets.
        check(f"{kind}, m{i}: p99 of the kernel",
              low * 63 / 64 <= gauge.get(i, -1) <= high * 65 / 64, low, gauge.get(i), high)
        check(f"{kind}, m{i}: p99 by histogram_quantile, within {tolerance:.0%}",
              low * (1 - tolerance) <= quantile.get(i, -1) <= high * (1 + tolerance),
              low, quantile.get(i), high)


FETCH = """
import socket, sys, time
s = socket.create_connection(("127.0.0.1", 9428))
begin = time.monotonic()
s.sendall(b"GET /metrics HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\nAccept: " +
          sys.argv[1].encode() + b"\\r\\n\\r\\n")
size = 0
while data := s.recv(1 << 20):
    size += len(data)
print(size, time.monotonic() - begin)
"""


def sizes():
    """4,096 targets on the loopback, a probe each in ten seconds."""
    addresses = [f"127.0.{n // 256}.{n % 256 or 255}" for n in range(4096) if n % 256 != 255]
    added = run("m1", "icmpctl", "monitor", "add", "many", "-i", "10s", *addresses)
    if added.returncode:
        check("4,000 targets", False, added.stderr[-500:])
        return
    time.sleep(25)
    with start("m1", "icmpctl", "export", "-l", "127.0.0.1:9428") as exporter:
        time.sleep(2)
        for kind, accept in (("text", "text/plain"),
                             ("OpenMetrics", "application/openmetrics-text"),
                             ("protobuf", "application/vnd.google.protobuf")):
            size, seconds = run("m1", "python3", "-c", FETCH, accept).stdout.split()
            print(f"# {len(addresses)} targets, {kind}: {int(size) / 1e6:.1f} MB, "
                  f"{float(seconds):.2f} s")
            check(f"a scrape of {len(addresses)} targets, {kind}", int(size) > 1000000)
            time.sleep(1.2)
        text = run("m1", "icmpctl", "export", "--once").stdout
        reading = re.search(r"^icmpctl_export_read_seconds (\S+)", text, re.M)[1]
        print(f"# reading the kernel: {reading} s")
        with open(f"/proc/{exporter.pid}/status", encoding="utf-8") as status:
            print("# " + " ".join(re.findall(r"VmHWM:.*", status.read())))
        exporter.terminate()


subprocess.run(["modprobe", "icmpctl"], check=True)
network()
for machine in MACHINES:
    said = run(f"m{machine}", "icmpctl", "monitor", "add", "-i", "50ms", "hub",
               f"198.51.100.{4 * machine + 2}")
    check(f"m{machine}: a monitor", said.returncode == 0, said.stderr)
exporters = {i: start(f"m{i}", "icmpctl", "export", "--buckets", "8", "-l",
                      f"198.51.100.{4 * i + 1}:9427") for i in MACHINES}
with open("/tmp/prometheus.yml", "w", encoding="utf-8") as config:
    config.write(CONFIG)
servers = [start("hub", PROGRAM, "--config.file=/tmp/prometheus.yml", f"--storage.tsdb.path={path}",
                 f"--web.listen-address=127.0.0.1:{port}", *more)
           for port, path, more in ((9090, "/tmp/classic", ()),
                                    (9091, "/tmp/native", ("--enable-feature=native-histograms",)))]
try:
    for port in (9090, 9091):
        wait_for("Prometheus scrapes three machines", 120,
                 lambda p=port: sum(query(p, "icmpctl_up").values()) == 3)
    check("three exporters under one Prometheus", sum(query(9090, "up").values()) == 3)
    time.sleep(20)
    compare(9090, "classic", 'histogram_quantile(0.99, icmpctl_rtt_seconds_bucket'
            '{monitor="hub"})', 0.14)
    compare(9091, "native", 'histogram_quantile(0.99, icmpctl_rtt_seconds{monitor="hub"})', 0.04)

    # An exporter that is gone for a while leaves no gap in the counters.
    exporters[1].kill()
    exporters[1].wait()
    wait_for("it is seen that an exporter is gone", 60, lambda: query(9090, "up").get(1) == 0)
    exporters[1] = start("m1", "icmpctl", "export", "--buckets", "8", "-l", "198.51.100.5:9427")
    wait_for("it is back", 60, lambda: query(9090, "up").get(1) == 1)
    compare(9090, "after kill -9", 'histogram_quantile(0.99, icmpctl_rtt_seconds_bucket'
            '{monitor="hub"})', 0.14)
    for server in servers:
        server.kill()
        server.wait()
    sizes()
finally:
    for process in (*servers, *exporters.values()):
        process.kill()
    for machine in MACHINES:
        run(f"m{machine}", "icmpctl", "monitor", "rm", "--all")
finish()
