# SPDX-License-Identifier: Apache-2.0
# The report and the whole chain as one types them: two days of a folder, the
# same bytes twice, and a server that is down.
. "$XSHEET_SOURCE_ROOT/test/cli/common.sh"

# Address tables of its own: the real ones are fetched, and grow.
export XSHEET_INTEL=$root/test/golden/logs/tables
mkdir -p "$dir/files/KWI_EP03"
printf 'Kestrel and Willow\n<script>alert(1)</script>\n' >"$dir/files/KWI_EP03/notes.txt"
cp "$dir/files/KWI_EP03/notes.txt" "$dir/files/a<b>&\"c.txt"; echo more >>"$dir/files/a<b>&\"c.txt"
printf '192.0.2.1 - - [07/Jan/2024:08:25:24 +0000] "GET / HTTP/1.0" 200 5 "-" "-"\n' >"$dir/access.log"
printf 'id\ttitle\tlang\taliases\tcode\tkind\tsource\nkwi\tKestrel and Willow\ten\t\tKWI\tseries\tmade for this test\n' >"$dir/titles.tsv"

# A day, and another one.
for day in 08 09; do
	echo "day $day" >"$dir/files/KWI_EP03/$day.txt"
	XSHEET_CLOCK=2024-01-${day}T12:00:00Z exits 0 xsheet investigate --quiet --logs "$dir/access.log" \
		--titles "$dir/titles.tsv" --case "$dir/case" -o "$dir/report.html" "$dir/files"
	grep -q '^Key judgements' "$dir/out" || fail "no key judgements"
	grep -q "^report .*report.html" "$dir/out" || fail "the report's path is not said"
done
grep -q '<th scope="row">2024-01-08</th>' "$dir/report.html" || fail "the first day is missing"
grep -q '<th scope="row">2024-01-09</th><td class="n">1</td><td class="n">4</td><td class="n">1</td>' "$dir/report.html" ||
	fail "the second day has not one new file of four"
grep -q '<tr class="episode"><th scope="row">episode 03</th>' "$dir/report.html" || fail "the episode has no row in the sheet"
grep -q 'The clock was set by hand' "$dir/report.html" || fail "a clock that was set is not said"
if grep -qi '<script\|javascript:\|src="http\|href="http' "$dir/report.html"; then fail "the page loads or runs something"; fi

# Same case, same bytes; the copy in the case is that report, and the case is whole.
exits 0 xsheet report --quiet -o "$dir/again.html" "$dir/case"
cmp "$dir/report.html" "$dir/again.html" || fail "the same case gave another report"
hash=$(sha256sum "$dir/again.html" | cut -c1-16)
cmp "$dir/again.html" "$dir/case/report/$hash.html" || fail "no copy in the case"
grep -q "report/$hash.html" "$dir/case/ledger/ledger.tsv" || fail "the ledger does not know the report"
exits 0 xsheet verify "$dir/case"

# What the page says of checking it by hand holds, as it stands there.
python3 - "$dir/report.html" "$dir/case" "$dir" <<'PY' || fail "the recipe of the page does not hold"
import html, re, subprocess, sys
page, case, folder = sys.argv[1:4]
recipe = html.unescape(re.search(r"<pre>(.*?)</pre>", open(page).read(), re.S).group(1)).replace("CASE", case)
want = re.findall(r"# must print ([0-9a-f]{64})", recipe)
out = subprocess.run(["bash", "-c", recipe], cwd=folder, capture_output=True, text=True).stdout
assert len(want) == 2 and all(hash in out for hash in want), (want, out)
assert "Signature Verified Successfully" in out and "verified: " in out, out
PY

# As JSON.
exits 0 xsheet report --quiet --json --format json -o "$dir/report.json" "$dir/case"
python3 - "$dir/report.json" "$dir/out" <<'PY' || fail "the JSON is not as it should be"
import json, sys
report, said = (json.load(open(p)) for p in sys.argv[1:3])
assert report["format"] == "xsheet-report-1", report["format"]
assert [d["day"] for d in report["days"]] == ["2024-01-08", "2024-01-09"]
assert [d["new"]["total"] for d in report["days"]] == [3, 1], report["days"]
assert said["head"] == report["custody"]["head"]
assert any(n["name"] == 'a<b>&"c.txt' for n in report["days"][0]["new"]["shown"])
PY

# A server that is down: said, the rest is done all the same, exit 1.
pick_port port
XSHEET_CLOCK=2024-01-10T12:00:00Z exits 1 xsheet investigate --quiet --allow-private --rate 0 --logs "$dir/access.log" \
	--case "$dir/case" -o "$dir/down.html" "http://127.0.0.1:$port/"
says "collect"
[ -s "$dir/down.html" ] || fail "no report although the logs could be read"
grep -q '^collect .*failed' "$dir/out" || fail "the stage that failed is not named"
exits 0 xsheet verify "$dir/case"

# Words that are off, and a case that is not there.
exits 2 xsheet report --format docx "$dir/case"; says "docx"
exits 1 xsheet report -o "$dir/none.html" "$dir/nothing"; says "nothing"
[ ! -e "$dir/none.html" ] || fail "a report was made out of nothing"
exits 2 xsheet investigate --case "$dir/case"; says "address or folder"
exits 1 xsheet report --quiet -o "$dir/no/such/folder/r.html" "$dir/case"
