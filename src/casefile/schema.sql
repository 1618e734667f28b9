-- SPDX-License-Identifier: Apache-2.0
-- The tables of a case, format 1 (docs/formats/case.md).  Executed once, when
-- the case is made; a case whose schema differs from this text is not opened.
--
-- Tables that are sealed: rows are only added, ids run from 1 without gaps,
-- no column is REAL (its text differs between SQLite's releases).

CREATE TABLE source (
	id INTEGER PRIMARY KEY,
	kind TEXT NOT NULL CHECK (kind <> ''),
	locator TEXT NOT NULL,
	scope TEXT NOT NULL,
	added INTEGER NOT NULL,
	UNIQUE (kind, locator)
) STRICT;

CREATE TABLE capture (
	id INTEGER PRIMARY KEY,
	source INTEGER NOT NULL REFERENCES source,
	started INTEGER NOT NULL
) STRICT;
CREATE INDEX capture_source ON capture (source);

CREATE TABLE capture_end (
	id INTEGER PRIMARY KEY,
	capture INTEGER NOT NULL UNIQUE REFERENCES capture,
	ended INTEGER NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('complete', 'partial')),
	note TEXT NOT NULL
) STRICT;

-- One WARC record: `sha256` is the digest of its head, which in turn names
-- the digest of its block.
CREATE TABLE record (
	id INTEGER PRIMARY KEY,
	segment INTEGER NOT NULL CHECK (segment > 0),
	offset INTEGER NOT NULL CHECK (offset >= 0),
	head INTEGER NOT NULL CHECK (head > 0),
	block INTEGER NOT NULL CHECK (block >= 0),
	sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
	UNIQUE (segment, offset)
) STRICT;

CREATE TABLE object (
	id INTEGER PRIMARY KEY,
	sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
	size INTEGER NOT NULL CHECK (size >= 0),
	record INTEGER NOT NULL UNIQUE REFERENCES record,
	offset INTEGER NOT NULL CHECK (offset >= 0),
	stored INTEGER NOT NULL CHECK (stored >= 0),
	chunked INTEGER NOT NULL CHECK (chunked IN (0, 1)),
	truncated TEXT NOT NULL,
	record_id TEXT NOT NULL,
	uri TEXT NOT NULL,
	time INTEGER NOT NULL,
	UNIQUE (sha256, truncated)
) STRICT;

CREATE TABLE listing (
	id INTEGER PRIMARY KEY,
	capture INTEGER NOT NULL REFERENCES capture,
	path BLOB NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('complete', 'partial', 'refused', 'failed')),
	reader TEXT NOT NULL,
	entries INTEGER NOT NULL CHECK (entries >= 0),
	object INTEGER REFERENCES object,
	why TEXT NOT NULL,
	time INTEGER NOT NULL
) STRICT;
CREATE INDEX listing_path ON listing (capture, path);

CREATE TABLE entry (
	id INTEGER PRIMARY KEY,
	source INTEGER NOT NULL REFERENCES source,
	path BLOB NOT NULL,
	name TEXT NOT NULL,
	UNIQUE (source, path)
) STRICT;

CREATE TABLE version (
	id INTEGER PRIMARY KEY,
	entry INTEGER NOT NULL REFERENCES entry,
	object INTEGER NOT NULL REFERENCES object,
	capture INTEGER NOT NULL REFERENCES capture,
	modified INTEGER
) STRICT;
CREATE INDEX version_entry ON version (entry);
CREATE INDEX version_object ON version (object);

CREATE TABLE sighting (
	id INTEGER PRIMARY KEY,
	capture INTEGER NOT NULL REFERENCES capture,
	entry INTEGER NOT NULL REFERENCES entry,
	basis TEXT NOT NULL CHECK (basis IN ('fetched', 'listing', 'failed', 'absent')),
	change TEXT NOT NULL
		CHECK (change IN ('new', 'changed', 'unchanged', 'vanished', 'unknown', 'failed')),
	version INTEGER REFERENCES version,
	object INTEGER REFERENCES object,
	listed_size INTEGER,
	size_exact INTEGER NOT NULL CHECK (size_exact IN (0, 1)),
	listed_time INTEGER,
	modified INTEGER,
	why TEXT NOT NULL,
	time INTEGER NOT NULL
) STRICT;
CREATE INDEX sighting_entry ON sighting (entry, capture);
CREATE INDEX sighting_capture ON sighting (capture);

