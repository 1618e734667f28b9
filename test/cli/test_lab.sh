# SPDX-License-Identifier: Apache-2.0
# The lab: same seed, same bytes; truth, files and logs agree; the servers serve.
# shellcheck disable=SC2154
. "${XSHEET_SOURCE_ROOT:?is not set: run this through meson test}/test/cli/common.sh"

days=7
sanitized && days=4
truth=$dir/a/truth.json
chmod 755 "$dir"         # Apache started as root serves as somebody else

# ---- words ----
exits 0 xsheet-lab --help
exits 2 xsheet-lab
exits 2 xsheet-lab make
exits 1 xsheet-lab make --days 0 --seed 1 "$dir/a"; says "--days must be"
exits 1 xsheet-lab make --days 1 --start 2024-13-08 "$dir/a"; says "is not a date"

# ---- same seed, same bytes and dates ----
xsheet-lab make --days "$days" --seed 5 "$dir/a" >"$dir/out"
grep -q synthetic "$dir/out" || fail "does not say that it is synthetic"
exits 1 xsheet-lab make --days 1 --seed 5 "$dir/a"; says "not empty"
xsheet-lab make --days "$days" --seed 5 "$dir/b" >/dev/null
picture() {     # every name, date and content below a folder; only web roots and logs have dates of their own
	(cd "$1" && find days logs -mindepth 2 -printf '%p %y %T@\n' | sort &&
	 find . -type f -print0 | sort -z | xargs -0 sha256sum)
}
picture "$dir/a" >"$dir/a.list"
picture "$dir/b" >"$dir/b.list"
cmp "$dir/a.list" "$dir/b.list" || fail "same seed, other bytes: $(diff "$dir/a.list" "$dir/b.list" | head -5)"
rm -rf "$dir/b"
xsheet-lab make --days 1 --seed 6 "$dir/b" >/dev/null
! cmp -s "$dir/a/logs/01/access.log" "$dir/b/logs/01/access.log" || fail "another seed, same log"

# ---- truth and files ----
for day in $(seq "$days"); do
	tree=$dir/a/days/$(printf %02d "$day")
	jq -r --argjson d "$day" '.files[] | select(.first_day <= $d and (.last_day == null or .last_day >= $d))
		| "\([.versions[] | select(.day <= $d)] | last | .sha256)  \(.path)"' "$truth" | LC_ALL=C sort >"$dir/want"
	(cd "$tree" && find . -type f -printf '%P\0' | xargs -0 sha256sum) | LC_ALL=C sort >"$dir/got"
	cmp "$dir/want" "$dir/got" || fail "day $day: $(diff "$dir/want" "$dir/got" | head -4)"
	[ "$(jq --argjson d "$day" '.days[$d - 1].files' "$truth")" = "$(wc -l <"$dir/got")" ] || fail "day $day: number of files"
	[ -f "$tree/README-SYNTHETIC.txt" ] || fail "day $day is not marked"
done
find "$dir/a/days/01" \( -name '*.png' -o -name '*.jpg' -o -name '*.tga' -o -name '*.mp4' \) -print0 |
	xargs -0 grep -L "synthetic, made by xsheet-lab" >"$dir/unmarked" || true
[ ! -s "$dir/unmarked" ] || fail "not marked: $(cat "$dir/unmarked")"
jq -e '[.days[1:][] | select(.workers_rest | not) | .new | length] | min >= 20' "$truth" >/dev/null || fail "a working day is too empty"
jq -e '(.pairs | map(.zh) | unique | length) >= 40 or (.days | length) < 7' "$truth" >/dev/null || fail "fewer than 40 different notes"
jq -e '[.pairs[].where] | unique == ["docx", "picture", "xlsx"]' "$truth" >/dev/null || fail "pairs are missing in a kind of file"
jq -e '.names | map(.entry) | sort == [34023, 34025]' "$truth" >/dev/null || fail "names"
jq -e '[.titles[] | select(.expect == "claim") | .legs | length] | min >= 2' "$truth" >/dev/null || fail "a title with one leg"
unzip_list=$(find "$dir/a/days" -name '*.xlsx' | head -1)
file "$unzip_list" | grep -iE 'excel|ooxml' >/dev/null || fail "no XLSX: $(file "$unzip_list")"

