# shellcheck shell=bash
# Two hosts on the wire of tests/wire, whose truth is known:
#
#      a ───────────── wire ───────────── b
#     w0   192.0.2.1          192.0.2.2   w1
#          2001:db8::1      2001:db8::2
#
# Source it in a test, behind tests/system/lib.sh. The neighbours are known and
# stay known, so that the wire carries what is measured and nothing else.
#
# The guest's clock jumps over whatever nobody computes in, so it runs ahead by minutes
# while a file is read from the host: a time-out here only ends what hangs.

WIRE=/sys/kernel/debug/icmpctl_wire
EXACT=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
WORK=$(mktemp -d)

# wire_require: the clock counts instructions, or there is nothing to measure.
wire_require()
{
	[[ ${LAB_MODE-} == exact ]] && return
	skip "$1" "the clock of this guest is not exact (tests/lab/run --exact)"
	exit 0
}

# wire_up DELAY_NS: the two hosts, with so much delay each way.
wire_up()
{
	local node dev other mac

	insmod "$EXACT/../wire/icmpctl_wire.ko" "entries=${WIRE_ENTRIES-65536}" || return
	wire_set delay_ns "$1"
	for node in a b; do
		ip netns add "$node" || return
		nsenter --net="/run/netns/$node" sh -euc '
			cd /proc/sys/net/ipv6/conf
			echo 0 >all/accept_dad
			echo 0 >default/accept_dad
			echo 0 >default/router_solicitations' || return
	done
	ip link set w0 netns a && ip link set w1 netns b || return
	for node in a b; do
		dev=w0 other=b
		[[ $node == b ]] && dev=w1 other=a
		mac=$(ip -n "$other" -json link show | jq -r '.[] | select(.ifname | startswith("w")).address')
		ip -n "$node" -batch - <<-END || return
			link set lo up
			address add $(wire_address "$node" 4)/24 dev $dev
			address add $(wire_address "$node" 6)/64 dev $dev nodad
			link set $dev up
			neighbour replace $(wire_address "$other" 4) lladdr $mac dev $dev nud permanent
			neighbour replace $(wire_address "$other" 6) lladdr $mac dev $dev nud permanent
		END
	done
	poll 1000 wire_is_up a && poll 1000 wire_is_up b || return
	# What a new interface has to say to the others, it has said.
	sleep 2
}

wire_address()
{
	local last=1

	[[ $1 == b ]] && last=2
	if [[ $2 == 4 ]]; then
		echo "192.0.2.$last"
	else
		echo "2001:db8::$last"
	fi
}

wire_is_up()
{
	ip -n "$1" -br link | grep -q '^w[01] *UP '
}

# wire_set NAME VALUE [END...]: what the wire does to frames that leave by END.
wire_set()
{
	local name=$1 value=$2 end

	shift 2
	(($#)) || set -- w0 w1
	for end in "$@"; do
		echo "$value" >"$WIRE/$end/$name"
	done
}

# wire_log NAME CMD...: run CMD on a; what it says is in $WORK/NAME then, and what
# the wire saw meanwhile in $WORK/NAME.log.
wire_log()
{
	local name=$1 status=0

	shift
	echo >"$WIRE/log"
	ip netns exec a "$@" >"$WORK/$name" || status=$?
	# The last answer may be on its way.
	sleep 0.05
	cat "$WIRE/log" >"$WORK/$name.log"
	return "$status"
}

# truth CMD ARG...: tests/exact/truth.py; it prints results like a test.
truth()
{
	# shellcheck disable=SC2034 # read by lib.sh
	"$EXACT/truth.py" "$@" || TEST_FAILED=1
}

cleanup()
{
	local node

	for node in a b; do
		[[ ! -e /run/netns/$node ]] || ip netns delete "$node"
	done
	rm -rf "$WORK"
	[[ ! -d /sys/module/icmpctl_wire ]] || rmmod icmpctl_wire ||
		not_ok 'the wire cannot be unloaded'
}
