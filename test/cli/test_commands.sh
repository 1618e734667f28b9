# SPDX-License-Identifier: Apache-2.0
# Each command: help that helps, a man page, the exit codes.
. "$XSHEET_SOURCE_ROOT/test/cli/common.sh"

exits 0 xsheet --version; grep -qE '^xsheet [0-9]+\.[0-9]+' "$dir/out" || fail "no version"
exits 2 xsheet
exits 2 xsheet nonsense; says "'nonsense' is no command"
exits 0 xsheet --help
names=$(sed -n '/^Commands:/,/^$/p' "$dir/out" | awk '/^  /{print $1}')
[ -n "$names" ] || fail "no commands"

for name in $names; do
	exits 0 xsheet "$name" --help
	grep -q "^usage: xsheet $name" "$dir/out" || fail "$name: no synopsis"
	grep -q -- '--json' "$dir/out" || fail "$name: no --json"
	exits 2 xsheet "$name" --no-such-option; says "is no option"
	exits 2 xsheet "$name"
	page=$root/docs/man/xsheet-$name.1
	[ -f "$page" ] || fail "$name: no man page"
	# Every option of the help stands in the man page.
	xsheet "$name" --help | awk '/^  --/{print $1}' | sed 's/=.*//; s/^--//' | while read -r option; do
		case $option in json|quiet|help) continue ;; esac
		sed 's/\\-/-/g; s/\\(hy/-/g' "$page" | grep -qE -- "(--|Fl -)$option" || fail "$page: no --$option"
	done
done
exits 1 xsheet verify "$dir/none"; says "none"
