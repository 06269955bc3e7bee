#!/usr/bin/python3
"""usage: slew.py

Slews the clock as adjtimex(2) lets NTP do it, one way after the other, for 2 s in all, and
leaves it as it was. Fails if one of them is refused."""
import ctypes
import sys
import time

ADJ_OFFSET, ADJ_FREQUENCY, ADJ_STATUS, ADJ_NANO, ADJ_TICK = 1, 2, 0x10, 0x2000, 0x4000
STA_PLL = 1
PPM = 1 << 16


class Timex(ctypes.Structure):
    _fields_ = [("modes", ctypes.c_uint)] + [
        (name, ctypes.c_long) for name in
        ("offset", "freq", "maxerror", "esterror")] + [
        ("status", ctypes.c_int)] + [
        (name, ctypes.c_long) for name in
        ("constant", "precision", "tolerance", "sec", "usec", "tick")] + [
        ("rest", ctypes.c_long * 32)]


libc = ctypes.CDLL(None, use_errno=True)


def adjust(modes, **values):
    timex = Timex(modes=modes, **values)
    if libc.adjtimex(ctypes.byref(timex)) < 0:
        sys.exit(f"slew.py: adjtimex: errno {ctypes.get_errno()}")
    return timex


tick = adjust(0).tick
for change in (
        {"modes": ADJ_FREQUENCY, "freq": 500 * PPM},
        {"modes": ADJ_FREQUENCY, "freq": -500 * PPM},
        {"modes": ADJ_FREQUENCY, "freq": 0},
        {"modes": ADJ_TICK, "tick": tick * 11 // 10},
        {"modes": ADJ_TICK, "tick": tick * 9 // 10},
        {"modes": ADJ_TICK, "tick": tick},
        {"modes": ADJ_STATUS | ADJ_OFFSET | ADJ_NANO, "status": STA_PLL, "offset": 499_000_000},
        {"modes": ADJ_STATUS | ADJ_OFFSET, "status": STA_PLL, "offset": 0},
        {"modes": ADJ_STATUS | ADJ_FREQUENCY, "status": 0, "freq": 0}):
    adjust(**change)
    time.sleep(0.2213)
