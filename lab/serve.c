/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One day behind a real web server on loopback
 *
 * Everything it needs lies in DIR/run/: configuration, pid, logs, login page,
 * temporary folders, and `current`, a link to the day being shown.  Showing
 * another day is renaming a new link over that one.  It runs as root and as
 * anybody else; it is stopped by the pid it wrote, after a look at that
 * process's command line.
 */
#include "lab.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct server {
	const char *name, *program;
	void (*configure)(const char *run, int port, struct bytes *out);
	const char *const *(*start)(const char *run);
};

static const char login_page[] =
	"<!DOCTYPE html>\n<html lang=\"zh\"><head><meta charset=\"utf-8\"><title>Login</title></head>\n"
	"<body><!-- synthetic, made by xsheet-lab -->\n<h1>File server</h1>\n"
	"<form method=\"post\" action=\"/login\">\n"
	"<p><label>User <input name=\"user\"></label></p>\n"
	"<p><label>Password <input name=\"password\" type=\"password\"></label></p>\n"
	"<p><button>Login</button></p>\n</form></body></html>\n";

/* ---- nginx ---- */

static void nginx_configure(const char *run, int port, struct bytes *out)
{
	static const char *const temps[] = { "client_body", "proxy", "fastcgi", "uwsgi", "scgi" };

	if (geteuid() == 0)
		bytes_text(out, "user root;\n");
	bytes_addf(out, "daemon on;\nworker_processes 1;\npid \"%s/pid\";\nerror_log \"%s/error.log\";\n"
		   "events { worker_connections 256; }\nhttp {\n\taccess_log \"%s/access.log\";\n", run, run, run);
	for (size_t i = 0; i < sizeof temps / sizeof temps[0]; i++)
		bytes_addf(out, "\t%s_temp_path \"%s/tmp_%s\";\n", temps[i], run, temps[i]);
	bytes_addf(out,
		   "\ttypes { text/html html; text/plain txt; image/png png; image/jpeg jpg; image/x-tga tga;\n"
		   "\t\tvideo/mp4 mp4; application/zip zip; application/gzip gz; }\n"
		   "\tdefault_type application/octet-stream;\n"
		   "\tcharset utf-8;\n\tcharset_types application/xhtml+xml;\n"
		   "\tabsolute_redirect off;\n"
		   "\tserver {\n\t\tlisten 127.0.0.1:%d;\n\t\troot \"%s/www\";\n"
		   "\t\tlocation = / { try_files /login.html =404; }\n"
		   "\t\tlocation = /login {\n\t\t\tif ($request_method = POST) { return 302 /files/; }\n"
		   "\t\t\ttry_files /login.html =404;\n\t\t}\n"
		   "\t\tlocation /files/ { alias \"%s/current/\"; autoindex on; }\n"
		   "\t}\n}\n", port, run, run);
}

static const char *const *nginx_start(const char *run)
{
	const char **argv = keep(8 * sizeof *argv);

	argv[0] = "nginx";
	argv[1] = "-p";
	argv[2] = run;
	argv[3] = "-e";
	argv[4] = keepf("%s/error.log", run);
	argv[5] = "-c";
	argv[6] = keepf("%s/server.conf", run);
	return argv;
}

/* ---- Apache ---- */

static void apache_configure(const char *run, int port, struct bytes *out)
{
	static const char *const modules[] = { "mpm_event", "authz_core", "alias", "dir", "mime", "autoindex", "rewrite" };

	bytes_addf(out, "ServerRoot \"%s\"\nServerName 127.0.0.1\nListen 127.0.0.1:%d\nPidFile \"%s/pid\"\n"
		   "ErrorLog \"%s/error.log\"\nDefaultRuntimeDir \"%s\"\nMutex file:%s default\n", run, port, run, run, run, run);
	for (size_t i = 0; i < sizeof modules / sizeof modules[0]; i++)
		bytes_addf(out, "LoadModule %s_module /usr/lib/apache2/modules/mod_%s.so\n", modules[i], modules[i]);
	if (geteuid() == 0)             /* it refuses to serve as root */
		bytes_text(out, "User www-data\nGroup www-data\n");
	bytes_addf(out, "LogFormat \"%%h %%l %%u %%t \\\"%%r\\\" %%>s %%b \\\"%%{Referer}i\\\" \\\"%%{User-Agent}i\\\"\" combined\n"
		   "CustomLog \"%s/access.log\" combined\n"
		   "TypesConfig /dev/null\nAddType text/html .html\nAddType text/plain .txt\nAddType image/png .png\n"
		   "AddType image/jpeg .jpg\nAddType image/x-tga .tga\nAddType video/mp4 .mp4\nAddType application/zip .zip\n"
		   "StartServers 1\nDocumentRoot \"%s/www\"\nAlias /files/ \"%s/current/\"\n"
		   "<Directory \"/\">\nOptions Indexes FollowSymLinks\nAllowOverride None\nRequire all granted\n</Directory>\n"
		   "IndexOptions FancyIndexing VersionSort HTMLTable NameWidth=* DescriptionWidth=* Charset=UTF-8\n"
		   "DirectoryIndex disabled\n"
		   "RewriteEngine on\nRewriteCond %%{REQUEST_METHOD} =POST\nRewriteRule ^/login$ /files/ [R=302,L]\n"
		   "RewriteRule ^/(login)?$ /login.html [L]\n", run, run, run);
}

