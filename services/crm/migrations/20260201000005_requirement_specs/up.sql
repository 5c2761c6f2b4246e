-- What customers need, one row a revision; revisions share the number (CRM-18, 19).
CREATE TABLE requirement_specs (
    id             UUID PRIMARY KEY,
    number         TEXT NOT NULL,
    revision       INTEGER NOT NULL CHECK (revision > 0),
    status         TEXT NOT NULL CHECK (status IN ('draft', 'submitted', 'clarifying', 'confirmed', 'superseded')),
    case_id        UUID NOT NULL,
    opportunity_id UUID NOT NULL REFERENCES opportunities (id),
    account_id     UUID NOT NULL REFERENCES accounts (id),
    title          TEXT NOT NULL,
    items          JSONB NOT NULL,
    clarifications JSONB NOT NULL,
    loop_count     INTEGER NOT NULL CHECK (loop_count >= 0),
    reason         TEXT,
    evidence       JSONB,
    supersedes_id  UUID REFERENCES requirement_specs (id),
    owner_id       TEXT,
    team_id        TEXT,
    department_id  TEXT,
    created_at     TIMESTAMPTZ NOT NULL,
    submitted_at   TIMESTAMPTZ,
    confirmed_at   TIMESTAMPTZ,
    version        INTEGER NOT NULL,
    UNIQUE (number, revision)
);
-- Of one number one revision is worked on, and one is confirmed.
CREATE UNIQUE INDEX requirement_specs_one_open ON requirement_specs (number) WHERE status IN ('draft', 'submitted', 'clarifying');
CREATE UNIQUE INDEX requirement_specs_one_confirmed ON requirement_specs (number) WHERE status = 'confirmed';
CREATE INDEX requirement_specs_opportunity ON requirement_specs (opportunity_id, status);
CREATE INDEX requirement_specs_case ON requirement_specs (case_id, id);
CREATE INDEX requirement_specs_account ON requirement_specs (account_id, id);
CREATE INDEX requirement_specs_status ON requirement_specs (status, id);
CREATE INDEX requirement_specs_owner ON requirement_specs (owner_id, id);

INSERT INTO number_rules (kind, prefix) VALUES ('requirement_spec', 'RS');
