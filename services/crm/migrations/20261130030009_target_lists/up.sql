-- Whom sales develops first (CRM-10).
CREATE TABLE target_lists (
    id            UUID PRIMARY KEY,
    number        TEXT NOT NULL UNIQUE,
    status        TEXT NOT NULL CHECK (status IN ('draft', 'approved', 'active', 'closed')),
    name          TEXT NOT NULL,
    segment_id    UUID REFERENCES segments (id),
    members       JSONB NOT NULL,
    created_by    TEXT NOT NULL,
    makers        JSONB NOT NULL,
    approved_by   TEXT,
    owner_id      TEXT,
    team_id       TEXT,
    department_id TEXT,
    created_at    TIMESTAMPTZ NOT NULL,
    version       INTEGER NOT NULL,
    -- Maker is not checker: nobody who wrote in it approves it.
    CHECK (created_by <> approved_by AND NOT makers ? approved_by)
);
CREATE INDEX target_lists_status ON target_lists (status, id);
CREATE INDEX target_lists_owner ON target_lists (owner_id, id);
CREATE INDEX target_lists_team ON target_lists (team_id, id);
CREATE INDEX target_lists_department ON target_lists (department_id, id);
INSERT INTO number_rules (kind, prefix) VALUES ('target_list', 'TL');
