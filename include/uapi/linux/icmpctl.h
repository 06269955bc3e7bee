/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/*
 * icmpctl.h - what the icmpctl kernel module and its callers say to each other
 *
 * The protocol is generic netlink, family "icmpctl". Documentation of the same
 * contract for machines: docs/netlink/icmpctl.yaml.
 *
 * Rules that hold for every line below:
 *  - It is only ever added to. A number, once shipped, keeps its meaning.
 *  - Integers are in host byte order, addresses in network byte order.
 *  - Names that end in _NS are nanoseconds. Instants are CLOCK_MONOTONIC, those
 *    that end in _UNIX_NS are CLOCK_REALTIME since 1970. A zero instant means
 *    "not known".
 *  - A refused request changes nothing, and its extended ACK holds a sentence
 *    and, where one attribute is to blame, the place of that attribute.
 *  - Arrows: "->" is sent to the module, "<-" comes from it.
 */
#ifndef _UAPI_LINUX_ICMPCTL_H
#define _UAPI_LINUX_ICMPCTL_H

#include <linux/const.h>
#include <linux/types.h>

#define ICMPCTL_FAMILY_NAME	"icmpctl"
/* The family's version: raised if ever a caller must know of a change. */
#define ICMPCTL_FAMILY_VERSION	1

/*
 * Bounds of the protocol. Those that an administrator may set are module
 * parameters and are read with ICMPCTL_CMD_INFO_GET.
 */
#define ICMPCTL_INTERVAL_MIN_NS	10000ULL		/* 10 us */
#define ICMPCTL_INTERVAL_MAX_NS	86400000000000ULL	/* 1 day */
#define ICMPCTL_TIMEOUT_MIN_NS	1000000ULL		/* 1 ms */
#define ICMPCTL_TIMEOUT_MAX_NS	600000000000ULL		/* 10 minutes */
#define ICMPCTL_SIZE_MAX_IPV4	65507	/* 65535 - 20 (IPv4) - 8 (ICMP) */
#define ICMPCTL_SIZE_MAX_IPV6	65527	/* 65535 - 8 (ICMPv6) */
#define ICMPCTL_COOKIE_LEN	8	/* payloads shorter than this carry none */
#define ICMPCTL_PATTERN_MAX	16	/* bytes */
#define ICMPCTL_FLOW_MAX	65534	/* flows are numbered from 0 */
#define ICMPCTL_EXTENSION_MAX	248	/* bytes of the objects of an ICMP extension */
#define ICMPCTL_PORTS_MAX	256	/* source ports of one session */
#define ICMPCTL_RECORDS_MIN	64
#define ICMPCTL_RECORDS_MAX	65536
#define ICMPCTL_SWEEP_TRIES_MAX	16
#define ICMPCTL_SWEEP_RANGES_MAX	4096	/* in one SWEEP_FEED */
#define ICMPCTL_MONITOR_NAME_MAX	63	/* bytes */
#define ICMPCTL_MONITOR_OPTIONS_MAX	1023	/* bytes */
#define ICMPCTL_MONITOR_KEEP_DEFAULT	32	/* last probes of each target */
#define ICMPCTL_MONITOR_KEEP_MAX	65536
#define ICMPCTL_TARGET_NAME_MAX	255	/* bytes */
#define ICMPCTL_PROBES_MAX	16	/* kinds of probes of a sweep */
#define ICMPCTL_QUERY_NAME_MAX	63	/* bytes of the name of an interface asked about */

/**
 * enum icmpctl_cmd - requests, replies and events
 * @ICMPCTL_CMD_UNSPEC: not used.
 * @ICMPCTL_CMD_INFO_GET: do: versions, limits in force, what is in use in this
 *	network namespace. Anyone may ask. Set: enum icmpctl_info_attr.
 * @ICMPCTL_CMD_SESSION_START: do: start probing. The reply has
 *	SESSION_A_ID, SESSION_A_ICMP_ID, SESSION_A_STARTED_NS,
 *	SESSION_A_STARTED_UNIX_NS, SESSION_A_SCHEDULE and SESSION_A_SEED. From then on
 *	events are sent to the socket that asked; when that socket is closed the
 *	session ends.
 *	Set of this and all that follow: enum icmpctl_session_attr.
 * @ICMPCTL_CMD_SESSION_STOP: do: stop the session SESSION_A_ID. Its last
 *	statistics and ICMPCTL_CMD_DONE_EVENT are sent to its owner.
 * @ICMPCTL_CMD_SESSION_GET: do: one session, SESSION_A_ID, with the statistics
 *	of its targets from SESSION_A_TARGET_FIRST on, as many as fit in one
 *	message. dump: every session of this network namespace, without targets.
 * @ICMPCTL_CMD_PROBES_EVENT: event: SESSION_A_ID, SESSION_A_RECORD once a
 *	record, SESSION_A_RECORDS_DROPPED since the start, SESSION_A_EXTENSION once a
 *	record that has one.
 * @ICMPCTL_CMD_STATS_EVENT: event: final statistics, SESSION_A_ID and some of
 *	the targets, each as a SESSION_A_TARGET; repeated until all are told.
 * @ICMPCTL_CMD_DONE_EVENT: event: the last one of a session, with
 *	SESSION_A_REASON and what SESSION_GET says of the session itself.
 * @ICMPCTL_CMD_SWEEP_FEED: do: more addresses, SESSION_A_RANGE once a range, for the sweep
 *	SESSION_A_ID, or with SWEEP_A_END in SESSION_A_SWEEP: these were the last. Refused
 *	with EAGAIN while enough wait: to be tried again later.
 * @ICMPCTL_CMD_MONITOR_ADD: do: start a monitor: a session without an owner. It has no
 *	events and no end, goes on when the socket that asked is closed, and keeps the
 *	module loaded until MONITOR_DEL, or until its network namespace goes. Set of
 *	SESSION_START without SESSION_A_COUNT, _REPLIES, _DEADLINE_NS, _RECORDS and
 *	_SWEEP, of the flags only ICMPCTL_SESSION_F_BROADCAST and _PATH; and
 *	SESSION_A_MONITOR with MONITOR_A_NAME. The first probe is sent within one
 *	interval: monitors are spread over it. The reply is that of SESSION_START.
 * @ICMPCTL_CMD_MONITOR_DEL: do: end the monitor MONITOR_A_NAME.
 * @ICMPCTL_CMD_MONITOR_GET: do: the monitor MONITOR_A_NAME, with the statistics of its
 *	targets from SESSION_A_TARGET_FIRST on, as many as fit in one message. dump:
 *	every monitor of this network namespace with all its targets; one whose targets
 *	do not fit in one message goes on in the next. Reading changes nothing.
 * @ICMPCTL_CMD_MONITOR_RESET: do: begin the statistics since the reset (STATS_A_SINCE_RESET)
 *	of the monitor MONITOR_A_NAME, again if there are some. Those since the start go on.
 * @ICMPCTL_CMD_MONITOR_RECORDS: dump: what became of the last probes of the monitor
 *	MONITOR_A_NAME, MONITOR_A_LAST of each target: SESSION_A_ID and SESSION_A_RECORD once
 *	a probe, target by target, each in the order in which it was known. Reading changes
 *	nothing.
 *
 * All but INFO_GET need CAP_NET_ADMIN in the user namespace that owns the network
 * namespace (the check that GENL_UNS_ADMIN_PERM makes).
 */
enum icmpctl_cmd {
	ICMPCTL_CMD_UNSPEC,
	ICMPCTL_CMD_INFO_GET,
	ICMPCTL_CMD_SESSION_START,
	ICMPCTL_CMD_SESSION_STOP,
	ICMPCTL_CMD_SESSION_GET,
	ICMPCTL_CMD_PROBES_EVENT,
	ICMPCTL_CMD_STATS_EVENT,
	ICMPCTL_CMD_DONE_EVENT,
	ICMPCTL_CMD_SWEEP_FEED,
	ICMPCTL_CMD_MONITOR_ADD,
	ICMPCTL_CMD_MONITOR_DEL,
	ICMPCTL_CMD_MONITOR_GET,
	ICMPCTL_CMD_MONITOR_RESET,
	ICMPCTL_CMD_MONITOR_RECORDS,

	/* private: */
	__ICMPCTL_CMD_MAX,
	ICMPCTL_CMD_MAX = __ICMPCTL_CMD_MAX - 1
};

/**
 * enum icmpctl_info_attr - what ICMPCTL_CMD_INFO_GET answers
 * @ICMPCTL_INFO_A_UNSPEC: not used.
 * @ICMPCTL_INFO_A_MODULE_VERSION: string <-: the module's release.
 * @ICMPCTL_INFO_A_MAX_SESSIONS: u32 <-: sessions a namespace may have at once.
 * @ICMPCTL_INFO_A_MAX_TARGETS: u32 <-: targets a session may have.
 * @ICMPCTL_INFO_A_MAX_INFLIGHT: u32 <-: probes a namespace may have unanswered.
 * @ICMPCTL_INFO_A_MAX_RATE_PPS: u32 <-: probes a second a namespace may send.
 * @ICMPCTL_INFO_A_MAX_MEMORY_BYTES: u64 <-: memory a namespace's sessions may take.
 * @ICMPCTL_INFO_A_PAD: pad <-: aligns 64-bit values, to be skipped.
 * @ICMPCTL_INFO_A_SESSIONS: u32 <-: sessions in this namespace now.
 * @ICMPCTL_INFO_A_INFLIGHT: u32 <-: probes that may be unanswered now, reserved.
 * @ICMPCTL_INFO_A_RATE_PPS: u32 <-: probes a second asked for now.
 * @ICMPCTL_INFO_A_MEMORY_BYTES: u64 <-: memory the sessions take now.
 * @ICMPCTL_INFO_A_SESSIONS_CREATED: u64 <-: in all namespaces since load; told
 *	in the initial network namespace alone.
 * @ICMPCTL_INFO_A_SESSIONS_DESTROYED: u64 <-: likewise.
 * @ICMPCTL_INFO_A_MAX_MONITORS: u32 <-: monitors a namespace may have; they are not
 *	among its sessions.
 * @ICMPCTL_INFO_A_MAX_MONITOR_MEMORY_BYTES: u64 <-: memory they may take, likewise.
 * @ICMPCTL_INFO_A_MONITORS: u32 <-: monitors in this namespace now.
 * @ICMPCTL_INFO_A_MONITOR_MEMORY_BYTES: u64 <-: memory set aside for them.
 */
