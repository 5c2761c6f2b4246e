-- What an hour of somebody's work costs the customer (QUO-11).
CREATE TABLE rate_cards (
    id          UUID PRIMARY KEY,
    role        TEXT NOT NULL,
    hourly_rate NUMERIC(20, 4) NOT NULL CHECK (hourly_rate >= 0),
    currency    TEXT NOT NULL,
    first_day   DATE NOT NULL,
    last_day    DATE CHECK (last_day >= first_day),
    status      TEXT NOT NULL CHECK (status IN ('active', 'retired')),
    reason      TEXT,
    created_by  TEXT NOT NULL,
    created_at  TIMESTAMPTZ NOT NULL,
    retired_at  TIMESTAMPTZ,
    version     INTEGER NOT NULL
);
CREATE INDEX rate_cards_status ON rate_cards (status, id);
