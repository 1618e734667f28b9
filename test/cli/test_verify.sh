# SPDX-License-Identifier: Apache-2.0
# init and verify as one types them: sentences, exit codes, JSON, keys.
. "$XSHEET_SOURCE_ROOT/test/cli/common.sh"

exits 0 xsheet init --authority 'order 12/2024' "$dir/case"
exits 1 xsheet init "$dir/case"; says "there is a case in"
exits 2 xsheet init; says "give the folder for one case"
exits 1 xsheet init /proc/none/case; says "cannot make folder"
exits 1 xsheet verify "$dir/none"; says "there is no case in"
exits 2 xsheet verify; says "give one case"
grep -q '"authority":"order 12/2024"' "$dir/case/ledger/ledger.tsv" || fail "the authority is not in the ledger"
[ "$(stat -c %a "$XSHEET_HOME/identity.key")" = 600 ] || fail "others may read the signing key"

exits 0 xsheet verify "$dir/case"
grep -q '^verified: 1 ledger entries' "$dir/out" || fail "no verdict"
key=$(awk -F '\t' '$1 == "key" {print $2}' "$dir/out")
exits 0 xsheet verify --key="$key" "$dir/case"
exits 0 xsheet verify --key="$dir/case/ledger/public.pem" "$dir/case"
exits 1 xsheet verify --key="$(printf %064d 7)" "$dir/case"
grep -q 'begun with another key' "$dir/out" || fail "another key goes unnoticed"
exits 1 xsheet verify --key=nonsense "$dir/case"; says "'nonsense' is no key in hexadecimal"
exits 0 xsheet verify --json --quiet "$dir/case"
[ "$(jq -r '.verdict, .faults, .ledger_entries' "$dir/out" | tr '\n' ' ')" = "verified 0 1 " ] || fail "JSON"

# Where, for each: a name that the sentence must have.
"$build/test/unit/make-case" "$dir/full" >"$dir/made" 2>&1 || fail "make-case"
exits 0 xsheet verify "$dir/full"
cp -r "$dir/full" "$dir/kept"
faulty() { # name, words
	exits 1 xsheet verify "$dir/full"
	grep -q "^failed: .*$2" "$dir/out" || { cat "$dir/out" >&2; fail "$1: no '$2'"; }
	exits 1 xsheet verify --json --quiet "$dir/full"
	[ "$(jq -r .verdict "$dir/out")" = failed ] || fail "$1: JSON"
	rm -rf "$dir/full"; cp -r "$dir/kept" "$dir/full"
}
sed -i '3s/real/reaI/' "$dir/full/ledger/ledger.tsv"; faulty "a word in the ledger" 'ledger.tsv line 3: the signature does not hold'
sed -i '2d' "$dir/full/ledger/ledger.tsv"; faulty "a line of the ledger" 'ledger.tsv line 2'
sed -i 's/body 5 of day 0/body 5 of day 9/' "$dir/full/warc/00001.warc"; faulty "a body" 'warc/00001.warc: record at [0-9]* (response http://example.test/a/file): its block'
sed -i 's/^WARC-IP-Address: 192.0.2.1/WARC-IP-Address: 192.0.2.9/' "$dir/full/warc/00001.warc"; faulty "a peer" 'its head is not as it was written'
rm "$dir/full/warc/00001.warc"; faulty "a segment" 'warc/00001.warc is missing'
rm "$dir/full/case.db"; faulty "the database" 'case.db is missing'
head -c 4096 /dev/urandom >"$dir/full/case.db"; faulty "noise for a database" 'case.db cannot be read'
exits 0 xsheet verify "$dir/full"

# A case in a place that cannot be written to.
if [ "$(id -u)" != 0 ]; then
	chmod -R a-w "$dir/full"
	exits 0 xsheet verify "$dir/full"
	chmod -R u+w "$dir/full"
fi
