-- Goods set aside for orders: one hold an order, its lines, and where the goods lie.
CREATE TABLE holds (
    id             UUID PRIMARY KEY,
    number         TEXT NOT NULL UNIQUE,
    status         TEXT NOT NULL CHECK (status IN ('short', 'held', 'shipped', 'released')),
    case_id        UUID,
    order_id       UUID NOT NULL UNIQUE,
    order_number   TEXT NOT NULL,
    owner_id       TEXT,
    team_id        TEXT,
    department_id  TEXT,
    created_at     TIMESTAMPTZ NOT NULL,
    closed_at      TIMESTAMPTZ,
    cause_event_id UUID UNIQUE,
    version        INTEGER NOT NULL
);
CREATE INDEX holds_case ON holds (case_id, id);
CREATE INDEX holds_status ON holds (status, id);
CREATE INDEX holds_owner ON holds (owner_id, id);

CREATE TABLE hold_lines (
    hold_id     UUID NOT NULL REFERENCES holds (id),
    line_id     UUID NOT NULL,
    line_number INTEGER NOT NULL CHECK (line_number > 0),
    sku         TEXT NOT NULL,
    requested   NUMERIC(16, 4) NOT NULL CHECK (requested >= 0),
    PRIMARY KEY (hold_id, line_id)
);
CREATE TABLE hold_places (
    hold_id  UUID NOT NULL,
    line_id  UUID NOT NULL,
    stock_id UUID NOT NULL REFERENCES stock (id),
    held     NUMERIC(16, 4) NOT NULL CHECK (held >= 0),
    issued   NUMERIC(16, 4) NOT NULL CHECK (issued >= 0),
    PRIMARY KEY (hold_id, line_id, stock_id),
    FOREIGN KEY (hold_id, line_id) REFERENCES hold_lines (hold_id, line_id)
);
CREATE INDEX hold_places_stock ON hold_places (stock_id) WHERE held > 0;

INSERT INTO number_rules (kind, prefix) VALUES ('hold', 'HD');
