-- Requests for quotation, their lines (each a requisition's), and whom was asked with what they answered.
CREATE TABLE rfqs (
    id                 UUID PRIMARY KEY,
    number             TEXT NOT NULL UNIQUE,
    status             TEXT NOT NULL CHECK (status IN ('draft', 'sent', 'quoting', 'closed', 'evaluated', 'awarded', 'cancelled')),
    case_id            UUID,
    category           TEXT,
    currency           TEXT NOT NULL,
    due_on             DATE NOT NULL,
    weights            JSONB NOT NULL,
    inquiry            TEXT NOT NULL,
    sourcing_waiver_id UUID REFERENCES sourcing_waivers (id),
    ruling             JSONB,
    award              JSONB,
    reason             TEXT,
    owner_id           TEXT,
    team_id            TEXT,
    department_id      TEXT,
    created_at         TIMESTAMPTZ NOT NULL,
    sent_at            TIMESTAMPTZ,
    closed_at          TIMESTAMPTZ,
    version            INTEGER NOT NULL,
    CHECK ((status = 'awarded') = (award IS NOT NULL))
);
CREATE INDEX rfqs_case ON rfqs (case_id, id);
CREATE INDEX rfqs_status ON rfqs (status, id);
CREATE INDEX rfqs_owner ON rfqs (owner_id, id);

CREATE TABLE rfq_lines (
    rfq_id              UUID NOT NULL REFERENCES rfqs (id),
    requisition_line_id UUID NOT NULL,
    requisition_id      UUID NOT NULL,
    line_number         INTEGER NOT NULL CHECK (line_number > 0),
    sku                 TEXT NOT NULL,
    name                TEXT NOT NULL,
    specification       TEXT NOT NULL,
    unit                TEXT NOT NULL,
    quantity            NUMERIC(16, 4) NOT NULL CHECK (quantity > 0),
    needed_on           DATE,
    open                BOOLEAN NOT NULL,
    PRIMARY KEY (rfq_id, requisition_line_id)
);
-- A wanted thing is asked for in one place at a time.
CREATE UNIQUE INDEX rfq_lines_one_open ON rfq_lines (requisition_line_id) WHERE open;
CREATE INDEX rfq_lines_requisition ON rfq_lines (requisition_id, rfq_id);

CREATE TABLE rfq_invitations (
    rfq_id         UUID NOT NULL REFERENCES rfqs (id),
    supplier_id    UUID NOT NULL REFERENCES suppliers (id),
    position       INTEGER NOT NULL,
    supplier_name  TEXT NOT NULL,
    status         TEXT NOT NULL CHECK (status IN ('invited', 'received', 'declined', 'late')),
    recommendation TEXT,
    reason         TEXT,
    quote          JSONB,
    PRIMARY KEY (rfq_id, supplier_id),
    CHECK (status NOT IN ('received', 'late') OR quote IS NOT NULL)
);
CREATE INDEX rfq_invitations_supplier ON rfq_invitations (supplier_id, rfq_id);

-- What counts how much unless the request says otherwise (PRO-18): the newest row that is in effect.
CREATE TABLE rfq_weights (
    effective_from TIMESTAMPTZ PRIMARY KEY,
    price          SMALLINT NOT NULL CHECK (price >= 0),
    quality        SMALLINT NOT NULL CHECK (quality >= 0),
    delivery       SMALLINT NOT NULL CHECK (delivery >= 0),
    after_sales    SMALLINT NOT NULL CHECK (after_sales >= 0),
    CHECK (price + quality + delivery + after_sales = 100)
);
INSERT INTO rfq_weights VALUES ('2026-01-01T00:00:00Z', 40, 20, 20, 20);

INSERT INTO number_rules (kind, prefix) VALUES ('rfq', 'RFQ');
