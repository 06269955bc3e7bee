# SPDX-License-Identifier: GPL-2.0
"""usage: memcheck.py FOLDER: what valgrind's logs of many processes have to say.

Prints how many processes there were, and below that each error, definite leak and descriptor
that was left open, with the command line of its process."""
import os
import re
import sys

# Signals of a process that did it wrong; by any other it was ended, with its files open.
FAULTS = {4: "SIGILL", 6: "SIGABRT", 7: "SIGBUS", 8: "SIGFPE", 11: "SIGSEGV"}
# What the resolver has open while it waits: a thread that asks (lib/rname.c, lib/resolve.c) is left
# to itself when the process ends.
RESOLVER = re.compile(r"(by|at) 0x[0-9A-F]+: (getnameinfo|getaddrinfo) \(")
BEHIND = re.compile(r"HEAP SUMMARY:|LEAK SUMMARY:|All heap blocks were freed|For lists of detected|"
                    r"For a detailed leak|Use --track-origins=yes|Rerun with|ERROR SUMMARY:|"
                    r"FILE DESCRIPTORS:|Reachable blocks|To see them, rerun")


def blocks(path):
    """The log's paragraphs, as lists of lines without valgrind's mark."""
    block = []
    with open(path, encoding="utf-8", errors="replace") as file:
        for line in file:
            # What has no mark was written by the command, to a standard output or error that was
            # closed and that valgrind opened its log in place of.
            line, marks = re.subn(r"^.*?(==|--)\d+\1 ?", "", line.rstrip("\n"))
            if not marks:
                continue
            if line.strip():
                block.append(line)
            elif block:
                yield block
                block = []
    if block:
        yield block


def is_ours(stack):
    return "<inherited from parent>" not in stack[0] and not any(map(RESOLVER.search, stack))


def findings(path):
    """(command line, [paragraphs that matter])."""
    command, found, opened, ended = "?", [], [], False
    for block in blocks(path):
        if block[0].startswith("Memcheck, a memory error detector"):
            command = next((line[9:] for line in block if line.startswith("Command: ")), "?")
        elif block[0].startswith("Parent PID:") or BEHIND.match(block[0]):
            pass
        elif block[0].startswith("Process terminating with default action of signal"):
            ended = True
            if int(re.search(r"signal (\d+)", block[0])[1]) in FAULTS:
                found.append(block)
        elif block[0].startswith("Open "):
            if is_ours(block[1:]):
                opened.append(["left open: " + block[0]] + block[1:])
        else:
            found.append(block)
        # The first descriptor stands below the line that counts them.
        if block[0].startswith("FILE DESCRIPTORS:") and len(block) > 2 and is_ours(block[2:]):
            opened.append(["left open: " + block[1]] + block[2:])
    return command, found + ([] if ended else opened)


def main():
    names = sorted(os.listdir(sys.argv[1]), key=int)
    print(len(names))
    for name in names:
        command, found = findings(os.path.join(sys.argv[1], name))
        for block in found:
            print(f"{command[:300]}")
            print("\n".join("  " + line for line in block[:30]))


main()
