-- Orders, their lines and holds.
CREATE TABLE orders (
    id                  UUID PRIMARY KEY,
    number              TEXT NOT NULL UNIQUE,
    status              TEXT NOT NULL CHECK (status IN ('draft', 'submitted', 'checked', 'finance_reviewed', 'confirmed', 'in_fulfilment',
                                                        'partially_shipped', 'shipped', 'delivered', 'accepted', 'completed', 'cancelled')),
    origin              TEXT NOT NULL CHECK (origin IN ('contract', 'quote', 'direct')),
    case_id             UUID NOT NULL,
    account_id          UUID NOT NULL,
    account_name        TEXT NOT NULL,
    contract_id         UUID UNIQUE,
    quote_id            UUID UNIQUE,
    quoted_lines        JSONB,
    currency            TEXT NOT NULL,
    net                 NUMERIC(20, 4) NOT NULL,
    tax                 NUMERIC(20, 4) NOT NULL,
    gross               NUMERIC(20, 4) NOT NULL CHECK (gross = net + tax),
    payment_terms       JSONB NOT NULL,
    delivery_date       DATE,
    delivery            JSONB,
    requirements        TEXT,
    acceptance_criteria JSONB NOT NULL,
    availability        JSONB NOT NULL,
    finance_status      TEXT CHECK (finance_status IN ('pending', 'approved_to_invoice', 'price_adjust_required', 'cancelled')),
    open_work_items     INTEGER NOT NULL CHECK (open_work_items >= 0),
    entered_as          TEXT,
    reason              TEXT,
    external_refs       JSONB NOT NULL,
    owner_id            TEXT,
    team_id             TEXT,
    department_id       TEXT,
    cause_event_id      UUID UNIQUE,
    created_at          TIMESTAMPTZ NOT NULL,
    moments             JSONB NOT NULL,
    version             INTEGER NOT NULL,
    CHECK (origin <> 'contract' OR contract_id IS NOT NULL),
    CHECK (origin <> 'quote' OR (quote_id IS NOT NULL AND quoted_lines IS NOT NULL))
);
CREATE INDEX orders_case ON orders (case_id, id);
CREATE INDEX orders_status ON orders (status, id);
CREATE INDEX orders_owner ON orders (owner_id, id);
CREATE INDEX orders_team ON orders (team_id, id);
CREATE INDEX orders_department ON orders (department_id, id);

CREATE TABLE order_lines (
    id            UUID PRIMARY KEY,
    order_id      UUID NOT NULL REFERENCES orders (id),
    line_number   INTEGER NOT NULL CHECK (line_number > 0),
    sku           TEXT NOT NULL,
    description   TEXT NOT NULL,
    quantity      NUMERIC(16, 4) NOT NULL CHECK (quantity > 0),
    unit_price    NUMERIC(20, 4) NOT NULL,
    discount_rate NUMERIC(5, 4) NOT NULL CHECK (discount_rate BETWEEN 0 AND 1),
    tax_rate      NUMERIC(5, 4) NOT NULL CHECK (tax_rate BETWEEN 0 AND 1),
    net           NUMERIC(20, 4) NOT NULL,
    tax           NUMERIC(20, 4) NOT NULL,
    held          NUMERIC(16, 4) CHECK (held >= 0),
    short         NUMERIC(16, 4) CHECK (short >= 0),
    planned       NUMERIC(16, 4) NOT NULL CHECK (planned BETWEEN shipped AND quantity),
    shipped       NUMERIC(16, 4) NOT NULL CHECK (shipped >= delivered),
    delivered     NUMERIC(16, 4) NOT NULL CHECK (delivered >= 0),
    UNIQUE (order_id, line_number)
);

CREATE TABLE order_holds (
    id          UUID PRIMARY KEY,
    order_id    UUID NOT NULL REFERENCES orders (id),
    kind        TEXT NOT NULL CHECK (kind IN ('contract_required', 'shortage', 'manual')),
    reason      TEXT,
    placed_by   TEXT NOT NULL,
    placed_at   TIMESTAMPTZ NOT NULL,
    released_by TEXT,
    released_at TIMESTAMPTZ,
    CHECK ((released_at IS NULL) = (released_by IS NULL))
);
CREATE INDEX order_holds_order ON order_holds (order_id, placed_at);
CREATE UNIQUE INDEX order_holds_one_a_kind ON order_holds (order_id, kind) WHERE released_at IS NULL;

INSERT INTO number_rules (kind, prefix) VALUES ('order', 'SO');
