-- How the business with one customer is to grow (CRM-38).
CREATE TABLE account_plans (
    id            UUID PRIMARY KEY,
    number        TEXT NOT NULL UNIQUE,
    status        TEXT NOT NULL CHECK (status IN ('draft', 'active', 'closed')),
    account_id    UUID NOT NULL REFERENCES accounts (id),
    account_name  TEXT NOT NULL,
    title         TEXT NOT NULL,
    goals         JSONB NOT NULL,
    actions       JSONB NOT NULL,
    result        TEXT,
    created_by    TEXT NOT NULL,
    owner_id      TEXT,
    team_id       TEXT,
    department_id TEXT,
    created_at    TIMESTAMPTZ NOT NULL,
    version       INTEGER NOT NULL
);
-- A customer has one plan that is being carried out.
CREATE UNIQUE INDEX account_plans_one_active ON account_plans (account_id) WHERE status = 'active';
CREATE INDEX account_plans_account ON account_plans (account_id, id);
CREATE INDEX account_plans_status ON account_plans (status, id);
CREATE INDEX account_plans_owner ON account_plans (owner_id, id);
CREATE INDEX account_plans_team ON account_plans (team_id, id);
CREATE INDEX account_plans_department ON account_plans (department_id, id);
INSERT INTO number_rules (kind, prefix) VALUES ('account_plan', 'AP');