CREATE TABLE run (
	id INTEGER PRIMARY KEY,
	stage TEXT NOT NULL CHECK (stage <> ''),
	tool TEXT NOT NULL,
	params TEXT NOT NULL,
	started INTEGER NOT NULL,
	replaces INTEGER NOT NULL CHECK (replaces IN (0, 1))
) STRICT;

CREATE TABLE run_end (
	id INTEGER PRIMARY KEY,
	run INTEGER NOT NULL UNIQUE REFERENCES run,
	ended INTEGER NOT NULL
) STRICT;

-- `certainty` is in millionths.
CREATE TABLE finding (
	id INTEGER PRIMARY KEY,
	run INTEGER NOT NULL REFERENCES run,
	kind TEXT NOT NULL,
	object INTEGER REFERENCES object,
	locator TEXT NOT NULL,
	value TEXT NOT NULL,
	data TEXT NOT NULL,
	certainty INTEGER CHECK (certainty BETWEEN 0 AND 1000000)
) STRICT;
CREATE INDEX finding_kind ON finding (kind);
CREATE INDEX finding_object ON finding (object, kind);
CREATE INDEX finding_run ON finding (run);

-- Helpers, not sealed: what they say follows from the rest.
CREATE TABLE segment (
	id INTEGER PRIMARY KEY,
	committed INTEGER NOT NULL CHECK (committed >= 0)
) STRICT;
CREATE TABLE row_seal (
	tbl TEXT NOT NULL,
	row INTEGER NOT NULL,
	digest BLOB NOT NULL CHECK (length(digest) = 32),
	PRIMARY KEY (tbl, row)
) STRICT, WITHOUT ROWID;
CREATE TABLE ledger_copy (
	n INTEGER PRIMARY KEY,
	hash TEXT NOT NULL CHECK (length(hash) = 64)
) STRICT;

-- ---------------------------------------------------------------- views
-- What observations read.  Their names and columns are a promise.

CREATE VIEW day AS
SELECT c.id AS capture, c.source AS source, s.kind AS source_kind, s.locator AS locator,
	date(c.started / 1000, 'unixepoch') AS day, c.started AS started, e.ended AS ended,
	coalesce(e.state, 'running') AS state, coalesce(e.note, '') AS note
FROM capture c JOIN source s ON s.id = c.source LEFT JOIN capture_end e ON e.capture = c.id;

-- The last word of each capture about each entry.
CREATE VIEW now_sighting AS
SELECT s.id AS id, s.capture AS capture, date(c.started / 1000, 'unixepoch') AS day,
	c.source AS source, s.entry AS entry, e.path AS path, e.name AS name, s.basis AS basis,
	s.change AS change, s.version AS version, coalesce(s.object, v.object) AS object,
	s.listed_size AS listed_size, s.size_exact AS size_exact, s.listed_time AS listed_time,
	s.modified AS modified, s.why AS why, s.time AS time
FROM sighting s JOIN capture c ON c.id = s.capture JOIN entry e ON e.id = s.entry
	LEFT JOIN version v ON v.id = s.version
WHERE NOT EXISTS (SELECT 1 FROM sighting t
	WHERE t.entry = s.entry AND t.capture = s.capture AND t.id > s.id);

-- Where an object lies: one row for each version of an entry.
CREATE VIEW object_path AS
SELECT v.object AS object, v.entry AS entry, e.source AS source, e.name AS name,
	v.id AS version, v.capture AS capture, date(c.started / 1000, 'unixepoch') AS day,
	v.modified AS modified, o.size AS size, lower(hex(o.sha256)) AS sha256
FROM version v JOIN entry e ON e.id = v.entry JOIN capture c ON c.id = v.capture
	JOIN object o ON o.id = v.object;

-- A run that replaces others counts once it has ended.
CREATE VIEW now_run AS
SELECT r.id AS id, r.stage AS stage, r.tool AS tool, r.params AS params, r.started AS started,
	r.replaces AS replaces, e.ended AS ended
FROM run r LEFT JOIN run_end e ON e.run = r.id
WHERE (r.replaces = 0 OR e.id IS NOT NULL)
	AND NOT EXISTS (SELECT 1 FROM run n JOIN run_end ne ON ne.run = n.id
		WHERE n.stage = r.stage AND n.id > r.id AND n.replaces = 1);

CREATE VIEW now_finding AS
SELECT f.id AS id, f.run AS run, f.kind AS kind, f.object AS object, f.locator AS locator,
	f.value AS value, f.data AS data, f.certainty / 1000000.0 AS certainty
