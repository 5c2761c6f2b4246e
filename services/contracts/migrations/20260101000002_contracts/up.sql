-- Contracts with their lines, clauses, frozen versions and reviewers' comments.
CREATE TABLE contracts (
    id             UUID PRIMARY KEY,
    number         TEXT NOT NULL UNIQUE,
    kind           TEXT NOT NULL CHECK (kind IN ('sale', 'service')),
    status         TEXT NOT NULL CHECK (status IN ('draft', 'in_review', 'approved', 'signing', 'signed', 'effective', 'withdrawn')),
    revision       INTEGER NOT NULL CHECK (revision > 0),
    case_id        UUID NOT NULL,
    account_id     UUID NOT NULL,
    account_name   TEXT NOT NULL,
    quote_id       UUID,
    order_id       UUID,
    template_id    UUID NOT NULL REFERENCES templates (id),
    currency       TEXT NOT NULL,
    net            NUMERIC(20, 4) NOT NULL,
    tax            NUMERIC(20, 4) NOT NULL,
    gross          NUMERIC(20, 4) NOT NULL CHECK (gross = net + tax),
    payment_terms  JSONB NOT NULL,
    delivery_date  DATE,
    conditions     JSONB NOT NULL,
    checklist      JSONB,
    signatures     JSONB NOT NULL,
    reason         TEXT,
    external_refs  JSONB NOT NULL,
    owner_id       TEXT,
    team_id        TEXT,
    department_id  TEXT,
    cause_event_id UUID,
    created_at     TIMESTAMPTZ NOT NULL,
    submitted_at   TIMESTAMPTZ,
    approved_at    TIMESTAMPTZ,
    signed_at      TIMESTAMPTZ,
    effective_at   TIMESTAMPTZ,
    version        INTEGER NOT NULL
);
-- One living contract per quote and per order; one contract per event, for ever (ruling 27).
CREATE UNIQUE INDEX contracts_quote ON contracts (quote_id) WHERE status <> 'withdrawn';
CREATE UNIQUE INDEX contracts_order ON contracts (order_id) WHERE status <> 'withdrawn';
CREATE UNIQUE INDEX contracts_cause ON contracts (cause_event_id) WHERE cause_event_id IS NOT NULL;
CREATE INDEX contracts_case ON contracts (case_id, id);
CREATE INDEX contracts_status ON contracts (status, id);
CREATE INDEX contracts_owner ON contracts (owner_id, id);
CREATE INDEX contracts_signed ON contracts (id) WHERE signed_at IS NOT NULL;

CREATE TABLE contract_lines (
    id            UUID PRIMARY KEY,
    contract_id   UUID NOT NULL REFERENCES contracts (id),
    line_number   INTEGER NOT NULL CHECK (line_number > 0),
    sku           TEXT NOT NULL,
    description   TEXT NOT NULL,
    quantity      NUMERIC(16, 4) NOT NULL CHECK (quantity > 0),
    unit_price    NUMERIC(20, 4) NOT NULL,
    discount_rate NUMERIC(5, 4) NOT NULL CHECK (discount_rate BETWEEN 0 AND 1),
    tax_rate      NUMERIC(5, 4) NOT NULL CHECK (tax_rate BETWEEN 0 AND 1),
    net           NUMERIC(20, 4) NOT NULL,
    tax           NUMERIC(20, 4) NOT NULL,
    UNIQUE (contract_id, line_number)
);

CREATE TABLE contract_clauses (
    contract_id   UUID NOT NULL REFERENCES contracts (id),
    position      INTEGER NOT NULL CHECK (position > 0),
    kind          TEXT NOT NULL CHECK (kind IN ('product', 'quantity', 'price', 'delivery', 'quality', 'acceptance', 'payment', 'breach', 'intellectual_property', 'confidentiality', 'rights_and_duties')),
    status        TEXT NOT NULL CHECK (status IN ('proposed', 'agreed', 'locked')),
    text          TEXT,
    terms         JSONB,
    template_text TEXT,
    template_terms JSONB,
    PRIMARY KEY (contract_id, kind)
);

-- What was submitted, as it was hashed; never changed.
CREATE TABLE contract_versions (
    contract_id UUID NOT NULL REFERENCES contracts (id),
    revision    INTEGER NOT NULL CHECK (revision > 0),
    hash        TEXT NOT NULL CHECK (hash ~ '^[0-9a-f]{64}$'),
    content     TEXT NOT NULL,
    created_at  TIMESTAMPTZ NOT NULL,
    created_by  TEXT NOT NULL,
    PRIMARY KEY (contract_id, revision)
);

CREATE TABLE review_comments (
    id            UUID PRIMARY KEY,
    contract_id   UUID NOT NULL REFERENCES contracts (id),
    revision      INTEGER NOT NULL,
    case_id       UUID NOT NULL,
    clause        TEXT CHECK (clause IN ('product', 'quantity', 'price', 'delivery', 'quality', 'acceptance', 'payment', 'breach', 'intellectual_property', 'confidentiality', 'rights_and_duties')),
    status        TEXT NOT NULL CHECK (status IN ('open', 'resolved', 'verified')),
    text          TEXT NOT NULL,
    author        TEXT NOT NULL,
    resolution    TEXT,
    resolved_by   TEXT,
    verified_by   TEXT,
    owner_id      TEXT,
    team_id       TEXT,
    department_id TEXT,
    created_at    TIMESTAMPTZ NOT NULL,
    version       INTEGER NOT NULL
);
CREATE INDEX review_comments_contract ON review_comments (contract_id, id);
CREATE INDEX review_comments_case ON review_comments (case_id, id);
CREATE INDEX review_comments_status ON review_comments (status, id);
CREATE INDEX review_comments_owner ON review_comments (owner_id, id);

INSERT INTO number_rules (kind, prefix, gapless) VALUES ('contract', 'CT', TRUE);
-- D-09: from 100 000 on, or with any deviation, S0's four reviewers side by side; below, S1's manager, then legal.
INSERT INTO approval_policies (key, version, steps, effective_from, published_by) VALUES
    ('contracts.contract.full', 1, '[{"name": "joint review", "mode": "all", "roles": ["sales_manager", "technical", "finance_manager", "legal"]}]', '2026-01-01T00:00:00Z', 'yewu'),
    ('contracts.contract.standard', 1, '[{"name": "sales management", "mode": "any", "roles": ["sales_manager"]}, {"name": "legal", "mode": "any", "roles": ["legal"]}]', '2026-01-01T00:00:00Z', 'yewu');
