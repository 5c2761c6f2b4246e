-- What lies where. The row is the balance, and the lock under which goods are promised (ruling 9).
CREATE TABLE stock (
    id         UUID PRIMARY KEY,
    item_id    UUID NOT NULL REFERENCES items (id),
    sku        TEXT NOT NULL,
    location   TEXT NOT NULL,
    on_hand    NUMERIC(16, 4) NOT NULL CHECK (on_hand >= 0),
    held       NUMERIC(16, 4) NOT NULL CHECK (held >= 0),
    created_at TIMESTAMPTZ NOT NULL,
    version    INTEGER NOT NULL,
    UNIQUE (sku, location),
    CHECK (held <= on_hand)
);
CREATE INDEX stock_item ON stock (item_id);
CREATE INDEX stock_location ON stock (location, id);

-- Every movement. Their sum is what is on hand.
CREATE TABLE stock_entries (
    id               UUID PRIMARY KEY,
    stock_id         UUID NOT NULL REFERENCES stock (id),
    kind             TEXT NOT NULL CHECK (kind IN ('opening', 'receipt', 'issue', 'return', 'adjust')),
    change           NUMERIC(16, 4) NOT NULL CHECK (change <> 0 OR kind = 'opening'),
    on_hand_after    NUMERIC(16, 4) NOT NULL CHECK (on_hand_after >= 0),
    reason           TEXT,
    order_id         UUID,
    shipment_id      UUID,
    line_id          UUID,
    reference_system TEXT,
    reference_id     TEXT,
    at               TIMESTAMPTZ NOT NULL,
    actor            TEXT NOT NULL,
    cause_event_id   UUID
);
CREATE INDEX stock_entries_stock ON stock_entries (stock_id, id);
-- A place is opened once; a shipment takes a line's goods from a place once.
CREATE UNIQUE INDEX stock_entries_opened_once ON stock_entries (stock_id) WHERE kind = 'opening';
CREATE UNIQUE INDEX stock_entries_shipped_once ON stock_entries (shipment_id, line_id, stock_id) WHERE kind = 'issue';
CREATE UNIQUE INDEX stock_entries_cause ON stock_entries (cause_event_id, line_id, stock_id) WHERE cause_event_id IS NOT NULL;
CREATE INDEX stock_entries_reference ON stock_entries (reference_system, reference_id) WHERE reference_id IS NOT NULL;

-- Append-only: the service itself can neither change nor delete a movement.
DO $$ BEGIN
    EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON stock_entries FROM %I', current_schema());
END $$;
