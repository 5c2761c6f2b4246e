-- The yearly evaluation of suppliers (PRO-12, D-16): one a supplier and year.
CREATE TABLE supplier_evaluations (
    id              UUID PRIMARY KEY,
    supplier_id     UUID NOT NULL REFERENCES suppliers (id),
    year            INTEGER NOT NULL CHECK (year BETWEEN 2000 AND 9999),
    status          TEXT NOT NULL CHECK (status IN ('draft', 'scored', 'published')),
    price_weight    INTEGER NOT NULL CHECK (price_weight >= 0),
    quality_weight  INTEGER NOT NULL CHECK (quality_weight >= 0),
    delivery_weight INTEGER NOT NULL CHECK (delivery_weight >= 0),
    evidence        JSONB NOT NULL,
    overrides       JSONB NOT NULL,
    price_score     NUMERIC(7, 4) CHECK (price_score BETWEEN 0 AND 100),
    quality_score   NUMERIC(7, 4) CHECK (quality_score BETWEEN 0 AND 100),
    delivery_score  NUMERIC(7, 4) CHECK (delivery_score BETWEEN 0 AND 100),
    -- Exact: four decimals times a whole weight, divided by 100.
    total           NUMERIC(9, 6) CHECK (total BETWEEN 0 AND 100),
    scored_by       TEXT,
    published_by    TEXT,
    created_at      TIMESTAMPTZ NOT NULL,
    scored_at       TIMESTAMPTZ,
    published_at    TIMESTAMPTZ,
    version         INTEGER NOT NULL,
    UNIQUE (supplier_id, year),
    CHECK (price_weight + quality_weight + delivery_weight = 100)
);
CREATE INDEX supplier_evaluations_year ON supplier_evaluations (year, id);
CREATE INDEX supplier_evaluations_status ON supplier_evaluations (status, id);