enum icmpctl_info_attr {
	ICMPCTL_INFO_A_UNSPEC,
	ICMPCTL_INFO_A_MODULE_VERSION,
	ICMPCTL_INFO_A_MAX_SESSIONS,
	ICMPCTL_INFO_A_MAX_TARGETS,
	ICMPCTL_INFO_A_MAX_INFLIGHT,
	ICMPCTL_INFO_A_MAX_RATE_PPS,
	ICMPCTL_INFO_A_MAX_MEMORY_BYTES,
	ICMPCTL_INFO_A_PAD,
	ICMPCTL_INFO_A_SESSIONS,
	ICMPCTL_INFO_A_INFLIGHT,
	ICMPCTL_INFO_A_RATE_PPS,
	ICMPCTL_INFO_A_MEMORY_BYTES,
	ICMPCTL_INFO_A_SESSIONS_CREATED,
	ICMPCTL_INFO_A_SESSIONS_DESTROYED,
	ICMPCTL_INFO_A_MAX_MONITORS,
	ICMPCTL_INFO_A_MAX_MONITOR_MEMORY_BYTES,
	ICMPCTL_INFO_A_MONITORS,
	ICMPCTL_INFO_A_MONITOR_MEMORY_BYTES,

	/* private: */
	__ICMPCTL_INFO_A_MAX,
	ICMPCTL_INFO_A_MAX = __ICMPCTL_INFO_A_MAX - 1
};

/**
 * enum icmpctl_probe_kind - what is sent
 * @ICMPCTL_PROBE_ECHO: ICMP or ICMPv6 echo request (RFC 792, RFC 4443).
 * @ICMPCTL_PROBE_UDP: UDP datagram to SESSION_A_PORT. Its replies are a datagram from
 *	there, and port unreachable of the target itself. A datagram that does not carry
 *	what was sent answers the last probe that still waits for one, see
 *	ICMPCTL_RECORD_F_AMBIGUOUS.
 * @ICMPCTL_PROBE_TCP: TCP SYN to SESSION_A_PORT, without payload. Its replies are SYN-ACK,
 *	upon which this host resets, and RST.
 * @ICMPCTL_PROBE_TIMESTAMP: ICMP timestamp request (RFC 792), IPv4 alone. Its originate
 *	timestamp has the high bit set, for it is no time, but tells replies from forgeries.
 * @ICMPCTL_PROBE_MASK: ICMP address mask request (RFC 950), IPv4 alone. Nothing but
 *	identifier and sequence number tells its replies from forgeries.
 * @ICMPCTL_PROBE_EXTENDED: ICMP or ICMPv6 extended echo request (RFC 8335) about the
 *	interface SESSION_A_QUERY_NAME, _INDEX or _ADDRESS; without these about the one
 *	that has the address it goes to. Any reply is one, whatever its code says of that
 *	interface. Forgeries: as for MASK.
 *
 * Source ports are reserved while the session lives. In a sweep an ICMP error that comes from
 * the address asked is a reply to a probe of any kind: somebody is there.
 */
enum icmpctl_probe_kind {
	ICMPCTL_PROBE_ECHO,
	ICMPCTL_PROBE_UDP,
	ICMPCTL_PROBE_TCP,
	ICMPCTL_PROBE_TIMESTAMP,
	ICMPCTL_PROBE_MASK,
	ICMPCTL_PROBE_EXTENDED,

	/* private: */
	__ICMPCTL_PROBE_MAX,
	ICMPCTL_PROBE_MAX = __ICMPCTL_PROBE_MAX - 1
};

/**
 * enum icmpctl_pmtudisc - may a probe be fragmented
 * @ICMPCTL_PMTUDISC_WANT: fragment here when it is larger than the path MTU
 *	known, else set DF (IPv4).
 * @ICMPCTL_PMTUDISC_DO: never fragment: DF is set, and a probe larger than the
 *	path MTU known is not sent (EMSGSIZE).
 * @ICMPCTL_PMTUDISC_DONT: DF is not set; anyone may fragment.
 * @ICMPCTL_PMTUDISC_PROBE: as DO, but the path MTU known is not looked at, only
 *	the interface's own; and it is not changed: fragmentation needed and packet
 *	too big that quote such a probe are for the session alone.
 */
enum icmpctl_pmtudisc {
	ICMPCTL_PMTUDISC_WANT,
	ICMPCTL_PMTUDISC_DO,
	ICMPCTL_PMTUDISC_DONT,
	ICMPCTL_PMTUDISC_PROBE,

	/* private: */
	__ICMPCTL_PMTUDISC_MAX,
	ICMPCTL_PMTUDISC_MAX = __ICMPCTL_PMTUDISC_MAX - 1
};

/**
 * enum icmpctl_timestamps - which stamps an RTT is made of
 * @ICMPCTL_TIMESTAMPS_AUTO: the best there are, probe by probe: hardware at both ends,
 *	else the driver's and the stack's, else the module's own.
 * @ICMPCTL_TIMESTAMPS_HARDWARE: as AUTO; a probe without hardware stamps at both ends
 *	has ICMPCTL_RECORD_F_FALLBACK. The interface is not configured by the module.
 * @ICMPCTL_TIMESTAMPS_DRIVER: the driver's and the stack's, never hardware; a probe
 *	without one of them has ICMPCTL_RECORD_F_FALLBACK.
 * @ICMPCTL_TIMESTAMPS_HOOK: the module's own alone.
 */
enum icmpctl_timestamps {
	ICMPCTL_TIMESTAMPS_AUTO,
	ICMPCTL_TIMESTAMPS_HARDWARE,
	ICMPCTL_TIMESTAMPS_DRIVER,
	ICMPCTL_TIMESTAMPS_HOOK,

	/* private: */
	__ICMPCTL_TIMESTAMPS_MAX,
	ICMPCTL_TIMESTAMPS_MAX = __ICMPCTL_TIMESTAMPS_MAX - 1
};

/**
 * enum icmpctl_schedule - when probes are sent
 * @ICMPCTL_SCHEDULE_PERIODIC: one interval from one probe of a target to its next.
 * @ICMPCTL_SCHEDULE_POISSON: random gaps: the probes of each target are a Poisson
 *	process (RFC 2330, 11.1.1) with the interval as the mean gap, independent of
 *	those of other targets. Not with ICMPCTL_SESSION_F_ADAPTIVE or
 *	SESSION_A_GAP_NS.
 */
enum icmpctl_schedule {
	ICMPCTL_SCHEDULE_PERIODIC,
	ICMPCTL_SCHEDULE_POISSON,

	/* private: */
	__ICMPCTL_SCHEDULE_MAX,
	ICMPCTL_SCHEDULE_MAX = __ICMPCTL_SCHEDULE_MAX - 1
};

/* SESSION_A_FLAGS, a set of: */

/* Targets may be broadcast or multicast addresses; any host may answer. */
#define ICMPCTL_SESSION_F_BROADCAST		_BITUL(0)
/* A record of status ICMPCTL_STATUS_SENT for every probe as it is sent. */
#define ICMPCTL_SESSION_F_REPORT_SENT		_BITUL(1)
/*
 * The next probe is sent as soon as an answer has come; SESSION_A_INTERVAL_NS
 * is then the longest wait. With one target of which RTTs are known, the wait is
 * twice their moving average, twice that behind the next probe without an answer in
 * between, and so on. Never faster than ICMPCTL_INTERVAL_MIN_NS.
 */
#define ICMPCTL_SESSION_F_ADAPTIVE		_BITUL(2)
/*
 * After the last probe, wait for a target that has answered before no longer than
 * twice its longest wait seen (the RTT, and what the queues of this host add to it)
 * or one interval, whichever is more; for one that has not, until the timeout.
 */
#define ICMPCTL_SESSION_F_LINGER_ADAPTIVE	_BITUL(3)
/* No PROBES_EVENT is sent: statistics alone. */
#define ICMPCTL_SESSION_F_NO_RECORDS		_BITUL(4)
/*
 * The targets are the hops of one path, in ascending order of TARGET_A_TTL. An ICMP
 * error has an RTT that counts in the statistics, and the path ends at the first
 * target answered by a reply or by an error other than time exceeded: those behind
 * it are no longer probed.
 */
#define ICMPCTL_SESSION_F_PATH			_BITUL(5)

