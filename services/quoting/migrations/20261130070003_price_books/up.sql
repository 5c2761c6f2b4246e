-- What a unit costs whom, from which quantity on (QUO-05). Entries belong to their book and change with it, while it is a draft.
CREATE TABLE price_books (
    id           UUID PRIMARY KEY,
    number       TEXT NOT NULL UNIQUE,
    name         TEXT NOT NULL,
    status       TEXT NOT NULL CHECK (status IN ('draft', 'published', 'retired')),
    currency     TEXT NOT NULL,
    tier         TEXT CHECK (tier IN ('standard', 'key')),
    region       TEXT,
    account_id   UUID,
    first_day    DATE NOT NULL,
    last_day     DATE CHECK (last_day >= first_day),
    entry_count  INTEGER NOT NULL CHECK (entry_count BETWEEN 1 AND 2000),
    makers       JSONB NOT NULL,
    published_by TEXT,
    reason       TEXT,
    created_at   TIMESTAMPTZ NOT NULL,
    published_at TIMESTAMPTZ,
    retired_at   TIMESTAMPTZ,
    version      INTEGER NOT NULL,
    CHECK (account_id IS NULL OR (tier IS NULL AND region IS NULL))
);
CREATE INDEX price_books_status ON price_books (status, id);
CREATE INDEX price_books_account ON price_books (account_id, id);
-- Those that concern more than one customer: few, whatever the number of customers with prices of their own.
CREATE INDEX price_books_common ON price_books (currency) WHERE status = 'published' AND account_id IS NULL;

CREATE TABLE price_book_entries (
    id            UUID PRIMARY KEY,
    price_book_id UUID NOT NULL REFERENCES price_books (id),
    sku           TEXT NOT NULL,
    from_quantity NUMERIC(16, 4) NOT NULL CHECK (from_quantity >= 0),
    unit_price    NUMERIC(20, 4) NOT NULL CHECK (unit_price >= 0),
    UNIQUE (price_book_id, sku, from_quantity)
);
CREATE INDEX price_book_entries_book ON price_book_entries (price_book_id, id);

INSERT INTO number_rules (kind, prefix) VALUES ('price_book', 'PB');
