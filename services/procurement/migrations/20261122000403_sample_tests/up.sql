-- Tests of suppliers' samples (PRO-20).
CREATE TABLE sample_tests (
    id            UUID PRIMARY KEY,
    number        TEXT NOT NULL UNIQUE,
    status        TEXT NOT NULL CHECK (status IN ('requested', 'received', 'testing', 'passed', 'failed', 'cancelled')),
    case_id       UUID,
    rfq_id        UUID NOT NULL REFERENCES rfqs (id),
    rfq_number    TEXT NOT NULL,
    supplier_id   UUID NOT NULL REFERENCES suppliers (id),
    supplier_name TEXT NOT NULL,
    sample        TEXT NOT NULL,
    criteria      JSONB NOT NULL,
    testers       JSONB NOT NULL,
    note          TEXT,
    reason        TEXT,
    requested_by  TEXT NOT NULL,
    owner_id      TEXT,
    team_id       TEXT,
    department_id TEXT,
    created_at    TIMESTAMPTZ NOT NULL,
    received_at   TIMESTAMPTZ,
    completed_at  TIMESTAMPTZ,
    completed_by  TEXT,
    version       INTEGER NOT NULL
);
CREATE INDEX sample_tests_case ON sample_tests (case_id, id);
CREATE INDEX sample_tests_status ON sample_tests (status, id);
CREATE INDEX sample_tests_owner ON sample_tests (owner_id, id);
CREATE INDEX sample_tests_rfq ON sample_tests (rfq_id, supplier_id, id);
-- One test at a time of one supplier's sample.
CREATE UNIQUE INDEX sample_tests_one_open ON sample_tests (rfq_id, supplier_id) WHERE status IN ('requested', 'received', 'testing');

INSERT INTO number_rules (kind, prefix) VALUES ('sample_test', 'ST');
