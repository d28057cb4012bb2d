-- Moments are milliseconds since the Unix epoch. Documents are JSON.

CREATE TABLE run_moves (
    from_state TEXT NOT NULL,
    to_state   TEXT NOT NULL,
    PRIMARY KEY (from_state, to_state)
) STRICT, WITHOUT ROWID;

INSERT INTO run_moves (from_state, to_state) VALUES
    ('queued', 'starting'),   ('queued', 'cancelled'),   ('queued', 'failed'),
    ('starting', 'running'),  ('starting', 'stopping'),  ('starting', 'succeeded'),
    ('starting', 'failed'),   ('starting', 'lost'),      ('starting', 'paused'),
    ('running', 'stopping'),  ('running', 'succeeded'),  ('running', 'failed'),
    ('running', 'lost'),      ('running', 'paused'),
    ('stopping', 'paused'),   ('stopping', 'cancelled'), ('stopping', 'succeeded'),
    ('stopping', 'failed'),   ('stopping', 'lost'),
    ('paused', 'queued'),     ('paused', 'cancelled'),
    ('failed', 'queued'),     ('lost', 'queued');

CREATE TABLE runs (
    id              TEXT PRIMARY KEY,
    state           TEXT NOT NULL,
    created_at      INTEGER NOT NULL,
    idempotency_key TEXT UNIQUE,
    request_hash    TEXT,
    -- Changes with each line of the run report.
    document        TEXT NOT NULL,
    -- The run configuration, without secrets; never changes.
    config          TEXT NOT NULL
) STRICT;

CREATE INDEX runs_by_age ON runs (created_at DESC, id DESC);
CREATE INDEX runs_by_state ON runs (state);

-- Whatever a program asks for, a run only moves along its life.
CREATE TRIGGER runs_begin_queued BEFORE INSERT ON runs
WHEN NEW.state <> 'queued'
BEGIN
    SELECT RAISE(ABORT, 'a run begins queued');
END;

CREATE TRIGGER runs_move_legally BEFORE UPDATE OF state ON runs
WHEN NEW.state <> OLD.state AND NOT EXISTS (
    SELECT 1 FROM run_moves WHERE from_state = OLD.state AND to_state = NEW.state
)
BEGIN
    SELECT RAISE(ABORT, 'illegal move of a run');
END;

CREATE TABLE samples (
    run_id  TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    step_s  INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    sample  TEXT NOT NULL,
    PRIMARY KEY (run_id, step_s, at)
) STRICT, WITHOUT ROWID;

CREATE TABLE codes (
    hash    TEXT PRIMARY KEY,
    expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
    hash      TEXT PRIMARY KEY,
    created   INTEGER NOT NULL,
    last_used INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE confirmations (
    host         TEXT PRIMARY KEY,
    confirmed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
