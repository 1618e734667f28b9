# SPDX-License-Identifier: Apache-2.0
# Bad input: one clear sentence, exit code 1 or 2, nothing lost.
. "$XSHEET_SOURCE_ROOT/test/cli/common.sh"

# A missing case.
for command in "collect --case $dir/none $dir" "examine $dir/none" "match $dir/none" \
	"assess $dir/none" "report -o $dir/r.html $dir/none" "verify $dir/none"; do
	# shellcheck disable=SC2086
	exits 1 xsheet $command
	says "none"
done
[ ! -e "$dir/none" ] || fail "a case was made out of nothing"

# A case that is there is not made again.
exits 0 xsheet init --authority test "$dir/case"
before=$(cat "$dir/case/ledger/ledger.tsv")
exits 1 xsheet init "$dir/case"; says "case"
[ "$before" = "$(cat "$dir/case/ledger/ledger.tsv")" ] || fail "init touched a case that was there"

# A folder to have something in the case.
mkdir "$dir/files"; printf 'hello\n' >"$dir/files/a.txt"
exits 0 xsheet collect --quiet --case "$dir/case" "$dir/files"

# A URL that is none, a scheme we do not speak, a private address without leave.
exits 2 xsheet collect --case "$dir/case" "gopher://example.org/"
says "gopher"
exits 2 xsheet collect --case "$dir/case" "http://"
exits 1 xsheet collect --quiet --case "$dir/case" "http://127.0.0.1:1/"
says "--allow-private"
exits 1 xsheet collect --quiet --case "$dir/case" "$dir/no-such-folder"
says "no-such-folder"

# A server that is down: said, and nothing reads as vanished.
pick_port port
exits 1 xsheet collect --quiet --allow-private --rate 0 --case "$dir/case" "http://127.0.0.1:$port/"
says "127.0.0.1"
vanished=$(sqlite3 -readonly "$dir/case/case.db" "select count(*) from sighting where change = 'vanished'")
[ "$vanished" = 0 ] || fail "a server that is down made $vanished entries vanish"

# A log that is no log; one that is not there; a broken list of ranges.
head -c 5000 /dev/urandom >"$dir/noise"
exits 1 xsheet logs "$dir/noise"; says "noise"
exits 1 xsheet logs "$dir/missing.log"; says "missing.log"
printf '192.0.2.1 - - [12/Mar/2024:08:25:24 +0200] "GET / HTTP/1.0" 200 5 "-" "-"\n' >"$dir/access.log"
printf 'cidr,label,kind,source,date\n192.0.2.0/24,Brand,vpn-brand,test,2024-01-01\n300.1.2.3/8,Brand,vpn-brand,test,2024-01-01\n' >"$dir/ranges.csv"
exits 1 xsheet logs --ranges "$dir/ranges.csv" "$dir/access.log"; says "ranges.csv' line 3"

# A broken sanctions list, a broken catalogue, a profile that is not there.
printf '36,"AEROCARIBBEAN AIRLINES\n' >"$dir/sdn.csv"
exits 1 xsheet match --list "$dir/sdn.csv" "$dir/case"; says "sdn.csv"
printf 'not a catalogue\n' >"$dir/titles.tsv"
exits 1 xsheet match --titles "$dir/titles.tsv" "$dir/case"; says "titles.tsv"
exits 1 xsheet assess --profile nowhere "$dir/case"; says "nowhere"

# After all that the case is whole.
exits 0 xsheet verify "$dir/case"
