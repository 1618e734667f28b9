/* SPDX-License-Identifier: Apache-2.0 */
/* logs/internal.h - for the folder itself */
#ifndef LOGS_INTERNAL_H
#define LOGS_INTERNAL_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"
#include "intel/intel.h"
#include "logs/logfmt.h"
#include "logs/logs.h"

/* ---------------------------------------------------------- fields ---- */

/* A quoted string at the front of *rest: *value is what is inside.  A quote
 * within is written \" or \x22 (Apache, nginx), so the first bare one ends
 * it.  False if *rest does not begin with a quote or it is not closed. */
bool field_quoted(struct slice *rest, struct slice *value);

/* "10/Oct/2000:13:55:36 -0700", exactly; false for a date that is none. */
bool field_clf_time(struct slice text, int64_t *out);

/* One blank at the front. */
static inline bool field_blank(struct slice *rest)
{
	if (rest->n == 0 || rest->p[0] != ' ')
		return false;
	*rest = slice_skip(*rest, 1);
	return true;
}

/* Undo \" \\ \n \t \xHH as servers write them.  Returns as buf_add(). */
int field_plain(struct buf *b, struct slice raw);

/* "-" is nothing. */
static inline struct slice field_or_none(struct slice s)
{
	return s.n == 1 && s.p[0] == '-' ? (struct slice){ 0 } : s;
}

/* ---------------------------------------------------------- reader ---- */

#define LINE_MAX_BYTES ((size_t)4 << 20)

/*
 * Lines of a log, plain or gzip (several members one behind the other),
 * "-" for standard input, with bounded memory.  Numbers and offsets are
 * those of the text, after decompression.
 */
struct log_reader;

struct log_line {
	struct slice text;       /* without its line end; valid until the next call */
	uint64_t number;         /* from 1 */
	uint64_t offset;
	bool too_long;           /* `text` is only its beginning */
	bool cut;                /* the archive ended within it */
};

int log_reader_open(const char *path, struct log_reader **out, struct err *err);
/* The same from `length` bytes at `offset` of `fd`, which it takes over. */
int log_reader_open_at(int fd, uint64_t offset, uint64_t length, const char *name,
		       struct log_reader **out, struct err *err);
void log_reader_close(struct log_reader *reader);
static inline void log_reader_close_scoped(struct log_reader **reader)
{
	log_reader_close(*reader);
}
/* 1: a line; 0: the end. */
int log_reader_next(struct log_reader *reader, struct log_line *line, struct err *err);
/* Some whole lines from the beginning, before the first log_reader_next(). */
int log_reader_sample(struct log_reader *reader, struct slice *sample, struct err *err);
/* What was wrong with the archive, or "": it ended early, it is damaged. */
const char *log_reader_fault(const struct log_reader *reader);
bool log_reader_gzip(const struct log_reader *reader);
uint64_t log_reader_bytes(const struct log_reader *reader);      /* of text so far */

/* ----------------------------------------------------------- table ---- */

/*
 * From some bytes to a number: 0, 1, 2 in the order in which they came.  The
 * bytes are copied.  Hashing is keyed, so that strangers cannot make it slow.
 */
struct names_slot {
	uint32_t tag, index;         /* high bits of the hash; index + 1 */
};
struct names {
	struct arena arena;
	struct slice *items;
	struct names_slot *slots;
	uint64_t *hashes;            /* for growing; a look at the tag saves one at these */
	size_t n, room, slots_n, max;
	uint64_t key;
};
#define NO_NAME UINT32_MAX
void names_init(struct names *names, size_t max);
void names_done(struct names *names);
uint64_t names_hash(const struct names *names, struct slice s);
/* NO_NAME when it is new and there is no room (or memory) for it. */
uint32_t names_add(struct names *names, struct slice s);
uint32_t names_find(const struct names *names, struct slice s);

/* Room for one more in a growing array of at most `max`; false: no. */
bool grow(void **items, size_t n, size_t *room, size_t max, size_t size);

/* ---------------------------------------------------------- engine ---- */

/* Where a line stands. */
struct place_in_log {
	uint32_t file;
	uint64_t number, offset;
};

/* An address (or host name) that asked for something. */
struct client {
	struct address address;
	const struct intel_answer *intel;    /* NULL: a host's name */
	const char *text;                    /* harmless text */
	uint32_t group;
	uint64_t requests;
	int64_t first;
};

