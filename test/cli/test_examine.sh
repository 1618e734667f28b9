#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Files of every kind are read; hostile ones are ended and the run goes on;
# a run that is killed at any moment and taken up again ends as an undisturbed one.
. "$XSHEET_SOURCE_ROOT/test/cli/common.sh"
command -v sqlite3 >/dev/null || skip "no sqlite3"
PATH=$build/test/cli:$PATH
corpus=$root/test/fuzz/corpus

mkdir -p "$dir/files"
cd "$dir/files"
cp "$corpus/probe_office/docx" sheet-by-content.dat
cp "$corpus/probe_office/xlsx" table.xlsx
cp "$corpus/probe_picture/png-text" picture.png
cp "$corpus/probe_picture/tga" cel.tga
printf '\xC7\xEB\xC9\xBE\xB3\xFD\xB6\xE0\xD3\xE0\xB5\xC4\xCF\xDF\n' >note.txt
printf '' >empty.txt
printf '\0\1\2\3unknown' >odd.bin
cd - >/dev/null

# Read value by kind and name: field KIND NAME COLUMN
field() {
	sqlite3 "$dir/case/case.db" "SELECT f.$3 FROM now_finding f JOIN object_path p ON p.object = f.object
		WHERE f.kind = '$1' AND p.name = '$2' ORDER BY f.id"
}
expect() {
	local got; got=$(field "$1" "$2" "$3")
	[[ $got == *"$4"* ]] || fail "$2: $1 $3 is '$got', not '$4'"
}

case-of-folder "$dir/files" "$dir/case"
exits 0 xsheet examine --json "$dir/case"
grep -q '"objects": 7' "$dir/out" || { cat "$dir/out"; fail "seven objects"; }
expect file.type sheet-by-content.dat value wordprocessingml
expect text.line sheet-by-content.dat locator '"cell":"tbl1!R1C1"'
expect meta.field sheet-by-content.dat data dc:creator
expect pair.lines sheet-by-content.dat value '请删除多余的线 -> 불필요한 선'
expect text.line table.xlsx locator '时间表!A1'
expect file.verdict table.xlsx value partial
expect text.encoding note.txt value GB18030
expect text.line note.txt value 请删除多余的线
expect text.line note.txt data zh-Hans
expect exif.time picture.png data '"offset":"+09:00"'
expect picture.size cel.tga value 4x2
expect file.verdict empty.txt value ok
expect file.verdict odd.bin value 'not read'
expect file.verdict odd.bin data 'no reader for application/octet-stream yet'
sqlite3 "$dir/case/case.db" "SELECT params FROM run WHERE stage = 'examine'" | grep -qE '"chi_sim":"[0-9a-f]{64}"' ||
	fail "the run does not name its models"
# Nothing is left: the next run has nothing to do and says the same.
exits 0 xsheet examine --json "$dir/case"
grep -q '"examined": 0' "$dir/out" || fail "examined twice"
exits 0 xsheet verify "$dir/case"
# Anew: the findings stand beside the earlier ones, which are no longer current.
before=$(sqlite3 "$dir/case/case.db" "SELECT count(*) FROM now_finding")
exits 0 xsheet examine --again "$dir/case"
[ "$(sqlite3 "$dir/case/case.db" "SELECT count(*) FROM now_finding")" = "$before" ] || fail "--again doubles findings"
[ "$(sqlite3 "$dir/case/case.db" "SELECT count(*) FROM finding")" -gt "$before" ] || fail "--again lost the earlier findings"

# A worker that a file has taken over.
mkdir "$dir/hostile"
for word in crash abort open write socket fork exec ptrace kill code hog flood-raw broken huge torn silent half; do
	echo "HOSTILE:$word" >"$dir/hostile/$word.txt"
done
echo "an ordinary line" >"$dir/hostile/zz.txt"
rm -rf "$dir/case"
case-of-folder "$dir/hostile" "$dir/case"
XSHEET_WORKER=$build/test/cli/xsheet-worker-hostile exits 0 xsheet examine --json "$dir/case"
for row in crash:crashed abort:crashed open:denied write:denied socket:denied fork:denied exec:denied \
	ptrace:denied kill:denied code:denied hog:'over budget' flood-raw:'over budget' broken:crashed \
	huge:crashed torn:crashed silent:crashed half:crashed; do
	expect file.verdict "${row%%:*}.txt" value "${row#*:}"
done
expect text.line half.txt value kept
expect text.line zz.txt value 'an ordinary line'
expect file.verdict zz.txt value ok

# Words that are off.
exits 2 xsheet examine; says "give one case"
exits 1 xsheet examine "$dir/none"; says "none"
XSHEET_WORKER=/nonexistent exits 1 xsheet examine --again "$dir/case"; says "worker"

# kill -9 at random moments; then the rest.
command -v xsheet-lab >/dev/null || exit 0
xsheet-lab make --days 1 --seed 3 "$dir/lab" >/dev/null
mkdir "$dir/some"
n=0
while read -r file; do
	n=$((n + 1)); cp "$file" "$dir/some/$n-$(basename "$file")"
done < <(find "$dir/lab/days/01" -type f -size -400k ! -name '*.mp4' | sort | awk 'NR % 3 == 0' | head -16)
found() {
	sqlite3 "$1/case.db" "SELECT p.name, f.kind, f.locator, f.value,
		json_remove(f.data, '\$.a', '\$.b', '\$.a_lines', '\$.b_lines'), f.certainty
		FROM now_finding f LEFT JOIN object_path p ON p.object = f.object ORDER BY f.id"
}
case-of-folder "$dir/some" "$dir/calm"
cp -r "$dir/calm" "$dir/killed"
exits 0 xsheet examine --quiet "$dir/calm"
kills=20; sanitized && kills=3
for _ in $(seq "$kills"); do
	xsheet examine --quiet "$dir/killed" >/dev/null 2>&1 &
	pid=$!
	sleep "0.$((RANDOM % 50 + 5))"
	kill -9 "$pid" 2>/dev/null || true
	wait "$pid" 2>/dev/null || true
done
exits 0 xsheet examine --quiet "$dir/killed"
diff <(found "$dir/calm") <(found "$dir/killed") || fail "a killed run ends otherwise than a calm one"
[ "$(found "$dir/calm" | wc -l)" -gt 50 ] || fail "too little was found for a comparison"
exits 0 xsheet verify "$dir/killed"
