-- Technical solutions, one row a revision; revisions share the number. Sections, matrix of coverage and reviews are read whole.
CREATE TABLE solutions (
    id                  UUID PRIMARY KEY,
    number              TEXT NOT NULL,
    revision            INTEGER NOT NULL CHECK (revision > 0),
    status              TEXT NOT NULL CHECK (status IN ('draft', 'in_review', 'approved', 'submitted', 'accepted', 'rejected', 'superseded')),
    case_id             UUID NOT NULL,
    account_id          UUID NOT NULL,
    opportunity_id      UUID NOT NULL,
    requirement_spec_id UUID NOT NULL,
    title               TEXT NOT NULL,
    account_segment     TEXT,
    sections            JSONB NOT NULL,
    coverage            JSONB NOT NULL,
    authors             JSONB NOT NULL,
    reviewers           JSONB NOT NULL,
    reviews             JSONB NOT NULL,
    round               INTEGER NOT NULL CHECK (round >= 0),
    pass_mark           SMALLINT CHECK (pass_mark BETWEEN 1 AND 5),
    reason              TEXT,
    supersedes_id       UUID REFERENCES solutions (id),
    owner_id            TEXT,
    team_id             TEXT,
    department_id       TEXT,
    created_at          TIMESTAMPTZ NOT NULL,
    submitted_at        TIMESTAMPTZ,
    approved_at         TIMESTAMPTZ,
    decided_at          TIMESTAMPTZ,
    version             INTEGER NOT NULL,
    UNIQUE (number, revision)
);
-- Of one number only one revision is not superseded, so only one can be accepted.
CREATE UNIQUE INDEX solutions_one_alive ON solutions (number) WHERE status <> 'superseded';
CREATE INDEX solutions_case ON solutions (case_id, id);
CREATE INDEX solutions_account ON solutions (account_id, id);
CREATE INDEX solutions_status ON solutions (status, id);
CREATE INDEX solutions_owner ON solutions (owner_id, id);
CREATE INDEX solutions_team ON solutions (team_id, id);
CREATE INDEX solutions_department ON solutions (department_id, id);

-- The least score of 1 to 5 with which a review passes (QUO-02): data, a row a version, never edited.
CREATE TABLE solution_review_policies (
    version        INTEGER PRIMARY KEY,
    pass_mark      SMALLINT NOT NULL CHECK (pass_mark BETWEEN 1 AND 5),
    effective_from TIMESTAMPTZ NOT NULL,
    published_by   TEXT NOT NULL,
    reason         TEXT NOT NULL
);
INSERT INTO solution_review_policies VALUES (1, 3, '2026-01-01T00:00:00Z', 'yewu', 'shipped with the suite');

INSERT INTO number_rules (kind, prefix) VALUES ('solution', 'TS');