/* A client with one user agent: what browsers look like from here. */
struct visitor {
	uint32_t client, agent;
	uint32_t session;                    /* index + 1 of the open one; 0 */
	bool robot;
	int64_t hour;                        /* the last one counted for the rhythm */
	/* a login that waits for the page behind it */
	struct place_in_log at;
	int64_t asked;                       /* CLOCK_NONE: none waits */
	uint16_t status;
	uint64_t form_size;                  /* of the login page it was last shown */
	/* who is signed in */
	uint32_t user;                       /* NO_NAME: nobody yet */
	int64_t user_seen, anonymous_seen;
	uint32_t login;                      /* index + 1 of its last login; 0 */
};

/* A file as one group wrote it.  Written by another group it is another. */
struct written {
	uint32_t path;                       /* in paths */
	uint32_t group, visitor;             /* of who wrote it */
	struct place_in_log at;
	int64_t written;
	uint32_t readings;                   /* index + 1 of the last; 0: none */
	bool read_by_own;                    /* by another visitor of the same group */
};

/* The first time that somebody of a group read it. */
struct reading {
	uint32_t group, next;
	struct place_in_log at;
	int64_t time;
};

struct logs_memory {
	struct arena arena;                  /* strings of the result */
	struct names clients_by, agents, users, visitors_by, paths, groups_by, answers, actors;
	struct client *clients;
	struct visitor *visitors;
	struct written *objects;
	struct reading *readings;
	uint32_t *latest;                    /* path to index + 1 of its object */
	bool *robots;                        /* by agent */
	size_t clients_room, visitors_room, objects_n, objects_room, readings_n, readings_room,
		latest_room, robots_room, groups_room, sessions_room, logins_room, rejects_room;
	size_t sessions_all_max;
	struct buf key;
	struct buf text;
};

struct engine {
	const struct logs_options *options;
	const struct intel *intel;
	struct logs_result *result;
	struct logs_memory *m;
};

/* One request, in order of time as far as the log is. */
void engine_add(struct engine *e, const struct log_event *event, struct place_in_log at);
/* A copy of foreign bytes as harmless text, at most `max` bytes; "" when out
 * of memory. */
const char *engine_text(struct engine *e, struct slice raw, size_t max);

bool path_is_login(struct slice target);
/* The target without host, query and fragment. */
struct slice target_path(struct slice target);

void logins_add(struct engine *e, uint32_t visitor, const struct log_event *event,
		struct place_in_log at);
int logins_end(struct engine *e, struct err *err);
void sessions_add(struct engine *e, uint32_t visitor, const struct log_event *event);
int sessions_end(struct engine *e, struct err *err);
void exchange_add(struct engine *e, uint32_t visitor, const struct log_event *event,
		  struct place_in_log at);
int exchange_end(struct engine *e, struct err *err);
/* The group an address belongs to; NO_NAME when there is no room. */
uint32_t origins_group(struct engine *e, const struct client *client);
int origins_end(struct engine *e, struct err *err);
bool agent_is_robot(struct slice agent);

/* Did the answer give or take? */
bool event_writes(const struct log_event *event);
bool event_reads(const struct log_event *event);

/* Keep the files; object ids into files[i].object. */
int case_keep(struct casefile *cf, struct logs_result *result, struct err *err);
int case_store(struct casefile *cf, struct logs_result *result, struct err *err);

/* JSON by hand: `"name":value,` pieces; out_close() drops the last comma. */
void out_text(struct buf *b, const char *name, const char *text);
void out_number(struct buf *b, const char *name, int64_t n);
void out_real(struct buf *b, const char *name, double value);
void out_time(struct buf *b, const char *name, int64_t time);
void out_bool(struct buf *b, const char *name, bool value);
void out_open(struct buf *b, const char *name, char bracket);
void out_close(struct buf *b, char bracket);
/* The members of each thing, without braces; shared by --json and findings. */
void out_login(struct buf *b, const struct logs_result *result, const struct login *login);
void out_session(struct buf *b, const struct log_session *session);
void out_origin(struct buf *b, const struct origin *origin);
void out_exchange(struct buf *b, const struct logs_result *result, const struct exchanged *x);
void out_relay(struct buf *b, const struct logs_result *result, const struct relay *relay);
void out_summary(struct buf *b, const struct logs_result *result);
void out_params(struct buf *b, const struct logs_result *result);
/* "a, b and c" of the set in words. */
const char *summary_words(const struct logs_result *result, struct buf *b);

#endif