/* What ICMP errors have behind the packet they quote is told (RFC 4884). */
#define ICMPCTL_SESSION_F_EXTENSIONS		_BITUL(6)
/*
 * The targets are hops of several paths, in any order: as with SESSION_F_PATH an ICMP
 * error has an RTT that counts in the statistics, but no answer ends anything.
 */
#define ICMPCTL_SESSION_F_HOPS			_BITUL(7)

#define ICMPCTL_SESSION_F_ALL			(_BITUL(8) - 1)

/**
 * enum icmpctl_state - where a session is in its life
 * @ICMPCTL_STATE_RUNNING: probes are being sent.
 * @ICMPCTL_STATE_WAITING: all are sent, some are not yet answered.
 * @ICMPCTL_STATE_ENDED: nothing more will happen but the last events.
 */
enum icmpctl_state {
	ICMPCTL_STATE_RUNNING,
	ICMPCTL_STATE_WAITING,
	ICMPCTL_STATE_ENDED,
};

/**
 * enum icmpctl_reason - why a session ended
 * @ICMPCTL_REASON_NONE: it has not.
 * @ICMPCTL_REASON_COMPLETE: count probes were sent and each one's fate is known.
 * @ICMPCTL_REASON_DEADLINE: SESSION_A_DEADLINE_NS passed.
 * @ICMPCTL_REASON_STOPPED: SESSION_STOP.
 * @ICMPCTL_REASON_OWNER: the owner's socket was closed.
 * @ICMPCTL_REASON_NAMESPACE: the network namespace went away.
 * @ICMPCTL_REASON_UNLOAD: the module was unloaded.
 */
enum icmpctl_reason {
	ICMPCTL_REASON_NONE,
	ICMPCTL_REASON_COMPLETE,
	ICMPCTL_REASON_DEADLINE,
	ICMPCTL_REASON_STOPPED,
	ICMPCTL_REASON_OWNER,
	ICMPCTL_REASON_NAMESPACE,
	ICMPCTL_REASON_UNLOAD,
};

/**
 * enum icmpctl_session_attr - a session: what is asked for, and what is told
 * @ICMPCTL_SESSION_A_UNSPEC: not used.
 * @ICMPCTL_SESSION_A_ID: u32 <- START; -> STOP, GET; in every event. Unique in
 *	its namespace.
 * @ICMPCTL_SESSION_A_PAD: pad <-: aligns 64-bit values, to be skipped.
 * @ICMPCTL_SESSION_A_TARGET: nest of enum icmpctl_target_attr, once a target.
 *	-> START: with its TARGET_A_ADDRESS. <- STATS_EVENT, GET: with statistics.
 *	Targets are numbered from 0 in the order given.
 * @ICMPCTL_SESSION_A_KIND: u32 -> enum icmpctl_probe_kind. Default ECHO.
 * @ICMPCTL_SESSION_A_COUNT: u64 -> probes for each target, 0 for no end. Default 0.
 * @ICMPCTL_SESSION_A_REPLIES: u64 -> a target is finished when it has answered
 *	this often, 0 for never. Default 0.
 * @ICMPCTL_SESSION_A_INTERVAL_NS: u64 -> from one probe of a target to its
 *	next; targets are spread evenly over it. ICMPCTL_INTERVAL_MIN_NS to
 *	ICMPCTL_INTERVAL_MAX_NS, default 1 s.
 * @ICMPCTL_SESSION_A_TIMEOUT_NS: u64 -> a probe not answered after this is lost
 *	(RFC 6673); an answer after that is counted as late.
 *	ICMPCTL_TIMEOUT_MIN_NS to ICMPCTL_TIMEOUT_MAX_NS, default 10 s.
 * @ICMPCTL_SESSION_A_DEADLINE_NS: u64 -> the session ends this long after its
 *	start whatever was sent or answered, 0 for never. Default 0.
 * @ICMPCTL_SESSION_A_SIZE: u32 -> payload bytes after the ICMP or UDP header, 0 to
 *	ICMPCTL_SIZE_MAX_IPV4 or _IPV6, with UDP at least ICMPCTL_COOKIE_LEN. Default 56.
 *	All other kinds but ECHO have no payload: 0.
 * @ICMPCTL_SESSION_A_PATTERN: binary -> 1 to ICMPCTL_PATTERN_MAX bytes, repeated
 *	over the payload behind the cookie. Default: each byte its own offset
 *	in the payload, modulo 256.
 * @ICMPCTL_SESSION_A_TTL: u8 -> 1 to 255; default the route's.
 * @ICMPCTL_SESSION_A_TOS: u8 -> TOS or traffic class, 0 to 255. Default 0.
 * @ICMPCTL_SESSION_A_FLOW_LABEL: u32 -> IPv6 flow label, 0 to 0xfffff. Default 0.
 * @ICMPCTL_SESSION_A_PMTUDISC: u32 -> enum icmpctl_pmtudisc. Default WANT.
 * @ICMPCTL_SESSION_A_SOURCE: binary, 4 or 16 bytes -> source address, one of this
 *	namespace's own. Default the route's.
 * @ICMPCTL_SESSION_A_IFINDEX: u32 -> send by this interface. Default the route's.
 * @ICMPCTL_SESSION_A_MARK: u32 -> firewall mark of the probes. Default 0.
 * @ICMPCTL_SESSION_A_FLAGS: u32 -> set of ICMPCTL_SESSION_F_*. Default 0.
 * @ICMPCTL_SESSION_A_RECORDS: u32 -> records kept for a reader that is slow,
 *	ICMPCTL_RECORDS_MIN to ICMPCTL_RECORDS_MAX, rounded up to a power of
 *	two. Default 1024.
 * @ICMPCTL_SESSION_A_RECORD: binary <- PROBES_EVENT, MONITOR_RECORDS: one struct
 *	icmpctl_record.
 * @ICMPCTL_SESSION_A_RECORDS_DROPPED: u64 <-: records the reader was too slow for.
 * @ICMPCTL_SESSION_A_ICMP_ID: u16 <-: the identifier of the first 65,536 probes.
 * @ICMPCTL_SESSION_A_STARTED_NS: u64 <-: CLOCK_MONOTONIC at the start.
 * @ICMPCTL_SESSION_A_STARTED_UNIX_NS: u64 <-: CLOCK_REALTIME at that instant.
 * @ICMPCTL_SESSION_A_ELAPSED_NS: u64 <-: since the start, up to the end.
 * @ICMPCTL_SESSION_A_STATE: u32 <- enum icmpctl_state.
 * @ICMPCTL_SESSION_A_REASON: u32 <- enum icmpctl_reason.
 * @ICMPCTL_SESSION_A_OWNER_PORTID: u32 <-: the owner's netlink port.
 * @ICMPCTL_SESSION_A_OWNER_PID: u32 <-: the process that started it, as the
 *	reader's PID namespace numbers it; 0 if it is not seen from there.
 * @ICMPCTL_SESSION_A_OWNER_COMM: string <-: that process's name, 15 bytes at most.
 * @ICMPCTL_SESSION_A_TARGETS: u32 <-: how many targets it has.
 * @ICMPCTL_SESSION_A_TARGET_FIRST: u32 -> GET: first target to tell of.
 *	Default 0.
 * @ICMPCTL_SESSION_A_TIMESTAMPS: u32 -> enum icmpctl_timestamps. Default AUTO. Also <-.
 * @ICMPCTL_SESSION_A_HW_ERROR_NS: u64 <-: hw_tx_ns and hw_rx_ns of records are at most
 *	this far from CLOCK_MONOTONIC as things stand now; of several interfaces the
 *	worst. Absent while no interface's clock is known.
 * @ICMPCTL_SESSION_A_HW_DRIFT_PPB: s32 <-: how much faster that interface's clock runs
 *	than CLOCK_MONOTONIC, parts in 10^9; absent until it is known.
 * @ICMPCTL_SESSION_A_GAP_NS: u64 -> from a target's probe to that of the next one, in
 *	the same round; the rest of the interval nothing is sent.
 *	ICMPCTL_INTERVAL_MIN_NS to SESSION_A_INTERVAL_NS by the number of targets.
 *	Default: the targets are spread evenly over the interval.
 * @ICMPCTL_SESSION_A_SCHEDULE: u32 -> enum icmpctl_schedule, <-. Default PERIODIC.
 * @ICMPCTL_SESSION_A_SEED: u64 -> what the random gaps are drawn from, any number: the
 *	same seed, interval, count and number of targets make the same schedule. <-:
 *	the seed in use. With a POISSON schedule alone. Default random, below 2^32.
 * @ICMPCTL_SESSION_A_FLOW_BASE: u32 -> sessions with the same one and the same flow
 *	numbers have the same flows, checksum and label. Default: any number.
 * @ICMPCTL_SESSION_A_SEND_LATE_P50_NS: u64 <-: planned to handed over, median of the
 *	probes to all targets: one clockwork sends them. This and the next four are
 *	absent while nothing was sent; percentiles are within 1 % of the exact.
 * @ICMPCTL_SESSION_A_SEND_LATE_P90_NS: u64 <-: 90th percentile.
 * @ICMPCTL_SESSION_A_SEND_LATE_P99_NS: u64 <-: 99th percentile.
 * @ICMPCTL_SESSION_A_SEND_LATE_P999_NS: u64 <-: 99.9th percentile.
 * @ICMPCTL_SESSION_A_SEND_LATE_MAX_NS: u64 <-: greatest.
 * @ICMPCTL_SESSION_A_PORT: u16 -> destination port of UDP and TCP probes, 1 to 65535.
 *	Default 33434 for UDP, 80 for TCP.
 * @ICMPCTL_SESSION_A_SWEEP: nest of enum icmpctl_sweep_attr. -> START: the session is a
 *	sweep: it has no SESSION_A_TARGET, its addresses are fed to it with SWEEP_FEED, and
 *	each is asked until it answers or its tries are over. What it tells of targets
 *	is of all its IPv4 addresses (target 0) and of all its IPv6 ones (target 1).
 *	-> SWEEP_FEED. <- where a session is told of: of a sweep alone.
 * @ICMPCTL_SESSION_A_RANGE: binary, 8 or 32 bytes -> SWEEP_FEED: first and last address
 *	of a range, both asked; at most 2^40 addresses, and ICMPCTL_SWEEP_RANGES_MAX
 *	ranges in one request.
 * @ICMPCTL_SESSION_A_EXTENSION: binary <- PROBES_EVENT, with ICMPCTL_SESSION_F_EXTENSIONS:
 *	one struct icmpctl_extension, behind all records.
 * @ICMPCTL_SESSION_A_MONITOR: nest of enum icmpctl_monitor_attr, of a monitor alone. ->
 *	MONITOR_ADD, _DEL, _GET, _RESET, _RECORDS, <-.
 * @ICMPCTL_SESSION_A_PROBE: nest of enum icmpctl_probe_attr, once a kind of probe. -> START
 *	of a sweep, in place of SESSION_A_KIND and _PORT: an address is asked by all of them,
 *	one after the other in this order; at most ICMPCTL_PROBES_MAX.
 * @ICMPCTL_SESSION_A_QUERY_NAME: string -> which interface of the target extended echo
 *	requests ask about, 1 to ICMPCTL_QUERY_NAME_MAX bytes. Of this and the next two only
 *	one can be given.
 * @ICMPCTL_SESSION_A_QUERY_INDEX: u32 -> likewise: by its index there.
 * @ICMPCTL_SESSION_A_QUERY_ADDRESS: binary, 4 or 16 bytes -> likewise: by its address.
 * @ICMPCTL_SESSION_A_HW_RTT_ERROR_NS: u32 <-: RTTs between hardware stamps are off by so
 *	much at most, since the rates of the interfaces' clocks were not known better; that of
 *	the worst of them so far. Absent while there is none.
 */
