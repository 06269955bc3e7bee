#!/usr/bin/python3
"""usage: nic_stamps.py DEVICE ADDRESS COUNT

Has the device stamp, sends echo requests (identifier 4242) to the IPv4 address,
and prints one line each: sequence number, the clock of the interface as the
request left and as the reply came; `-` where no stamp came within 100 ms."""
import array
import fcntl
import select
import socket
import struct
import sys

SIOCSHWTSTAMP = 0x89B0
HWTSTAMP_TX_ON, HWTSTAMP_FILTER_ALL = 1, 1
SO_TIMESTAMPING = 37
TX_HARDWARE, RX_HARDWARE, RAW_HARDWARE, OPT_TSONLY = 1 << 0, 1 << 2, 1 << 6, 1 << 11
MSG_ERRQUEUE = 0x2000


def enable(sock, device):
    config = array.array("i", [0, HWTSTAMP_TX_ON, HWTSTAMP_FILTER_ALL])
    request = struct.pack("16sQ16x", device.encode(), config.buffer_info()[0])
    fcntl.ioctl(sock, SIOCSHWTSTAMP, request)
    sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPING,
                    TX_HARDWARE | RX_HARDWARE | RAW_HARDWARE | OPT_TSONLY)


def checksum(data):
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    total = (total & 0xFFFF) + (total >> 16)
    return ~(total + (total >> 16)) & 0xFFFF


def raw_stamp(ancillary):
    for level, kind, data in ancillary:
        if level == socket.SOL_SOCKET and kind == SO_TIMESTAMPING:
            seconds, nanoseconds = struct.unpack("6q", data[:48])[4:]
            return seconds * 10 ** 9 + nanoseconds
    return None


def receive(sock, flags):
    poll = select.poll()
    # An error is reported whether asked for or not.
    poll.register(sock, 0 if flags else select.POLLIN)
    if not poll.poll(100):
        return None
    return raw_stamp(sock.recvmsg(256, 512, flags)[1])


def main():
    device, address, count = sys.argv[1:]
    sock = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
    enable(sock, device)
    for seq in range(1, int(count) + 1):
        body = struct.pack(">HH", 4242, seq) + bytes(56)
        packet = struct.pack(">BBH", 8, 0, checksum(b"\x08\x00\x00\x00" + body)) + body
        sock.sendto(packet, (address, 0))
        print(seq, *(stamp or "-" for stamp in (receive(sock, MSG_ERRQUEUE),
                                               receive(sock, 0))))


main()
