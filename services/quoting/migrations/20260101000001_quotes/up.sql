-- Quotes and their lines; one row a revision, revisions share the number.
CREATE TABLE quotes (
    id                  UUID PRIMARY KEY,
    number              TEXT NOT NULL,
    revision            INTEGER NOT NULL CHECK (revision > 0),
    status              TEXT NOT NULL CHECK (status IN ('draft', 'pending_approval', 'approved', 'issued', 'negotiating', 'accepted', 'rejected', 'expired', 'withdrawn', 'superseded')),
    case_id             UUID NOT NULL,
    account_id          UUID NOT NULL,
    account_name        TEXT NOT NULL,
    opportunity_id      UUID,
    requirement_spec_id UUID,
    cost_sheet_id       UUID,
    currency            TEXT NOT NULL,
    net                 NUMERIC(20, 4) NOT NULL,
    tax                 NUMERIC(20, 4) NOT NULL,
    gross               NUMERIC(20, 4) NOT NULL CHECK (gross = net + tax),
    payment_terms       JSONB NOT NULL,
    valid_until         DATE NOT NULL,
    delivery_date       DATE,
    route               TEXT CHECK (route IN ('contract', 'order')),
    note                TEXT,
    reason              TEXT,
    evidence            JSONB,
    external_refs       JSONB NOT NULL,
    owner_id            TEXT,
    team_id             TEXT,
    department_id       TEXT,
    created_at          TIMESTAMPTZ NOT NULL,
    submitted_at        TIMESTAMPTZ,
    issued_at           TIMESTAMPTZ,
    decided_at          TIMESTAMPTZ,
    version             INTEGER NOT NULL,
    UNIQUE (number, revision)
);
-- Of one number only one revision can be alive, so only one can be accepted.
CREATE UNIQUE INDEX quotes_one_alive ON quotes (number) WHERE status NOT IN ('superseded', 'rejected', 'expired', 'withdrawn');
CREATE INDEX quotes_case ON quotes (case_id, id);
CREATE INDEX quotes_status ON quotes (status, id);
CREATE INDEX quotes_owner ON quotes (owner_id, id);
CREATE INDEX quotes_due ON quotes (valid_until) WHERE status IN ('issued', 'negotiating');

CREATE TABLE quote_lines (
    id            UUID PRIMARY KEY,
    quote_id      UUID NOT NULL REFERENCES quotes (id),
    line_number   INTEGER NOT NULL CHECK (line_number > 0),
    sku           TEXT NOT NULL,
    description   TEXT NOT NULL,
    quantity      NUMERIC(16, 4) NOT NULL CHECK (quantity > 0),
    unit_price    NUMERIC(20, 4) NOT NULL,
    discount_rate NUMERIC(5, 4) NOT NULL CHECK (discount_rate BETWEEN 0 AND 1),
    tax_rate      NUMERIC(5, 4) NOT NULL CHECK (tax_rate BETWEEN 0 AND 1),
    net           NUMERIC(20, 4) NOT NULL,
    tax           NUMERIC(20, 4) NOT NULL,
    UNIQUE (quote_id, line_number)
);

INSERT INTO number_rules (kind, prefix) VALUES ('quote', 'QT');
INSERT INTO approval_policies (key, version, steps, effective_from, published_by)
    VALUES ('quoting.quote', 1, '[{"name": "sales management", "mode": "any", "roles": ["sales_manager"]}]', '2026-01-01T00:00:00Z', 'yewu');