enum icmpctl_session_attr {
	ICMPCTL_SESSION_A_UNSPEC,
	ICMPCTL_SESSION_A_ID,
	ICMPCTL_SESSION_A_PAD,
	ICMPCTL_SESSION_A_TARGET,
	ICMPCTL_SESSION_A_KIND,
	ICMPCTL_SESSION_A_COUNT,
	ICMPCTL_SESSION_A_REPLIES,
	ICMPCTL_SESSION_A_INTERVAL_NS,
	ICMPCTL_SESSION_A_TIMEOUT_NS,
	ICMPCTL_SESSION_A_DEADLINE_NS,
	ICMPCTL_SESSION_A_SIZE,
	ICMPCTL_SESSION_A_PATTERN,
	ICMPCTL_SESSION_A_TTL,
	ICMPCTL_SESSION_A_TOS,
	ICMPCTL_SESSION_A_FLOW_LABEL,
	ICMPCTL_SESSION_A_PMTUDISC,
	ICMPCTL_SESSION_A_SOURCE,
	ICMPCTL_SESSION_A_IFINDEX,
	ICMPCTL_SESSION_A_MARK,
	ICMPCTL_SESSION_A_FLAGS,
	ICMPCTL_SESSION_A_RECORDS,
	ICMPCTL_SESSION_A_RECORD,
	ICMPCTL_SESSION_A_RECORDS_DROPPED,
	ICMPCTL_SESSION_A_ICMP_ID,
	ICMPCTL_SESSION_A_STARTED_NS,
	ICMPCTL_SESSION_A_STARTED_UNIX_NS,
	ICMPCTL_SESSION_A_ELAPSED_NS,
	ICMPCTL_SESSION_A_STATE,
	ICMPCTL_SESSION_A_REASON,
	ICMPCTL_SESSION_A_OWNER_PORTID,
	ICMPCTL_SESSION_A_OWNER_PID,
	ICMPCTL_SESSION_A_OWNER_COMM,
	ICMPCTL_SESSION_A_TARGETS,
	ICMPCTL_SESSION_A_TARGET_FIRST,
	ICMPCTL_SESSION_A_TIMESTAMPS,
	ICMPCTL_SESSION_A_HW_ERROR_NS,
	ICMPCTL_SESSION_A_HW_DRIFT_PPB,
	ICMPCTL_SESSION_A_GAP_NS,
	ICMPCTL_SESSION_A_SCHEDULE,
	ICMPCTL_SESSION_A_SEED,
	ICMPCTL_SESSION_A_FLOW_BASE,
	ICMPCTL_SESSION_A_SEND_LATE_P50_NS,
	ICMPCTL_SESSION_A_SEND_LATE_P90_NS,
	ICMPCTL_SESSION_A_SEND_LATE_P99_NS,
	ICMPCTL_SESSION_A_SEND_LATE_P999_NS,
	ICMPCTL_SESSION_A_SEND_LATE_MAX_NS,
	ICMPCTL_SESSION_A_PORT,
	ICMPCTL_SESSION_A_SWEEP,
	ICMPCTL_SESSION_A_RANGE,
	ICMPCTL_SESSION_A_EXTENSION,
	ICMPCTL_SESSION_A_MONITOR,
	ICMPCTL_SESSION_A_PROBE,
	ICMPCTL_SESSION_A_QUERY_NAME,
	ICMPCTL_SESSION_A_QUERY_INDEX,
	ICMPCTL_SESSION_A_QUERY_ADDRESS,
	ICMPCTL_SESSION_A_HW_RTT_ERROR_NS,

	/* private: */
	__ICMPCTL_SESSION_A_MAX,
	ICMPCTL_SESSION_A_MAX = __ICMPCTL_SESSION_A_MAX - 1
};

/**
 * enum icmpctl_probe_attr - one kind of probe of a sweep
 * @ICMPCTL_PROBE_A_UNSPEC: not used.
 * @ICMPCTL_PROBE_A_KIND: u32 -> enum icmpctl_probe_kind. Default ECHO.
 * @ICMPCTL_PROBE_A_PORT: u16 -> UDP, TCP: destination port, 1 to 65535. Default as that of
 *	SESSION_A_PORT.
 */
enum icmpctl_probe_attr {
	ICMPCTL_PROBE_A_UNSPEC,
	ICMPCTL_PROBE_A_KIND,
	ICMPCTL_PROBE_A_PORT,

	/* private: */
	__ICMPCTL_PROBE_A_MAX,
	ICMPCTL_PROBE_A_MAX = __ICMPCTL_PROBE_A_MAX - 1
};

/* SWEEP_A_FLAGS, a set of: */

/*
 * A record as well for each address that is given up (ICMPCTL_STATUS_LOST), answered by
 * an ICMP error (ICMPCTL_STATUS_ERROR), or cannot be asked (ICMPCTL_STATUS_SEND_FAILED).
 * Without it there are records for those that are up (ICMPCTL_STATUS_REPLY, or
 * ICMPCTL_STATUS_LATE if they had been given up), and for those given up that have
 * answered ARP or neighbour discovery (ICMPCTL_RECORD_F_NEIGHBOUR).
 */
#define ICMPCTL_SWEEP_F_DOWN			_BITUL(0)
/*
 * Records of probes as any other session has them, beside those of addresses: one for each
 * probe that was lost, answered or could not be sent, and one for each answer that came
 * late, twice, or else. They have ICMPCTL_RECORD_F_TRY, and no more is told by them of an
 * address than what became of one probe to it.
 */
#define ICMPCTL_SWEEP_F_TRIES			_BITUL(1)

#define ICMPCTL_SWEEP_F_ALL			(_BITUL(2) - 1)

