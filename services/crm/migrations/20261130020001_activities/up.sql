-- What somebody plans to do with a customer and what came of it (CRM-12, 21, 27).
CREATE TABLE activities (
    id            UUID PRIMARY KEY,
    status        TEXT NOT NULL CHECK (status IN ('planned', 'done', 'sent', 'cancelled', 'no_show')),
    kind          TEXT NOT NULL CHECK (kind IN ('call', 'email', 'visit', 'meeting', 'demo', 'progress_report', 'wechat')),
    subject_kind  TEXT NOT NULL CHECK (subject_kind IN ('lead', 'account', 'opportunity', 'ticket')),
    subject_id    UUID NOT NULL,
    case_id       UUID,
    account_id    UUID,
    title         TEXT NOT NULL,
    planned_at    TIMESTAMPTZ NOT NULL,
    note          TEXT,
    outcome       TEXT,
    demo_feedback JSONB,
    recipient     TEXT,
    reason        TEXT,
    done_at       TIMESTAMPTZ,
    owner_id      TEXT,
    team_id       TEXT,
    department_id TEXT,
    created_at    TIMESTAMPTZ NOT NULL,
    version       INTEGER NOT NULL,
    CHECK (status NOT IN ('done', 'sent') OR (outcome IS NOT NULL AND done_at IS NOT NULL)),
    CHECK (status <> 'done' OR kind <> 'demo' OR demo_feedback IS NOT NULL),
    CHECK ((status = 'sent') = (recipient IS NOT NULL)),
    CHECK (status NOT IN ('done', 'sent') OR (status = 'sent') = (kind = 'progress_report'))
);
CREATE INDEX activities_case ON activities (case_id, id);
CREATE INDEX activities_account ON activities (account_id, id);
CREATE INDEX activities_subject ON activities (subject_id, id);
CREATE INDEX activities_status ON activities (status, id);
CREATE INDEX activities_kind ON activities (kind, id);
CREATE INDEX activities_owner ON activities (owner_id, id);
CREATE INDEX activities_team ON activities (team_id, id);
CREATE INDEX activities_department ON activities (department_id, id);

-- What a document of another service is known by: the latest fact about it.
CREATE INDEX case_events_subject ON case_events (subject_id, event_id);
