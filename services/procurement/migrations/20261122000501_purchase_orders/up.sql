-- What suppliers are asked to deliver.
CREATE TABLE purchase_orders (
    id                 UUID PRIMARY KEY,
    number             TEXT NOT NULL UNIQUE,
    status             TEXT NOT NULL CHECK (status IN ('draft', 'in_approval', 'approved', 'sent', 'acknowledged',
                                                       'partially_received', 'received', 'pending_action', 'closed', 'cancelled')),
    origin             TEXT NOT NULL CHECK (origin IN ('award', 'waiver', 'imported')),
    case_id            UUID,
    supplier_id        UUID NOT NULL REFERENCES suppliers (id),
    supplier_name      TEXT NOT NULL,
    rfq_id             UUID,
    waiver_id          UUID,
    currency           TEXT NOT NULL,
    net                NUMERIC(20, 4) NOT NULL CHECK (net >= 0),
    tax                NUMERIC(20, 4) NOT NULL CHECK (tax >= 0),
    gross              NUMERIC(20, 4) NOT NULL CHECK (gross = net + tax),
    note               TEXT,
    reason             TEXT,
    ordered_on         DATE,
    promises           JSONB NOT NULL,
    arrivals           INTEGER NOT NULL CHECK (arrivals >= 0),
    inspections        INTEGER NOT NULL CHECK (inspections BETWEEN 0 AND arrivals),
    open_discrepancies INTEGER NOT NULL CHECK (open_discrepancies >= 0),
    external_refs      JSONB NOT NULL,
    owner_id           TEXT,
    team_id            TEXT,
    department_id      TEXT,
    created_at         TIMESTAMPTZ NOT NULL,
    submitted_at       TIMESTAMPTZ,
    approved_at        TIMESTAMPTZ,
    sent_at            TIMESTAMPTZ,
    acknowledged_at    TIMESTAMPTZ,
    received_at        TIMESTAMPTZ,
    closed_at          TIMESTAMPTZ,
    version            INTEGER NOT NULL,
    CHECK ((rfq_id IS NOT NULL) = (origin = 'award')),
    CHECK ((waiver_id IS NOT NULL) = (origin = 'waiver')),
    CHECK ((status = 'pending_action') = (open_discrepancies > 0))
);
CREATE INDEX purchase_orders_case ON purchase_orders (case_id, id);
CREATE INDEX purchase_orders_status ON purchase_orders (status, id);
CREATE INDEX purchase_orders_supplier ON purchase_orders (supplier_id, id);
CREATE INDEX purchase_orders_owner ON purchase_orders (owner_id, id);
-- What a supplier won is ordered once.
CREATE UNIQUE INDEX purchase_orders_award ON purchase_orders (rfq_id, supplier_id) WHERE rfq_id IS NOT NULL AND status <> 'cancelled';

CREATE TABLE purchase_order_lines (
    id                  UUID PRIMARY KEY,
    purchase_order_id   UUID NOT NULL REFERENCES purchase_orders (id),
    line_number         INTEGER NOT NULL CHECK (line_number > 0),
    item_id             UUID NOT NULL REFERENCES items (id),
    sku                 TEXT NOT NULL,
    name                TEXT NOT NULL,
    specification       TEXT NOT NULL,
    unit                TEXT NOT NULL,
    quantity            NUMERIC(16, 4) NOT NULL CHECK (quantity > 0),
    unit_price          NUMERIC(20, 4) NOT NULL CHECK (unit_price >= 0),
    tax_rate            NUMERIC(5, 4) NOT NULL CHECK (tax_rate BETWEEN 0 AND 1),
    net                 NUMERIC(20, 4) NOT NULL,
    tax                 NUMERIC(20, 4) NOT NULL,
    requisition_id      UUID,
    requisition_line_id UUID,
    lead_time_days      INTEGER CHECK (lead_time_days BETWEEN 0 AND 3650),
    due_on              DATE,
    received            NUMERIC(16, 4) NOT NULL CHECK (received >= 0),
    forgone             NUMERIC(16, 4) NOT NULL CHECK (forgone >= 0),
    UNIQUE (purchase_order_id, line_number),
    CHECK (received + forgone <= quantity)
);
CREATE INDEX purchase_order_lines_requisition ON purchase_order_lines (requisition_line_id) WHERE requisition_line_id IS NOT NULL;
CREATE INDEX purchase_order_lines_item ON purchase_order_lines (item_id, id);

-- Ours are gapless from their approval on; those that other systems sent have a series of their own.
INSERT INTO number_rules (kind, prefix, gapless) VALUES ('purchase_order', 'PO', TRUE), ('imported_purchase_order', 'PI', FALSE);
-- D-01, by what the order comes to, tax included.
INSERT INTO approval_policies (key, version, tiers, cumulative, effective_from, published_by) VALUES
    ('procurement.purchase_order', 1, '[
        {"from": {"amount": "0",    "included": false}, "to": {"amount": "1000", "included": true},  "steps": [{"name": "department head", "mode": "any", "roles": ["department_head"]}]},
        {"from": {"amount": "1000", "included": false}, "to": {"amount": "2000", "included": true},  "steps": [{"name": "finance", "mode": "any", "roles": ["finance_manager"]}]},
        {"from": {"amount": "2000", "included": false}, "to": {"amount": "5000", "included": false}, "steps": [{"name": "finance and department", "mode": "all", "roles": ["finance_manager", "department_head"]}]},
        {"from": {"amount": "5000", "included": true},                                               "steps": [{"name": "vice president", "mode": "any", "roles": ["vice_president"]}]}
    ]', TRUE, '2026-01-01T00:00:00Z', 'yewu');
