#!/usr/bin/python3
"""usage: bulk.py listen ADDRESS       waits for the other end
       bulk.py connect ADDRESS      starts

One TCP connection on which both ends send as fast as they can and read what comes."""
import selectors
import socket
import sys

PORT = 5001
# What is on its way at most, so that a queue that holds it drops nothing.
SEND_BUFFER = 128 * 1024


def connect(how, address):
    if how == "listen":
        with socket.create_server((address, PORT)) as server:
            return server.accept()[0]
    while True:
        try:
            return socket.create_connection((address, PORT))
        except ConnectionRefusedError:
            pass


def main():
    sock = connect(*sys.argv[1:])
    sock.setblocking(False)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
    chunk = bytes(256 * 1024)
    selector = selectors.DefaultSelector()
    selector.register(sock, selectors.EVENT_READ | selectors.EVENT_WRITE)
    while True:
        for _, events in selector.select():
            if events & selectors.EVENT_READ and not sock.recv(len(chunk)):
                return
            if events & selectors.EVENT_WRITE:
                sock.send(chunk)


main()
