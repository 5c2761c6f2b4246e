-- What a deal costs us; lines are kept whole, their sums stand beside them.
CREATE TABLE cost_sheets (
    id             UUID PRIMARY KEY,
    number         TEXT NOT NULL UNIQUE,
    status         TEXT NOT NULL CHECK (status IN ('draft', 'submitted', 'finance_verified', 'locked')),
    case_id        UUID NOT NULL,
    account_id     UUID NOT NULL,
    opportunity_id UUID,
    quote_id       UUID REFERENCES quotes (id),
    currency       TEXT NOT NULL,
    lines          JSONB NOT NULL,
    material       NUMERIC(20, 4) NOT NULL,
    labor          NUMERIC(20, 4) NOT NULL,
    overhead       NUMERIC(20, 4) NOT NULL,
    other          NUMERIC(20, 4) NOT NULL,
    total          NUMERIC(20, 4) NOT NULL CHECK (total = material + labor + overhead + other),
    note           TEXT,
    reason         TEXT,
    makers         JSONB NOT NULL,
    verified_by    TEXT,
    owner_id       TEXT,
    team_id        TEXT,
    department_id  TEXT,
    created_at     TIMESTAMPTZ NOT NULL,
    submitted_at   TIMESTAMPTZ,
    verified_at    TIMESTAMPTZ,
    locked_at      TIMESTAMPTZ,
    version        INTEGER NOT NULL,
    CHECK (opportunity_id IS NOT NULL OR quote_id IS NOT NULL)
);
CREATE INDEX cost_sheets_case ON cost_sheets (case_id, id);
CREATE INDEX cost_sheets_status ON cost_sheets (status, id);
CREATE INDEX cost_sheets_owner ON cost_sheets (owner_id, id);
CREATE INDEX cost_sheets_team ON cost_sheets (team_id, id);
CREATE INDEX cost_sheets_department ON cost_sheets (department_id, id);

ALTER TABLE quotes ADD CONSTRAINT quotes_cost_sheet FOREIGN KEY (cost_sheet_id) REFERENCES cost_sheets (id);

INSERT INTO number_rules (kind, prefix) VALUES ('cost_sheet', 'CS');
