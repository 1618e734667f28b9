# SPDX-License-Identifier: Apache-2.0
# Sourced by the tests of 'xsheet collect', behind common.sh: a tree with nasty
# names, real servers on loopback, and the index of a case in one form.

chmod 755 "$dir"
servers=()
cleanups+=('for p in "${servers[@]:-}"; do [ -z "$p" ] || kill "$p"; done 2>/dev/null')

# hex TEXT: its bytes
hex() { printf %s "$1" | od -An -v -tx1 | tr -d ' \n'; }

# make_tree DIR: names that have broken collectors, with contents to tell apart
make_tree() {
	local n=0 name
	mkdir -p "$1"/{empty,nested/a/b/c,'dir with space','dir?q','dir#h','dir%41',$'d\xE9'}
	for name in 'space name.txt' ' leading' 'trailing ' 'per%20cent' '100%' '%2e%2e%2fetc' 'a?b' 'a#b' \
		'a&b=c;d' 'plus+plus' 'quote"s' "apos'trophe" '<b>bold<b>' '&amp;entity' 'back\slash' \
		'colon:name' 'C=N;O=D' 'star*' '~tilde' '[brackets]' '{braces}' 'Parent Directory' 'a -> x' \
		$'tab\there' $'new\nline' $'cr\rret' 'http:' 'http%3A%2F%2Fevil.test' 'javascript:alert(1)' \
		'-rf' 'DIR' 'a  two  spaces' 'con' $'latin1_\xE9\xE8' $'sjis_\x93\xFA\x96\x7B' \
		$'bad_\xFF\xFE' '日本語' '한국어' $'rtl\u202Egpj.exe' \
		"$(printf 'long%.0s' {1..60})" 'name.html.' 'x;y' '@at' 'dollar$' 'caret^' 'pipe|' 'index.htm_'; do
		n=$((n + 1))
		printf 'content %d of %s\n' "$n" "$name" >"$1/$name"
	done
	for name in nested/a/mid nested/a/b/c/deep 'dir with space/f' 'dir?q/f' 'dir#h/f' 'dir%41/f' $'d\xE9/f'; do
		n=$((n + 1))
		printf 'content %d\n' "$n" >"$1/$name"
	done
	: >"$1/nothing"
	head -c 6000000 /dev/urandom >"$1/large.bin"
	find "$1" -exec touch -h -d '2024-03-01 10:00:00 UTC' {} +
	chmod -R a+rX "$1"
}

# tree_index DIR: "hash path_hex" for each file
tree_index() {
	local file
	(cd "$1" && find . -type f -printf '%P\0') | while IFS= read -r -d '' file; do
		printf '%s %s\n' "$(sha256sum <"$1/$file" | cut -c1-64)" "$(hex "$file")"
	done | sort
}

# case_index: of the JSON in $dir/out: "hash path_hex" for each entry with bytes
case_index() {
	sed -n 's/.*"path_hex": "\([0-9a-f]*\)", "change": .*"sha256": "\([0-9a-f]*\)".*/\2 \1/p' "$dir/out" | sort
}

# field NAME: a number of the JSON in $dir/out
field() { grep -o "\"$1\": [0-9]*" "$dir/out" | head -1 | sed 's/.* //'; }
# has FIELD VALUE
has() { [ "$(field "$1")" = "$2" ] || { cat "$dir/out" >&2; fail "$1 is $(field "$1"), not $2"; }; }

wait_for() {
	local i
	for i in $(seq 100); do
		(exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null && return
		sleep 0.05
	done
	cat "$dir"/*/error.log >&2 || true
	fail "the server on port $1 does not start"
}

# nginx_start NAME PORT ROOT [CONF...]: its log is $dir/NAME/access.log, its pid ${servers[-1]}
nginx_start() {
	local name=$1 port=$2 top=$3 user=
	shift 3
	mkdir -p "$dir/$name"
	[ "$(id -u)" != 0 ] || user='user root;'
	cat >"$dir/$name/nginx.conf" <<-END
	$user worker_processes 1; daemon off; pid $dir/$name/pid;
	error_log $dir/$name/error.log;
	events { worker_connections 64; }
	http {
		access_log $dir/$name/access.log; keepalive_requests 100000;
		client_body_temp_path $dir/$name/1; proxy_temp_path $dir/$name/2; fastcgi_temp_path $dir/$name/3;
		uwsgi_temp_path $dir/$name/4; scgi_temp_path $dir/$name/5;
		server { listen 127.0.0.1:$port; root $top; autoindex on; autoindex_exact_size on; $* }
	}
	END
	nginx -e "$dir/$name/error.log" -c "$dir/$name/nginx.conf" >/dev/null 2>"$dir/$name/start.log" &
	servers+=($!)
	wait_for "$port"
}

# apache_start NAME PORT ROOT INDEX_OPTIONS
apache_start() {
	local name=$1 port=$2 top=$3 options=$4 user= modules=/usr/lib/apache2/modules m
	mkdir -p "$dir/$name"
	[ "$(id -u)" != 0 ] || user=$'User nobody\nGroup nogroup'
	{
		for m in mpm_event authz_core autoindex mime dir alias unixd; do
			[ ! -f "$modules/mod_$m.so" ] || echo "LoadModule ${m}_module $modules/mod_$m.so"
		done
		cat <<-END
		ServerName 127.0.0.1
		ServerRoot $dir/$name
		PidFile $dir/$name/pid
		DefaultRuntimeDir $dir/$name
		ErrorLog $dir/$name/error.log
		Listen 127.0.0.1:$port
		$user
		TypesConfig /etc/mime.types
		DocumentRoot $top
		LogFormat "%r" short
		CustomLog $dir/$name/access.log short
		<Directory $top>
			Options Indexes
			Require all granted
		</Directory>
		IndexOptions $options
		END
	} >"$dir/$name/httpd.conf"
	apache2 -X -f "$dir/$name/httpd.conf" >/dev/null 2>"$dir/$name/start.log" &
	servers+=($!)
	wait_for "$port"
}
