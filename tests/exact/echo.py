#!/usr/bin/python3
"""usage: echo.py ADDRESS COUNT

Sends echo requests, one every 10 ms, from a socket that wants no stamps: ping's has
the whole machine stamp what arrives, also for who measures what that costs."""
import socket
import struct
import sys
import time


def checksum(data):
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    total = (total & 0xFFFF) + (total >> 16)
    return ~(total + (total >> 16)) & 0xFFFF


address, count = sys.argv[1:]
ipv6 = ":" in address
# The kernel itself fills in ICMPv6's checksum.
sock = (socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6) if ipv6 else
        socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP))
for seq in range(1, int(count) + 1):
    body = struct.pack(">HH", 4243, seq) + bytes(56)
    kind = 128 if ipv6 else 8
    summed = checksum(struct.pack(">BBH", kind, 0, 0) + body)
    sock.sendto(struct.pack(">BBH", kind, 0, summed) + body, (address, 0))
    time.sleep(0.01)