FROM finding f WHERE f.run IN (SELECT id FROM now_run);

-- Rows are only added.
CREATE TRIGGER source_no_update BEFORE UPDATE ON source
BEGIN SELECT raise(ABORT, 'rows are only added'); END;
CREATE TRIGGER source_no_delete BEFORE DELETE ON source
BEGIN SELECT raise(ABORT, 'rows are only added'); END;
CREATE TRIGGER capture_no_update BEFORE UPDATE ON capture
BEGIN SELECT raise(ABORT, 'rows are only added'); END;
CREATE TRIGGER capture_no_delete BEFORE DELETE ON capture
BEGIN SELECT raise(ABORT, 'rows are only added'); END;
CREATE TRIGGER capture_end_no_update BEFORE UPDATE ON capture_end
BEGIN SELECT raise(ABORT, 'rows are only added'); END;
CREATE TRIGGER capture_end_no_delete BEFORE DELETE ON capture_end
BEGIN SELECT raise(ABORT, 'rows are only added'); END;
CREATE TRIGGER record_no_update BEFORE UPDATE ON record
BEGIN SELECT raise(ABORT, 'rows are only added'); END;
CREATE TRIGGER record_no_delete BEFORE DELETE ON record
BEGIN SELECT raise(ABORT, 'rows are only added'); END;
CREATE TRIGGER object_no_update BEFORE UPDATE ON object
BEGIN SELECT raise(ABORT, 'rows are only added'); END;
CREATE TRIGGER object_no_delete BEFORE DELETE ON object
BEGIN SELECT raise(ABORT, 'rows are only added'); END;
CREATE TRIGGER listing_no_update BEFORE UPDATE ON listing
BEGIN SELECT raise(ABORT, 'rows are only added'); END;
CREATE TRIGGER listing_no_delete BEFORE DELETE ON listing
BEGIN SELECT raise(ABORT, 'rows are only added'); END;
CREATE TRIGGER entry_no_update BEFORE UPDATE ON entry
BEGIN SELECT raise(ABORT, 'rows are only added'); END;
CREATE TRIGGER entry_no_delete BEFORE DELETE ON entry
BEGIN SELECT raise(ABORT, 'rows are only added'); END;
CREATE TRIGGER version_no_update BEFORE UPDATE ON version
BEGIN SELECT raise(ABORT, 'rows are only added'); END;
CREATE TRIGGER version_no_delete BEFORE DELETE ON version
BEGIN SELECT raise(ABORT, 'rows are only added'); END;
CREATE TRIGGER sighting_no_update BEFORE UPDATE ON sighting
BEGIN SELECT raise(ABORT, 'rows are only added'); END;
CREATE TRIGGER sighting_no_delete BEFORE DELETE ON sighting
BEGIN SELECT raise(ABORT, 'rows are only added'); END;
CREATE TRIGGER run_no_update BEFORE UPDATE ON run
BEGIN SELECT raise(ABORT, 'rows are only added'); END;
CREATE TRIGGER run_no_delete BEFORE DELETE ON run
BEGIN SELECT raise(ABORT, 'rows are only added'); END;
CREATE TRIGGER run_end_no_update BEFORE UPDATE ON run_end
BEGIN SELECT raise(ABORT, 'rows are only added'); END;
CREATE TRIGGER run_end_no_delete BEFORE DELETE ON run_end
BEGIN SELECT raise(ABORT, 'rows are only added'); END;
CREATE TRIGGER finding_no_update BEFORE UPDATE ON finding
BEGIN SELECT raise(ABORT, 'rows are only added'); END;
CREATE TRIGGER finding_no_delete BEFORE DELETE ON finding
BEGIN SELECT raise(ABORT, 'rows are only added'); END;
CREATE TRIGGER row_seal_no_update BEFORE UPDATE ON row_seal
BEGIN SELECT raise(ABORT, 'rows are only added'); END;
CREATE TRIGGER row_seal_no_delete BEFORE DELETE ON row_seal
BEGIN SELECT raise(ABORT, 'rows are only added'); END;
CREATE TRIGGER ledger_copy_no_update BEFORE UPDATE ON ledger_copy
BEGIN SELECT raise(ABORT, 'rows are only added'); END;
CREATE TRIGGER ledger_copy_no_delete BEFORE DELETE ON ledger_copy
BEGIN SELECT raise(ABORT, 'rows are only added'); END;
