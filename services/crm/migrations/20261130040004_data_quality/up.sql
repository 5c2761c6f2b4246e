-- How long customer data is trusted, and which customers to look at (CRM-31).
CREATE TABLE data_quality_rules (
    id           UUID PRIMARY KEY,
    status       TEXT NOT NULL CHECK (status IN ('active', 'retired')),
    tier         TEXT NOT NULL CHECK (tier IN ('standard', 'key')),
    max_age_days INTEGER NOT NULL CHECK (max_age_days BETWEEN 1 AND 3650),
    created_at   TIMESTAMPTZ NOT NULL,
    version      INTEGER NOT NULL
);
-- One rule for each grade.
CREATE UNIQUE INDEX data_quality_rules_one_active ON data_quality_rules (tier) WHERE status = 'active';
INSERT INTO data_quality_rules (id, status, tier, max_age_days, created_at, version) VALUES
    ('01970000-0000-7000-8000-000000000001', 'active', 'standard', 365, '2026-01-01T00:00:00Z', 1),
    ('01970000-0000-7000-8000-000000000002', 'active', 'key', 180, '2026-01-01T00:00:00Z', 1);

CREATE TABLE data_quality_tasks (
    id            UUID PRIMARY KEY,
    status        TEXT NOT NULL CHECK (status IN ('open', 'verified', 'purged', 'dismissed')),
    account_id    UUID NOT NULL REFERENCES accounts (id),
    rule_id       UUID REFERENCES data_quality_rules (id),
    stale_since   TIMESTAMPTZ NOT NULL,
    note          TEXT,
    owner_id      TEXT,
    team_id       TEXT,
    department_id TEXT,
    created_at    TIMESTAMPTZ NOT NULL,
    closed_at     TIMESTAMPTZ,
    closed_by     TEXT,
    version       INTEGER NOT NULL,
    CHECK ((status = 'open') = (closed_at IS NULL))
);
-- A customer is looked at once at a time.
CREATE UNIQUE INDEX data_quality_tasks_one_open ON data_quality_tasks (account_id) WHERE status = 'open';
CREATE INDEX data_quality_tasks_account ON data_quality_tasks (account_id, id);
CREATE INDEX data_quality_tasks_status ON data_quality_tasks (status, id);
CREATE INDEX data_quality_tasks_owner ON data_quality_tasks (owner_id, id);
CREATE INDEX data_quality_tasks_team ON data_quality_tasks (team_id, id);
CREATE INDEX data_quality_tasks_department ON data_quality_tasks (department_id, id);