/**
 * enum icmpctl_sweep_attr - a sweep: what is asked for, and how far it is
 * @ICMPCTL_SWEEP_A_UNSPEC: not used.
 * @ICMPCTL_SWEEP_A_PAD: pad <-: aligns 64-bit values, to be skipped.
 * @ICMPCTL_SWEEP_A_RATE_PPS: u32 -> START: probes a second, 0 for all that
 *	INFO_A_MAX_RATE_PPS leaves. Default 1000. <-: what it may send.
 * @ICMPCTL_SWEEP_A_TRIES: u32 -> START: probes of each kind to an address until it answers,
 *	1 to ICMPCTL_SWEEP_TRIES_MAX, each after the timeout of the one before, and first
 *	one of every kind. Default 2. <-.
 * @ICMPCTL_SWEEP_A_SEED: u64 -> START: the addresses of each SWEEP_FEED are asked in an
 *	order that looks random; the same seed makes the same. Default random, below
 *	2^32. <-: the seed in use.
 * @ICMPCTL_SWEEP_A_SHARD: u32 -> START: number of this machine's part, from 0, less than
 *	SWEEP_A_SHARDS. Default 0.
 * @ICMPCTL_SWEEP_A_SHARDS: u32 -> START: into how many parts the addresses are divided.
 *	With the same seed, and the same addresses in the same requests, the parts are
 *	disjoint and together the whole. Default 1.
 * @ICMPCTL_SWEEP_A_PLACE: u64 -> START: begin with this place of the order. Default 0.
 *	<-: once it has ended: all places before it are done with.
 * @ICMPCTL_SWEEP_A_FLAGS: u32 -> START: set of ICMPCTL_SWEEP_F_*. Default 0.
 * @ICMPCTL_SWEEP_A_END: flag -> SWEEP_FEED: nothing more will be fed.
 * @ICMPCTL_SWEEP_A_FED: u64 <-: addresses fed, those of other parts included.
 * @ICMPCTL_SWEEP_A_HOSTS: u64 <-: addresses whose fate is known:
 *	UP + DOWN + ERRORS + NOT_SENT.
 * @ICMPCTL_SWEEP_A_UP: u64 <-: addresses that answered.
 * @ICMPCTL_SWEEP_A_DOWN: u64 <-: addresses that did not.
 * @ICMPCTL_SWEEP_A_ERRORS: u64 <-: addresses for which an ICMP error came instead.
 * @ICMPCTL_SWEEP_A_NOT_SENT: u64 <-: addresses that the local stack refuses to ask.
 * @ICMPCTL_SWEEP_A_NEIGHBOURS: u64 <-: of DOWN: those that have answered ARP or neighbour
 *	discovery.
 * @ICMPCTL_SWEEP_A_LATE: u64 <-: of UP: those that had been given up before.
 * @ICMPCTL_SWEEP_A_RETRIES: u64 <-: probes that were not the first to their address.
 * @ICMPCTL_SWEEP_A_PUSHED_BACK: u64 <-: probes that the local queue had no room for; sent
 *	again, and counted nowhere else.
 * @ICMPCTL_SWEEP_A_NEIGHBOUR_WAITS: u64 <-: how often it waited so as not to fill the
 *	table of neighbours.
 * @ICMPCTL_SWEEP_A_READER_WAITS: u64 <-: how often it waited for a slow reader.
 * @ICMPCTL_SWEEP_A_GROUPS: u64 <-: of UP: broadcast and multicast addresses that somebody
 *	answered.
 * @ICMPCTL_SWEEP_A_GROUP_ANSWERS: u64 <-: answers to those, each told by a record of its own.
 */
enum icmpctl_sweep_attr {
	ICMPCTL_SWEEP_A_UNSPEC,
	ICMPCTL_SWEEP_A_PAD,
	ICMPCTL_SWEEP_A_RATE_PPS,
	ICMPCTL_SWEEP_A_TRIES,
	ICMPCTL_SWEEP_A_SEED,
	ICMPCTL_SWEEP_A_SHARD,
	ICMPCTL_SWEEP_A_SHARDS,
	ICMPCTL_SWEEP_A_PLACE,
	ICMPCTL_SWEEP_A_FLAGS,
	ICMPCTL_SWEEP_A_END,
	ICMPCTL_SWEEP_A_FED,
	ICMPCTL_SWEEP_A_HOSTS,
	ICMPCTL_SWEEP_A_UP,
	ICMPCTL_SWEEP_A_DOWN,
	ICMPCTL_SWEEP_A_ERRORS,
	ICMPCTL_SWEEP_A_NOT_SENT,
	ICMPCTL_SWEEP_A_NEIGHBOURS,
	ICMPCTL_SWEEP_A_LATE,
	ICMPCTL_SWEEP_A_RETRIES,
	ICMPCTL_SWEEP_A_PUSHED_BACK,
	ICMPCTL_SWEEP_A_NEIGHBOUR_WAITS,
	ICMPCTL_SWEEP_A_READER_WAITS,
	ICMPCTL_SWEEP_A_GROUPS,
	ICMPCTL_SWEEP_A_GROUP_ANSWERS,

	/* private: */
	__ICMPCTL_SWEEP_A_MAX,
	ICMPCTL_SWEEP_A_MAX = __ICMPCTL_SWEEP_A_MAX - 1
};

/* MONITOR_A_FLAGS, a set of: */

/* The distribution of RTTs as well: STATS_A_RTT_BUCKET. */
#define ICMPCTL_MONITOR_F_HISTOGRAM		_BITUL(0)

/* Whether it would be added, were there none of its name: nothing is. */
#define ICMPCTL_MONITOR_F_CHECK			_BITUL(1)

#define ICMPCTL_MONITOR_F_ALL			(_BITUL(2) - 1)

/**
 * enum icmpctl_monitor_attr - a monitor: what is asked for, and what is told
 * @ICMPCTL_MONITOR_A_UNSPEC: not used.
 * @ICMPCTL_MONITOR_A_PAD: pad <-: aligns 64-bit values, to be skipped.
 * @ICMPCTL_MONITOR_A_NAME: string -> all, <-: unique in its namespace. 1 to
 *	ICMPCTL_MONITOR_NAME_MAX letters, digits, and any of - . _ : @ + / =, the first
 *	a letter or a digit.
 * @ICMPCTL_MONITOR_A_OPTIONS: string -> ADD, <-: as it was given, for whom it concerns;
 *	at most ICMPCTL_MONITOR_OPTIONS_MAX bytes.
 * @ICMPCTL_MONITOR_A_FLAGS: u32 -> GET: 0 or ICMPCTL_MONITOR_F_HISTOGRAM; ADD: 0 or
 *	ICMPCTL_MONITOR_F_CHECK, after which there is an ACK alone. Default 0.
 * @ICMPCTL_MONITOR_A_PATH_END: u32 <-: with ICMPCTL_SESSION_F_PATH: how many of its targets
 *	lie on the path as it is known now; those behind are not told of.
 * @ICMPCTL_MONITOR_A_MEMORY_BYTES: u64 <-: memory set aside for it: the most it can take.
 *	With one target and a timeout of at most 5 intervals that is 8 KiB at most, without
 *	KEEP_BYTES, and without the 3 KiB a target that its first RESET takes.
 * @ICMPCTL_MONITOR_A_KEEP: u32 -> ADD, <-: so many of the last probes of each target are kept
 *	for MONITOR_RECORDS, 0 to ICMPCTL_MONITOR_KEEP_MAX, default
 *	ICMPCTL_MONITOR_KEEP_DEFAULT. A probe is kept once, when it is known what became of
 *	it: ICMPCTL_STATUS_REPLY, _ERROR, _LOST or _SEND_FAILED.
 * @ICMPCTL_MONITOR_A_KEEP_BYTES: u64 <-: memory of those, within MEMORY_BYTES.
 * @ICMPCTL_MONITOR_A_LAST: u32 -> RECORDS: how many of each target. Default all that are
 *	kept.
 * @ICMPCTL_MONITOR_A_RESET_NS: u64 <-: CLOCK_MONOTONIC at the last RESET; absent if there was
 *	none, as the next.
 * @ICMPCTL_MONITOR_A_RESET_UNIX_NS: u64 <-: CLOCK_REALTIME at that instant.
 */
enum icmpctl_monitor_attr {
	ICMPCTL_MONITOR_A_UNSPEC,
	ICMPCTL_MONITOR_A_PAD,
	ICMPCTL_MONITOR_A_NAME,
	ICMPCTL_MONITOR_A_OPTIONS,
	ICMPCTL_MONITOR_A_FLAGS,
	ICMPCTL_MONITOR_A_PATH_END,
	ICMPCTL_MONITOR_A_MEMORY_BYTES,
	ICMPCTL_MONITOR_A_KEEP,
	ICMPCTL_MONITOR_A_KEEP_BYTES,
	ICMPCTL_MONITOR_A_LAST,
	ICMPCTL_MONITOR_A_RESET_NS,
	ICMPCTL_MONITOR_A_RESET_UNIX_NS,

	/* private: */
	__ICMPCTL_MONITOR_A_MAX,
	ICMPCTL_MONITOR_A_MAX = __ICMPCTL_MONITOR_A_MAX - 1
};

/**
 * enum icmpctl_target_attr - one target of a session: an address, and how to probe it
 * @ICMPCTL_TARGET_A_UNSPEC: not used.
 * @ICMPCTL_TARGET_A_ADDRESS: binary, 4 or 16 bytes, -> START, <-.
 * @ICMPCTL_TARGET_A_IFINDEX: u32 -> START: scope of a link-local address; the
 *	probes to it leave by this interface. Default SESSION_A_IFINDEX.
 * @ICMPCTL_TARGET_A_INDEX: u32 <-: number of the target, from 0.
 * @ICMPCTL_TARGET_A_STATS: nest of enum icmpctl_stats_attr <-.
 * @ICMPCTL_TARGET_A_TTL: u8 -> START: 1 to 255, default SESSION_A_TTL. <-: if either
 *	was given.
 * @ICMPCTL_TARGET_A_FLOW: u32 -> START: number of a flow, 0 to
 *	ICMPCTL_FLOW_MAX. Probes of one flow have the same ICMP checksum (UDP, TCP:
 *	source port) and, with IPv6 and no SESSION_A_FLOW_LABEL, the same flow label
 *	of their own, so that routers which balance by those send them all one way;
 *	other flows have others. SESSION_A_SIZE must be ICMPCTL_COOKIE_LEN at least, but
 *	with TCP. A session may have ICMPCTL_PORTS_MAX flows of UDP or TCP.
 *	Default: not steady. <-: if given.
 * @ICMPCTL_TARGET_A_SIZE: u32 -> START: payload bytes, as SESSION_A_SIZE, which is
 *	the default. <-.
 * @ICMPCTL_TARGET_A_NAME: string -> MONITOR_ADD: what its user calls it, at most
 *	ICMPCTL_TARGET_NAME_MAX bytes. <-: if given.
 * @ICMPCTL_TARGET_A_ANSWERED_BY: binary, 4 or 16 bytes, <- of a monitor: who answered
 *	last, be it the target or a hop on the way. Absent while nobody has.
 */
