-- How long what is overdue waits on each rung (CRM-26, 60).
CREATE TABLE escalation_ladders (
    id                    UUID PRIMARY KEY,
    kind                  TEXT NOT NULL UNIQUE CHECK (kind IN ('follow_up', 'action_item')),
    after_working_minutes JSONB NOT NULL,
    version               INTEGER NOT NULL
);
INSERT INTO escalation_ladders (id, kind, after_working_minutes, version) VALUES
    ('01930000-0000-7000-8000-000000000501', 'follow_up', '[0, 480, 1440]', 1),
    ('01930000-0000-7000-8000-000000000502', 'action_item', '[0, 960]', 1);

-- Plans of regular talks with customers and what they make (CRM-26).
CREATE TABLE follow_up_plans (
    id            UUID PRIMARY KEY,
    status        TEXT NOT NULL CHECK (status IN ('active', 'ended')),
    subject_kind  TEXT NOT NULL CHECK (subject_kind IN ('lead', 'account', 'opportunity', 'ticket')),
    subject_id    UUID NOT NULL,
    case_id       UUID,
    account_id    UUID,
    title         TEXT NOT NULL,
    recurrence    TEXT NOT NULL,
    starts_on     DATE NOT NULL,
    next_on       DATE CHECK (next_on >= starts_on),
    reason        TEXT,
    owner_id      TEXT,
    team_id       TEXT,
    department_id TEXT,
    created_at    TIMESTAMPTZ NOT NULL,
    version       INTEGER NOT NULL,
    CHECK (status = 'active' OR next_on IS NULL)
);
CREATE INDEX follow_up_plans_next ON follow_up_plans (next_on) WHERE next_on IS NOT NULL;
CREATE INDEX follow_up_plans_case ON follow_up_plans (case_id, id);
CREATE INDEX follow_up_plans_subject ON follow_up_plans (subject_id, id);
CREATE INDEX follow_up_plans_status ON follow_up_plans (status, id);
CREATE INDEX follow_up_plans_owner ON follow_up_plans (owner_id, id);
CREATE INDEX follow_up_plans_team ON follow_up_plans (team_id, id);
CREATE INDEX follow_up_plans_department ON follow_up_plans (department_id, id);

CREATE TABLE follow_ups (
    id                UUID PRIMARY KEY,
    plan_id           UUID NOT NULL REFERENCES follow_up_plans (id),
    status            TEXT NOT NULL CHECK (status IN ('due', 'overdue', 'escalated', 'done', 'cancelled')),
    subject_kind      TEXT NOT NULL CHECK (subject_kind IN ('lead', 'account', 'opportunity', 'ticket')),
    subject_id        UUID NOT NULL,
    case_id           UUID,
    account_id        UUID,
    title             TEXT NOT NULL,
    due_on            DATE NOT NULL,
    due_at            TIMESTAMPTZ NOT NULL,
    calendar_id       TEXT NOT NULL,
    level             INTEGER NOT NULL CHECK (level BETWEEN 0 AND 3),
    next_level_at     TIMESTAMPTZ,
    told_to           TEXT,
    outcome           TEXT,
    decision_progress TEXT,
    done_by           TEXT,
    done_at           TIMESTAMPTZ,
    owner_id          TEXT,
    team_id           TEXT,
    department_id     TEXT,
    created_at        TIMESTAMPTZ NOT NULL,
    version           INTEGER NOT NULL,
    UNIQUE (plan_id, due_on),
    CHECK ((status = 'done') = (outcome IS NOT NULL AND decision_progress IS NOT NULL AND done_at IS NOT NULL)),
    CHECK (status IN ('due', 'overdue', 'escalated') OR next_level_at IS NULL)
);
CREATE INDEX follow_ups_climb ON follow_ups (next_level_at) WHERE next_level_at IS NOT NULL;
CREATE INDEX follow_ups_plan ON follow_ups (plan_id, id);
CREATE INDEX follow_ups_case ON follow_ups (case_id, id);
CREATE INDEX follow_ups_account ON follow_ups (account_id, id);
CREATE INDEX follow_ups_told ON follow_ups (told_to, id);
CREATE INDEX follow_ups_status ON follow_ups (status, id);
CREATE INDEX follow_ups_owner ON follow_ups (owner_id, id);
CREATE INDEX follow_ups_team ON follow_ups (team_id, id);
CREATE INDEX follow_ups_department ON follow_ups (department_id, id);

-- Who could take over, and whose word it is.
CREATE INDEX users_team ON users (team, reference);
CREATE INDEX users_department ON users (department, reference);
