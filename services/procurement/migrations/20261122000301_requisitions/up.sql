-- Requisitions (PRO-02): what someone wants bought, and how much of it is ordered.
CREATE TABLE requisitions (
    id                      UUID PRIMARY KEY,
    number                  TEXT NOT NULL UNIQUE,
    status                  TEXT NOT NULL CHECK (status IN ('draft', 'in_approval', 'approved', 'rejected', 'ordered', 'closed', 'cancelled')),
    source                  TEXT NOT NULL CHECK (source IN ('manual', 'order', 'plan', 'reorder')),
    priority                TEXT NOT NULL CHECK (priority IN ('normal', 'urgent')),
    case_id                 UUID NOT NULL,
    category                TEXT NOT NULL REFERENCES supplier_categories (code),
    currency                TEXT NOT NULL,
    total                   NUMERIC(20, 4) NOT NULL CHECK (total >= 0),
    recommended_supplier_id UUID REFERENCES suppliers (id),
    recommendation_reason   TEXT,
    order_id                UUID,
    shortage_id             UUID,
    plan_reference          TEXT,
    reason                  TEXT,
    rolling_window          JSONB,
    resubmitted_from_id     UUID UNIQUE REFERENCES requisitions (id),
    resubmitted_as_id       UUID,
    requester               TEXT,
    owner_id                TEXT,
    team_id                 TEXT,
    department_id           TEXT,
    created_at              TIMESTAMPTZ NOT NULL,
    submitted_at            TIMESTAMPTZ,
    decided_at              TIMESTAMPTZ,
    act_by_at               TIMESTAMPTZ,
    overdue                 BOOLEAN NOT NULL,
    cause_event_id          UUID,
    cause_part              INTEGER,
    version                 INTEGER NOT NULL,
    -- A recommendation is given with its reason (PRO-02).
    CHECK (recommended_supplier_id IS NULL OR recommendation_reason IS NOT NULL),
    CHECK ((cause_event_id IS NULL) = (cause_part IS NULL))
);
-- One event drafts one requisition for each supplier it recommends, once.
CREATE UNIQUE INDEX requisitions_cause ON requisitions (cause_event_id, cause_part) WHERE cause_event_id IS NOT NULL;
CREATE INDEX requisitions_case ON requisitions (case_id, id);
CREATE INDEX requisitions_status ON requisitions (status, id);
CREATE INDEX requisitions_owner ON requisitions (owner_id, id);
CREATE INDEX requisitions_team ON requisitions (team_id, id);
CREATE INDEX requisitions_department ON requisitions (department_id, id);
CREATE INDEX requisitions_source ON requisitions (source, id);
CREATE INDEX requisitions_priority ON requisitions (priority, id);
CREATE INDEX requisitions_order ON requisitions (order_id, id) WHERE order_id IS NOT NULL;
CREATE INDEX requisitions_shortage ON requisitions (shortage_id) WHERE shortage_id IS NOT NULL;
-- The rolling window of D-14.
CREATE INDEX requisitions_window ON requisitions (requester, category, submitted_at) WHERE submitted_at IS NOT NULL;
CREATE INDEX requisitions_due ON requisitions (act_by_at) WHERE NOT overdue AND status IN ('draft', 'in_approval', 'approved');

CREATE TABLE requisition_lines (
    id                   UUID PRIMARY KEY,
    requisition_id       UUID NOT NULL REFERENCES requisitions (id),
    line_number          INTEGER NOT NULL CHECK (line_number > 0),
    sku                  TEXT,
    name                 TEXT NOT NULL,
    specification        TEXT NOT NULL,
    unit                 TEXT NOT NULL,
    quantity             NUMERIC(16, 4) NOT NULL CHECK (quantity > 0),
    estimated_unit_price NUMERIC(20, 4) NOT NULL CHECK (estimated_unit_price >= 0),
    tax_rate             NUMERIC(5, 4) NOT NULL CHECK (tax_rate BETWEEN 0 AND 1),
    net                  NUMERIC(20, 4) NOT NULL,
    tax                  NUMERIC(20, 4) NOT NULL,
    purpose              TEXT NOT NULL,
    needed_on            DATE,
    order_line_id        UUID,
    UNIQUE (requisition_id, line_number)
);
-- What of an item is on its way to be bought (PRO-08).
CREATE INDEX requisition_lines_sku ON requisition_lines (sku) WHERE sku IS NOT NULL;

-- Which purchase orders cover a line. No reference to them: the facts about them may come before the row is read.
CREATE TABLE requisition_orders (
    requisition_id      UUID NOT NULL REFERENCES requisitions (id),
    requisition_line_id UUID NOT NULL,
    purchase_order_id   UUID NOT NULL,
    ordered             NUMERIC(16, 4) NOT NULL CHECK (ordered >= 0),
    status              TEXT NOT NULL CHECK (status IN ('sent', 'received', 'cancelled')),
    PRIMARY KEY (requisition_line_id, purchase_order_id)
);
CREATE INDEX requisition_orders_requisition ON requisition_orders (requisition_id);

INSERT INTO number_rules (kind, prefix) VALUES ('requisition', 'PR');
-- D-01: up to 1000 the department head, up to 2000 finance, below 5000 both of them together, from 5000 on the vice-president;
-- a higher tier also needs the lower ones. The amounts include tax, and what D-14 counts together with a requisition.
INSERT INTO approval_policies (key, version, tiers, cumulative, effective_from, published_by) VALUES ('procurement.requisition', 1, '[
    {"from": {"amount": "0", "included": false}, "to": {"amount": "1000", "included": true},
     "steps": [{"name": "department head", "mode": "any", "roles": ["department_head"]}]},
    {"from": {"amount": "1000", "included": false}, "to": {"amount": "2000", "included": true},
     "steps": [{"name": "finance", "mode": "any", "roles": ["finance_manager"]}]},
    {"from": {"amount": "2000", "included": false}, "to": {"amount": "5000", "included": false},
     "steps": [{"name": "finance and department", "mode": "all", "roles": ["finance_manager", "department_head"]}]},
    {"from": {"amount": "5000", "included": true},
     "steps": [{"name": "vice president", "mode": "any", "roles": ["vice_president"]}]}
]', TRUE, '2026-01-01T00:00:00Z', 'yewu');
