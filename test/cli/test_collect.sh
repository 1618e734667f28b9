# SPDX-License-Identifier: Apache-2.0
# 'xsheet collect' against real servers: what comes back, the second day, and
# everything that must not be taken for a deletion.
. "$XSHEET_SOURCE_ROOT/test/cli/common.sh"
. "$XSHEET_SOURCE_ROOT/test/cli/collect.sh"
command -v nginx >/dev/null || skip "no nginx"

tree=$dir/www/tree
make_tree "$tree"
pick_port port
url=http://127.0.0.1:$port/tree/
collect=(xsheet collect --quiet --json --allow-private --rate 0)
requests() { wc -l <"$dir/nginx/access.log"; }

# --- words that are off, places that are not there
exits 1 xsheet collect --case "$dir/none" "$url"; says "xsheet init"
exits 0 xsheet init "$dir/case"
exits 1 xsheet collect --quiet --case "$dir/case" --rate 0 "$url"; says "--allow-private"
exits 1 "${collect[@]}" --case "$dir/case" "$url"; says "does not answer"
exits 2 "${collect[@]}" --case "$dir/case" http://user:secret@127.0.0.1/; says "never sent"
exits 2 "${collect[@]}" --case "$dir/case" ftp://127.0.0.1/; says "http://"
exits 2 "${collect[@]}" --case "$dir/case" --ignore-robots "$url"; says "authority"

# --- the first day: everything, byte by byte, whatever its name
nginx_start nginx "$port" "$dir/www"
exits 0 "${collect[@]}" --case "$dir/case" "$url"
tree_index "$tree" >"$dir/want"
case_index >"$dir/got"
cmp "$dir/want" "$dir/got" || { diff "$dir/want" "$dir/got" >&2; fail "not what the server shows"; }
files=$(wc -l <"$dir/want"); folders=$(find "$tree" -type d | wc -l)
has new "$files"; has failed 0; has folders "$folders"
[ "$(requests)" = $((files + folders + 1)) ] || fail "$(requests) requests for $files files, $folders folders"
[ "$(field requests)" = "$(requests)" ] || fail "the requests are not counted right"
grep -q 'GET /robots.txt' "$dir/nginx/access.log" || fail "robots.txt was not asked"
! grep -qv '"GET ' "$dir/nginx/access.log" || fail "something else than GET"
grep -q '"xsheet/' "$dir/nginx/access.log" || fail "no User-Agent"

# --- the second day, unchanged: one request a folder, and robots.txt
before=$(requests)
exits 0 "${collect[@]}" --case "$dir/case" "$url"
has unchanged "$files"; has new 0; has vanished 0
[ $(($(requests) - before)) = $((folders + 1)) ] || fail "$(($(requests) - before)) requests for an unchanged tree"

# --- the third day: only the differences
printf 'another content\n' >"$tree/star*"; touch -d '2024-03-02 11:00:00 UTC' "$tree/star*"
printf 'x\n' >"$tree/nested/a/fresh"; touch -d '2024-03-02 11:00:00 UTC' "$tree/nested/a/fresh"
rm "$tree/a#b"; rm -r "$tree/dir#h"
chmod -R a+rX "$tree"
before=$(requests)
exits 0 "${collect[@]}" --case "$dir/case" "$url"
has new 1; has changed 1; has vanished 2; has unchanged $((files - 3)); has unknown 0; has failed 0
[ $(($(requests) - before)) = $((folders - 1 + 1 + 2)) ] || fail "$(($(requests) - before)) requests"
for name in 'a#b' 'dir#h/f'; do
	grep -q "\"path_hex\": \"$(hex "$name")\", \"change\": \"vanished\"" "$dir/out" || fail "'$name' has not vanished"
done