static const char *const *apache_start(const char *run)
{
	const char **argv = keep(8 * sizeof *argv);

	argv[0] = "apache2";
	argv[1] = "-d";
	argv[2] = run;
	argv[3] = "-f";
	argv[4] = keepf("%s/server.conf", run);
	argv[5] = "-k";
	argv[6] = "start";
	return argv;
}

static const struct server servers[] = {
	{ "nginx", "nginx", nginx_configure, nginx_start },
	{ "apache", "apache2", apache_configure, apache_start },
};

/* ---- the process ---- */

static void replace_file(const char *path, const void *data, size_t len)
{
	if (unlink(path) < 0 && errno != ENOENT)
		fatal("cannot replace '%s': %s", path, strerror(errno));
	write_file(path, data, len, 0);
}

static char *small_file(const char *path)
{
	char text[4096];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return NULL;
	n = read(fd, text, sizeof text - 1);
	close(fd);
	if (n <= 0)
		return NULL;
	for (ssize_t i = 0; i < n; i++)
		if (text[i] == '\0')
			text[i] = ' ';          /* /proc/PID/cmdline */
	text[n] = '\0';
	return keepf("%s", text);
}

/* The pid of the server that runs from this folder; 0 when there is none. */
static pid_t running(const char *run)
{
	const char *text = small_file(keepf("%s/pid", run)), *state, *words;
	long pid = text ? strtol(text, NULL, 10) : 0;

	if (pid <= 1)
		return 0;
	words = small_file(keepf("/proc/%ld/cmdline", pid));
	if (words == NULL || strstr(words, run) == NULL)
		return 0;
	state = small_file(keepf("/proc/%ld/stat", pid));
	state = state ? strrchr(state, ')') : NULL;
	if (state != NULL && state[1] == ' ' && state[2] == 'Z')
		return 0;
	return (pid_t)pid;
}

static void pause_ms(int ms)
{
	struct timespec t = { ms / 1000, (long)(ms % 1000) * 1000000 };

	nanosleep(&t, NULL);
}

static int loopback(int port, struct sockaddr_in *to)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	*to = (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons((uint16_t)port),
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	if (fd < 0)
		fatal("cannot make a socket: %s", strerror(errno));
	return fd;
}

static void must_be_free(int port)
{
	struct sockaddr_in to;
	int fd = loopback(port, &to), on = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (bind(fd, (struct sockaddr *)&to, sizeof to) < 0)
		fatal("port %d is in use: %s; give another with --port", port, strerror(errno));
	close(fd);
}

/* The status of GET /files/, or 0 when nobody answers. */
static int status_of(int port)
{
	static const char ask[] = "GET /files/ HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n";
	struct timeval limit = { .tv_sec = 2 };
	struct sockaddr_in to;
	char reply[64] = "";
	int fd = loopback(port, &to), status = 0;

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
	if (connect(fd, (struct sockaddr *)&to, sizeof to) == 0 && send(fd, ask, sizeof ask - 1, MSG_NOSIGNAL) > 0 &&
	    recv(fd, reply, sizeof reply - 1, MSG_WAITALL) > 12 && strncmp(reply, "HTTP/1.", 7) == 0)
		status = atoi(reply + 9);
	close(fd);
	return status;
}

