-- What an item is put together from: one bill an assembly, its lines each good for a time.
CREATE TABLE bills_of_material (
    id            UUID PRIMARY KEY,
    status        TEXT NOT NULL CHECK (status IN ('active', 'retired')),
    item_id       UUID NOT NULL REFERENCES items (id),
    sku           TEXT NOT NULL,
    sold          JSONB NOT NULL,
    external_refs JSONB NOT NULL,
    created_at    TIMESTAMPTZ NOT NULL,
    version       INTEGER NOT NULL
);
CREATE UNIQUE INDEX bills_of_material_one_active ON bills_of_material (item_id) WHERE status = 'active';
CREATE INDEX bills_of_material_sku ON bills_of_material (sku, id);
CREATE INDEX bills_of_material_status ON bills_of_material (status, id);

CREATE TABLE bill_lines (
    bill_id         UUID NOT NULL REFERENCES bills_of_material (id),
    line_number     INTEGER NOT NULL CHECK (line_number > 0),
    item_id         UUID NOT NULL REFERENCES items (id),
    sku             TEXT NOT NULL,
    quantity        NUMERIC(16, 4) NOT NULL CHECK (quantity > 0),
    unit            TEXT NOT NULL,
    effective_from  DATE NOT NULL,
    effective_until DATE CHECK (effective_until >= effective_from),
    PRIMARY KEY (bill_id, line_number)
);
CREATE INDEX bill_lines_item ON bill_lines (item_id);
CREATE INDEX bill_lines_sku ON bill_lines (sku);
