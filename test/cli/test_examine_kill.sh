# SPDX-License-Identifier: Apache-2.0
# kill -9 during examine, at random moments: no worker is left behind, the next
# run completes, and the result equals that of an undisturbed run.
. "$XSHEET_SOURCE_ROOT/test/cli/common.sh"

times=20; ! long || times=60
xsheet-lab make --days 1 --seed 5 "$dir/lab" >/dev/null
# Two of everything is enough here: pictures are what takes long.
mkdir "$dir/files"
(cd "$dir/lab/days/01" && find . -type f -name '*.png' | sort | head -6; find . -type f \( -name '*.jpg' -o -name '*.tga' \) | sort | head -4
 find . -type f ! -name '*.png' ! -name '*.jpg' ! -name '*.tga' | sort) 2>/dev/null | sort -u |
	while read -r file; do [ -f "$dir/lab/days/01/$file" ] && (cd "$dir/lab/days/01" && cp --parents "$file" "$dir/files"); done || true

exits 0 xsheet init --authority test "$dir/calm"
exits 0 xsheet collect --quiet --case "$dir/calm" "$dir/files"
cp -a "$dir/calm" "$dir/storm"

start=$(date +%s%N)
exits 0 xsheet examine --quiet "$dir/calm"
took=$((($(date +%s%N) - start) / 1000000))

mkdir "$dir/here"
killed=0
for ((i = 0; i < times; i++)); do
	(cd "$dir/here" && exec xsheet examine --quiet "$dir/storm") >/dev/null 2>&1 &
	pid=$!
	# Anywhere in the first half of what a whole run takes.
	sleep "$(awk -v ms="$took" -v r="$RANDOM" 'BEGIN { printf "%.3f", ms / 2000 * r / 32768 + 0.01 }')"
	if kill -9 "$pid" 2>/dev/null; then killed=$((killed + 1)); fi
	wait "$pid" 2>/dev/null || true
done
[ "$killed" -ge $((times / 3)) ] || fail "only $killed of $times runs were still there to be killed"
sleep 0.3
left=0
for at in /proc/[0-9]*/cwd; do
	# Workers stand in the folder their broker was started in: an own one here.
	[ "$(readlink "$at" 2>/dev/null)" != "$dir/here" ] || left=$((left + 1))
done
[ "$left" -eq 0 ] || fail "$left workers were left behind"

exits 0 xsheet examine --quiet "$dir/storm"
exits 0 xsheet verify --quiet "$dir/storm"

# Findings without their numbers.
found() {
	sqlite3 -readonly "$1/case.db" "select lower(hex(o.sha256)), f.kind, f.locator, f.value,
		json_remove(f.data, '\$.a', '\$.b'), f.certainty from now_finding f left join object o on o.id = f.object
		order by 1, 2, 3, 4, 5"
}
found "$dir/calm" >"$dir/calm.txt"
found "$dir/storm" >"$dir/storm.txt"
[ -s "$dir/calm.txt" ] || fail "nothing was found"
diff "$dir/calm.txt" "$dir/storm.txt" >"$dir/diff" || { head -20 "$dir/diff" >&2; fail "the result differs"; }
echo "$killed of $times runs killed; $(wc -l <"$dir/calm.txt") findings, the same"
