# SPDX-License-Identifier: Apache-2.0
# Collecting 2,000 files (4 to 64 KB, 50 folders) from nginx on loopback, with
# evidence, beside wget writing a WARC; and the unchanged second day.
# Median of three, the two in turn.
export XSHEET_SOURCE_ROOT=$PWD XSHEET_BUILD_ROOT=$BUILD
. test/cli/common.sh
. test/cli/collect.sh
mkdir -p "$dir/www/tree"
head -c 80000000 /dev/urandom >"$dir/random"
for folder in $(seq 50); do
	mkdir "$dir/www/tree/$folder"
	for file in $(seq 40); do
		n=$((folder * 40 + file))
		tail -c +$((n * 30000 % 70000000 + 1)) "$dir/random" | head -c $((4096 + n * 7919 % 61440)) >"$dir/www/tree/$folder/f$file" || true
	done
done 2>/dev/null
find "$dir/www" -exec touch -h -d '2024-03-01 10:00:00 UTC' {} +
chmod -R a+rX "$dir/www"
pick_port port
nginx_start nginx "$port" "$dir/www"
url=http://127.0.0.1:$port/tree/
took() { local t=$EPOCHREALTIME; "$@" >/dev/null; echo "$(((${EPOCHREALTIME/./} - ${t/./}) / 1000))"; }
median() { sort -n | sed -n 2p; }
collect=(xsheet collect --quiet --json --allow-private --rate 0)
for i in 1 2 3; do
	xsheet init "$dir/case$i" >/dev/null
	took "${collect[@]}" --case "$dir/case$i" "$url" >>"$dir/ours"
	! command -v wget >/dev/null || took wget -q -r -np -nH -P "$dir/wget$i" --warc-file="$dir/w$i" --no-warc-compression "$url" >>"$dir/wget"
	rm -rf "$dir/wget$i" "$dir/w$i".*
done
before=$(wc -l <"$dir/nginx/access.log")
second=$(took "${collect[@]}" --case "$dir/case1" "$url")
requests=$(($(wc -l <"$dir/nginx/access.log") - before))
ours=$(median <"$dir/ours")
judge() { if [ "$1" -le "$2" ]; then echo ok; else echo short; fi; }
if [ -s "$dir/wget" ]; then
	wget=$(median <"$dir/wget")
	printf 'collect: wget with WARC\t%s\tms\t\tok\n' "$wget"
	printf 'collect: 2,000 files\t%s\tms\t<= wget\t%s\n' "$ours" "$(judge "$ours" "$wget")"
fi
printf 'collect: files a second\t%s\tfiles/s\t>= 5500\t%s\n' "$((2000000 / ours))" "$(judge "$ours" 363)"
printf 'collect: unchanged second day\t%s\tms\t<= 600\t%s\n' "$second" "$(judge "$second" 600)"
printf 'collect: requests on it\t%s\trequests\t52\t%s\n' "$requests" "$(judge "$requests" 52)"
