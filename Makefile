# SPDX-License-Identifier: GPL-2.0
# Makefile - builds the module and the command; runs the laboratory
#
#   make                 icmpctl.ko and tools/icmpctl, for the kernel of KDIR=
#   sudo make install    both, for the running kernel
#   make deb             Debian packages of the command and of the module, in build/deb
#   make demo            icmpctl ping in the virtual laboratory
#   make help            this
#   make check           all tests, in the virtual laboratory
#   make check-full      the same, each system test in each lane, and what takes hours (LANES=)
#   make check-broken    the module broken on purpose: which lanes notice
#   make fuzz            what parses bytes of strangers, for an hour (SECONDS=, EXECUTIONS=)
#   make fuzz-netlink    ten million messages to the module (MESSAGES=)
#   make fuzz-netlink-debug  a hundred thousand of them under KASAN, lockdep and the like
#   make flood           a million answers that are none, into running sessions (PACKETS=)
#   make storm           sessions begun and ended by everybody at once, for ten minutes (SECONDS=)
#   make storm-debug     the same under KASAN, lockdep, kmemleak and the like, more slowly
#   make valgrind        the command's own tests under valgrind (part of check-full)
#   make check-packages  the packages on fresh Debian 12 and 13 (some minutes, downloads)
#   make bench-accuracy  RTTs of icmpctl and of its peers against the truth
#   make bench-path      a hundred traces past routers that limit their answers
#   make bench-sweep     what a target of a sweep takes, beside pktgen and all peers
#   make bench-sweep-agree  a mixed /24: nmap and scapy find the same hosts up
#   make bench-sweep-size  16,384 addresses 20 times, and a /12: found, and memory taken
#   make bench-limits    how late bystanders are while icmpctl sends all it can, and is read
#   make bench-monitors  10,000 monitors: memory of each, and how long reading them takes
#   make bench-pacing    departures of icmpctl and of its peers against the schedule
#   make bench-day       24 hours of virtual time: counters exact, no drift, memory flat
#   make bench-prometheus  three exporters under a Prometheus: loss and p99 as monitor show says

KDIR ?= /lib/modules/$(shell uname -r)/build
PREFIX ?= /usr/local
export PREFIX

kbuild = $(MAKE) -C $(KDIR) M=$(CURDIR)

.PHONY: all module tools check check-full valgrind check-packages check-broken fuzz fuzz-netlink fuzz-netlink-debug flood storm storm-debug deb bench-accuracy bench-pacing bench-path bench-limits bench-prometheus bench-monitors bench-day bench-sweep bench-sweep-agree bench-sweep-size demo help install uninstall clean

all: module tools

module: | $(KDIR)/Makefile
	+$(kbuild) modules

$(KDIR)/Makefile:
	@echo "make: no kernel headers in $(KDIR): install linux-headers-$(shell uname -r)," \
	      "or give their folder with KDIR=" >&2; exit 1

tools:
	$(MAKE) -C tools

# The kernel's release as its headers tell it, not as the running kernel does: what modules
# are marked with. `make kernelrelease` is something else in Debian 12 (6.1.192 of 6.1.0-56-amd64).
release = $(or $(shell sed -n 's/^.define UTS_RELEASE "\(.*\)"/\1/p' \
	$(KDIR)/include/generated/utsrelease.h),$(error $(KDIR) does not say which kernel it is of))

install: all
	install -D -m 0644 icmpctl.ko $(DESTDIR)/lib/modules/$(release)/updates/icmpctl.ko
	$(MAKE) -C tools install
ifndef DESTDIR
	depmod $(release)
endif

uninstall:
	$(RM) $(DESTDIR)/lib/modules/$(release)/updates/icmpctl.ko
	$(MAKE) -C tools uninstall
ifndef DESTDIR
	depmod $(release)
endif

# In a copy, since dpkg leaves what it makes beside the tree.
deb:
	rm -rf build/deb
	mkdir -p build/deb/icmpctl
	tar -c --exclude=./build --exclude=./.git --exclude='*.o' --exclude='*.ko' \
		--exclude=./tools/build --exclude=./tools/icmpctl . | tar -x -C build/deb/icmpctl
	cd build/deb/icmpctl && dpkg-buildpackage -b -us -uc
	rm -rf build/deb/icmpctl
	@ls build/deb/*.deb

check:
	tests/check

valgrind:
	tests/tools/valgrind

check-packages:
	tests/packages/check

check-broken:
	tests/broken/run

SECONDS ?=
EXECUTIONS ?= 1000000000
MESSAGES ?=
PACKETS ?= 1000000
# How long the machine takes is not known: four hours are enough for a slow one.
hostile = tests/lab/run --kernel 6.12 --smp 2 --timeout 14400 -- env TEST_TIMEOUT=14000
hostile_debug = tests/lab/run --debug --timeout 14400 -- env TEST_TIMEOUT=14000

fuzz:
	tests/fuzz/run $(or $(SECONDS),3600) $(EXECUTIONS)

fuzz-netlink:
	$(hostile) HOSTILE_MESSAGES=$(or $(MESSAGES),10000000) tests/system/run 57-netlink-fuzz

fuzz-netlink-debug:
	$(hostile_debug) HOSTILE_MESSAGES=$(or $(MESSAGES),100000) tests/system/run 57-netlink-fuzz

flood:
	$(hostile) HOSTILE_PACKETS=$(PACKETS) tests/system/run 58-packet-flood

storm:
	$(hostile) HOSTILE_SECONDS=$(or $(SECONDS),600) tests/system/run 59-storm

storm-debug:
	$(hostile_debug) HOSTILE_SECONDS=$(or $(SECONDS),600) tests/system/run 59-storm

check-full:
	CHECK_FULL=1 tests/check

bench-accuracy:
	tests/bench/accuracy

bench-limits:
	tests/bench/limits

bench-path:
	tests/bench/path

bench-sweep:
	tests/bench/sweep

bench-sweep-agree:
	tests/bench/sweep-agree

bench-sweep-size:
	tests/bench/sweep-size

bench-monitors:
	tests/bench/monitors

bench-day:
	tests/bench/day

bench-pacing:
	tests/bench/pacing

bench-prometheus:
	tests/bench/prometheus

demo:
	tests/lab/demo

# What stands at the head of this file.
help:
	@sed -n 's/^#   //p' Makefile

clean:
	+[ ! -e $(KDIR)/Makefile ] || $(kbuild) clean
	$(MAKE) -C tools clean
