-- By what project initiations are scored (CRM-56): data, a row a version, never edited; weights add up to 100.
CREATE TABLE project_scoring_policies (
    id                   UUID PRIMARY KEY,
    revision             INTEGER NOT NULL UNIQUE CHECK (revision > 0),
    strategic_fit        SMALLINT NOT NULL CHECK (strategic_fit BETWEEN 1 AND 97),
    resource_feasibility SMALLINT NOT NULL CHECK (resource_feasibility BETWEEN 1 AND 97),
    expected_value       SMALLINT NOT NULL CHECK (expected_value BETWEEN 1 AND 97),
    risk_control         SMALLINT NOT NULL CHECK (risk_control BETWEEN 1 AND 97),
    pass_mark            NUMERIC(7, 4) NOT NULL CHECK (pass_mark BETWEEN 0 AND 100),
    reason               TEXT NOT NULL,
    published_by         TEXT NOT NULL,
    effective_from       TIMESTAMPTZ NOT NULL,
    version              INTEGER NOT NULL,
    CHECK (strategic_fit + resource_feasibility + expected_value + risk_control = 100)
);
INSERT INTO project_scoring_policies VALUES
    ('01930000-0000-7000-8000-000000000601', 1, 30, 25, 25, 20, 60, 'shipped with the suite', 'yewu', '2026-01-01T00:00:00Z', 1);

-- Projects before they are ones: applied for, scored, approved by budget, numbered (CRM-54 to 57).
CREATE TABLE project_initiations (
    id                 UUID PRIMARY KEY,
    number             TEXT UNIQUE,
    status             TEXT NOT NULL CHECK (status IN ('draft', 'submitted', 'scored', 'in_approval', 'approved', 'rejected', 'numbered')),
    case_id            UUID NOT NULL,
    opportunity_id     UUID NOT NULL UNIQUE REFERENCES opportunities (id),
    opportunity_number TEXT NOT NULL,
    applicant          TEXT NOT NULL,
    application        JSONB NOT NULL,
    round              INTEGER NOT NULL CHECK (round > 0),
    scoring_policy_id  UUID REFERENCES project_scoring_policies (id),
    pass_mark          NUMERIC(7, 4),
    score              NUMERIC(7, 4) CHECK (score BETWEEN 0 AND 100),
    reason             TEXT,
    owner_id           TEXT,
    team_id            TEXT,
    department_id      TEXT,
    created_at         TIMESTAMPTZ NOT NULL,
    submitted_at       TIMESTAMPTZ,
    decided_at         TIMESTAMPTZ,
    version            INTEGER NOT NULL,
    CHECK (status = 'draft' OR (scoring_policy_id IS NOT NULL AND pass_mark IS NOT NULL)),
    CHECK (status NOT IN ('in_approval', 'approved', 'numbered') OR score >= pass_mark),
    CHECK ((status = 'numbered') = (number IS NOT NULL))
);
CREATE INDEX project_initiations_case ON project_initiations (case_id, id);
CREATE INDEX project_initiations_status ON project_initiations (status, id);
CREATE INDEX project_initiations_owner ON project_initiations (owner_id, id);
CREATE INDEX project_initiations_team ON project_initiations (team_id, id);
CREATE INDEX project_initiations_department ON project_initiations (department_id, id);
INSERT INTO number_rules (kind, prefix) VALUES ('project_no', 'PJ');

-- What reviewers think of them: written once, and seen by whoever sees the application.
CREATE TABLE project_scorecards (
    id                    UUID PRIMARY KEY,
    project_initiation_id UUID NOT NULL REFERENCES project_initiations (id),
    round                 INTEGER NOT NULL CHECK (round > 0),
    case_id               UUID NOT NULL,
    side                  TEXT NOT NULL CHECK (side IN ('hr', 'finance', 'business')),
    reviewer              TEXT NOT NULL,
    scoring_policy_id     UUID NOT NULL REFERENCES project_scoring_policies (id),
    lines                 JSONB NOT NULL,
    total                 NUMERIC(7, 4) NOT NULL CHECK (total BETWEEN 0 AND 100),
    owner_id              TEXT,
    team_id               TEXT,
    department_id         TEXT,
    created_at            TIMESTAMPTZ NOT NULL,
    version               INTEGER NOT NULL CHECK (version = 1),
    UNIQUE (project_initiation_id, round, side),
    UNIQUE (project_initiation_id, round, reviewer)
);
CREATE INDEX project_scorecards_initiation ON project_scorecards (project_initiation_id, id);
CREATE INDEX project_scorecards_case ON project_scorecards (case_id, id);
CREATE INDEX project_scorecards_owner ON project_scorecards (owner_id, id);
CREATE INDEX project_scorecards_team ON project_scorecards (team_id, id);
CREATE INDEX project_scorecards_department ON project_scorecards (department_id, id);
CREATE FUNCTION keep_project_scores() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    follows CONSTANT text[] := '{owner_id, team_id, department_id}';
BEGIN
    -- Whose it is follows the application, which may be handed over; what it says stays.
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - follows = to_jsonb(OLD) - follows THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'scores and their weights are written once';
END $$;
CREATE TRIGGER project_scorecards_kept BEFORE UPDATE OR DELETE ON project_scorecards FOR EACH ROW EXECUTE FUNCTION keep_project_scores();
CREATE TRIGGER project_scoring_policies_kept BEFORE UPDATE OR DELETE ON project_scoring_policies FOR EACH ROW EXECUTE FUNCTION keep_project_scores();

-- Who decides on which budget (CRM-57, D-03): 以下 and 以上 include the number. In the base currency.
INSERT INTO approval_policies (key, version, tiers, cumulative, effective_from, published_by) VALUES
    ('crm.project_initiation', 1, '[
        {"from": {"amount": "0",       "included": false}, "to": {"amount": "500000",  "included": true},  "steps": [{"name": "vice president", "mode": "any", "roles": ["vice_president"]}]},
        {"from": {"amount": "500000",  "included": false}, "to": {"amount": "5000000", "included": false}, "steps": [{"name": "general manager", "mode": "any", "roles": ["general_manager"]}]},
        {"from": {"amount": "5000000", "included": true},                                                  "steps": [{"name": "ceo", "mode": "any", "roles": ["ceo"]}]}
    ]', FALSE, '2026-01-01T00:00:00Z', 'yewu');

-- One of the three sides that score, unless the directory has it already.
INSERT INTO departments (id, code, name_zh, name_en, version) VALUES
    ('01930000-0000-7000-8000-000000000111', 'hr', '人力资源部', 'Human resources', 1)
    ON CONFLICT DO NOTHING;
