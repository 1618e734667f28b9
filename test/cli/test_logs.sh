# SPDX-License-Identifier: Apache-2.0
# xsheet logs: a small log against its golden result, the refusals, and the
# lab's logs against the lab's truth.
. "$XSHEET_SOURCE_ROOT/test/cli/common.sh"
golden=$root/test/golden/logs
small=(--quiet --intel "$golden/tables" --profiles "$dir/profiles" --ranges "$golden/tables/exits.csv")
# Profiles of its own, so that new facts do not change the golden result.
mkdir -p "$dir/profiles/common" "$dir/profiles/here"
cp "$root/profiles/common/countries.tsv" "$dir/profiles/common/"
printf 'asn\tkind\tname\tsource\tdate\n24940\thosting\tHetzner Online GmbH\tmade for this test\t2024-01-01\n' >"$dir/profiles/common/asn-classes.tsv"
printf 'cidr\tlabel\tkind\tfrom\tto\tsource\tdate\n175.45.176.0/22\tfar range\tfar-range\t\t\tmade for this test\t2024-01-01\n203.0.112.0/24\tempty range\tfar-range\t\t\tmade for this test\t2024-01-01\n' >"$dir/profiles/here/ranges.tsv"

# --- the golden result
for form in json txt; do
	flag=(); [ $form = txt ] || flag=(--json)
	exits 0 xsheet logs "${small[@]}" "${flag[@]}" "$golden/small/access.log"
	if [ -n "${XSHEET_BLESS:-}" ]; then cp "$dir/out" "$golden/small/expected.$form"; fi
	diff -u "$golden/small/expected.$form" "$dir/out" || fail "not the golden result ($form)"
done
LC_ALL=C grep -q $'\x1b' "$dir/out" && fail "an escape of the log reaches the terminal"

# --- the same from standard input, and packed
gzip -c "$golden/small/access.log" >"$dir/access.log.gz"
exits 0 xsheet logs "${small[@]}" --json - <"$golden/small/access.log"; mv "$dir/out" "$dir/from-stdin"
exits 0 xsheet logs "${small[@]}" --json "$dir/access.log.gz"; mv "$dir/out" "$dir/from-gz"
for from in stdin gz; do
	diff <(jq -S 'del(.files, .login_list[].file, .failed_list[].file, .exchange_list[].lines, .reject_list[].file)' "$golden/small/expected.json") \
	     <(jq -S 'del(.files, .login_list[].file, .failed_list[].file, .exchange_list[].lines, .reject_list[].file)' "$dir/from-$from") || fail "differs from $from"
done
XSHEET_CPU=scalar exits 0 xsheet logs "${small[@]}" --json "$golden/small/access.log"
cmp "$dir/out" "$golden/small/expected.json" || fail "the scalar scanner sees something else"

# --- refusals
exits 2 xsheet logs; says "at least one log"
exits 1 xsheet logs "${small[@]}" "$dir/none.log"; says "none.log"
exits 1 xsheet logs "${small[@]}" "$root/LICENSE"; says "is no access log"
exits 1 xsheet logs "${small[@]}" "$dir"; says "is a folder"
exits 2 xsheet logs "${small[@]}" --format nonsense "$golden/small/access.log"; says "no log format 'nonsense'"
printf 'cidr,label,kind,source,date\n1.2.3.0/24,A,vpn-brand,s,2024-01-01\n1.2.3.4/24,A,vpn-brand,s,2024-01-01\n' >"$dir/broken.csv"
exits 1 xsheet logs "${small[@]}" --ranges "$dir/broken.csv" "$golden/small/access.log"; says "broken.csv' line 3: bits are set behind the prefix"
exits 1 xsheet logs --quiet --intel "$dir" "$golden/small/access.log"; says "install-deps"
exits 1 xsheet logs "${small[@]}" --case "$dir/nocase" "$golden/small/access.log"; says "nocase"

