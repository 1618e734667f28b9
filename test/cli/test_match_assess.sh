# SPDX-License-Identifier: Apache-2.0
# match and assess as one types them: sentences, exit codes, JSON; the case stays whole.
. "$XSHEET_SOURCE_ROOT/test/cli/common.sh"

mkdir -p "$dir/files/PLX/第12集/C093/A" "$dir/files/video"
printf 'a\n' >"$dir/files/PLX/第12集/C093/A/A0001.tga"
printf 'b\n' >"$dir/files/video/harbor_of_glass.mp4"
printf 'c\n' >"$dir/files/cat.jpg"
"$build/test/cli/case-of-folder" "$dir/files" "$dir/case" >/dev/null || fail "case-of-folder"
printf 'id\ttitle\tlang\taliases\tcode\tkind\tsource\n' >"$dir/titles.tsv"
printf 'plx\tPaper Lantern Express\ten\t纸灯笼快车\tPLX\tseries\tinvented\nhgl\tHarbor of Glass\ten\t\tHGL\tseries\tinvented\ncat\tCat\ten\t\tCAT\tshort\tinvented\n' >>"$dir/titles.tsv"

# One leg is a lead; a common word is not even that.
exits 0 xsheet match --quiet --titles "$dir/titles.tsv" "$dir/case"
grep -q 'Paper Lantern Express: lead, on 1 leg' "$dir/out" || fail "no lead from a folder's code"
grep -q 'Harbor of Glass: lead' "$dir/out" || fail "no lead from a title in a path"
grep -q 'Cat:' "$dir/out" && fail "a common word became a lead"
exits 0 xsheet match --quiet --json --titles "$dir/titles.tsv" "$dir/case"
[ "$(jq -c '[.leads, .claims, (.titles[] | select(.id == "plx") | .cuts[0])]' "$dir/out")" = '[2,0,"093"]' ] || fail "JSON"

# Broken lists are refused with file and line; the earlier result stands.
printf '36,"AEROCARIBBEAN AIRLINES",-0- ,"CUBA"\n37,"BROKEN\n' >"$dir/sdn.csv"
exits 1 xsheet match --quiet --list "$dir/sdn.csv" "$dir/case"; says "sdn.csv:2: a quote that is never closed"
printf 'id\ttitle\n' >"$dir/bad.tsv"
exits 1 xsheet match --quiet --titles "$dir/bad.tsv" "$dir/case"; says 'bad.tsv:1: the header has no column "lang"'
exits 2 xsheet match; says "give one case"
exits 1 xsheet match --profile ./nowhere/ "$dir/case"; says "no profile"

# Nothing was examined and no log read: nothing is said about anybody.
exits 1 xsheet assess --explain relay "$dir/case"; says "has not been assessed"
exits 0 xsheet assess --quiet "$dir/case"
[ "$(grep -c 'does not bear' "$dir/out")" = 2 ] || fail "not two questions that are not borne"
grep -qi 'likely' "$dir/out" && fail "a likelihood without evidence"
exits 0 xsheet assess --quiet --explain relay "$dir/case"
grep -q 'not looked for, since a stage has not run' "$dir/out" || fail "gaps are not named"
exits 1 xsheet assess --explain nothing "$dir/case"; says "no claim is called 'nothing'"
exits 0 xsheet assess --quiet --json "$dir/case"
[ "$(jq '[.claims[] | select(.asserted)] | length' "$dir/out")" = 0 ] || fail "something is asserted"
cp -r "$XSHEET_SOURCE_ROOT/profiles/dprk" "$dir/profile"
sed -i '3s/.*/-- colour: red/' "$dir/profile/observations/pairs.sql"
exits 1 xsheet assess --quiet --profile "$dir/profile" "$dir/case"; says "pairs.sql:3: an unknown key"

# The same case and profile give the same findings, and the case is whole.
exits 0 xsheet assess --quiet --json "$dir/case"; jq -S 'del(.. | .finding?)' "$dir/out" >"$dir/first"
exits 0 xsheet assess --quiet --json "$dir/case"; jq -S 'del(.. | .finding?)' "$dir/out" | cmp - "$dir/first" || fail "another result"
exits 0 xsheet verify "$dir/case"
