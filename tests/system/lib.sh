# shellcheck shell=bash
# Helpers of the system tests that are written in bash:
#
#	. "$(dirname "$0")/lib.sh"
#
# Every check prints one line, `ok - name` or `not ok - name`, and what it saw
# behind `# ` where it failed. The test goes on after a failure; it may also
# just end, the status is 1 then.

TEST_FAILED=0
# shellcheck disable=SC2034 # the tests' own name for the top of the tree
TEST_TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
trap 'test_exit $?' EXIT

test_exit()
{
	# A test's own cleanup, if it has one.
	[[ $(type -t cleanup) != function ]] || cleanup
	(($1 || TEST_FAILED)) && exit 1
	exit 0
}

# diag: what comes in, as a diagnostic.
diag()
{
	sed 's/^/# /'
}

ok()
{
	printf 'ok - %s\n' "$1"
}

# not_ok NAME [DIAGNOSTIC...]
not_ok()
{
	TEST_FAILED=1
	printf 'not ok - %s\n' "$1"
	shift
	(($# == 0)) || printf '%s\n' "$@" | diag
	return 1
}

# Bash calls it: who has a function's name wrong tests nothing.
command_not_found_handle()
{
	not_ok "the test itself: $1 is no command" >&2
	return 127
}

# skip NAME REASON
skip()
{
	printf 'skip - %s: %s\n' "$1" "$2"
}

# check NAME CMD...: CMD succeeds. Its output is in $output either way.
check()
{
	local name=$1 status=0

	shift
	output=$("$@" 2>&1) || status=$?
	if ((status == 0)); then
		ok "$name"
	else
		not_ok "$name" "status $status: $*" "$output"
	fi
}

# check_fails NAME CMD...: CMD is refused (status 1 to 124: not a crash, not a
# missing program, not a signal).
check_fails()
{
	local name=$1 status=0

	shift
	output=$("$@" 2>&1) || status=$?
	if ((status >= 1 && status <= 124)); then
		ok "$name"
	else
		not_ok "$name" "status $status: $*" "$output"
	fi
}

# check_eq NAME GOT WANT
check_eq()
{
	if [[ $2 == "$3" ]]; then
		ok "$1"
	else
		not_ok "$1" "got:  $2" "want: $3"
	fi
}

# check_match NAME GOT REGEX
check_match()
{
	if [[ $2 =~ $3 ]]; then
		ok "$1"
	else
		not_ok "$1" "got:        $2" "want match: $3"
	fi
}

# poll SECONDS CMD...: until CMD succeeds; its last output when it never did.
poll()
{
	local end=$((SECONDS + $1)) seen

	shift
	until seen=$("$@" 2>&1); do
		if ((SECONDS > end)); then
			printf '%s\n' "$seen"
			return 1
		fi
		sleep 0.1
	done
}