# --- the lab: all logins, none invented, each with class, country and line
command -v xsheet-lab >/dev/null || { echo "no lab in this build"; exit 0; }
[ -e "$root/data/intel/VERSIONS" ] || [ -n "${XSHEET_INTEL:-}" ] || { echo "no address tables: the lab's part is skipped"; exit 0; }
xsheet-lab make --days 7 --seed 1 "$dir/lab" >/dev/null
xsheet-lab make --days 7 --seed 1 --control "$dir/control" >/dev/null
for set in lab control; do
	exits 0 xsheet logs --quiet --json --ranges "$dir/$set/intel/vpn-exits.csv" "$dir/$set"/logs/07/access.log*
	mv "$dir/out" "$dir/$set.json"
	# What the lab knows as a home connection is on no list: unlisted.
	jq -r '.logins[] | [.time, .address, .line, (if .class == "residential" then "unlisted" else .class end),
		(if .class == "vpn-brand" then "-" else .country end), .asn, .label // "-"] | @tsv' "$dir/$set/truth.json" | sort >"$dir/want"
	jq -r '.login_list[] | [.time, .address, .line, .class, .country // "-", .asn, .label // "-"] | @tsv' "$dir/$set.json" | sort >"$dir/got"
	diff -u "$dir/want" "$dir/got" || fail "$set: logins differ from the truth"
	jq -r '.failed_logins[] | [.time, .address, .line] | @tsv' "$dir/$set/truth.json" | sort >"$dir/want"
	jq -r '.failed_list[] | [.time, .address, .line] | @tsv' "$dir/$set.json" | sort >"$dir/got"
	diff -u "$dir/want" "$dir/got" || fail "$set: failed logins differ from the truth"
	jq -e '.read == .parsed + .rejected' "$dir/$set.json" >/dev/null || fail "$set: lines are lost"
	[ "$(jq .read "$dir/$set.json")" = "$(jq '[.days[].log_lines] | add' "$dir/$set/truth.json")" ] || fail "$set: lines read"
done
# Each line that is named says so itself.
jq -r '.login_list[] | [.file, .line, .address] | @tsv' "$dir/lab.json" | while IFS=$'\t' read -r file line address; do
	zcat -f "$dir/lab/logs/07/$file" | sed -n "${line}p" | grep -q "^$address .*\"POST /login" || fail "$file:$line is no login of $address"
done
jq -e '.plainly | test("^Most logins came through VPN exits, three from China, one from Spain.$")' "$dir/lab.json" >/dev/null || fail "$(jq .plainly "$dir/lab.json")"

# The relay: found in the lab, with the instructions that were fetched; none in the control set.
[ "$(jq '.relay_list | length' "$dir/lab.json")" = 1 ] || fail "no relay, or too many"
[ "$(jq '.relay_list | length' "$dir/control.json")" = 0 ] || fail "a relay on the innocent server"
jq -r '.relay.instructions[] | select(.fetch_time) | "/files/" + .path' "$dir/lab/truth.json" | sort >"$dir/want"
jq -r '.exchange_list[] | select(.relay and (.written_by | test("VPN"))) | .path' "$dir/lab.json" | sort >"$dir/got"
comm -23 "$dir/want" "$dir/got" >"$dir/missed"
# Those that the few logins without VPN put there belong to other groups.
[ "$(wc -l <"$dir/missed")" -le "$(($(wc -l <"$dir/want") / 4))" ] || { cat "$dir/missed"; fail "instructions are missed"; }

# --- into a case, again the next day with the grown set: the union, not the sum
xsheet init "$dir/case" >/dev/null 2>&1 || { echo "no xsheet init in this build: the case's part is skipped"; exit 0; }
for day in 06 07; do
	exits 0 xsheet logs --quiet --case "$dir/case" --ranges "$dir/lab/intel/vpn-exits.csv" "$dir/lab/logs/$day"/access.log*
	want=$(jq "[.logins[] | select(.day <= ${day#0})] | length" "$dir/lab/truth.json")
	got=$(sqlite3 "$dir/case/case.db" "select count(*) from now_finding where kind = 'log.login' and json_extract(data, '$.ok')")
	[ "$want" = "$got" ] || fail "day $day: $got logins in the case, $want in truth"
done
exits 0 xsheet verify "$dir/case"
