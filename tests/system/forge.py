# SPDX-License-Identifier: GPL-2.0
"""A peer that answers probes as no kernel would, for tests in python3.

Packets are put together byte by byte: everything in them can be wrong on
purpose, and nothing is ever wrong by accident of a library.
"""
import collections
import concurrent.futures
import contextlib
import ctypes
import heapq
import itertools
import json
import os
import select
import socket
import struct
import subprocess
import sys
import threading
import time

TOP = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", ".."))
CLONE_NEWNET = 0x40000000
ETH_P_IP, ETH_P_IPV6 = 0x0800, 0x86DD
ICMP, ICMPV6 = 1, 58
ECHO_REPLY = {4: 0, 6: 129}
ECHO_REQUEST = {4: 8, 6: 128}

_failed = False
# Two families may be under way at once: each result in one piece.
_printing = threading.Lock()


# Results, as lib.sh prints them.

def say(text):
    with _printing:
        print(text, flush=True)


def ok(name):
    say("ok - " + name)


def not_ok(name, *seen):
    global _failed
    _failed = True
    lines = ["not ok - " + name]
    for text in seen:
        lines += ["# " + line for line in str(text).splitlines()]
    say("\n".join(lines))


def skip(name, reason):
    say("skip - %s: %s" % (name, reason))


def check(name, good, *seen):
    if good:
        ok(name)
    else:
        not_ok(name, *seen)
    return bool(good)


def check_eq(name, got, want, *seen):
    return check(name, got == want, "got:  %s" % (got,), "want: %s" % (want,), *seen)


def at_once(*tests):
    """What waits more than it works: all of it at the same time; what each returns."""
    with concurrent.futures.ThreadPoolExecutor(len(tests)) as pool:
        return [future.result() for future in [pool.submit(test) for test in tests]]


def both_families(test):
    """test(4) and test(6) at once."""
    at_once(lambda: test(4), lambda: test(6))


def finish():
    sys.exit(1 if _failed else 0)


# The network.

def shell(script):
    """Run a piece of bash that knows tests/lab/net.sh."""
    done = subprocess.run(["bash", "-euc", '. "$0/tests/lab/net.sh"\n' + script, TOP],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        not_ok("the network is set up", done.stdout.decode())
        sys.exit(1)


def sysctl(node, path, value):
    with netns(node), open("/proc/sys/net/" + path, "w", encoding="ascii") as f:
        f.write(str(value))


_libc = ctypes.CDLL(None, use_errno=True)


@contextlib.contextmanager
def netns(node):
    """What is opened inside belongs to the node."""
    home = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    there = os.open("/run/netns/" + node, os.O_RDONLY)
    try:
        if _libc.setns(there, CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), "setns")
        yield
    finally:
        _libc.setns(home, CLONE_NEWNET)
        os.close(home)
        os.close(there)


