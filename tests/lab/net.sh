# shellcheck shell=bash
# Networks in namespaces, for tests and for the demonstration. Source it in the
# guest.
#
#      a ──────── r1 ──────── r2 ──  …  ── rN ──────── b
#   eth0      left  right  left             right      eth0
#
#   link 0       192.0.2.0/24         2001:db8::/64      a .1   r1 .254 (::fe)
#   link i       198.51.100.4i/30     2001:db8:i::/64    left side .1, right .2
#   link N       203.0.113.0/24       2001:db8:ff::/64   b .1   rN .254 (::fe)
#
# near.lab is a, far.lab is b, r1.lab … are the routers as a trace from a sees
# them. With no router between them a and b share link 0, b is .2 (::2) there,
# and far.lab is an address of its own behind it.

NET_NODES=()

# on NODE CMD...: run CMD in a node's namespace, and say so.
on()
{
	local node=$1

	shift
	printf '[%s] %s\n' "$node" "$*" >&2
	ip netns exec "$node" "$@"
}

# net_poll SECONDS CMD...: until CMD succeeds; never a sleep and a hope.
net_poll()
{
	local end=$((SECONDS + $1))

	shift
	until "$@"; do
		((SECONDS <= end)) || return 1
		sleep 0.05
	done
}

# net_node NODE FORWARD: one more namespace, with or without forwarding.
net_node()
{
	ip netns add "$1" || return
	NET_NODES+=("$1")
	net_settings "$1" "$2"
}

# net_settings NODE FORWARD: what a namespace needs before its first link:
# addresses that are usable at once, and routers that answer every probe. The
# kernel limits ICMP errors (how many a second: one number for the whole machine
# in older kernels, one a namespace in newer ones); ICMP_LIMITS=default leaves it
# at that.
net_settings()
{
	# shellcheck disable=SC2016 # expanded by the inner shell
	nsenter --net="/run/netns/$1" sh -euc '
		cd /proc/sys/net
		echo 0 >ipv6/conf/all/accept_dad
		echo 0 >ipv6/conf/default/accept_dad
		echo 0 >ipv6/conf/default/router_solicitations
		echo "$1" >ipv4/ip_forward
		echo "$1" >ipv6/conf/all/forwarding
		if [ "$2" != default ]; then
			echo 0 >ipv4/icmp_ratelimit
			echo 0 >ipv6/icmp/ratelimit
		fi
		net_limits() {
			test ! -w ipv4/icmp_msgs_per_sec || echo "$1" >ipv4/icmp_msgs_per_sec
			test ! -w ipv4/icmp_msgs_burst || echo "$2" >ipv4/icmp_msgs_burst
		}
		if [ "$2" = default ]; then
			net_limits 1000 50
		else
			net_limits 1000000 100000
		fi' net_settings "$2" "${ICMP_LIMITS-}"
}

# net_machine: the same limits where they are the whole machine's.
net_machine()
{
	local messages=1000000 burst=100000 cost=0

	[[ ${ICMP_LIMITS-} == default ]] && messages=1000 burst=50
	[[ ! -w /proc/sys/net/ipv4/icmp_msgs_per_sec ]] ||
		echo "$messages" >/proc/sys/net/ipv4/icmp_msgs_per_sec
	[[ ! -w /proc/sys/net/ipv4/icmp_msgs_burst ]] ||
		echo "$burst" >/proc/sys/net/ipv4/icmp_msgs_burst
	# A router that knows no way says so once a second, after five at once: whose probe that
	# is, of a path all of whose hops are asked, hangs on the phase of their schedules.
	[[ ! -w /proc/sys/net/ipv4/route/error_cost ]] || {
		[[ ${ICMP_LIMITS-} == default ]] && cost=$(($(</proc/sys/net/ipv4/route/error_burst) / 5))
		echo "$cost" >/proc/sys/net/ipv4/route/error_cost
	}
}

# net_up NODE: every link has its carrier.
net_up()
{
	[[ $(ip -n "$1" -br link show type veth) != *DOWN* ]]
}

# net_link I N: link I of a chain of N routers, as seen from both sides:
# NET_LEFT4[I] and NET_LEFT6[I] are the addresses of its left end,
# NET_RIGHT4[I] and NET_RIGHT6[I] of its right end, NET_PREFIX4[I] and
# NET_PREFIX6[I] what it carries.
net_link()
{
	local i=$1 n=$2 net4 net6 base=$((4 * $1)) len=30 l4 r4 l6=1 r6=2

	net4=198.51.100 l4=$((base + 1)) r4=$((base + 2))
	printf -v net6 '2001:db8:%x:' "$i"
	if ((i == 0)); then
		net4=192.0.2 net6=2001:db8: base=0 len=24 l4=1 r4=254 r6=fe
		((n == 0)) && r4=2 r6=2
	elif ((i == n)); then
		net4=203.0.113 net6=2001:db8:ff: base=0 len=24 l4=254 r4=1 l6=fe r6=1
	fi
	NET_LEFT4[i]=$net4.$l4 NET_LEFT6[i]=$net6:$l6
	NET_RIGHT4[i]=$net4.$r4 NET_RIGHT6[i]=$net6:$r6
	NET_PREFIX4[i]=$net4.$base/$len NET_PREFIX6[i]=$net6:/64
}

