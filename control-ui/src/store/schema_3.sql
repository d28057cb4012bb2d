-- A run is shared by one or more loaders; what was said of its one loader is now said of the first.

UPDATE runs SET document = json_set(
    json_remove(document, '$.loader', '$.asked_at_seq', '$.began', '$.figures'),
    '$.shards', json_array(json_object(
        'loader', json(coalesce(document -> '$.loader', 'null')),
        'asked_at_seq', json(coalesce(document -> '$.asked_at_seq', 'null')),
        'began', json(coalesce(document -> '$.began', 'false')),
        'figures', json(document -> '$.figures'),
        'end', NULL
    ))
) WHERE document -> '$.figures' IS NOT NULL;

-- What the runs put into each day of each site.

CREATE TABLE run_days (
    run_id  TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    -- YYYY-MM-DD, in the run's time zone.
    day     TEXT NOT NULL,
    host    TEXT NOT NULL,
    site_id INTEGER NOT NULL,
    -- The loader that counted, from 1; 0 is what was planned before any began.
    shard   INTEGER NOT NULL,
    -- Hits that Matomo may hold: accepted and unknown ones.
    held    INTEGER NOT NULL,
    account TEXT NOT NULL,
    PRIMARY KEY (run_id, day, host, site_id, shard)
) STRICT, WITHOUT ROWID;

CREATE INDEX run_days_by_site ON run_days (host, site_id, day);
