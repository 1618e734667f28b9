/* SPDX-License-Identifier: Apache-2.0 */
/*
 * casefile - the case: what was seen, kept so that others can check it
 *
 * A case is a folder (docs/formats/case.md specifies it):
 *
 *	case.db     SQLite: the index and everything found
 *	warc/       every byte collected, in append-only WARC 1.1 segments
 *	ledger/     an append-only hash chain, signed with Ed25519
 *	intel/      the lists that were used, by hash
 *	report/     what was published
 *
 * Only this folder speaks SQL to a case.  Rows are only ever added: a later
 * capture, version, run or finding stands beside the earlier one.
 *
 * Writing.  One process writes at a time (a lock; ERR_BUSY otherwise).
 * Everything written between two consistent moments comes or goes together:
 * casefile_step() marks such a moment and makes it durable now and then;
 * casefile_commit() makes it durable at once.  kill -9 loses at most what
 * came after the last durable moment; opening for writing cuts an unfinished
 * tail off the last WARC segment and says so in the ledger.
 * casefile_seal() signs what has been added since the last seal: do it at the
 * end of each stage.
 *
 * Functions return 0 or -ERR_...; a case that cannot be trusted is
 * ERR_DAMAGED.  Text that is returned is valid until the callback returns.
 * One thread per struct casefile.
 */
#ifndef CASEFILE_CASEFILE_H
#define CASEFILE_CASEFILE_H

#include "base/clock.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/progress.h"
#include "base/slice.h"

struct casefile;

enum casefile_mode {
	CASEFILE_READ,
	CASEFILE_WRITE,
};

/* Make the folder and an empty case in it.  ERR_EXISTS if one is there.
 * `authority` says under which authority one looks; it goes into the first
 * ledger entry (may be NULL: recorded as not stated). */
int casefile_create(const char *path, const char *authority, struct err *err);

/* ERR_NOT_FOUND when there is no case there. */
int casefile_open(const char *path, enum casefile_mode mode, struct casefile **out,
		  struct err *err);
/* What is not durable is lost, as with a crash: commit first. */
void casefile_close(struct casefile *cf);
static inline void casefile_close_scoped(struct casefile **cf)
{
	casefile_close(*cf);
}

const char *casefile_path(const struct casefile *cf);

int casefile_step(struct casefile *cf, struct err *err);
int casefile_commit(struct casefile *cf, struct err *err);
/* Forget everything since the last durable moment. */
void casefile_rollback(struct casefile *cf);
/* Commit, then sign.  `stage` is a word for the ledger: "collect". */
int casefile_seal(struct casefile *cf, const char *stage, struct err *err);

/* ------------------------------------------------ what is looked at --- */

/* A place that is looked at: a URL with its scope, a folder, a log. */
struct source {
	int64_t id;
	const char *kind;        /* "http", "folder", "log" */
	const char *locator;     /* URL, or path as given */
	const char *scope;       /* JSON object: limits that hold, or "{}" */
};

/* Find the source of this kind and locator, or add it. */
int casefile_source(struct casefile *cf, const struct source *source, int64_t *id,
		    struct err *err);
int casefile_sources(struct casefile *cf, int (*each)(const struct source *, void *), void *data,
		     struct err *err);

/* One pass over a source. */
struct capture {
	int64_t id, source;
	int64_t started, ended;      /* ended is CLOCK_NONE while it runs */
	const char *state;           /* "running", "complete", "partial" */
	const char *note;            /* why it is partial, or "" */
	uint64_t seen, fresh, changed, unchanged, vanished, unknown, failed;   /* entries */
};

/* Begin a pass, or go on with the one that was interrupted (*resumed). */
int capture_begin(struct casefile *cf, int64_t source, int64_t *capture, bool *resumed,
		  struct err *err);