# net_batch I N: what node I (0 is a, N + 1 is b) is told by ip. Links are
# numbered from a: to the right by default, to the left one by one.
net_batch()
{
	local i=$1 n=$2 left=left right=right j

	((i == n + 1)) && left=eth0
	((i == 0)) && right=eth0
	echo "link set lo up"
	if ((i > 0)); then
		echo "address add ${NET_RIGHT4[i - 1]}/${NET_PREFIX4[i - 1]#*/} dev $left"
		echo "address add ${NET_RIGHT6[i - 1]}/64 dev $left nodad"
		echo "link set $left up"
	fi
	if ((i <= n)); then
		echo "address add ${NET_LEFT4[i]}/${NET_PREFIX4[i]#*/} dev $right"
		echo "address add ${NET_LEFT6[i]}/64 dev $right nodad"
		echo "link set $right up"
		echo "route add 0.0.0.0/0 via ${NET_RIGHT4[i]}"
		echo "route add ::/0 via ${NET_RIGHT6[i]}"
		for ((j = 0; j < i - 1; j++)); do
			echo "route add ${NET_PREFIX4[j]} via ${NET_LEFT4[i - 1]}"
			echo "route add ${NET_PREFIX6[j]} via ${NET_LEFT6[i - 1]}"
		done
	else
		echo "route add 0.0.0.0/0 via ${NET_LEFT4[n]}"
		echo "route add ::/0 via ${NET_LEFT6[n]}"
		if ((n == 0)); then
			echo "address add 203.0.113.1/32 dev lo"
			echo "address add 2001:db8:ff::1/128 dev lo nodad"
		fi
	fi
}

# net_chain N: a, N routers, b; at most 62 routers. Few processes on purpose:
# each costs milliseconds in an emulated machine.
net_chain()
{
	local n=$1 i nodes=(a) left right

	printf 'network: a, %d routers, b\n' "$n" >&2
	for ((i = 1; i <= n; i++)); do
		nodes+=("r$i")
	done
	nodes+=(b)
	net_machine
	printf 'netns add %s\n' "${nodes[@]}" | ip -batch - || return
	NET_NODES+=("${nodes[@]}")
	for ((i = 0; i <= n + 1; i++)); do
		net_settings "${nodes[i]}" $((i > 0 && i <= n)) || return
	done
	for ((i = 0; i <= n; i++)); do
		left=right right=left
		((i == 0)) && left=eth0
		((i == n)) && right=eth0
		echo "link add name $left netns ${nodes[i]} type veth" \
			"peer name $right netns ${nodes[i + 1]}"
	done | ip -batch - || return
	for ((i = 0; i <= n; i++)); do
		net_link "$i" "$n"
	done
	for ((i = 0; i <= n + 1; i++)); do
		net_batch "$i" "$n" | ip -n "${nodes[i]}" -batch - || return
	done
	for ((i = 0; i <= n + 1; i++)); do
		net_poll 10 net_up "${nodes[i]}" && continue
		echo "network: the links of ${nodes[i]} do not come up" >&2
		ip -n "${nodes[i]}" address >&2
		return 1
	done
}

# net_pair: two hosts, one link.
net_pair()
{
	net_chain 0
}

# net_delay NODE DEV MS [LOSS% [NETEM...]]: what leaves NODE through DEV is
# late by MS, lost with a probability, and whatever else netem can do, for
# example `net_delay b eth0 10 0% reorder 25% 50%`.
net_delay()
{
	local node=$1 dev=$2 ms=$3 loss=${4:-0%}

	shift 3
	(($#)) && shift
	printf '[%s] netem %s: %s ms, loss %s %s\n' "$node" "$dev" "$ms" "$loss" "$*" >&2
	tc -n "$node" qdisc replace dev "$dev" root netem limit 100000 \
		delay "${ms}ms" loss "$loss" "$@"
}

# net_down: end what runs in the nodes, then the nodes.
net_down()
{
	local node pids

	for node in "${NET_NODES[@]}"; do
		pids=$(ip netns pids "$node" 2>/dev/null)
		# shellcheck disable=SC2086 # a list of numbers
		[[ $pids ]] && kill -9 $pids 2>/dev/null
		ip netns delete "$node"
	done
	NET_NODES=()
}
