# SPDX-License-Identifier: Apache-2.0
# A case is checked without xsheet: the recipe of docs/formats/case.md, with
# sqlite3, sha256sum, openssl and coreutils only; and it notices a change.
. "$XSHEET_SOURCE_ROOT/test/cli/common.sh"
for tool in sqlite3 openssl basenc; do command -v "$tool" >/dev/null || skip "no $tool"; done

# The recipe, as the document has it: the blocks marked "sh" between the marks.
sed -n '/^<!-- recipe begins -->/,/^<!-- recipe ends -->/p' "$root/docs/formats/case.md" |
	sed -n '/^```sh$/,/^```$/{/^```/d;p}' >"$dir/recipe"
grep -q openssl "$dir/recipe" || fail "no recipe in docs/formats/case.md"

"$build/test/unit/make-case" "$dir/case" >"$dir/made" 2>&1 || { cat "$dir/made" >&2; fail "make-case"; }
exits 0 xsheet verify "$dir/case"
check() { (cd "$dir/case" && bash -eu "$dir/recipe" >"$dir/out" 2>"$dir/err"); }
check || { cat "$dir/out" "$dir/err" >&2; fail "the recipe finds fault with a whole case"; }
for what in '4 entries' 'pieces' 'ranges' 'rows'; do grep -q "$what" "$dir/out" || { cat "$dir/out"; fail "no $what"; }; done
cat "$dir/out"

changed() { # what, file, offset: one byte is changed and changed back
	local byte new
	byte=$(od -An -tu1 -j "$3" -N 1 "$dir/case/$2" | tr -d ' ')
	new=$(printf '\\%03o' $((byte ^ 1)))
	printf "$new" | dd of="$dir/case/$2" bs=1 seek="$3" conv=notrunc status=none
	! check || fail "the recipe overlooks $1"
	exits 1 xsheet verify "$dir/case"
	printf "$(printf '\\%03o' "$byte")" | dd of="$dir/case/$2" bs=1 seek="$3" conv=notrunc status=none
}
changed "the ledger" ledger/ledger.tsv 40
changed "the last signature" ledger/ledger.tsv $(($(stat -c %s "$dir/case/ledger/ledger.tsv") - 10))
changed "a segment" warc/00001.warc 2000
check || fail "the case was not put back"
sqlite3 "$dir/case/case.db" "DROP TRIGGER finding_no_update; UPDATE finding SET value = 'other' WHERE id = 3"
! check || fail "the recipe overlooks a changed row"
grep -q 'finding 3' "$dir/out" || { cat "$dir/out" "$dir/err"; fail "the changed row is not named"; }

# Each kind of finding has its paragraph.
sed -n 's/^\tKIND("\([a-z.]*\)".*/\1/p' "$root/src/casefile/kinds.h" >"$dir/kinds"
[ "$(grep -c . "$dir/kinds")" -gt 15 ] || fail "no kinds"
while read -r kind; do
	grep -qE "^#+ $kind\$" "$root"/docs/formats/findings*.md || fail "docs/formats/findings.md: no paragraph on $kind"
done <"$dir/kinds"
