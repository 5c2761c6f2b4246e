-- Target groups by rule (CRM-05).
CREATE TABLE segments (
    id          UUID PRIMARY KEY,
    status      TEXT NOT NULL CHECK (status IN ('draft', 'active', 'retired')),
    name        TEXT NOT NULL,
    description TEXT,
    subject     TEXT NOT NULL CHECK (subject IN ('lead', 'account')),
    rule        JSONB NOT NULL,
    created_by  TEXT NOT NULL,
    created_at  TIMESTAMPTZ NOT NULL,
    version     INTEGER NOT NULL
);
CREATE INDEX segments_status ON segments (status, id);
-- How far the job has come that looks at everybody; where it has ended, when.
CREATE TABLE segment_sweeps (
    segment_id  UUID PRIMARY KEY REFERENCES segments (id),
    after_id    UUID,
    begun_at    TIMESTAMPTZ NOT NULL,
    finished_at TIMESTAMPTZ
);
-- Who belongs, and who did.
CREATE TABLE segment_members (
    id            UUID PRIMARY KEY,
    segment_id    UUID NOT NULL REFERENCES segments (id),
    status        TEXT NOT NULL CHECK (status IN ('member', 'left')),
    subject       TEXT NOT NULL CHECK (subject IN ('lead', 'account')),
    subject_id    UUID NOT NULL,
    name          TEXT NOT NULL,
    since         TIMESTAMPTZ NOT NULL,
    owner_id      TEXT,
    team_id       TEXT,
    department_id TEXT,
    version       INTEGER NOT NULL,
    UNIQUE (segment_id, subject_id)
);
CREATE INDEX segment_members_segment ON segment_members (segment_id, status, id);
CREATE INDEX segment_members_subject ON segment_members (subject_id);
