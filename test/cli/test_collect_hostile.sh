# SPDX-License-Identifier: Apache-2.0
# A server that misbehaves: each case ends alone, with a reason, in bounds, and
# what it said stays readable.
. "$XSHEET_SOURCE_ROOT/test/cli/common.sh"
. "$XSHEET_SOURCE_ROOT/test/cli/collect.sh"
command -v python3 >/dev/null || skip "no python3"

pick_port port
url=http://127.0.0.1:$port/
python3 "$root/test/cli/hostile_server.py" "$port" >"$dir/requests" 2>"$dir/server.err" &
servers+=($!)
wait_for "$port"
exits 0 xsheet init "$dir/case"
began=$SECONDS
/usr/bin/env bash -c 'ulimit -t 60; exec "$@"' - xsheet collect --quiet --json --allow-private --rate 0 --stall 2 \
	--depth 10 --case "$dir/case" "$url" >"$dir/out" 2>"$dir/err" || { cat "$dir/err" >&2; fail "it did not end well"; }
[ $((SECONDS - began)) -lt 60 ] || fail "it took $((SECONDS - began)) seconds"

# listing NAME STATE WHY: how a folder's listing went
listing() {
	grep "\"name\": \"$1\", \"state\": \"$2\"" "$dir/out" | grep -q "$3" || {
		grep '"state"' "$dir/out" >&2; fail "$1: not '$2' because of '$3'"; }
}
# entry NAME CHANGE WHY
entry() {
	grep "\"path_hex\": \"$(hex "$1")\", \"change\": \"$2\"" "$dir/out" | grep -q "$3" || {
		grep '"change"' "$dir/out" | grep -v nnnn >&2; fail "$1: not '$2' because of '$3'"; }
}
listing '' complete ''
listing tree/ complete ''
listing tree/tree/tree/tree/tree/tree/tree/tree/tree/tree/ complete ''
listing tree/tree/tree/tree/tree/tree/tree/tree/tree/tree/tree/ partial 'deeper than the limit'
listing page/ partial 'cut short: length'
listing heads/ failed 'no end'
listing continue/ failed 'no end'
listing slowhead/ failed 'no answer'
listing slowbody/ failed 'no listing'
listing loop/ refused 'redirects'
listing cut/ partial 'cut short: disconnect'
listing chunks/ complete nginx
listing gzip/ failed 'no listing'
listing busy/ complete ''
listing login/ refused 'password'
entry patient new ''
entry short failed 'cut short (disconnect) after 500 bytes'
entry badchunk failed 'cut short (disconnect)'
entry hops failed 'too many redirects'
entry cut/a failed 404
entry chunks/x new "$(printf wikipedia | sha256sum | cut -c1-64)"
grep -q '"state": "partial"' "$dir/out" || fail "not partial"
size=$(du -sm "$dir/case" | cut -f1)
[ "$size" -lt 150 ] || fail "$size MB in the case"
exits 0 xsheet verify "$dir/case"
! grep -q nnnn "$dir/requests" || fail "a name with a slash was followed"