# ---- truth and logs ----
all=$dir/all.log
for day in $(seq "$days"); do cat "$dir/a/logs/$(printf %02d "$day")/access.log"; done >"$all"
[ "$(wc -l <"$all")" = "$(jq '[.days[].log_lines] | add' "$truth")" ] || fail "number of lines"
[ "$(grep -c '"POST /login [^"]*" 302 ' "$all")" = "$(jq .login_counts.total "$truth")" ] || fail "number of logins"
[ "$(grep -c '"POST /login [^"]*" 401 ' "$all")" = "$(jq '.failed_logins | length' "$truth")" ] || fail "failed logins"
jq -e '.login_counts | .CN == 3 and .ES == 1' "$truth" >/dev/null || fail "logins from China and Spain"
[ "$days" != 7 ] || [ "$(jq .login_counts.vpn "$truth")" = 43 ] || fail "43 VPN logins in a week"
jq -r '.logins[] | "\(.day) \(.line) \(.address)"' "$truth" | while read -r day line address; do
	log=$dir/a/logs/$(printf %02d "$day")/access.log
	sed -n "${line}p" "$log" | grep "^$address .*\"POST /login [^\"]*\" 302 " >/dev/null || fail "day $day line $line is no login of $address"
	sed -n "$((line + 1)),$((line + 40))p" "$log" | grep "^$address .*\"GET /files/[^\"]*\" 200 " >/dev/null || fail "day $day line $line: nothing after the login"
done
! grep -E '^175\.45\.' "$all" | grep POST >/dev/null || fail "a worker logged in"
cmp "$dir/a/logs/02/access.log.1" "$dir/a/logs/01/access.log" || fail "access.log.1"
gzip -dc "$dir/a/logs/03/access.log.2.gz" | cmp - "$dir/a/logs/01/access.log" || fail "access.log.2.gz"
# Who put what, and how long what was fetched is.
decode() { sed 's/%\(..\)/\\x\1/g' | while IFS= read -r x; do printf '%b\n' "$x"; done; }
sed -n 's/.*"PUT \/files\/\([^ ]*\) .*/\1/p' "$all" | decode | LC_ALL=C sort -u >"$dir/got"
jq -r '.files[] | select(.by != "before") | .path' "$truth" | LC_ALL=C sort >"$dir/want"
cmp "$dir/want" "$dir/got" || fail "put, but not in the log, or the other way: $(diff "$dir/want" "$dir/got" | head -4)"
sed -n 's/.*"GET \/files\/\([^ ]*[^/ ]\) [^"]*" 200 \([0-9]*\) .*/\2 \1/p' "$all" | decode | LC_ALL=C sort -u >"$dir/got"
jq -r '.files[] | .path as $p | .versions[] | "\(.size) \($p)"' "$truth" | LC_ALL=C sort >"$dir/want"
[ -s "$dir/got" ] || fail "nothing was fetched"
[ -z "$(LC_ALL=C comm -23 "$dir/got" "$dir/want")" ] || fail "fetched with a size it never had: $(LC_ALL=C comm -23 "$dir/got" "$dir/want" | head -3)"

# ---- addresses resolve as the truth says, where the tables are there ----
tables=$(find -L "$root/data/intel" -name asn-ipv4.csv -printf '%h\n' -quit 2>/dev/null || true)
countries=$(find -L "$root/data/intel" -name geo-whois-asn-country-ipv4.csv -print -quit 2>/dev/null || true)
if [ -n "$tables" ] && [ -n "$countries" ]; then
	jq -r '(.logins + .failed_logins + [.actors[][]])[] | "\(.address) \(.country) \(.asn)"' "$truth" | sort -u |
		sort -t. -k1,1n -k2,2n -k3,3n -k4,4n >"$dir/addresses"
	# The tables are sorted, so are the addresses: one walk through each.
	for column in 2:"$countries" 3:"$tables/asn-ipv4.csv"; do
		awk -v column="${column%%:*}" '
			function n(a, p) { split(a, p, "."); return ((p[1] * 256 + p[2]) * 256 + p[3]) * 256 + p[4] }
			NR == FNR { at[++count] = n($1); name[count] = $1; want[count] = $column; next }
			FNR == 1 { i = 1 }
			i <= count { split($0, f, ","); low = n(f[1]); high = n(f[2])
				while (i <= count && at[i] <= high) {
					if (at[i] < low || f[3] != want[i]) { print name[i], want[i], f[3]; bad = 1 }
					i++
				} }
			END { exit bad || i <= count }
		' "$dir/addresses" "${column#*:}" >"$dir/wrong" || fail "an address is elsewhere: $(head -3 "$dir/wrong")"
	done
fi

# ---- the innocent studio ----
xsheet-lab make --days 3 --seed 5 --control "$dir/c" >/dev/null
jq -e '.control and .pairs == [] and .names == [] and .relay.instructions == [] and
	(.login_counts | .KR > 0 and (has("CN") or has("ES") | not))' "$dir/c/truth.json" >/dev/null || fail "the control is not innocent"
! grep -rq '^175\.45\.' "$dir/c/logs" || fail "workers in the control"

# ---- serving ----
for server in nginx apache; do
	pick_port port
	cleanups+=("xsheet-lab stop '$dir/a' >/dev/null")
	xsheet-lab serve --day 1 --port "$port" --server "$server" "$dir/a" >"$dir/out"
	url=$(cat "$dir/out")
	[ "$url" = "http://127.0.0.1:$port/files/" ] || fail "$server: '$url'"
	curl -fsS "${url}DHL/" | grep 'href="%2305/"' >/dev/null || fail "$server: no listing"
	curl -fsS "${url}README-SYNTHETIC.txt" | cmp - "$dir/a/days/01/README-SYNTHETIC.txt" || fail "$server: other bytes"
	[ "$(curl -s -o /dev/null -w '%{http_code}' -d user=x "http://127.0.0.1:$port/login")" = 302 ] || fail "$server: no login"
	curl -fsS "http://127.0.0.1:$port/login" | grep '<form' >/dev/null || fail "$server: no form"
	[ "$(curl -s -o /dev/null -w '%{http_code}' "${url}office/")" = 404 ] || fail "$server: day 1 has no office/"
	xsheet-lab serve --day 3 --port "$port" --server "$server" "$dir/a" >/dev/null
	curl -fsS "${url}office/" >/dev/null || fail "$server: the day was not switched"
	exits 1 xsheet-lab serve --day 40 --port "$port" --server "$server" "$dir/a"; says "there is no day 40"
	exits 1 xsheet-lab serve --day 1 --port "$port" "$dir/c"; says "in use"
	xsheet-lab stop "$dir/a" >/dev/null
	[ "$(curl -s -o /dev/null -w '%{http_code}' "$url" || true)" = 000 ] || fail "$server: still there"
done
exits 1 xsheet-lab serve --day 1 --port 20001 --server gopher "$dir/a"; says "nginx or apache"