# --- a folder that is refused, one that fails, redirects, robots.txt: no deletion
kill "${servers[-1]}"; wait "${servers[-1]}" 2>/dev/null || true
pick_port other
nginx_start other "$other" "$dir/www"
nginx_start nginx "$port" "$dir/www" "
	location /tree/nested/ { deny all; }
	location '/tree/dir with space/' { return 500; }
	location '/tree/dir?q/' { return 302 http://127.0.0.1:$other/tree/; }
	location = /tree/con { return 302 http://127.0.0.1:$other/tree/con; }
	location = /tree/DIR { return 302 /tree/x%3By; }
	location = /tree/@at { return 401; }
	location /robots.txt { return 200 'User-agent: *\nDisallow: /tree/d%E9/\nDisallow: /tree/-rf\n'; }"
for name in con DIR @at -rf; do
	printf 'changed\n' >"$tree/$name"; touch -d '2024-03-03 11:00:00 UTC' "$tree/$name"
done
exits 0 "${collect[@]}" --case "$dir/case" "$url"
has vanished 0; has failed 3; has changed 1; has unknown 6
for name in nested/a/mid nested/a/fresh nested/a/b/c/deep 'dir with space/f' 'dir?q/f' $'d\xE9/f'; do
	grep -q "\"path_hex\": \"$(hex "$name")\", \"change\": \"unknown\"" "$dir/out" || fail "'$name' is not unknown"
done
grep -q "not followed: another port" "$dir/out" || fail "the redirect is not recorded"
grep -q "refused: 401" "$dir/out" || fail "the 401 is not recorded"
grep -q "robots.txt asks" "$dir/out" || fail "robots.txt is not heeded"
[ ! -s "$dir/other/access.log" ] || { cat "$dir/other/access.log" >&2; fail "another server was asked"; }
! grep -q 'd%E9/f\|/-rf' "$dir/nginx/access.log" || true
exits 0 "${collect[@]}" --case "$dir/case" --ignore-robots --authority 'our own server' "$url"
has failed 2; has changed 1

# --- limits: a partial capture, nothing vanishes
for limit in '--depth 0' '--files-max 20' '--bytes-max 1000'; do
	rm -rf "$dir/limited"; exits 0 xsheet init "$dir/limited"
	# shellcheck disable=SC2086
	exits 0 "${collect[@]}" --case "$dir/limited" $limit "$url"
	grep -q '"state": "partial", "note": ".*limit' "$dir/out" || fail "$limit: not partial"
done

# --- the server goes away in the middle, and comes back
sed -i 's/location .*//; s/Disallow.*//' "$dir/nginx/nginx.conf"
kill "${servers[-1]}"; wait "${servers[-1]}" 2>/dev/null || true
nginx_start nginx "$port" "$dir/www"
for name in con DIR 'x;y' large.bin; do touch -d '2024-03-04 11:00:00 UTC' "$tree/$name"; done
"${collect[@]}" --rate 8 --case "$dir/case" "$url" >"$dir/out" 2>"$dir/err" &
running=$!
sleep 0.3; kill "${servers[-1]}"
wait "$running" || { cat "$dir/err" >&2; fail "a server that goes away is no failure of the command"; }
grep -q 'partial", "note": "the server does not answer any more' "$dir/out" || { cat "$dir/out" >&2; fail "no note"; }
has vanished 0
exits 1 "${collect[@]}" --case "$dir/case" "$url"; says "does not answer"
nginx_start nginx "$port" "$dir/www"
exits 0 "${collect[@]}" --case "$dir/case" "$url"
has vanished 0; has failed 0; has unknown 0
tree_index "$tree" >"$dir/want"; case_index >"$dir/got"
cmp "$dir/want" "$dir/got" || { diff "$dir/want" "$dir/got" >&2; fail "not what the server shows"; }

# --- a stop by hand is a stop, and the next call goes on
exits 0 xsheet init "$dir/stopped"
xsheet collect --quiet --allow-private --rate 10 --case "$dir/stopped" "$url" >"$dir/out" 2>"$dir/err" &
running=$!
sleep 1; kill -INT "$running"
! wait "$running" || fail "a stop is not a success"
says "the same command goes on"
exits 0 "${collect[@]}" --case "$dir/stopped" "$url"
grep -q '"resumed": true' "$dir/out" || fail "it did not go on"
case_index | cmp "$dir/want" - || fail "not the same after a stop"

# --- a local folder: the same, links recorded, not followed
ln -s /etc "$tree/link"
exits 0 xsheet init "$dir/local"
exits 0 "${collect[@]}" --case "$dir/local" "$tree"
has failed 1; has new "$(wc -l <"$dir/want")"
case_index | cmp "$dir/want" - || fail "not what the folder holds"
! grep -q '"path_hex": "6c696e6b2f' "$dir/out" || fail "the link was followed"
rm "$tree/link"

# --- Apache, in each of its ways to list
command -v apache2 >/dev/null || skip "no Apache; nginx was tested"
for options in '+FancyIndexing' '-FancyIndexing' '+FancyIndexing +HTMLTable +NameWidth=*' '+FancyIndexing +XHTML +SuppressColumnSorting'; do
	pick_port aport
	name=apache-$aport
	apache_start "$name" "$aport" "$dir/www" "$options"
	rm -rf "$dir/acase"; exits 0 xsheet init "$dir/acase"
	exits 0 "${collect[@]}" --case "$dir/acase" "http://127.0.0.1:$aport/tree/"
	case_index >"$dir/got"
	cmp "$dir/want" "$dir/got" || { diff "$dir/want" "$dir/got" >&2; fail "Apache $options: not what the server shows"; }
	kill "${servers[-1]}"
done
