-- What customers doubt, and what they are told (CRM-22).
CREATE TABLE questions (
    id             UUID PRIMARY KEY,
    status         TEXT NOT NULL CHECK (status IN ('open', 'answered', 'accepted', 'reopened')),
    case_id        UUID NOT NULL,
    opportunity_id UUID NOT NULL REFERENCES opportunities (id),
    text           TEXT NOT NULL,
    asked_by       TEXT,
    due_on         DATE NOT NULL,
    answer         TEXT,
    answered_by    TEXT,
    answered_at    TIMESTAMPTZ,
    reopened       INTEGER NOT NULL CHECK (reopened >= 0),
    reason         TEXT,
    evidence       JSONB,
    owner_id       TEXT,
    team_id        TEXT,
    department_id  TEXT,
    created_at     TIMESTAMPTZ NOT NULL,
    version        INTEGER NOT NULL,
    CHECK (status = 'open' OR answer IS NOT NULL),
    CHECK ((status = 'accepted') = (evidence IS NOT NULL))
);
CREATE INDEX questions_opportunity ON questions (opportunity_id, id);
CREATE INDEX questions_case ON questions (case_id, id);
CREATE INDEX questions_status ON questions (status, id);
CREATE INDEX questions_waiting ON questions (id) WHERE status IN ('open', 'reopened');
CREATE INDEX questions_owner ON questions (owner_id, id);
CREATE INDEX questions_team ON questions (team_id, id);
CREATE INDEX questions_department ON questions (department_id, id);
