# SPDX-License-Identifier: Apache-2.0
# Sourced by each whole-program test: programs on PATH, an own home and folder
# that goes away, and a few words.  Exit 77 is "skipped".
set -euo pipefail
root=$XSHEET_SOURCE_ROOT build=$XSHEET_BUILD_ROOT
PATH=$build/src/cli:$build/lab:/usr/sbin:$PATH
export XSHEET_DATA=${XSHEET_DATA:-$root/../shared/data}
# The programs are not under test for leaks here, and workers cannot be traced.
export ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0
dir=$(mktemp -d "${TMPDIR:-/tmp}/xsheet-test-XXXXXX")
export XSHEET_HOME=$dir/home
cleanups=()
cleanup() {
	local status=$? c
	for c in "${cleanups[@]:-}"; do [ -z "$c" ] || eval "$c" || true; done
	rm -rf "$dir"
	exit "$status"
}
trap cleanup EXIT

fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }
skip() { printf 'skipped: %s\n' "$*" >&2; exit 77; }
long() { [ -n "${XSHEET_TEST_LONG:-}" ]; }
sanitized() { [ -n "${XSHEET_SANITIZED:-}" ]; }

# exits CODE COMMAND...: it must end with that code; its words are in $dir/out and $dir/err
exits() {
	local want=$1 got=0; shift
	"$@" >"$dir/out" 2>"$dir/err" || got=$?
	[ "$got" = "$want" ] || { cat "$dir/out" "$dir/err" >&2; fail "exit $got instead of $want: $*"; }
}
# says WORDS: the last command's error is one sentence with these words
says() {
	grep -qF -- "$1" "$dir/err" || { cat "$dir/err" >&2; fail "no '$1' in the error"; }
	[ "$(grep -c . "$dir/err")" -le "${2:-1}" ] || { cat "$dir/err" >&2; fail "more than one sentence"; }
}
# pick_port VARIABLE: a port nobody listens on, another one each time (not in a
# subshell, where RANDOM may begin anew)
port_last=$((20000 + ($$ * 37 + RANDOM) % 20000))
pick_port() {
	local _
	for _ in $(seq 100); do
		port_last=$((port_last + 1))
		(exec 3<>"/dev/tcp/127.0.0.1/$port_last") 2>/dev/null || { printf -v "$1" %s "$port_last"; return; }
	done
	fail "no free port"
}