/*
 * End it.  Entries known from earlier captures and not seen in this one
 * become "vanished" where the listing of their folder was complete, and
 * "unknown" elsewhere: failure never reads as deletion.  `note` is NULL for
 * a complete pass, else says why it is partial.
 *
 * NULL promises that everything a complete listing named has its sighting or,
 * if it is a folder, its own listing record (refused and failed ones, too): a
 * folder without one is then taken to be gone.  In a partial pass a listing
 * counts as complete only if as many entries and folders directly below it
 * were recorded as it has `entries`.
 */
int capture_end(struct casefile *cf, int64_t capture, const char *note, struct err *err);
/* source 0: of all sources.  In the order in which they were begun. */
int captures_each(struct casefile *cf, int64_t source, int (*each)(const struct capture *, void *),
		  void *data, struct err *err);

/* How a folder's listing went.  Paths are raw bytes relative to the source,
 * without a leading "/"; folders end in "/", the root is "". */
enum listing_state {
	LISTING_COMPLETE,
	LISTING_PARTIAL,      /* cut short: what was read is kept */
	LISTING_REFUSED,      /* 401, 403, out of scope, a login page */
	LISTING_FAILED,       /* no answer, not understood, no listing */
};
struct listing_record {
	struct slice path;
	enum listing_state state;
	const char *reader;      /* which reader read it, or "" */
	uint64_t entries;
	int64_t object;          /* the page, or 0 */
	const char *why;         /* for all but complete; "" else */
};
/* Recording a folder again in the same capture (after a resume) replaces
 * nothing: the last one counts. */
int listing_add(struct casefile *cf, int64_t capture, const struct listing_record *listing,
		struct err *err);
int listings_each(struct casefile *cf, int64_t capture,
		  int (*each)(const struct listing_record *, void *), void *data, struct err *err);

/* What is known of an entry before this capture looks at it. */
struct entry_known {
	int64_t entry;                 /* 0: never seen */
	bool known;                    /* an earlier capture saw it (not only failed to) */
	bool vanished;                 /* it was gone when last looked for */
	bool in_this_capture;          /* done already, before a resume */
	int64_t version, object;       /* the latest; 0 if none was fetched */
	uint64_t listed_size;          /* as listed when it was last fetched or taken as */
	bool size_exact;               /* unchanged (UINT64_MAX: not stated); a sighting */
	int64_t listed_time;           /* that failed does not count; CLOCK_NONE: not stated */
	int64_t fetched;               /* when its bytes were last fetched, or CLOCK_NONE */
};
int entry_look(struct casefile *cf, int64_t capture, struct slice path, struct entry_known *out,
	       struct err *err);

/* What a capture saw of one entry. */
enum sighting_basis {
	BASIS_FETCHED,      /* its bytes were read in this capture */
	BASIS_LISTING,      /* size and date are as before: not read again */
	BASIS_FAILED,       /* listed, but its bytes could not be had */
};
struct sighting {
	struct slice path;           /* raw bytes */
	enum sighting_basis basis;
	int64_t object;              /* BASIS_FETCHED: what was fetched.  BASIS_FAILED: the
				      * part that could be had, or 0 */
	uint64_t listed_size;        /* UINT64_MAX: not stated */
	bool size_exact;
	int64_t listed_time;         /* CLOCK_NONE: not stated */
	int64_t modified;            /* the server's Last-Modified, or CLOCK_NONE */
	const char *why;             /* BASIS_FAILED: the reason; else "" */
};
/* The difference to the last capture (new, changed, unchanged, failed) is
 * worked out here, from the bytes' hash.  An entry that vanished and is seen
 * again is new.  A cut object where a whole one is known is failed, not
 * changed.  Seen twice in a capture: the last fetch counts. */
int sighting_add(struct casefile *cf, int64_t capture, const struct sighting *sighting,
		 struct err *err);