enum icmpctl_target_attr {
	ICMPCTL_TARGET_A_UNSPEC,
	ICMPCTL_TARGET_A_ADDRESS,
	ICMPCTL_TARGET_A_IFINDEX,
	ICMPCTL_TARGET_A_INDEX,
	ICMPCTL_TARGET_A_STATS,
	ICMPCTL_TARGET_A_TTL,
	ICMPCTL_TARGET_A_FLOW,
	ICMPCTL_TARGET_A_SIZE,
	ICMPCTL_TARGET_A_NAME,
	ICMPCTL_TARGET_A_ANSWERED_BY,

	/* private: */
	__ICMPCTL_TARGET_A_MAX,
	ICMPCTL_TARGET_A_MAX = __ICMPCTL_TARGET_A_MAX - 1
};

/**
 * enum icmpctl_stats_attr - what became of the probes to one target, u64 <- but where
 * another type is given
 * @ICMPCTL_STATS_A_UNSPEC: not used.
 * @ICMPCTL_STATS_A_PAD: pad: aligns 64-bit values, to be skipped.
 * @ICMPCTL_STATS_A_SENT: handed to the stack, without those that failed to be sent: what may
 *	still fail is not counted yet, and the number never falls.
 *	sent = received + errors + lost + outstanding, always.
 * @ICMPCTL_STATS_A_SEND_FAILED: refused by the local stack; nothing left.
 * @ICMPCTL_STATS_A_RECEIVED: answered by a reply in time, ICMPCTL_STATUS_REPLY.
 * @ICMPCTL_STATS_A_ERRORS: answered by an ICMP error.
 * @ICMPCTL_STATS_A_LOST: not answered within the timeout. Of a monitor with
 *	ICMPCTL_SESSION_F_PATH also those that this host itself answered for by an ICMP error,
 *	since no hop has: their CAUSE tells why.
 * @ICMPCTL_STATS_A_OUTSTANDING: not answered, and their timeout not yet over.
 * @ICMPCTL_STATS_A_LATE: answers after the timeout (their probes stay lost).
 * @ICMPCTL_STATS_A_DUPLICATES: further answers to an answered probe.
 * @ICMPCTL_STATS_A_REDIRECTS: ICMP redirects that quote our probe.
 * @ICMPCTL_STATS_A_FORGED: answers with our identifier and a wrong cookie, or that
 *	quote a probe we did not send.
 * @ICMPCTL_STATS_A_BAD_CHECKSUM: answers with a wrong ICMP checksum.
 * @ICMPCTL_STATS_A_CORRUPT: answers whose payload was changed or cut; the RTT
 *	counts, and they are counted in RECEIVED as well.
 * @ICMPCTL_STATS_A_OTHER_ADDRESS: answers with the right cookie from an address
 *	that was not asked; they do not answer the probe.
 * @ICMPCTL_STATS_A_RTT_MIN_NS: least RTT; this and all that follow are absent
 *	while nothing was received (RFC 2681: a lost probe has no delay). With
 *	ICMPCTL_SESSION_F_PATH the RTTs are those of ERRORS as well.
 * @ICMPCTL_STATS_A_RTT_MEAN_NS: arithmetic mean.
 * @ICMPCTL_STATS_A_RTT_MAX_NS: greatest RTT.
 * @ICMPCTL_STATS_A_RTT_STDDEV_NS: standard deviation (of the population).
 * @ICMPCTL_STATS_A_RTT_EWMA_NS: moving average, weight 1/8, as ping's.
 * @ICMPCTL_STATS_A_RTT_P50_NS: median; percentiles are within 1 % of the exact.
 * @ICMPCTL_STATS_A_RTT_P90_NS: 90th percentile.
 * @ICMPCTL_STATS_A_RTT_P99_NS: 99th percentile.
 * @ICMPCTL_STATS_A_RTT_P999_NS: 99.9th percentile.
 * @ICMPCTL_STATS_A_JITTER_NS: interarrival jitter of RFC 3550, on RTTs.
 * @ICMPCTL_STATS_A_IPDV_MEAN_NS: mean of the absolute differences of the RTTs of
 *	probes that were sent one after the other and both answered, in whatever
 *	order (RFC 3393); absent without such a pair.
 * @ICMPCTL_STATS_A_IPDV_MAX_NS: greatest of those; likewise.
 * @ICMPCTL_STATS_A_SEND_LATE_MEAN_NS: planned to handed over, mean of all sent.
 * @ICMPCTL_STATS_A_SEND_LATE_MAX_NS: greatest of those.
 * @ICMPCTL_STATS_A_TX_DRIVER: RTTs that start at a driver's stamp.
 * @ICMPCTL_STATS_A_RX_STACK: RTTs that end at the stack's stamp.
 * @ICMPCTL_STATS_A_SKIPPED: places in the schedule left out after a stall.
 * @ICMPCTL_STATS_A_TX_HARDWARE: RTTs that start at a hardware stamp.
 * @ICMPCTL_STATS_A_RX_HARDWARE: RTTs that end at a hardware stamp.
 * @ICMPCTL_STATS_A_FALLBACKS: RTTs with ICMPCTL_RECORD_F_FALLBACK.
 * @ICMPCTL_STATS_A_SUSPENDED: probes answered or lost with
 *	ICMPCTL_RECORD_F_SUSPENDED. The RTTs of such are in no other figure.
 * @ICMPCTL_STATS_A_IPDV_PAIRS: pairs that IPDV_* is made of; absent without any, as
 *	the next two.
 * @ICMPCTL_STATS_A_IPDV_SIGNED_MIN_NS: s64: least difference, RTT of the later probe
 *	less that of the earlier: negative where a delay went down.
 * @ICMPCTL_STATS_A_IPDV_SIGNED_MAX_NS: s64: greatest of those.
 * @ICMPCTL_STATS_A_LOSS_EPISODES: loss periods (RFC 3357): stretches of probes in
 *	the order of sending to which no reply came in time. An ICMP error is no
 *	reply, but with ICMPCTL_SESSION_F_PATH an answer. This and the next five
 *	know all probes before the oldest that is outstanding.
 * @ICMPCTL_STATS_A_LOSS_RUN_SUM: probes in all loss periods; by LOSS_EPISODES: the
 *	mean length.
 * @ICMPCTL_STATS_A_LOSS_RUN_MAX: probes in the longest; 0 without any.
 * @ICMPCTL_STATS_A_LOSS_GAP_MIN: least distance from the last probe of a loss period
 *	to the first of the next, in probes: 2 if one was answered between. Absent
 *	below two periods, as the next.
 * @ICMPCTL_STATS_A_LOSS_GAP_SUM: sum of those; by LOSS_EPISODES less one: the mean.
 * @ICMPCTL_STATS_A_ANSWERED_RUN_MAX: probes in the longest stretch without loss.
 * @ICMPCTL_STATS_A_REORDERED: replies in time that came behind one to a later probe
 *	(RFC 4737); by RECEIVED: the ratio.
 * @ICMPCTL_STATS_A_REORDERING_EXTENT_MAX: greatest extent of those, in replies: how
 *	many came since the first one to a later probe, that one included. Exact up
 *	to 32, above it possibly too small. Absent if none is reordered.
 * @ICMPCTL_STATS_A_DUPLICATE_PROBES: probes to which a reply came in time and then
 *	one more (RFC 5560); by RECEIVED: the ratio.
 * @ICMPCTL_STATS_A_LAST_MINUTE: nest of this enum: what happened lately, of SPAN_NS:
 *	SENT, SEND_FAILED, RECEIVED, ERRORS, LOST, LATE, DUPLICATES, REORDERED, each
 *	when it happened, and RTT_MIN_NS, _MEAN_NS, _MAX_NS, _STDDEV_NS. Absent
 *	while nothing was sent.
 * @ICMPCTL_STATS_A_SPAN_NS: in LAST_MINUTE and LAST_HOUR: how long before the present
 *	(before the end of the session) it begins: 55 to 60 s, or 55 to 60 minutes, or
 *	since the first probe.
 * @ICMPCTL_STATS_A_CAUSE_SILENCE: probes with ICMPCTL_CAUSE_SILENCE. Of this and all
 *	CAUSE counters: the sum is lost + send-failed + errors, always; with
 *	ICMPCTL_SESSION_F_PATH without the errors that are time exceeded, which is what hops
 *	answer by and has no cause.
 * @ICMPCTL_STATS_A_CAUSE_NO_ROUTE: likewise.
 * @ICMPCTL_STATS_A_CAUSE_NEIGHBOUR: likewise.
 * @ICMPCTL_STATS_A_CAUSE_QUEUE: likewise.
 * @ICMPCTL_STATS_A_CAUSE_FILTERED_OUT: likewise.
 * @ICMPCTL_STATS_A_CAUSE_LINK_DOWN: likewise.
 * @ICMPCTL_STATS_A_CAUSE_FILTERED_IN: likewise.
 * @ICMPCTL_STATS_A_CAUSE_REFUSED: likewise.
 * @ICMPCTL_STATS_A_CAUSE_REPORTED: likewise.
 * @ICMPCTL_STATS_A_RTT_COUNT: RTTs that the figures are made of.
 * @ICMPCTL_STATS_A_RTT_SUM_NS: their sum; it stays at the greatest there is, in 584 years.
 * @ICMPCTL_STATS_A_RTT_BUCKET: binary: one struct icmpctl_rtt_bucket, once for each that is
 *	not empty, in ascending order. Of a monitor, with ICMPCTL_MONITOR_F_HISTOGRAM.
 * @ICMPCTL_STATS_A_LAST_HOUR: nest of this enum, of a monitor: as LAST_MINUTE.
 * @ICMPCTL_STATS_A_SINCE_RESET: nest of this enum, of a monitor that was reset: all of this
 *	of the probes sent since, but LAST_MINUTE, LAST_HOUR and RTT_BUCKET.
 */
