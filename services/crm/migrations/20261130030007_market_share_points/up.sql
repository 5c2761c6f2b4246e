-- Our share of a market in a period, and which business is new (CRM-52).
CREATE TABLE market_share_points (
    id          UUID PRIMARY KEY,
    market      TEXT NOT NULL,
    period      TEXT NOT NULL,
    share       NUMERIC(5, 4) NOT NULL CHECK (share BETWEEN 0 AND 1),
    source      TEXT NOT NULL,
    recorded_by TEXT NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    version     INTEGER NOT NULL,
    UNIQUE (period, market)
);
ALTER TABLE opportunities ADD COLUMN is_new_business BOOLEAN NOT NULL DEFAULT FALSE;
