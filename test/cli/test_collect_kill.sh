# SPDX-License-Identifier: Apache-2.0
# kill -9 at random moments: the command, given again, ends with the same index
# as one that was left alone.
. "$XSHEET_SOURCE_ROOT/test/cli/common.sh"
. "$XSHEET_SOURCE_ROOT/test/cli/collect.sh"
command -v nginx >/dev/null || skip "no nginx"

tree=$dir/www/tree
make_tree "$tree"
for folder in $(seq 8); do
	mkdir "$tree/many$folder"
	for file in $(seq 25); do printf '%d %d\n' "$folder" "$file" >"$tree/many$folder/f$file"; done
done
find "$tree" -exec touch -h -d '2024-03-01 10:00:00 UTC' {} +
pick_port port
url=http://127.0.0.1:$port/tree/
nginx_start nginx "$port" "$dir/www"
collect=(xsheet collect --quiet --json --allow-private)

# Listings and entries, in one form.
index() { grep '"path_hex"' "$dir/out" | sed 's/},$/}/; s/}\]$/}/; s/}\]}.*$/}/; s/"change": "[a-z]*", //' | sort; }

exits 0 xsheet init "$dir/calm"
exits 0 "${collect[@]}" --rate 0 --case "$dir/calm" "$url"
index >"$dir/want"
[ "$(wc -l <"$dir/want")" -gt 250 ] || fail "the undisturbed run saw too little"

# A pass at this rate takes about three seconds, of which each attempt gets up
# to 1.2.  Twenty kills in all, over as many passes as that takes.
storm() {
	rm -rf "$dir/case"
	exits 0 xsheet init "$dir/case"
	kills=0
	local ended=no running ms _
	for _ in $(seq 20); do
		"${collect[@]}" --rate 100 --case "$dir/case" "$url" >"$dir/out" 2>/dev/null &
		running=$!
		ms=$((RANDOM % 1200))
		sleep "$((ms / 1000)).$(printf %03d $((ms % 1000)))"
		kill -9 "$running" 2>/dev/null && kills=$((kills + 1))
		if wait "$running" 2>/dev/null; then ended=yes; break; fi
	done
	[ "$ended" = yes ] || exits 0 "${collect[@]}" --rate 0 --case "$dir/case" "$url"
	index >"$dir/got"
	cmp "$dir/want" "$dir/got" || { diff "$dir/want" "$dir/got" >&2; fail "another index after $kills kills"; }
	cp "$dir/out" "$dir/said"
	exits 0 xsheet verify "$dir/case"
	total=$((total + kills))
}
total=0 resumed=0
for _ in $(seq 10); do
	[ "$total" -lt 20 ] || break
	storm
	! grep -q '"resumed": true' "$dir/said" || resumed=$((resumed + 1))
done
[ "$total" -ge 20 ] || fail "only $total kills"
[ "$resumed" -gt 0 ] || fail "nothing was resumed"
printf '%d kills, %d passes resumed\n' "$total" "$resumed"
