# shellcheck shell=bash
# What every script of the laboratory shares on the host: where things are
# kept, how a long step is shown and logged, how an artefact is built once.

LAB=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck disable=SC2034 # used by the scripts that source this file
TOP=$(cd "$LAB/../.." && pwd)
# Everything that takes minutes lives here, outside the checkout, so that a
# fresh clone on the same machine finds it again.
CACHE=${ICMPCTL_LAB_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/icmpctl-lab}
mkdir -p "$CACHE/log" "$CACHE/lock"

# The kernels of the laboratory, oldest first.
# shellcheck disable=SC2034
LAB_KERNELS=(6.1 6.12 7.3)

die()
{
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 1
}

# hash_of FILE|STRING...: a short name for what went into an artefact.
hash_of()
{
	local arg

	for arg in "$@"; do
		if [[ -f $arg ]]; then
			cat "$arg"
		else
			printf '%s\n' "$arg"
		fi
	done | sha256sum | cut -c1-12
}

# step TEXT LOG CMD...: one line on the terminal, the rest in the log; the
# log's tail only when it went wrong.
step()
{
	local text=$1 log=$2 start=$SECONDS status=0

	shift 2
	"$@" >"$log" 2>&1 </dev/null || status=$?
	if ((status)); then
		printf '  %s: failed after %d s (status %d), see %s\n' \
			"$text" $((SECONDS - start)) "$status" "$log" >&2
		tail -n 30 "$log" | sed 's/^/  | /' >&2
		return "$status"
	fi
	printf '  %s: %d s\n' "$text" $((SECONDS - start)) >&2
}

# build_once PATH TEXT CMD [ARG...]: makes the cached directory PATH unless it
# is there. CMD, a program and not a function (bash forgets `set -e` in a
# function whose status is looked at), gets a temporary directory behind its
# arguments; only a finished one gets the real name, and a lock keeps two runs
# from building the same thing.
build_once()
{
	local path=$1 text=$2 name=${1##*/} lock tmp status=0

	shift 2
	[[ -d $path ]] && return
	exec {lock}>"$CACHE/lock/$name"
	flock "$lock"
	if [[ ! -d $path ]]; then
		# Under the lock: what carries this name was left by a killed run.
		tmp=$CACHE/tmp.$name
		lab_remove "$tmp"
		mkdir "$tmp"
		if step "$text" "$CACHE/log/$name.log" "$@" "$tmp"; then
			chmod 755 "$tmp"
			mv "$tmp" "$path"
		else
			status=1
			lab_remove "$tmp"
		fi
	fi
	exec {lock}>&-
	return "$status"
}

# lab_remove DIR: remove a tree of which a killed build may have left
# something mounted inside.
lab_remove()
{
	local dir=$1 point

	[[ -e $dir ]] || return 0
	# Deepest first, and only what is below DIR.
	while read -r point; do
		umount -l "$point"
	done < <(awk -v d="$dir/" 'index($5, d) == 1 { print $5 }' \
		/proc/self/mountinfo | sort -r)
	rm -rf --one-file-system "$dir"
}

# check_config CONFIG: compares what was wanted (the files in the array `fragments`)
# with what stuck: Kconfig drops an option whose dependencies are not met without a
# word, and a checker that silently is not there finds nothing.
# shellcheck disable=SC2154 # fragments: of the script that sources this file
check_config()
{
	local config=$1 line name bad=0

	while read -r line; do
		[[ $line == CONFIG_* ]] || continue
		name=${line%%=*}
		if [[ $line == *=n ]]; then
			grep -q "^$name=" "$config" || continue
		else
			grep -qxF "$line" "$config" && continue
		fi
		echo "wanted $line, got: $(grep -w "$name" "$config" || echo nothing)"
		bad=1
	done < <(cat "${fragments[@]}")
	return $bad
}
