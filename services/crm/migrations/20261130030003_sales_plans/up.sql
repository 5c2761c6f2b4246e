-- By which strategy and channels targets are to be reached (CRM-35).
CREATE TABLE sales_plans (
    id            UUID PRIMARY KEY,
    number        TEXT NOT NULL UNIQUE,
    status        TEXT NOT NULL CHECK (status IN ('draft', 'approved', 'executing', 'reviewed')),
    title         TEXT NOT NULL,
    period        TEXT NOT NULL,
    strategy      TEXT NOT NULL,
    channels      JSONB NOT NULL,
    target_ids    JSONB NOT NULL,
    actions       JSONB NOT NULL,
    result        TEXT,
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
CREATE INDEX sales_plans_status ON sales_plans (status, id);
CREATE INDEX sales_plans_owner ON sales_plans (owner_id, id);
CREATE INDEX sales_plans_team ON sales_plans (team_id, id);
CREATE INDEX sales_plans_department ON sales_plans (department_id, id);
INSERT INTO number_rules (kind, prefix) VALUES ('sales_plan', 'SP');