static void launch(const struct server *s, const char *run)
{
	const char *const *argv = s->start(run), *said;
	char *errors = keepf("%s/start.err", run);
	int status;
	pid_t pid = fork();

	if (pid < 0)
		fatal("cannot start %s: %s", s->name, strerror(errno));
	if (pid == 0) {
		int fd = open(errors, O_WRONLY | O_CREAT | O_TRUNC, 0644);

		dup2(fd, 1);
		dup2(fd, 2);
		execvp(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	if (waitpid(pid, &status, 0) < 0 || !WIFEXITED(status))
		fatal("%s did not start", s->name);
	if (WEXITSTATUS(status) == 127)
		fatal("%s is not installed (no '%s' in PATH or /usr/sbin)", s->name, s->program);
	said = small_file(errors);
	if (WEXITSTATUS(status) != 0)
		fatal("%s does not start: %.*s", s->name, said ? (int)strcspn(said, "\n") : 14, said ? said : "no reason given");
}

static char *run_folder(const char *dir)
{
	char real[4096];

	if (realpath(dir, real) == NULL)
		fatal("cannot use '%s': %s", dir, strerror(errno));
	if (strpbrk(real, "\"\\$%{};\n") != NULL)
		fatal("a web server's configuration cannot hold the path '%s'", real);
	return keepf("%s/run", real);
}

static void show(const char *run, int day)
{
	char *fresh = keepf("%s/current.new", run), *to = keepf("../days/%02d", day);
	char *root = keepf("%.*sdays/%02d", (int)(strlen(run) - strlen("run")), run, day);
	struct stat st;

	if (stat(root, &st) < 0 || !S_ISDIR(st.st_mode))
		fatal("there is no day %d: '%s' is missing", day, root);
	(void)unlink(fresh);
	make_dirs(run);
	if (symlink(to, fresh) < 0 || rename(fresh, keepf("%s/current", run)) < 0)
		fatal("cannot show day %d: %s", day, strerror(errno));
}

static void await_answer(const char *run, int port)
{
	int status = 0;

	for (int i = 0; i < 50 && status != 200; i++) {
		status = status_of(port);
		if (status == 403)
			fatal("the web server may not read '%.*s': let its user reach that folder", (int)(strlen(run) - 4), run);
		if (status != 200)
			pause_ms(100);
	}
	if (status != 200)
		fatal("no answer on port %d; see '%s/error.log'", port, run);
}

int serve_start(const char *dir, int day, int port, const char *name)
{
	char *run = run_folder(dir), *mine;
	const struct server *s = NULL;
	struct bytes conf = { 0 };
	const char *was;
	bool already;

	for (size_t i = 0; i < sizeof servers / sizeof servers[0]; i++)
		if (strcmp(servers[i].name, name) == 0)
			s = &servers[i];
	if (s == NULL)
		fatal("--server is nginx or apache, not '%s'", name);
	setenv("PATH", keepf("%s:/usr/sbin:/sbin", getenv("PATH") ? getenv("PATH") : "/usr/bin:/bin"), 1);
	mine = keepf("%s on port %d\n", s->name, port);
	was = small_file(keepf("%s/serving", run));
	already = running(run) != 0;
	if (already && (was == NULL || strcmp(was, mine) != 0))
		fatal("already served by %.*s: stop it first", was ? (int)strcspn(was, "\n") : 7, was ? was : "another");
	if (!already)
		must_be_free(port);
	show(run, day);
	if (!already) {
		make_dirs(keepf("%s/www", run));
		replace_file(keepf("%s/www/login.html", run), login_page, sizeof login_page - 1);
		s->configure(run, port, &conf);
		replace_file(keepf("%s/server.conf", run), conf.data, conf.len);
		bytes_done(&conf);
		replace_file(keepf("%s/serving", run), mine, strlen(mine));
		launch(s, run);
	}
	await_answer(run, port);
	printf("http://127.0.0.1:%d/files/\n", port);
	return 0;
}

int serve_stop(const char *dir)
{
	char *run = run_folder(dir);
	pid_t pid = running(run);

	if (pid == 0) {
		printf("not running\n");
		return 0;
	}
	if (kill(pid, SIGTERM) < 0)
		fatal("cannot stop process %d: %s", (int)pid, strerror(errno));
	for (int i = 0; running(run) != 0; i++) {
		if (i == 100)
			fatal("process %d does not end", (int)pid);
		pause_ms(100);
	}
	(void)unlink(keepf("%s/pid", run));
	printf("stopped\n");
	return 0;
}
