# SPDX-License-Identifier: Apache-2.0
# The demonstration, and the innocent control, against the lab's truth.
. "$XSHEET_SOURCE_ROOT/test/cli/common.sh"
sanitized && skip "the parts are tested under sanitizers one by one; the whole takes too long there"
[ -d "$root/data/intel" ] || skip "no address tables: run scripts/install-deps"

for kind in "" control; do
	out=$dir/demo$kind
	BUILD=$build DEMO_DIR=$out DEMO_KIND=$kind "$root/scripts/demo" >"$dir/said" 2>&1 || { cat "$dir/said" >&2; fail "the demonstration${kind:+ ($kind)}"; }
	python3 "$root/test/cli/compare_truth.py" "$out/case" "$out/lab/truth.json" "$out/report.html" || fail "not as the truth has it${kind:+ ($kind)}"
	exits 0 xsheet verify --quiet "$out/case"
	[ -n "$kind" ] && continue
	# README shows what it prints.
	sed -n '/^Key judgements/,$p' "$dir/said" | sed "s|$out|demo|g" >"$dir/printed"
	sed -n '/demo: from here/,/demo: to here/p' "$root/README.md" | grep -v '^<!--\|^```' >"$dir/shown"
	grep -q "demo/report.html" "$dir/printed" || fail "the demonstration does not say where the report is"
	diff "$dir/shown" "$dir/printed" >&2 || fail "README shows something else than the demonstration prints"
done
