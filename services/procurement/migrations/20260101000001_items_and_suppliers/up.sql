-- The masters of purchasing: who sells to us, and what we keep in stock.
CREATE TABLE suppliers (
    id            UUID PRIMARY KEY,
    number        TEXT NOT NULL UNIQUE,
    name          TEXT NOT NULL,
    status        TEXT NOT NULL CHECK (status IN ('prospective', 'qualified', 'suspended', 'eliminated')),
    contact       JSONB NOT NULL,
    reason        TEXT,
    external_refs JSONB NOT NULL,
    created_at    TIMESTAMPTZ NOT NULL,
    version       INTEGER NOT NULL
);
CREATE INDEX suppliers_status ON suppliers (status, id);

CREATE TABLE items (
    id                    UUID PRIMARY KEY,
    sku                   TEXT NOT NULL UNIQUE,
    name                  TEXT NOT NULL,
    unit                  TEXT NOT NULL,
    status                TEXT NOT NULL CHECK (status IN ('active', 'retired')),
    product_sku           TEXT,
    preferred_supplier_id UUID REFERENCES suppliers (id),
    purchase_price        NUMERIC(20, 4) CHECK (purchase_price >= 0),
    purchase_currency     TEXT,
    reorder_level         NUMERIC(16, 4) NOT NULL CHECK (reorder_level >= 0),
    external_refs         JSONB NOT NULL,
    created_at            TIMESTAMPTZ NOT NULL,
    version               INTEGER NOT NULL,
    CHECK ((purchase_price IS NULL) = (purchase_currency IS NULL))
);
CREATE INDEX items_status ON items (status, id);
-- What an order calls it: the product, or the item itself where it is linked to none.
CREATE INDEX items_sold_as ON items (coalesce(product_sku, sku));
CREATE INDEX items_supplier ON items (preferred_supplier_id, id);

INSERT INTO number_rules (kind, prefix) VALUES ('supplier', 'SU');