/* One line of the day's difference. */
struct change {
	int64_t capture, entry, version, object;      /* 0 where there is none */
	struct slice path;
	const char *name;         /* the path as harmless text */
	const char *change;       /* "new", "changed", "unchanged", "vanished", "unknown", "failed" */
	const char *why;
	uint64_t size;            /* of the object, 0 if none */
	int64_t listed_time;
	struct sha256 sha256;     /* of the object, zero if none */
};
/* capture 0: all.  change NULL: all.  Ordered by capture, then path. */
int changes_each(struct casefile *cf, int64_t capture, const char *change,
		 int (*each)(const struct change *, void *), void *data, struct err *err);

/* ------------------------------------------------------ the bytes ----- */

/* One HTTP exchange as it crossed the wire. */
struct exchange {
	const char *url;
	struct slice request;         /* request line and head, "\r\n\r\n" at the end */
	struct slice response_head;   /* status line and head, "\r\n\r\n" at the end */
	int body;                     /* a descriptor to the body, from its beginning; -1: none */
	uint64_t body_length;         /* on the wire: chunk framing is part of it */
	bool chunked;                 /* transfer coding of the body */
	const char *address;          /* the peer's address, or "" */
	int64_t time;                 /* when it was asked */
	const char *truncated;        /* "length", "time", "disconnect"; NULL: whole */
};
/*
 * Store it as a request and a response record, or, if the same payload is
 * stored already, as a request and a revisit record; *object is the payload's
 * object (an object's identity is the SHA-256 of its payload).  *object may
 * be NULL.  Truncated payloads become objects too, marked as such.
 */
int warc_add_exchange(struct casefile *cf, const struct exchange *exchange, int64_t *object,
		      struct err *err);

/* A file without an exchange (folder, log): a resource record; nothing is
 * written if the payload is stored already. */
int warc_add_resource(struct casefile *cf, const char *uri, int fd, uint64_t length, int64_t time,
		      int64_t *object, struct err *err);

struct object {
	int64_t id;
	struct sha256 sha256;        /* of the payload */
	uint64_t size;               /* of the payload */
	const char *segment;         /* "00001.warc" */
	uint64_t record, offset;     /* where its record, and in it the payload, begins */
	uint64_t stored;             /* bytes at `offset`; differs from size if chunked */
	bool chunked;
	const char *truncated;       /* or "" */
	const char *name;            /* a path at which it was last seen, as harmless text, or "" */
};
int object_get(struct casefile *cf, int64_t id, int (*with)(const struct object *, void *),
	       void *data, struct err *err);
int objects_each(struct casefile *cf, int (*each)(const struct object *, void *), void *data,
		 struct err *err);

/* The payload's bytes: `length` bytes at `offset` of `fd`, which the caller
 * closes.  A chunked payload is decoded into memory. */
struct object_bytes {
	int fd;
	uint64_t offset, length;
};
int object_open(struct casefile *cf, int64_t id, struct object_bytes *out, struct err *err);

/* Objects that entries have (not those of "log" sources) and that the stage
 * "examine" has not finished with (no finding "file.verdict"), in the order in
 * which they came.  The callback may write and step. */
int objects_unexamined(struct casefile *cf, int (*each)(const struct object *, void *), void *data,
		       struct err *err);

/* -------------------------------------------------- what is found ----- */

/*
 * A run is one execution of a stage: the findings it made share its tool,
 * version and parameters.  A run that computes its result anew replaces the
 * stage's earlier run: findings of replaced runs are kept, but are no longer
 * current.  A run that replaces becomes current when it ends: one that was
 * interrupted never does (read one's own findings by their run).
 */
struct run {
	int64_t id;
	const char *stage;           /* "examine", "logs", "match", "assess" */
	const char *tool;            /* "xsheet 0.1.0" */
	const char *params;          /* JSON object: parameters, lists and models with their hashes */
	int64_t started;
	bool replaces;               /* the stage's earlier runs */
};
int run_begin(struct casefile *cf, const struct run *run, int64_t *id, struct err *err);
int run_end(struct casefile *cf, int64_t run, struct err *err);
/* Current (not replaced) runs. */
int runs_each(struct casefile *cf, int (*each)(const struct run *, void *), void *data,
	      struct err *err);

