-- Loyalty of customers, a picture a quarter (CRM-53). `after_id` is the last customer that was looked at, `NULL` when all were.
CREATE TABLE loyalty_snapshots (
    id       UUID PRIMARY KEY,
    quarter  TEXT NOT NULL UNIQUE,
    begun_at TIMESTAMPTZ NOT NULL,
    after_id UUID,
    accounts BIGINT NOT NULL CHECK (accounts >= 0),
    version  INTEGER NOT NULL
);
CREATE TABLE loyalty_snapshot_rows (
    account_id    UUID NOT NULL REFERENCES accounts (id),
    quarter       TEXT NOT NULL,
    index         NUMERIC(7, 4) NOT NULL CHECK (index BETWEEN 0 AND 100),
    owner_id      TEXT,
    team_id       TEXT,
    department_id TEXT,
    PRIMARY KEY (account_id, quarter)
);
CREATE INDEX loyalty_snapshot_rows_owner ON loyalty_snapshot_rows (quarter, owner_id);
CREATE INDEX loyalty_snapshot_rows_team ON loyalty_snapshot_rows (quarter, team_id);
CREATE INDEX loyalty_snapshot_rows_department ON loyalty_snapshot_rows (quarter, department_id);
DO $$ BEGIN
    EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON loyalty_snapshot_rows FROM %I', current_schema());
END $$;
