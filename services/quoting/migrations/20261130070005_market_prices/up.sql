-- What others ask for the same (QUO-05).
CREATE TABLE market_prices (
    id          UUID PRIMARY KEY,
    sku         TEXT NOT NULL,
    kind        TEXT NOT NULL CHECK (kind IN ('competitor', 'market')),
    source      TEXT NOT NULL,
    unit_price  NUMERIC(20, 4) NOT NULL CHECK (unit_price > 0),
    currency    TEXT NOT NULL,
    day         DATE NOT NULL,
    status      TEXT NOT NULL CHECK (status IN ('recorded', 'withdrawn')),
    note        TEXT,
    reason      TEXT,
    recorded_by TEXT NOT NULL,
    created_at  TIMESTAMPTZ NOT NULL,
    version     INTEGER NOT NULL
);
CREATE INDEX market_prices_sku ON market_prices (sku, id);
CREATE INDEX market_prices_status ON market_prices (status, id);
-- Of each source the newest.
CREATE INDEX market_prices_newest ON market_prices (sku, currency, source, day, id) WHERE status = 'recorded';
