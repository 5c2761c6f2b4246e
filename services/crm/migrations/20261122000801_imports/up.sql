-- Many leads at once (CRM-07): a file, and its rows until long after they are done.
CREATE TABLE imports (
    id            UUID PRIMARY KEY,
    status        TEXT NOT NULL CHECK (status IN ('queued', 'running', 'done', 'cancelled')),
    kind          TEXT NOT NULL CHECK (kind IN ('leads')),
    format        TEXT NOT NULL CHECK (format IN ('csv', 'jsonl')),
    on_duplicate  TEXT NOT NULL CHECK (on_duplicate IN ('refuse', 'create', 'attach', 'merge')),
    dry_run       BOOLEAN NOT NULL,
    header        JSONB NOT NULL,
    total         INTEGER NOT NULL CHECK (total >= 0),
    created       INTEGER NOT NULL CHECK (created >= 0),
    merged        INTEGER NOT NULL CHECK (merged >= 0),
    attached      INTEGER NOT NULL CHECK (attached >= 0),
    duplicates    INTEGER NOT NULL CHECK (duplicates >= 0),
    failed        INTEGER NOT NULL CHECK (failed >= 0),
    -- Who handed it in, as the rows are taken in.
    created_by    TEXT NOT NULL,
    roles         JSONB NOT NULL,
    owner_id      TEXT,
    team_id       TEXT,
    department_id TEXT,
    created_at    TIMESTAMPTZ NOT NULL,
    started_at    TIMESTAMPTZ,
    finished_at   TIMESTAMPTZ,
    version       INTEGER NOT NULL,
    CHECK (created + merged + attached + duplicates + failed <= total),
    CHECK (status <> 'done' OR created + merged + attached + duplicates + failed = total)
);
CREATE INDEX imports_status ON imports (status, id);
CREATE INDEX imports_owner ON imports (owner_id, id);
CREATE INDEX imports_team ON imports (team_id, id);
CREATE INDEX imports_waiting ON imports (id) WHERE status IN ('queued', 'running');

CREATE TABLE import_rows (
    id         UUID PRIMARY KEY,
    import_id  UUID NOT NULL REFERENCES imports (id),
    line       INTEGER NOT NULL,
    status     TEXT NOT NULL CHECK (status IN ('pending', 'created', 'merged', 'attached', 'duplicate', 'failed')),
    -- Its fields as they came; NULL where they cannot be kept.
    data       JSONB,
    -- Times that an error of ours kept it from being done.
    attempts   INTEGER NOT NULL,
    lead_id    UUID REFERENCES leads (id),
    pointer    TEXT,
    code       TEXT,
    message_zh TEXT,
    message_en TEXT,
    candidates JSONB NOT NULL,
    CHECK ((status IN ('duplicate', 'failed')) = (code IS NOT NULL))
);
CREATE INDEX import_rows_of ON import_rows (import_id, id);
CREATE INDEX import_rows_status ON import_rows (import_id, status, id);
