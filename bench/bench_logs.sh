# SPDX-License-Identifier: Apache-2.0
# xsheet logs on a log of BENCH_MB megabytes (100) with a known truth, beside
# what others take for less: grep and gawk for one question each, GoAccess for
# its report.  All in one run, page cache warm, best of three.
set -euo pipefail
mb=${BENCH_MB:-100}
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
log=$dir/access.log
"$BUILD/bench/log-make" $((mb * 1000000)) 38 >"$log" 2>"$dir/truth.json"
size=$(stat -c %s "$log")
cat "$log" >/dev/null

# best COMMAND...: wall time in microseconds, the best of three
best() {
	local best=999999999 t0 t1
	for _ in 1 2 3; do
		t0=$(date +%s%N); "$@" >"$dir/out" 2>"$dir/err"; t1=$(date +%s%N)
		[ $((t1 - t0)) -ge $((best * 1000)) ] || best=$(((t1 - t0) / 1000))
	done
	echo "$best"
}
rate() { awk -v s="$size" -v us="$1" 'BEGIN { printf "%.0f", s / us }'; }
figure() { # name value unit goal
	local ok=ok
	if [ -n "$4" ] && awk -v v="$2" -v g="$4" 'BEGIN { exit !(v < g) }'; then ok=short; fi
	printf '%s\t%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "$4" "$ok"
}

command -v gawk >/dev/null && figure logs.gawk-by-address "$(rate "$(best env LC_ALL=C gawk '{c[$1]++} END {n = 0; for (k in c) n++; print n}' "$log")")" MB/s ''
figure logs.grep-count "$(rate "$(best grep -c 'POST /login' "$log")")" MB/s ''
ours_us=$(best taskset -c 0 "$BUILD/src/cli/xsheet" logs --quiet --json "$log")
cp "$dir/out" "$dir/ours.json"
# What it costs to be ready: tables and profiles, with nothing to read.
: >"$dir/empty.log"
ready_us=$(best taskset -c 0 "$BUILD/src/cli/xsheet" logs --quiet --json "$dir/empty.log")
for pair in lines:.read logins:.logins.found failed:.logins.failed; do
	want=$(jq ".${pair%%:*}" "$dir/truth.json") got=$(jq "${pair#*:}" "$dir/ours.json")
	[ "$want" = "$got" ] || { echo "bench_logs: $got ${pair%%:*}, in truth $want" >&2; exit 1; }
done
if command -v goaccess >/dev/null; then
	go_us=$(best goaccess --no-global-config --no-progress --log-format=COMBINED -o "$dir/go.json" "$log")
	figure logs.goaccess "$(rate "$go_us")" MB/s ''
	figure logs.times-goaccess "$(awk -v a="$go_us" -v b="$ours_us" 'BEGIN { printf "%.1f", a / b }')" times ''
fi
figure logs.ready "$(awk -v us="$ready_us" 'BEGIN { printf "%.1f", 1e6 / us }')" "times a second" 1
figure logs.answer "$(rate $((ours_us > ready_us ? ours_us - ready_us : 1)))" MB/s 200
figure logs.whole "$(rate "$ours_us")" MB/s ''