def poll(seconds, condition):
    """Until the condition holds; what it returned last."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value or time.monotonic() > end:
            return value
        time.sleep(0.05)


# Packets.

def family_of(addr):
    return 6 if ":" in addr else 4


def packed(addr):
    return socket.inet_pton(socket.AF_INET6 if ":" in addr else socket.AF_INET, addr)


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def icmp_sum(src, dst, message):
    """The checksum of an ICMP message whose checksum field is zero."""
    if family_of(src) == 6:
        message = packed(src) + packed(dst) + struct.pack("!IHBB", len(message), 0, 0,
                                                          ICMPV6) + message
    return checksum(message)


def sealed(src, dst, message, wrong=False):
    """The message with its checksum filled in."""
    message = message[:2] + b"\0\0" + message[4:]
    value = icmp_sum(src, dst, message) ^ (0x5A5A if wrong else 0)
    return message[:2] + struct.pack("!H", value) + message[4:]


def ip_packet(src, dst, payload, ttl=64, tos=0, proto=None):
    if family_of(src) == 6:
        head = struct.pack("!IHBB", 6 << 28 | tos << 20, len(payload),
                           ICMPV6 if proto is None else proto, ttl)
        return head + packed(src) + packed(dst) + payload
    head = struct.pack("!BBHHHBBH", 0x45, tos, 20 + len(payload), 0x1234, 0, ttl,
                       ICMP if proto is None else proto, 0) + packed(src) + packed(dst)
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + payload


class Request:
    """One echo request, and what can be made of it."""

    def __init__(self, frame):
        self.eth = frame[6:12] + frame[0:6] + frame[12:14]
        self.family = 6 if frame[12:14] == b"\x86\xdd" else 4
        self.ip = frame[14:]
        if self.family == 4:
            self.ip = self.ip[:struct.unpack_from("!H", self.ip, 2)[0]]
            hlen = (self.ip[0] & 15) * 4
            self.src = socket.inet_ntop(socket.AF_INET, self.ip[12:16])
            self.dst = socket.inet_ntop(socket.AF_INET, self.ip[16:20])
            self.ttl, self.tos = self.ip[8], self.ip[1]
        else:
            hlen = 40
            self.ip = self.ip[:40 + struct.unpack_from("!H", self.ip, 4)[0]]
            self.src = socket.inet_ntop(socket.AF_INET6, self.ip[8:24])
            self.dst = socket.inet_ntop(socket.AF_INET6, self.ip[24:40])
            self.ttl, self.tos = self.ip[7], struct.unpack_from("!H", self.ip)[0] >> 4 & 255
        self.hlen = hlen
        self.icmp = self.ip[hlen:]
        self.id, self.seq = struct.unpack_from("!HH", self.icmp, 4)
        self.data = self.icmp[8:]

    def frame(self, message, src=None, wrong_sum=False, **ip):
        """An ICMP message to who sent the request, as it goes over the link."""
        src = src or self.dst
        message = sealed(src, self.src, message, wrong_sum)
        return self.eth + ip_packet(src, self.src, message, **ip)

    def reply(self, data=None, ident=None, seq=None, **how):
        head = struct.pack("!BBHHH", ECHO_REPLY[self.family], 0, 0,
                           self.id if ident is None else ident,
                           self.seq if seq is None else seq)
        return self.frame(head + (self.data if data is None else data), **how)

    def changed(self, *places, **how):
        """A reply with some bytes of its payload changed."""
        data = bytearray(self.data)
        for place in places:
            data[place] ^= 0xFF
        return self.reply(bytes(data), **how)

    def quote(self, limit=None, dst=None, src=None, icmp=None, proto=None):
        """The request as an error would quote it."""
        icmp = self.icmp if icmp is None else icmp
        if limit is not None:
            icmp = icmp[:limit]
        return ip_packet(src or self.src, dst or self.dst, icmp, self.ttl, self.tos, proto)

    def error(self, type_, code, word=0, quote=None, **how):
        """An ICMP error; word is what stands behind the checksum."""
        if quote is None:
            quote = self.quote()
        return self.frame(struct.pack("!BBHI", type_, code, 0, word) + quote, **how)

    def redirect(self, gateway, code=1, **how):
        if self.family == 4:
            word = struct.unpack("!I", packed(gateway))[0]
            return self.error(5, code, word, **how)
        quote = self.ip[:len(self.ip) // 8 * 8]
        option = struct.pack("!BBHI", 4, 1 + len(quote) // 8, 0, 0) + quote
        message = struct.pack("!BBHI", 137, 0, 0, 0) + packed(gateway) + packed(self.dst)
        return self.frame(message + option, ttl=255, **how)


class Peer(threading.Thread):
    """Answers the echo requests that come to a node; its kernel does not.

    `answer` is called with each Request and its number in its session (from 1, by
    identifier: several may run at once) and returns a list of frames, or of (seconds to
    wait, frame).
    """

    def __init__(self, node, dev, family):
        super().__init__(daemon=True)
        self.family = family
        self.answer = lambda request, number: [request.reply()]
        self.requests = []
        self.fault = None
        self._numbers = collections.Counter()
        self._order = itertools.count()
        if family == 4:
            sysctl(node, "ipv4/icmp_echo_ignore_all", 1)
        else:
            sysctl(node, "ipv6/icmp/echo_ignore_all", 1)
        proto = ETH_P_IP if family == 4 else ETH_P_IPV6
        with netns(node):
            self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW,
                                        socket.htons(proto))
            self.socket.bind((dev, proto))
        self.start()

    def begin(self, answer):
        """From now on answer so, and count from 1."""
        self.requests = []
        self._numbers.clear()
        self.fault = None
        self.answer = answer

    def send(self, frame):
        self.socket.send(frame)

    def _is_request(self, frame):
        at = 14 + (40 if self.family == 6 else 20)
        proto = frame[20] if self.family == 6 else frame[23]
        return (len(frame) >= at + 8 and proto == (ICMPV6 if self.family == 6 else ICMP)
                and frame[at] == ECHO_REQUEST[self.family])

    def run(self):
        later = []
        while True:
            wait = max(0, later[0][0] - time.monotonic()) if later else None
            if select.select([self.socket], [], [], wait)[0]:
                frame, addr = self.socket.recvfrom(65536)
                if addr[2] == socket.PACKET_OUTGOING or not self._is_request(frame):
                    continue
                request = Request(frame)
                self.requests.append(request)
                self._numbers[request.id] += 1
                try:
                    answers = self.answer(request, self._numbers[request.id])
                except Exception as fault:  # pylint: disable=broad-except
                    self.fault = repr(fault)
                    continue
                for answer in answers:
                    if isinstance(answer, tuple):
                        heapq.heappush(later, (time.monotonic() + answer[0],
                                               next(self._order), answer[1]))
                    else:
                        self.send(answer)
            while later and later[0][0] <= time.monotonic():
                self.send(heapq.heappop(later)[2])


# The command.

class Run:
    """A finished `icmpctl ping`."""

    def __init__(self, node, *args, timeout=60):
        done = subprocess.run(["ip", "netns", "exec", node, "icmpctl", "ping",
                               *[str(a) for a in args]], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=timeout, check=False)
        self.status = done.returncode
        self.text = done.stdout.decode()
        self.errors = done.stderr.decode()
        self.lines = self.text.splitlines()

    def objects(self, kind, **match):
        """The JSON objects of a type that have these values."""
        found = []
        for line in self.lines:
            o = json.loads(line)
            if o["type"] == kind and all(o.get(k) == v for k, v in match.items()):
                found.append(o)
        return found

    def probes(self, seq):
        return self.objects("probe", seq=seq)

    def summary(self):
        return self.objects("summary")[-1]

    def of_seq(self, seq):
        """Lines of text about a probe, with the line that may follow each."""
        found = []
        for i, line in enumerate(self.lines):
            if "icmp_seq=%d " % seq in line + " ":
                found.append(line)
                if i + 1 < len(self.lines) and self.lines[i + 1].startswith("wrong data"):
                    found.append(self.lines[i + 1])
        return found


def told(objects, want):
    """Do the objects say what is wanted: one for one, in this order, of each
    at least the keys given?"""
    return len(objects) == len(want) and all(
        all(o.get(k) == v for k, v in w.items()) for o, w in zip(objects, want))


def kernel_log():
    return subprocess.run(["dmesg"], stdout=subprocess.PIPE, check=True).stdout.decode(
        errors="replace")
