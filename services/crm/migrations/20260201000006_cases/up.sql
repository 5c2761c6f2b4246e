-- A read model of all services' facts (ruling 18): deals and what happened in them. Rebuilt by replay; nobody edits it.
CREATE TABLE cases (
    case_id    UUID PRIMARY KEY,
    account_id UUID,
    status     TEXT NOT NULL CHECK (status IN ('open', 'satisfied', 'lost')),
    started_at TIMESTAMPTZ NOT NULL,
    last_at    TIMESTAMPTZ NOT NULL
);
CREATE INDEX cases_account ON cases (account_id, case_id);
CREATE INDEX cases_status ON cases (status, case_id);

CREATE TABLE case_events (
    event_id      UUID PRIMARY KEY,
    case_id       UUID NOT NULL REFERENCES cases (case_id),
    at            TIMESTAMPTZ NOT NULL,
    service       TEXT NOT NULL,
    entity        TEXT NOT NULL,
    fact          TEXT NOT NULL,
    subject_id    UUID NOT NULL,
    number        TEXT,
    actor         TEXT NOT NULL,
    cause_id      UUID,
    owner_id      TEXT,
    team_id       TEXT,
    department_id TEXT,
    data          JSONB NOT NULL
);
CREATE INDEX case_events_case ON case_events (case_id, at, event_id);