/* Something that was found.  Kinds are listed in casefile/kinds.h. */
struct finding {
	int64_t id, run;
	const char *kind;
	int64_t object;              /* the bytes it was found in, 0: none */
	const char *locator;         /* JSON object: where in them; "{}": all of them */
	const char *value;           /* the finding itself, harmless text */
	const char *data;            /* JSON object: the rest, per kind */
	double certainty;            /* how sure the tool is, 0 to 1; negative: it does not say */
};
/* locator and data must be JSON objects (checked), kind must be listed. */
int finding_add(struct casefile *cf, const struct finding *finding, int64_t *id, struct err *err);

struct finding_filter {
	const char *kind;            /* NULL: all; "ocr." (dot at the end): all that begin so */
	int64_t object;              /* 0: all */
	int64_t run;                 /* 0: of current runs */
};
/* In the order in which they were made; not those the callback adds. */
int findings_each(struct casefile *cf, const struct finding_filter *filter,
		  int (*each)(const struct finding *, void *), void *data, struct err *err);
int finding_get(struct casefile *cf, int64_t id, int (*with)(const struct finding *, void *),
		void *data, struct err *err);

/*
 * Run an observation: one SELECT over the views that docs/formats/case.md
 * names, read-only, with a ceiling on steps and rows.  Each row gives
 * (finding INTEGER or NULL, grp TEXT or NULL, label TEXT or NULL).  `each`
 * only takes note: no call on the case from inside it.
 */
struct observed {
	int64_t finding;             /* what it rests on, 0: none */
	const char *group;           /* dependence group within the observation, or "" */
	const char *label;
};
int observation_run(struct casefile *cf, const char *sql,
		    int (*each)(const struct observed *, void *), void *data, struct err *err);

/* ------------------------------------------------- is it still so? ---- */

enum verdict_kind {
	VERIFY_VERIFIED,
	VERIFY_FAILED,
	VERIFY_UNVERIFIABLE,
};
struct verify_result {
	enum verdict_kind kind;
	uint64_t segments, records, bytes, rows, ledger_entries;   /* checked */
	uint64_t faults;
	char key[65];                /* hex of the public key that signed */
	char head[SHA256_HEX];       /* hash of the last ledger entry */
};
/*
 * Check every byte: the chain and its signatures, each WARC piece and record
 * against the ledger, each sealed row, and that nothing is missing.  `fault`
 * is called with a sentence for each thing that fails or cannot be checked,
 * and where it is.  `key` (hex) is the public key to expect, or NULL for the
 * one the case names.  Works on a case that cannot be opened otherwise.
 */
int casefile_verify(const char *path, const char *key, struct progress *progress,
		    void (*fault)(enum verdict_kind, const char *sentence, void *), void *data,
		    struct verify_result *out, struct err *err);

/* A public key as one gives it: 64 hexadecimal digits, or a file with it or with
 * PEM, into hexadecimal digits. */
int casefile_key(const char *text, char out[65], struct err *err);

/* The ledger: (entry number, time, kind, body JSON, hash of the entry). */
struct ledger_entry {
	uint64_t n;
	int64_t time;
	const char *kind, *body;
	char hash[SHA256_HEX];
};
int ledger_each(struct casefile *cf, int (*each)(const struct ledger_entry *, void *), void *data,
		struct err *err);
/* Write an entry of one's own: kind a word, body a JSON object. */
int ledger_note(struct casefile *cf, const char *kind, const char *body, struct err *err);

/* Keep a copy of a list or database in CASE/intel/ under its SHA-256. */
int intel_keep(struct casefile *cf, const char *path, struct sha256 *hash, struct err *err);

#endif
