-- What a supplier's record holds besides its name (PRO-10), the directory of qualified suppliers by category (PRO-11) and
-- their yearly evaluation (PRO-12, PRO-13).
ALTER TABLE suppliers DROP CONSTRAINT suppliers_status_check;
ALTER TABLE suppliers
    ADD CONSTRAINT suppliers_status_check CHECK (status IN ('prospective', 'qualified', 'probation', 'suspended', 'eliminated')),
    ADD COLUMN licences JSONB NOT NULL DEFAULT '[]',
    ADD COLUMN bank JSONB,
    -- The day on which the next licence has to be reminded of; nothing if none is left to remind of.
    ADD COLUMN licences_due_on DATE;
CREATE INDEX suppliers_licences_due ON suppliers (licences_due_on) WHERE licences_due_on IS NOT NULL;

CREATE TABLE supplier_categories (
    id         UUID PRIMARY KEY,
    code       TEXT NOT NULL UNIQUE,
    name_zh    TEXT NOT NULL,
    name_en    TEXT NOT NULL,
    status     TEXT NOT NULL CHECK (status IN ('active', 'retired')),
    min_active INTEGER NOT NULL CHECK (min_active BETWEEN 0 AND 1000),
    created_at TIMESTAMPTZ NOT NULL,
    version    INTEGER NOT NULL
);
CREATE INDEX supplier_categories_status ON supplier_categories (status, id);
-- The three of the source document, with three suppliers each because three are asked (PRO-16), and what we trade in.
INSERT INTO supplier_categories (id, code, name_zh, name_en, status, min_active, created_at, version) VALUES
    ('01940000-0000-7000-8000-000000000001', 'office_supplies', '办公用品', 'Office supplies', 'active', 3, '2026-01-01T00:00:00Z', 1),
    ('01940000-0000-7000-8000-000000000002', 'it_equipment', 'IT设备', 'IT equipment', 'active', 3, '2026-01-01T00:00:00Z', 1),
    ('01940000-0000-7000-8000-000000000003', 'services', '服务类', 'Services', 'active', 3, '2026-01-01T00:00:00Z', 1),
    ('01940000-0000-7000-8000-000000000004', 'goods', '商品', 'Goods', 'active', 3, '2026-01-01T00:00:00Z', 1);

CREATE TABLE supplier_qualifications (
    id            UUID PRIMARY KEY,
    supplier_id   UUID NOT NULL REFERENCES suppliers (id),
    category      TEXT NOT NULL REFERENCES supplier_categories (code),
    status        TEXT NOT NULL CHECK (status IN ('applied', 'qualified', 'expired', 'rejected')),
    valid_to      DATE NOT NULL,
    justification TEXT NOT NULL,
    reason        TEXT,
    applied_by    TEXT NOT NULL,
    decided_by    TEXT,
    created_at    TIMESTAMPTZ NOT NULL,
    decided_at    TIMESTAMPTZ,
    version       INTEGER NOT NULL
);
-- One question at a time.
CREATE UNIQUE INDEX supplier_qualifications_applied ON supplier_qualifications (supplier_id, category) WHERE status = 'applied';
CREATE INDEX supplier_qualifications_supplier ON supplier_qualifications (supplier_id, id);
CREATE INDEX supplier_qualifications_directory ON supplier_qualifications (category, status, id);
CREATE INDEX supplier_qualifications_status ON supplier_qualifications (status, id);
CREATE INDEX supplier_qualifications_due ON supplier_qualifications (valid_to) WHERE status = 'qualified';
