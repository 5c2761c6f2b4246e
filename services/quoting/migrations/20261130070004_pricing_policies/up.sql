-- The rules between a list price and what a customer is offered (QUO-05): data, a row a version, never edited.
CREATE TABLE pricing_policies (
    id             UUID PRIMARY KEY,
    revision       INTEGER NOT NULL UNIQUE CHECK (revision > 0),
    rules          JSONB NOT NULL,
    margin_floors  JSONB NOT NULL,
    effective_from DATE NOT NULL,
    published_by   TEXT NOT NULL,
    published_at   TIMESTAMPTZ NOT NULL,
    reason         TEXT NOT NULL
);
INSERT INTO pricing_policies VALUES
    ('01932c5e-7b1a-7c3d-9e4f-000000000001', 1, '[{"kind": "rounding"}]', '[]', '2026-01-01', 'yewu', '2026-01-01T00:00:00Z', 'shipped with the suite');
