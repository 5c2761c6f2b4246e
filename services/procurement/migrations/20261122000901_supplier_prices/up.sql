-- What a supplier asks for an item, how long it takes to come, and in which quantities it can be had (PRO-10, 17).
CREATE TABLE supplier_prices (
    id                 UUID PRIMARY KEY,
    status             TEXT NOT NULL CHECK (status IN ('active', 'retired')),
    supplier_id        UUID NOT NULL REFERENCES suppliers (id),
    item_id            UUID NOT NULL REFERENCES items (id),
    sku                TEXT NOT NULL,
    price              NUMERIC(20, 4) NOT NULL CHECK (price >= 0),
    currency           TEXT NOT NULL,
    unit               TEXT NOT NULL,
    lead_time_days     INTEGER NOT NULL CHECK (lead_time_days BETWEEN 0 AND 3650),
    min_order_quantity NUMERIC(16, 4) NOT NULL CHECK (min_order_quantity >= 0),
    max_order_quantity NUMERIC(16, 4) CHECK (max_order_quantity >= min_order_quantity),
    last_cost          NUMERIC(20, 4) CHECK (last_cost >= 0),
    last_received_on   DATE,
    external_refs      JSONB NOT NULL,
    created_at         TIMESTAMPTZ NOT NULL,
    version            INTEGER NOT NULL
);
-- A supplier asks one price for an item at a time.
CREATE UNIQUE INDEX supplier_prices_one_active ON supplier_prices (supplier_id, item_id) WHERE status = 'active';
CREATE INDEX supplier_prices_supplier ON supplier_prices (supplier_id, id);
CREATE INDEX supplier_prices_sku ON supplier_prices (sku, id);
CREATE INDEX supplier_prices_item ON supplier_prices (item_id);
CREATE INDEX supplier_prices_status ON supplier_prices (status, id);
