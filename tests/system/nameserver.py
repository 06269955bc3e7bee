#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""usage: nameserver.py ADDRESS [NAME]: answers on UDP port 53: any name, or NAME alone, has
ADDRESS; a name that has it has no IPv6 address, and another one does not exist."""
import socket
import struct
import sys

address = socket.inet_aton(sys.argv[1])
only = sys.argv[2].encode() if len(sys.argv) > 2 else None
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("", 53))
print("ready", flush=True)
while True:
    query, peer = server.recvfrom(512)
    labels, at = [], 12
    while query[at]:
        labels.append(query[at + 1:at + 1 + query[at]])
        at += 1 + query[at]
    question = query[12:at + 5]
    known = only is None or b".".join(labels) == only
    has = known and struct.unpack_from("!H", query, at + 1)[0] == 1
    # QR, RD, RA, and NXDOMAIN.
    head = query[:2] + struct.pack("!HHHHH", 0x8180 | (0 if known else 3), 1, has, 0, 0)
    answer = b"\xc0\x0c" + struct.pack("!HHIH", 1, 1, 0, 4) + address if has else b""
    server.sendto(head + question + answer, peer)
