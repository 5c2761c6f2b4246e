-- What we sell, and what may be offered in its place.
CREATE TABLE products (
    id            UUID PRIMARY KEY,
    sku           TEXT NOT NULL UNIQUE,
    name          TEXT NOT NULL,
    name_en       TEXT,
    description   TEXT,
    specification TEXT,
    unit          TEXT NOT NULL,
    list_price    NUMERIC(20, 4) NOT NULL CHECK (list_price >= 0),
    currency      TEXT NOT NULL,
    tax_rate      NUMERIC(5, 4) NOT NULL CHECK (tax_rate BETWEEN 0 AND 1),
    positioning   TEXT,
    status        TEXT NOT NULL CHECK (status IN ('draft', 'active', 'retired')),
    reason        TEXT,
    external_refs JSONB NOT NULL,
    created_at    TIMESTAMPTZ NOT NULL,
    published_at  TIMESTAMPTZ,
    retired_at    TIMESTAMPTZ,
    version       INTEGER NOT NULL
);
CREATE INDEX products_status ON products (status, id);

CREATE TABLE alternatives (
    id              UUID PRIMARY KEY,
    product_id      UUID NOT NULL REFERENCES products (id),
    sku             TEXT NOT NULL,
    alternative_id  UUID NOT NULL REFERENCES products (id),
    alternative_sku TEXT NOT NULL,
    rank            INTEGER NOT NULL CHECK (rank BETWEEN 1 AND 100),
    reason          TEXT NOT NULL,
    status          TEXT NOT NULL CHECK (status IN ('active', 'retired')),
    created_at      TIMESTAMPTZ NOT NULL,
    version         INTEGER NOT NULL,
    CHECK (product_id <> alternative_id)
);
CREATE UNIQUE INDEX alternatives_once ON alternatives (product_id, alternative_id) WHERE status = 'active';
