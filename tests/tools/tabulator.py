#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""usage: tabulator.py SETUP TYPED WANTED SHELL [ARG...]: types into an interactive shell in a
terminal of its own, and says "completed" if it comes to stand there; else all that was seen."""
import os
import pty
import re
import select
import sys
import time

setup, typed, wanted, *shell = sys.argv[1:]
pid, fd = pty.fork()
if pid == 0:
    os.environ.update(PS1="> ", PROMPT="> ", TERM="dumb", INPUTRC="/dev/null")
    os.execvp(shell[0], shell)

seen = b""


def until(want):
    """Of a terminal that goes back a column, what stands there in the end."""
    global seen
    end = time.time() + 8
    while time.time() < end:
        shown = seen
        while re.search(rb"[^\x08]\x08", shown):
            shown = re.sub(rb"[^\x08]\x08", b"", shown)
        if want in shown:
            return True
        if select.select([fd], [], [], 0.1)[0]:
            seen += os.read(fd, 4096)
    return False


until(b"> ")
os.write(fd, setup.encode() + b"; echo rea''dy\n")
until(b"ready")
until(b"ready\r\n")
os.write(fd, typed.encode())
print("completed" if until(wanted.encode()) else seen)
os.kill(pid, 9)
