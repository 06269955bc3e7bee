"""The kernel's own YNL client, as the tests use it.

A client that nobody here wrote: it knows the family from
docs/netlink/icmpctl.yaml alone.
"""
import os
import select
import socket
import struct
import sys
import time

import yaml

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "ynl"))
from lib import NlError, YnlFamily  # noqa: E402  (found by the line above)

SPEC = os.path.join(TOP, "docs", "netlink", "icmpctl.yaml")
failed = False
# The client reads the specification again for each socket, in Python: in an emulated
# machine that takes seconds. libyaml understands the same.
yaml.SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Patient:
    """A netlink socket whose events wait for the answer to a request: the client takes
    them while it waits itself, and cannot go on then."""

    def __init__(self, sock):
        self.sock = sock
        self.held = []

    def __getattr__(self, name):
        return getattr(self.sock, name)

    def recv(self, size, flags=0):
        if flags & socket.MSG_DONTWAIT:
            return self.held.pop(0) if self.held else self.sock.recv(size, flags)
        while True:
            message = self.sock.recv(size, flags)
            # An event answers nothing: its sequence number is 0.
            if struct.unpack_from("=IHHI", message)[3]:
                return message
            self.held.append(message)


def client():
    """A socket of its own; sessions started on it belong to it."""
    # Unknown to it: the padding of 64-bit values, which some architectures need.
    ynl = YnlFamily(SPEC, schema=False, process_unknown=True)
    ynl.sock = Patient(ynl.sock)
    return ynl


def address(text):
    family = socket.AF_INET6 if ":" in text else socket.AF_INET
    return socket.inet_pton(family, text)


def target(text):
    return {"address": address(text)}


def ok(name):
    print(f"ok - {name}", flush=True)


def not_ok(name, *why):
    global failed
    failed = True
    print(f"not ok - {name}", flush=True)
    for line in why:
        print(f"# {line}", flush=True)


def skip(name, why):
    print(f"skip - {name}: {why}", flush=True)


def check(name, condition, *why):
    if condition:
        ok(name)
    else:
        not_ok(name, *why)
    return condition


def refused(name, ynl, op, request, sentence, attr=None):
    """The request is refused with this sentence, and with this attribute to blame."""
    try:
        getattr(ynl, op)(request)
    except NlError as error:
        extack = error.nl_msg.extack or {}
        said = extack.get("msg", "")
        blamed = extack.get("bad-attr", "")
        why = (f"said:   {said!r} ({error})", f"blamed: {blamed!r}",
               f"wanted: {sentence!r}, {attr!r}")
        check(name, sentence in said and (attr is None or blamed.endswith(attr)), *why)
        return
    not_ok(name, "it was not refused")


def events(ynl, seconds, until="done-event"):
    """The events that come, up to and with one of this name."""
    end = time.monotonic() + seconds
    got = []
    while time.monotonic() < end:
        if not ynl.sock.held:
            select.select([ynl.sock], [], [], 0.5)
        ynl.check_ntf()
        got += ynl.async_msg_queue
        ynl.async_msg_queue = []
        if any(event["name"] == until for event in got):
            break
    return got


def records(got):
    """All probe records among some events."""
    return [record for event in got if event["name"] == "probes-event"
            for record in event["msg"].get("record", [])]


def finish():
    sys.exit(1 if failed else 0)
