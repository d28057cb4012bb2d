-- Access: keys for programs, what sessions say of themselves, who did what.

CREATE TABLE keys (
    id        TEXT PRIMARY KEY,
    name      TEXT NOT NULL,
    -- SHA-256 of the key, which itself is shown once.
    hash      TEXT NOT NULL UNIQUE,
    -- The first characters, by which a person knows it again.
    prefix    TEXT NOT NULL,
    scope     TEXT NOT NULL CHECK (scope IN ('full', 'read_only')),
    created   INTEGER NOT NULL,
    expires   INTEGER,
    last_used INTEGER
) STRICT;

-- What a session is called in lists and revoked by: its hash stays inside.
ALTER TABLE sessions ADD COLUMN id TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN address TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN agent TEXT NOT NULL DEFAULT '';
UPDATE sessions SET id = lower(hex(randomblob(8)));

CREATE TABLE audit (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    at      INTEGER NOT NULL,
    who     TEXT NOT NULL,
    action  TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail  TEXT NOT NULL,
    address TEXT NOT NULL,
    request TEXT NOT NULL
) STRICT;

-- The run configuration that people edit, one row; and presets of their own. Documents are without secrets.

CREATE TABLE configuration (
    id       INTEGER PRIMARY KEY CHECK (id = 1),
    revision INTEGER NOT NULL,
    updated  INTEGER NOT NULL,
    preset   TEXT,
    document TEXT NOT NULL
) STRICT;

CREATE TABLE presets (
    id       TEXT PRIMARY KEY,
    revision INTEGER NOT NULL,
    title    TEXT NOT NULL,
    created  INTEGER NOT NULL,
    updated  INTEGER NOT NULL,
    deleted  INTEGER,
    document TEXT NOT NULL
) STRICT;

-- Runs: deleted ones are kept for a while, so that deleting can be undone.

ALTER TABLE runs ADD COLUMN deleted INTEGER;
-- The run whose place this one is taking, until that is settled.
ALTER TABLE runs ADD COLUMN replaces TEXT;
CREATE INDEX runs_taking_over ON runs (replaces) WHERE replaces IS NOT NULL;
CREATE INDEX runs_deleted ON runs (deleted) WHERE deleted IS NOT NULL;

-- Whoever pauses a run before its loader was started must not wait for it.
INSERT INTO run_moves (from_state, to_state) VALUES ('queued', 'paused');

-- What the control plane itself noted about a run, which no loader's log holds.
CREATE TABLE run_lines (
    run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    n      INTEGER NOT NULL,
    at     INTEGER NOT NULL,
    level  TEXT NOT NULL,
    text   TEXT NOT NULL,
    PRIMARY KEY (run_id, n)
) STRICT, WITHOUT ROWID;

-- Who typed a host back.
ALTER TABLE confirmations ADD COLUMN who TEXT;