enum icmpctl_stats_attr {
	ICMPCTL_STATS_A_UNSPEC,
	ICMPCTL_STATS_A_PAD,
	ICMPCTL_STATS_A_SENT,
	ICMPCTL_STATS_A_SEND_FAILED,
	ICMPCTL_STATS_A_RECEIVED,
	ICMPCTL_STATS_A_ERRORS,
	ICMPCTL_STATS_A_LOST,
	ICMPCTL_STATS_A_OUTSTANDING,
	ICMPCTL_STATS_A_LATE,
	ICMPCTL_STATS_A_DUPLICATES,
	ICMPCTL_STATS_A_REDIRECTS,
	ICMPCTL_STATS_A_FORGED,
	ICMPCTL_STATS_A_BAD_CHECKSUM,
	ICMPCTL_STATS_A_CORRUPT,
	ICMPCTL_STATS_A_OTHER_ADDRESS,
	ICMPCTL_STATS_A_RTT_MIN_NS,
	ICMPCTL_STATS_A_RTT_MEAN_NS,
	ICMPCTL_STATS_A_RTT_MAX_NS,
	ICMPCTL_STATS_A_RTT_STDDEV_NS,
	ICMPCTL_STATS_A_RTT_EWMA_NS,
	ICMPCTL_STATS_A_RTT_P50_NS,
	ICMPCTL_STATS_A_RTT_P90_NS,
	ICMPCTL_STATS_A_RTT_P99_NS,
	ICMPCTL_STATS_A_RTT_P999_NS,
	ICMPCTL_STATS_A_JITTER_NS,
	ICMPCTL_STATS_A_IPDV_MEAN_NS,
	ICMPCTL_STATS_A_IPDV_MAX_NS,
	ICMPCTL_STATS_A_SEND_LATE_MEAN_NS,
	ICMPCTL_STATS_A_SEND_LATE_MAX_NS,
	ICMPCTL_STATS_A_TX_DRIVER,
	ICMPCTL_STATS_A_RX_STACK,
	ICMPCTL_STATS_A_SKIPPED,
	ICMPCTL_STATS_A_TX_HARDWARE,
	ICMPCTL_STATS_A_RX_HARDWARE,
	ICMPCTL_STATS_A_FALLBACKS,
	ICMPCTL_STATS_A_SUSPENDED,
	ICMPCTL_STATS_A_IPDV_PAIRS,
	ICMPCTL_STATS_A_IPDV_SIGNED_MIN_NS,
	ICMPCTL_STATS_A_IPDV_SIGNED_MAX_NS,
	ICMPCTL_STATS_A_LOSS_EPISODES,
	ICMPCTL_STATS_A_LOSS_RUN_SUM,
	ICMPCTL_STATS_A_LOSS_RUN_MAX,
	ICMPCTL_STATS_A_LOSS_GAP_MIN,
	ICMPCTL_STATS_A_LOSS_GAP_SUM,
	ICMPCTL_STATS_A_ANSWERED_RUN_MAX,
	ICMPCTL_STATS_A_REORDERED,
	ICMPCTL_STATS_A_REORDERING_EXTENT_MAX,
	ICMPCTL_STATS_A_DUPLICATE_PROBES,
	ICMPCTL_STATS_A_LAST_MINUTE,
	ICMPCTL_STATS_A_SPAN_NS,
	ICMPCTL_STATS_A_CAUSE_SILENCE,
	ICMPCTL_STATS_A_CAUSE_NO_ROUTE,
	ICMPCTL_STATS_A_CAUSE_NEIGHBOUR,
	ICMPCTL_STATS_A_CAUSE_QUEUE,
	ICMPCTL_STATS_A_CAUSE_FILTERED_OUT,
	ICMPCTL_STATS_A_CAUSE_LINK_DOWN,
	ICMPCTL_STATS_A_CAUSE_FILTERED_IN,
	ICMPCTL_STATS_A_CAUSE_REFUSED,
	ICMPCTL_STATS_A_CAUSE_REPORTED,
	ICMPCTL_STATS_A_RTT_COUNT,
	ICMPCTL_STATS_A_RTT_SUM_NS,
	ICMPCTL_STATS_A_RTT_BUCKET,
	ICMPCTL_STATS_A_LAST_HOUR,
	ICMPCTL_STATS_A_SINCE_RESET,

	/* private: */
	__ICMPCTL_STATS_A_MAX,
	ICMPCTL_STATS_A_MAX = __ICMPCTL_STATS_A_MAX - 1
};

/**
 * struct icmpctl_rtt_bucket - how many RTTs lie within certain bounds
 * @first: number of the bucket: its RTTs are icmpctl_rtt_bucket_ns(first) ns or more.
 * @span: and less than icmpctl_rtt_bucket_ns(first + span) ns.
 * @count: so many; of a bucket with 2^32 - 1, so many at least.
 *
 * RTTs that are in no bucket, for want of memory: STATS_A_RTT_COUNT less all counts.
 */
struct icmpctl_rtt_bucket {
	__u16 first;
	__u16 span;
	__u32 count;
};

/* Each octave of nanoseconds has 64 buckets, and below 64 ns each nanosecond one. */
static inline __u64 icmpctl_rtt_bucket_ns(__u32 n)
{
	return n < 64 ? n : (__u64)(64 + n % 64) << (n / 64 - 1);
}

/* The last one has no upper bound. */
#define ICMPCTL_RTT_BUCKETS	2240

/**
 * enum icmpctl_status - what a record tells of a probe
 * @ICMPCTL_STATUS_SENT: handed over (with ICMPCTL_SESSION_F_REPORT_SENT).
 * @ICMPCTL_STATUS_REPLY: answered by the target in time, as enum icmpctl_probe_kind
 *	says.
 * @ICMPCTL_STATUS_ERROR: answered by an ICMP error: icmp_type, icmp_code, info.
 * @ICMPCTL_STATUS_LOST: not answered within the timeout.
 * @ICMPCTL_STATUS_SEND_FAILED: not sent: error or xmit_code says why.
 * @ICMPCTL_STATUS_LATE: an answer after LOST was told.
 * @ICMPCTL_STATUS_DUPLICATE: one more answer.
 * @ICMPCTL_STATUS_REDIRECT: a router knows a better way; the probe goes on.
 * @ICMPCTL_STATUS_FORGED: not an answer to us, though it looks like one.
 * @ICMPCTL_STATUS_BAD_CHECKSUM: an answer with a wrong checksum.
 * @ICMPCTL_STATUS_OTHER_ADDRESS: our probe's answer from an address not asked.
 */
enum icmpctl_status {
	ICMPCTL_STATUS_SENT,
	ICMPCTL_STATUS_REPLY,
	ICMPCTL_STATUS_ERROR,
	ICMPCTL_STATUS_LOST,
	ICMPCTL_STATUS_SEND_FAILED,
	ICMPCTL_STATUS_LATE,
	ICMPCTL_STATUS_DUPLICATE,
	ICMPCTL_STATUS_REDIRECT,
	ICMPCTL_STATUS_FORGED,
	ICMPCTL_STATUS_BAD_CHECKSUM,
	ICMPCTL_STATUS_OTHER_ADDRESS,
};

/**
 * enum icmpctl_cause - why a probe got no reply, as far as the sending host can know
 * @ICMPCTL_CAUSE_NONE: it did, its hop answered with a time exceeded, or its fate is not yet known.
 * @ICMPCTL_CAUSE_SILENCE: lost, and nothing is known of where.
 * @ICMPCTL_CAUSE_NO_ROUTE: there was no route to the target.
 * @ICMPCTL_CAUSE_NEIGHBOUR: the next hop does not answer ARP or neighbour solicitations.
 * @ICMPCTL_CAUSE_QUEUE: dropped by the local queue or driver, or still waiting there.
 * @ICMPCTL_CAUSE_FILTERED_OUT: a local firewall dropped or rejected it on the way out.
 * @ICMPCTL_CAUSE_LINK_DOWN: the interface it was to leave by was down or without a carrier.
 * @ICMPCTL_CAUSE_FILTERED_IN: its reply came, and this host dropped it: a firewall, or the
 *	reverse path filter.
 * @ICMPCTL_CAUSE_REFUSED: the local stack refused it for another reason: the error in the record.
 * @ICMPCTL_CAUSE_REPORTED: answered by an ICMP error of another host, from in the record.
 *
 * LOST: SILENCE, NEIGHBOUR, QUEUE, LINK_DOWN or FILTERED_IN. SEND_FAILED: NO_ROUTE,
 * QUEUE, FILTERED_OUT, LINK_DOWN or REFUSED. ERROR: REPORTED, or, from an address of
 * this host, NO_ROUTE, NEIGHBOUR, FILTERED_OUT, LINK_DOWN, and REPORTED for the rest.
 */
