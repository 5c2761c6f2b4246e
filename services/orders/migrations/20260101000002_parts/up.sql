-- What belongs to an order: finance review, work items, shipments, acceptances.
CREATE TABLE finance_reviews (
    id            UUID PRIMARY KEY,
    status        TEXT NOT NULL CHECK (status IN ('pending', 'approved_to_invoice', 'price_adjust_required', 'cancelled')),
    order_id      UUID NOT NULL UNIQUE REFERENCES orders (id),
    order_number  TEXT NOT NULL,
    case_id       UUID NOT NULL,
    round         INTEGER NOT NULL CHECK (round > 0),
    price_matches BOOLEAN NOT NULL,
    findings      JSONB NOT NULL,
    due_at        TIMESTAMPTZ NOT NULL,
    calendar_id   TEXT NOT NULL,
    overdue_at    TIMESTAMPTZ,
    reviewed_by   TEXT,
    reviewed_at   TIMESTAMPTZ,
    owner_id      TEXT,
    team_id       TEXT,
    department_id TEXT,
    created_at    TIMESTAMPTZ NOT NULL,
    version       INTEGER NOT NULL
);
CREATE INDEX finance_reviews_case ON finance_reviews (case_id, id);
CREATE INDEX finance_reviews_status ON finance_reviews (status, id);
CREATE INDEX finance_reviews_owner ON finance_reviews (owner_id, id);
CREATE INDEX finance_reviews_late ON finance_reviews (due_at) WHERE status = 'pending' AND overdue_at IS NULL;

-- Which department gets what when an order is confirmed (ORD-11). A rule with a unit is for orders of products sold by
-- that unit, and only for those lines; its work waits for that of the kind named in `after`.
CREATE TABLE decomposition_rules (
    kind             TEXT PRIMARY KEY CHECK (kind IN ('prepare_goods', 'inspect_goods', 'perform_service')),
    position         INTEGER NOT NULL UNIQUE,
    department_id    TEXT NOT NULL,
    product_unit     TEXT,
    after            TEXT REFERENCES decomposition_rules (kind),
    due_working_days INTEGER NOT NULL CHECK (due_working_days BETWEEN 0 AND 365)
);
INSERT INTO decomposition_rules (kind, position, department_id, product_unit, after, due_working_days) VALUES
    ('prepare_goods', 1, 'warehouse', NULL, NULL, 2),
    ('inspect_goods', 2, 'quality', NULL, 'prepare_goods', 3),
    ('perform_service', 3, 'technical', 'hour', NULL, 5);

CREATE TABLE work_items (
    id              UUID PRIMARY KEY,
    kind            TEXT NOT NULL CHECK (kind IN ('prepare_goods', 'inspect_goods', 'perform_service')),
    status          TEXT NOT NULL CHECK (status IN ('assigned', 'acknowledged', 'in_progress', 'blocked', 'done', 'cancelled')),
    order_id        UUID NOT NULL REFERENCES orders (id),
    order_number    TEXT NOT NULL,
    case_id         UUID NOT NULL,
    predecessor_id  UUID REFERENCES work_items (id),
    waiting         BOOLEAN NOT NULL,
    lines           JSONB NOT NULL,
    requirements    TEXT,
    due_at          TIMESTAMPTZ NOT NULL,
    calendar_id     TEXT NOT NULL,
    block_reason    TEXT,
    result          TEXT,
    acknowledged_by TEXT,
    acknowledged_at TIMESTAMPTZ,
    started_at      TIMESTAMPTZ,
    done_at         TIMESTAMPTZ,
    owner_id        TEXT,
    team_id         TEXT,
    department_id   TEXT NOT NULL,
    created_at      TIMESTAMPTZ NOT NULL,
    version         INTEGER NOT NULL,
    UNIQUE (order_id, kind)
);
CREATE INDEX work_items_case ON work_items (case_id, id);
CREATE INDEX work_items_status ON work_items (status, id);
CREATE INDEX work_items_owner ON work_items (owner_id, id);
CREATE INDEX work_items_department ON work_items (department_id, id);
CREATE INDEX work_items_predecessor ON work_items (predecessor_id) WHERE waiting;

CREATE TABLE shipments (
    id              UUID PRIMARY KEY,
    number          TEXT NOT NULL UNIQUE,
    status          TEXT NOT NULL CHECK (status IN ('planned', 'picked', 'packed', 'labelled', 'handed_over', 'in_transit', 'delivered', 'exception', 'returned', 'cancelled')),
    order_id        UUID NOT NULL REFERENCES orders (id),
    order_number    TEXT NOT NULL,
    case_id         UUID NOT NULL,
    account_id      UUID NOT NULL,
    account_name    TEXT NOT NULL,
    lines           JSONB NOT NULL,
    delivery        JSONB,
    carrier         TEXT,
    tracking_number TEXT,
    notice          JSONB,
    reason          TEXT,
    signer          TEXT,
    handed_over_at  TIMESTAMPTZ,
    delivered_at    TIMESTAMPTZ,
    owner_id        TEXT,
    team_id         TEXT,
    department_id   TEXT,
    created_at      TIMESTAMPTZ NOT NULL,
    version         INTEGER NOT NULL
);
CREATE INDEX shipments_order ON shipments (order_id, id);
CREATE INDEX shipments_case ON shipments (case_id, id);
CREATE INDEX shipments_status ON shipments (status, id);
CREATE INDEX shipments_owner ON shipments (owner_id, id);
-- A parcel has one number of its carrier.
CREATE UNIQUE INDEX shipments_tracking ON shipments (carrier, tracking_number) WHERE tracking_number IS NOT NULL;

CREATE TABLE acceptances (
    id            UUID PRIMARY KEY,
    number        TEXT NOT NULL UNIQUE,
    status        TEXT NOT NULL CHECK (status IN ('invited', 'testing', 'accepted', 'rejected')),
    order_id      UUID NOT NULL REFERENCES orders (id),
    order_number  TEXT NOT NULL,
    case_id       UUID NOT NULL,
    criteria      JSONB NOT NULL,
    due_at        TIMESTAMPTZ NOT NULL,
    calendar_id   TEXT NOT NULL,
    evidence      JSONB,
    reason        TEXT,
    decided_at    TIMESTAMPTZ,
    owner_id      TEXT,
    team_id       TEXT,
    department_id TEXT,
    created_at    TIMESTAMPTZ NOT NULL,
    version       INTEGER NOT NULL
);
CREATE INDEX acceptances_order ON acceptances (order_id, id);
CREATE INDEX acceptances_case ON acceptances (case_id, id);
CREATE INDEX acceptances_status ON acceptances (status, id);
CREATE INDEX acceptances_owner ON acceptances (owner_id, id);
CREATE UNIQUE INDEX acceptances_one_open ON acceptances (order_id) WHERE status IN ('invited', 'testing', 'accepted');

INSERT INTO number_rules (kind, prefix) VALUES ('shipment', 'SH'), ('acceptance', 'AC');
