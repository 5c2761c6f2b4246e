-- Inspections of an order's goods, the reports on them, and what did not pass (ORD-17 to 19).
CREATE TABLE inspections (
    id               UUID PRIMARY KEY,
    number           TEXT NOT NULL UNIQUE,
    status           TEXT NOT NULL CHECK (status IN ('planned', 'done', 'cancelled')),
    stage            TEXT NOT NULL CHECK (stage IN ('in_process', 'final')),
    order_id         UUID NOT NULL REFERENCES orders (id),
    order_number     TEXT NOT NULL,
    case_id          UUID NOT NULL,
    line_id          UUID NOT NULL,
    sku              TEXT NOT NULL,
    plan             JSONB NOT NULL,
    nonconformity_id UUID,
    readings         JSONB NOT NULL,
    defects          INTEGER CHECK (defects >= 0),
    result           TEXT CHECK (result IN ('pass', 'fail')),
    note             TEXT,
    reason           TEXT,
    inspected_by     TEXT,
    inspected_at     TIMESTAMPTZ,
    owner_id         TEXT,
    team_id          TEXT,
    department_id    TEXT,
    created_at       TIMESTAMPTZ NOT NULL,
    version          INTEGER NOT NULL,
    CHECK ((status = 'done') = (result IS NOT NULL AND defects IS NOT NULL))
);
CREATE INDEX inspections_order ON inspections (order_id, id);
CREATE INDEX inspections_case ON inspections (case_id, id);
CREATE INDEX inspections_status ON inspections (status, id);
CREATE INDEX inspections_owner ON inspections (owner_id, id);
CREATE INDEX inspections_team ON inspections (team_id, id);
CREATE INDEX inspections_department ON inspections (department_id, id);

CREATE TABLE inspection_reports (
    id            UUID PRIMARY KEY,
    number        TEXT NOT NULL UNIQUE,
    status        TEXT NOT NULL CHECK (status IN ('issued')),
    inspection_id UUID NOT NULL UNIQUE REFERENCES inspections (id),
    order_id      UUID NOT NULL REFERENCES orders (id),
    order_number  TEXT NOT NULL,
    case_id       UUID NOT NULL,
    content       TEXT NOT NULL,
    sha256        TEXT NOT NULL CHECK (length(sha256) = 64),
    signer        TEXT NOT NULL,
    issued_by     TEXT NOT NULL,
    issued_at     TIMESTAMPTZ NOT NULL,
    owner_id      TEXT,
    team_id       TEXT,
    department_id TEXT,
    version       INTEGER NOT NULL
);
CREATE INDEX inspection_reports_order ON inspection_reports (order_id, id);

CREATE TABLE nonconformities (
    id              UUID PRIMARY KEY,
    number          TEXT NOT NULL UNIQUE,
    status          TEXT NOT NULL CHECK (status IN ('open', 'rework', 'reinspection', 'closed', 'scrapped', 'cancelled')),
    order_id        UUID NOT NULL REFERENCES orders (id),
    order_number    TEXT NOT NULL,
    case_id         UUID NOT NULL,
    inspection_id   UUID NOT NULL UNIQUE REFERENCES inspections (id),
    stage           TEXT NOT NULL CHECK (stage IN ('in_process', 'final')),
    line_id         UUID NOT NULL,
    sku             TEXT NOT NULL,
    lot_size        INTEGER NOT NULL CHECK (lot_size > 0),
    defects         INTEGER NOT NULL CHECK (defects > 0),
    loops           INTEGER NOT NULL CHECK (loops >= 0),
    instructions    TEXT,
    reinspection_id UUID REFERENCES inspections (id),
    reason          TEXT,
    scrapped        NUMERIC(16, 4) CHECK (scrapped > 0),
    closed_at       TIMESTAMPTZ,
    owner_id        TEXT,
    team_id         TEXT,
    department_id   TEXT,
    created_at      TIMESTAMPTZ NOT NULL,
    version         INTEGER NOT NULL,
    CHECK ((status = 'scrapped') = (scrapped IS NOT NULL))
);
CREATE INDEX nonconformities_order ON nonconformities (order_id, id);
CREATE INDEX nonconformities_case ON nonconformities (case_id, id);
CREATE INDEX nonconformities_status ON nonconformities (status, id);
CREATE INDEX nonconformities_owner ON nonconformities (owner_id, id);
CREATE INDEX nonconformities_team ON nonconformities (team_id, id);
CREATE INDEX nonconformities_department ON nonconformities (department_id, id);

-- Final inspections and nonconformities that keep the work item of quality from being done (ORD-20).
ALTER TABLE work_items ADD COLUMN open_inspections INTEGER NOT NULL DEFAULT 0 CHECK (open_inspections >= 0);

INSERT INTO number_rules (kind, prefix) VALUES ('inspection', 'QI'), ('inspection_report', 'QR'), ('nonconformity', 'NC');
