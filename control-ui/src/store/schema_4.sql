-- What Matomo said of the sites that a connection test saw.

CREATE TABLE sites (
    host    TEXT NOT NULL,
    site_id INTEGER NOT NULL,
    -- The facts as the test reported them, JSON.
    facts   TEXT NOT NULL,
    read_at INTEGER NOT NULL,
    PRIMARY KEY (host, site_id)
) STRICT, WITHOUT ROWID;
