-- What is missing for an order and what is done about it (ORD-07).
CREATE TABLE shortages (
    id             UUID PRIMARY KEY,
    number         TEXT NOT NULL UNIQUE,
    status         TEXT NOT NULL CHECK (status IN ('open', 'decided', 'resolved', 'cancelled')),
    decision       TEXT CHECK (decision IN ('expedite', 'substitute', 'backorder', 'split')),
    order_id       UUID NOT NULL REFERENCES orders (id),
    order_number   TEXT NOT NULL,
    case_id        UUID NOT NULL,
    needed_on      DATE,
    lines          JSONB NOT NULL,
    decisions      JSONB NOT NULL,
    resolved_at    TIMESTAMPTZ,
    owner_id       TEXT,
    team_id        TEXT,
    department_id  TEXT,
    cause_event_id UUID UNIQUE,
    created_at     TIMESTAMPTZ NOT NULL,
    version        INTEGER NOT NULL,
    CHECK (status <> 'decided' OR decision IS NOT NULL)
);
CREATE INDEX shortages_order ON shortages (order_id, id);
CREATE INDEX shortages_case ON shortages (case_id, id);
CREATE INDEX shortages_status ON shortages (status, id);
CREATE INDEX shortages_owner ON shortages (owner_id, id);
CREATE INDEX shortages_team ON shortages (team_id, id);
CREATE INDEX shortages_department ON shortages (department_id, id);
-- A second short answer is about the same shortage.
CREATE UNIQUE INDEX shortages_one_open ON shortages (order_id) WHERE status IN ('open', 'decided');

-- The model that a line takes the place of, and what of a line was lost to bad quality and is asked for again.
ALTER TABLE order_lines ADD COLUMN substituted_for TEXT;
ALTER TABLE order_lines ADD COLUMN scrapped NUMERIC(16, 4) NOT NULL DEFAULT 0 CHECK (scrapped >= 0);

INSERT INTO number_rules (kind, prefix) VALUES ('shortage', 'SG');
