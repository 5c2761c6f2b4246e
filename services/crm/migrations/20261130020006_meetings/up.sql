-- Meetings with their reports and minutes (CRM-59, 60), one row each, those of a series too.
CREATE TABLE meetings (
    id               UUID PRIMARY KEY,
    number           TEXT NOT NULL UNIQUE,
    status           TEXT NOT NULL CHECK (status IN ('scheduled', 'held', 'minuted', 'closed', 'cancelled')),
    kind             TEXT NOT NULL CHECK (kind IN ('department', 'project')),
    title            TEXT NOT NULL,
    chair            TEXT NOT NULL,
    members          JSONB NOT NULL,
    agenda           JSONB NOT NULL,
    goal             TEXT,
    link             JSONB,
    case_id          UUID,
    starts_at        TIMESTAMPTZ NOT NULL,
    series_id        UUID REFERENCES meetings (id),
    recurrence       TEXT,
    series_starts_on DATE,
    next_starts_at   TIMESTAMPTZ CHECK (next_starts_at > starts_at),
    reports          JSONB NOT NULL,
    minutes          TEXT,
    decisions        JSONB NOT NULL,
    reason           TEXT,
    held_at          TIMESTAMPTZ,
    minuted_at       TIMESTAMPTZ,
    ended_at         TIMESTAMPTZ,
    owner_id         TEXT,
    team_id          TEXT,
    department_id    TEXT,
    created_at       TIMESTAMPTZ NOT NULL,
    version          INTEGER NOT NULL,
    CHECK ((series_id IS NULL) = (recurrence IS NULL)),
    CHECK (status NOT IN ('minuted', 'closed') OR minutes IS NOT NULL)
);
CREATE UNIQUE INDEX meetings_of_series ON meetings (series_id, starts_at) WHERE series_id IS NOT NULL;
CREATE INDEX meetings_followed ON meetings (starts_at) WHERE next_starts_at IS NOT NULL;
CREATE INDEX meetings_series ON meetings (series_id, id);
CREATE INDEX meetings_case ON meetings (case_id, id);
CREATE INDEX meetings_kind ON meetings (kind, id);
CREATE INDEX meetings_status ON meetings (status, id);
CREATE INDEX meetings_owner ON meetings (owner_id, id);
CREATE INDEX meetings_team ON meetings (team_id, id);
CREATE INDEX meetings_department ON meetings (department_id, id);

INSERT INTO number_rules (kind, prefix) VALUES ('meeting', 'MT');

-- What somebody has to do by when (CRM-60).
CREATE TABLE action_items (
    id            UUID PRIMARY KEY,
    status        TEXT NOT NULL CHECK (status IN ('open', 'overdue', 'escalated', 'done', 'cancelled')),
    title         TEXT NOT NULL,
    meeting_id    UUID REFERENCES meetings (id),
    link_kind     TEXT,
    link_id       UUID,
    case_id       UUID,
    due_on        DATE NOT NULL,
    due_at        TIMESTAMPTZ NOT NULL,
    calendar_id   TEXT NOT NULL,
    level         INTEGER NOT NULL CHECK (level BETWEEN 0 AND 2),
    next_level_at TIMESTAMPTZ,
    told_to       TEXT,
    result        TEXT,
    reason        TEXT,
    done_by       TEXT,
    ended_at      TIMESTAMPTZ,
    created_by    TEXT NOT NULL,
    owner_id      TEXT,
    team_id       TEXT,
    department_id TEXT,
    created_at    TIMESTAMPTZ NOT NULL,
    version       INTEGER NOT NULL,
    CHECK ((link_kind IS NULL) = (link_id IS NULL)),
    CHECK ((status = 'done') = (result IS NOT NULL)),
    CHECK (status IN ('open', 'overdue', 'escalated') OR next_level_at IS NULL)
);
CREATE INDEX action_items_climb ON action_items (next_level_at) WHERE next_level_at IS NOT NULL;
CREATE INDEX action_items_meeting ON action_items (meeting_id, id);
CREATE INDEX action_items_link ON action_items (link_id, id);
CREATE INDEX action_items_told ON action_items (told_to, id);
CREATE INDEX action_items_case ON action_items (case_id, id);
CREATE INDEX action_items_status ON action_items (status, id);
CREATE INDEX action_items_owner ON action_items (owner_id, id);
CREATE INDEX action_items_team ON action_items (team_id, id);
CREATE INDEX action_items_department ON action_items (department_id, id);
