-- CON-18, D-04, D-15: when an order needs a contract, and the rates of other currencies by day.
CREATE TABLE contract_policies (
    id             UUID PRIMARY KEY,
    revision       INTEGER NOT NULL UNIQUE CHECK (revision > 0),
    amount         NUMERIC(20, 4) NOT NULL CHECK (amount >= 0),
    currency       TEXT NOT NULL,
    clauses        JSONB NOT NULL,
    effective_from DATE NOT NULL,
    reason         TEXT NOT NULL,
    published_by   TEXT NOT NULL,
    published_at   TIMESTAMPTZ NOT NULL,
    version        INTEGER NOT NULL
);
INSERT INTO contract_policies VALUES ('01900000-0000-7000-8000-000000000018', 1, 100000.00, 'CNY', '["delivery", "payment", "breach"]', '2000-01-01', '订单超过 10 万元须签订销售合同', 'yewu', '2026-01-01T00:00:00Z', 1);

CREATE TABLE exchange_rates (
    id          UUID PRIMARY KEY,
    date        DATE NOT NULL,
    currency    TEXT NOT NULL,
    per_hundred NUMERIC(20, 4) NOT NULL CHECK (per_hundred > 0),
    source      TEXT NOT NULL,
    stated_by   TEXT NOT NULL,
    stated_at   TIMESTAMPTZ NOT NULL,
    version     INTEGER NOT NULL,
    UNIQUE (date, currency)
);
CREATE INDEX exchange_rates_currency ON exchange_rates (currency, date);
CREATE INDEX contracts_account ON contracts (account_id, id);