enum icmpctl_cause {
	ICMPCTL_CAUSE_NONE,
	ICMPCTL_CAUSE_SILENCE,
	ICMPCTL_CAUSE_NO_ROUTE,
	ICMPCTL_CAUSE_NEIGHBOUR,
	ICMPCTL_CAUSE_QUEUE,
	ICMPCTL_CAUSE_FILTERED_OUT,
	ICMPCTL_CAUSE_LINK_DOWN,
	ICMPCTL_CAUSE_FILTERED_IN,
	ICMPCTL_CAUSE_REFUSED,
	ICMPCTL_CAUSE_REPORTED,
};

/**
 * enum icmpctl_source - where a stamp was taken
 * @ICMPCTL_SOURCE_NONE: there is none.
 * @ICMPCTL_SOURCE_HOOK: by the module: before ip_local_out(), in LOCAL_IN.
 * @ICMPCTL_SOURCE_DRIVER: TX: by the driver, as it gave the frame to the device.
 * @ICMPCTL_SOURCE_STACK: RX: on arrival at the stack, before RPS and IP.
 * @ICMPCTL_SOURCE_HARDWARE: by the network interface itself.
 */
enum icmpctl_source {
	ICMPCTL_SOURCE_NONE,
	ICMPCTL_SOURCE_HOOK,
	ICMPCTL_SOURCE_DRIVER,
	ICMPCTL_SOURCE_STACK,
	ICMPCTL_SOURCE_HARDWARE,
};

/**
 * enum icmpctl_extension_state - what an ICMP error has behind the packet it quotes
 * @ICMPCTL_EXTENSION_NONE: nothing, or it was not asked for.
 * @ICMPCTL_EXTENSION_GOOD: objects, told as struct icmpctl_extension.
 * @ICMPCTL_EXTENSION_CUT: the message ends within it.
 * @ICMPCTL_EXTENSION_BAD_VERSION: its version is not 2.
 * @ICMPCTL_EXTENSION_BAD_CHECKSUM: its checksum is wrong.
 * @ICMPCTL_EXTENSION_BAD_LENGTH: an object's length is less than that of its header, or no
 *	multiple of 4.
 * @ICMPCTL_EXTENSION_BAD_OBJECT: a label stack or an interface is not built as RFC 4950
 *	or RFC 5837 say.
 * @ICMPCTL_EXTENSION_TOO_LONG: more than ICMPCTL_EXTENSION_MAX bytes of objects.
 */
enum icmpctl_extension_state {
	ICMPCTL_EXTENSION_NONE,
	ICMPCTL_EXTENSION_GOOD,
	ICMPCTL_EXTENSION_CUT,
	ICMPCTL_EXTENSION_BAD_VERSION,
	ICMPCTL_EXTENSION_BAD_CHECKSUM,
	ICMPCTL_EXTENSION_BAD_LENGTH,
	ICMPCTL_EXTENSION_BAD_OBJECT,
	ICMPCTL_EXTENSION_TOO_LONG,
};

/**
 * struct icmpctl_extension - the objects of an ICMP extension (RFC 4884)
 * @record: of which record of the same message, from 0.
 * @len: bytes of @objects in use.
 * @reserved: 0.
 * @objects: as they came, checked: each a length in bytes, itself included (two bytes,
 *	big-endian), a class, a type, and what these say.
 */
struct icmpctl_extension {
	__u32 record;
	__u16 len;
	__u16 reserved;
	__u8 objects[ICMPCTL_EXTENSION_MAX];
};

/* icmpctl_record.flags */

/* The payload came back changed: @info is the offset of the first such byte. */
#define ICMPCTL_RECORD_F_CHANGED	_BITUL(0)
/* The payload came back shorter or longer than it was sent. */
#define ICMPCTL_RECORD_F_LENGTH		_BITUL(1)
/*
 * The answer came to a broadcast or multicast probe. In a sweep each of them is told, as
 * ICMPCTL_STATUS_REPLY: @from is who is up, @to the address asked.
 */
#define ICMPCTL_RECORD_F_GROUP		_BITUL(2)
/*
 * The machine was suspended while the probe was on its way, for which CLOCK_MONOTONIC
 * stands still: rtt_ns is too short by that, and not in the statistics.
 */
#define ICMPCTL_RECORD_F_SUSPENDED	_BITUL(3)
/*
 * The RTT rests on lesser stamps than were asked for by name, or than this target had
 * before: one did not come in time, or could not be right.
 */
#define ICMPCTL_RECORD_F_FALLBACK	_BITUL(4)
/*
 * UDP: a datagram that several probes waited for and that does not tell which of them it
 * answers: the last one is taken, without an RTT.
 */
#define ICMPCTL_RECORD_F_AMBIGUOUS	_BITUL(5)
/*
 * In a sweep: the address is on a link of this host, and has answered ARP or neighbour
 * discovery since the sweep began, but no probe.
 */
#define ICMPCTL_RECORD_F_NEIGHBOUR	_BITUL(6)
/* In a sweep: of one probe, not of the address: see ICMPCTL_SWEEP_F_TRIES. */
#define ICMPCTL_RECORD_F_TRY		_BITUL(7)

/**
 * struct icmpctl_record - one thing that happened to one probe
 * @seq: number of the probe among its target's, from 1; in a sweep: of the try.
 * @planned_ns: when it was to be sent.
 * @handed_ns: just before it was given to the IP stack.
 * @driver_ns: the driver's stamp; 0 without one.
 * @stack_ns: the answer's arrival at the stack; 0 if not stamped.
 * @hook_ns: the answer in the module's hook, or when LOST was decided.
 * @rtt_ns: the RTT, between the best stamps there are; only valid if @tx_source
 *	and @rx_source are set.
 * @target: number of the target, from 0.
 * @bytes: SENT, SEND_FAILED: bytes behind the IP header (ICMP, UDP or TCP header and
 *	payload) of the probe. Else: of the answer.
 * @info: ERROR: next-hop MTU in bytes (packet too big, fragmentation needed),
 *	offset in bytes (parameter problem). SEND_FAILED with EMSGSIZE: largest IP
 *	packet that may be sent. With ICMPCTL_RECORD_F_CHANGED:
 *	offset in the payload. REPLY and what else is one: TIMESTAMP: the receive timestamp;
 *	MASK: the address mask, as a number; EXTENDED: the last byte of the header, state
 *	and flags (RFC 8335, 3). Else 0.
 * @error: SEND_FAILED: positive errno, 0 if @xmit_code says it.
 * @wire_id: ICMP identifier, as a number; UDP, TCP: source port of the probe.
 * @wire_seq: ICMP sequence number, as a number (EXTENDED: of 8 bits); UDP: checksum; TCP:
 *	the lower 15 bits of the sequence number.
 * @status: enum icmpctl_status.
 * @tx_source: enum icmpctl_source of the stamp the RTT starts at.
 * @rx_source: enum icmpctl_source of the stamp the RTT ends at.
 * @family: 4 or 6.
 * @ttl_sent: TTL or hop limit of the probe; 0 if not known.
 * @ttl: of the answer.
 * @tos: TOS or traffic class of the answer.
 * @icmp_type: of the answer; 0 if it is not ICMP.
 * @icmp_code: of the answer; likewise.
 * @xmit_code: SEND_FAILED: NET_XMIT_DROP (1) or 0.
 * @flags: set of ICMPCTL_RECORD_F_*.
 * @from: who answered; an IPv4 address in the first four bytes.
 * @gateway: REDIRECT: the better router; likewise.
 * @hw_tx_ns: when the probe left the interface by the interface's own stamp, on
 *	CLOCK_MONOTONIC as well as SESSION_A_HW_ERROR_NS says; 0 unless both
 *	hardware stamps came in time and fit the others.
 * @hw_rx_ns: when the answer came to that interface; likewise. Both are off by the
 *	same: the difference is exact.
 * @cause: LOST, SEND_FAILED, ERROR: enum icmpctl_cause.
 * @kind: enum icmpctl_probe_kind.
 * @tcp_flags: of a TCP segment that answered: SYN 0x02, RST 0x04, ACK 0x10. Else 0.
 * @extension: enum icmpctl_extension_state of the ICMP error that answered.
 * @info2: REPLY and what else is one: TIMESTAMP: the transmit timestamp. Timestamps are
 *	milliseconds since midnight UT, or anything else if the high bit is set. Else 0.
 * @to: in a sweep: the address asked; an IPv4 address in the first four bytes. Else 0.
 *
 * A later version may append members: use as many bytes as came.
 */
struct icmpctl_record {
	__u64 seq;
	__u64 planned_ns;
	__u64 handed_ns;
	__u64 driver_ns;
	__u64 stack_ns;
	__u64 hook_ns;
	__u64 rtt_ns;
	__u32 target;
	__u32 bytes;
	__u32 info;
	__u32 error;
	__u16 wire_id;
	__u16 wire_seq;
	__u8 status;
	__u8 tx_source;
	__u8 rx_source;
	__u8 family;
	__u8 ttl_sent;
	__u8 ttl;
	__u8 tos;
	__u8 icmp_type;
	__u8 icmp_code;
	__u8 xmit_code;
	__u16 flags;
	__u8 from[16];
	__u8 gateway[16];
	__u64 hw_tx_ns;
	__u64 hw_rx_ns;
	__u8 cause;
	__u8 kind;
	__u8 tcp_flags;
	__u8 extension;
	__u32 info2;
	__u8 to[16];
};

#endif /* _UAPI_LINUX_ICMPCTL_H */
