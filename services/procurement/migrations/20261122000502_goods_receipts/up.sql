-- What arrived, and what the inspection found.
CREATE TABLE goods_receipts (
    id                    UUID PRIMARY KEY,
    number                TEXT NOT NULL UNIQUE,
    status                TEXT NOT NULL CHECK (status IN ('arrived', 'inspecting', 'accepted', 'partially_accepted', 'rejected')),
    origin                TEXT NOT NULL CHECK (origin IN ('recorded', 'imported')),
    purchase_order_id     UUID NOT NULL REFERENCES purchase_orders (id),
    purchase_order_number TEXT NOT NULL,
    supplier_id           UUID NOT NULL REFERENCES suppliers (id),
    supplier_name         TEXT NOT NULL,
    case_id               UUID,
    delivery_note_number  TEXT NOT NULL,
    arrived_at            TIMESTAMPTZ NOT NULL,
    inspect_by_at         TIMESTAMPTZ NOT NULL,
    calendar_id           TEXT NOT NULL,
    overdue_at            TIMESTAMPTZ,
    inspected_at          TIMESTAMPTZ,
    inspected_by          TEXT,
    delivery_note_id      UUID,
    photo_ids             JSONB NOT NULL,
    reason                TEXT,
    external_refs         JSONB NOT NULL,
    owner_id              TEXT,
    team_id               TEXT,
    department_id         TEXT,
    created_at            TIMESTAMPTZ NOT NULL,
    version               INTEGER NOT NULL,
    UNIQUE (supplier_id, purchase_order_id, delivery_note_number),
    CHECK ((inspected_at IS NULL) = (status IN ('arrived', 'inspecting'))),
    -- Nothing goes into stock without the signed delivery note and a photo (PRO-28); what another system inspected has its own.
    CHECK (origin = 'imported' OR status NOT IN ('accepted', 'partially_accepted')
           OR (delivery_note_id IS NOT NULL AND jsonb_array_length(photo_ids) > 0))
);
CREATE INDEX goods_receipts_case ON goods_receipts (case_id, id);
CREATE INDEX goods_receipts_status ON goods_receipts (status, id);
CREATE INDEX goods_receipts_order ON goods_receipts (purchase_order_id, id);
CREATE INDEX goods_receipts_owner ON goods_receipts (owner_id, id);
CREATE INDEX goods_receipts_overdue ON goods_receipts (id) WHERE overdue_at IS NOT NULL;
-- What the clock looks at.
CREATE INDEX goods_receipts_waiting ON goods_receipts (inspect_by_at) WHERE inspected_at IS NULL AND overdue_at IS NULL;

CREATE TABLE goods_receipt_lines (
    id                     UUID PRIMARY KEY,
    goods_receipt_id       UUID NOT NULL REFERENCES goods_receipts (id),
    line_number            INTEGER NOT NULL CHECK (line_number > 0),
    purchase_order_line_id UUID NOT NULL REFERENCES purchase_order_lines (id),
    item_id                UUID NOT NULL REFERENCES items (id),
    sku                    TEXT NOT NULL,
    noted                  NUMERIC(16, 4) NOT NULL CHECK (noted >= 0),
    counted                NUMERIC(16, 4) CHECK (counted >= 0),
    quantity_ok            BOOLEAN,
    appearance_ok          BOOLEAN,
    specification_ok       BOOLEAN,
    accepted               NUMERIC(16, 4) NOT NULL CHECK (accepted >= 0),
    rejected               NUMERIC(16, 4) NOT NULL CHECK (rejected >= 0),
    location               TEXT NOT NULL,
    remark                 TEXT,
    UNIQUE (goods_receipt_id, line_number),
    UNIQUE (goods_receipt_id, purchase_order_line_id),
    CHECK (accepted + rejected = coalesce(counted, 0))
);
CREATE INDEX goods_receipt_lines_order_line ON goods_receipt_lines (purchase_order_line_id);
CREATE INDEX goods_receipt_lines_item ON goods_receipt_lines (item_id);

CREATE TABLE receipt_discrepancies (
    id                     UUID PRIMARY KEY,
    number                 TEXT NOT NULL UNIQUE,
    status                 TEXT NOT NULL CHECK (status IN ('opened', 'supplier_contacted', 'return', 'exchange', 'credit', 'accept_as_is', 'closed')),
    nature                 TEXT NOT NULL CHECK (nature IN ('rejected', 'missing', 'reported')),
    kind                   TEXT NOT NULL CHECK (kind IN ('quantity', 'quality', 'specification', 'damage')),
    goods_receipt_id       UUID NOT NULL REFERENCES goods_receipts (id),
    goods_receipt_line_id  UUID REFERENCES goods_receipt_lines (id),
    purchase_order_id      UUID NOT NULL REFERENCES purchase_orders (id),
    purchase_order_number  TEXT NOT NULL,
    purchase_order_line_id UUID REFERENCES purchase_order_lines (id),
    supplier_id            UUID NOT NULL REFERENCES suppliers (id),
    case_id                UUID,
    sku                    TEXT,
    quantity               NUMERIC(16, 4) NOT NULL CHECK (quantity >= 0),
    description            TEXT,
    attachment_ids         JSONB NOT NULL,
    contact_note           TEXT,
    contacted_at           TIMESTAMPTZ,
    resolution             TEXT CHECK (resolution IN ('return', 'exchange', 'credit', 'accept_as_is')),
    resolution_note        TEXT,
    resolved_by            TEXT,
    resolved_at            TIMESTAMPTZ,
    opened_by              TEXT NOT NULL,
    opened_at              TIMESTAMPTZ NOT NULL,
    closed_at              TIMESTAMPTZ,
    owner_id               TEXT,
    team_id                TEXT,
    department_id          TEXT,
    version                INTEGER NOT NULL,
    CHECK ((nature = 'reported') = (quantity = 0)),
    CHECK ((closed_at IS NOT NULL) = (status = 'closed')),
    CHECK (status <> 'closed' OR resolution IS NOT NULL)
);
CREATE INDEX receipt_discrepancies_case ON receipt_discrepancies (case_id, id);
CREATE INDEX receipt_discrepancies_status ON receipt_discrepancies (status, id);
CREATE INDEX receipt_discrepancies_order ON receipt_discrepancies (purchase_order_id, id);
CREATE INDEX receipt_discrepancies_receipt ON receipt_discrepancies (goods_receipt_id, id);
CREATE INDEX receipt_discrepancies_supplier ON receipt_discrepancies (supplier_id, id);
CREATE INDEX receipt_discrepancies_owner ON receipt_discrepancies (owner_id, id);
-- An inspection finds a thing once.
CREATE UNIQUE INDEX receipt_discrepancies_found ON receipt_discrepancies (goods_receipt_line_id, nature) WHERE nature <> 'reported';

-- Where received goods came from. What an inspection let through is booked once, and so is what a discrepancy let through.
ALTER TABLE stock_entries ADD COLUMN purchase_order_line_id UUID, ADD COLUMN goods_receipt_id UUID, ADD COLUMN discrepancy_id UUID;
CREATE UNIQUE INDEX stock_entries_received_once ON stock_entries (line_id, coalesce(discrepancy_id, line_id)) WHERE kind = 'receipt';
CREATE INDEX stock_entries_goods_receipt ON stock_entries (goods_receipt_id) WHERE goods_receipt_id IS NOT NULL;
CREATE INDEX stock_entries_order_line ON stock_entries (purchase_order_line_id) WHERE purchase_order_line_id IS NOT NULL;

INSERT INTO number_rules (kind, prefix) VALUES ('goods_receipt', 'GR'), ('discrepancy', 'DC');
