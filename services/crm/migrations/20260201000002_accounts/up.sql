-- Customers and the people there (CRM-28, 29). `name_key` is the name as it is compared.
CREATE TABLE accounts (
    id            UUID PRIMARY KEY,
    number        TEXT NOT NULL UNIQUE,
    status        TEXT NOT NULL CHECK (status IN ('prospect', 'active', 'dormant', 'invalid')),
    tier          TEXT NOT NULL CHECK (tier IN ('standard', 'key')),
    name          TEXT NOT NULL,
    name_key      TEXT NOT NULL,
    phone         TEXT,
    phone_key     TEXT,
    industry      TEXT,
    tax_number    TEXT,
    address       JSONB NOT NULL,
    note          TEXT,
    reason        TEXT,
    external_refs JSONB NOT NULL,
    owner_id      TEXT,
    team_id       TEXT,
    department_id TEXT,
    created_at    TIMESTAMPTZ NOT NULL,
    version       INTEGER NOT NULL
);
CREATE INDEX accounts_name ON accounts (name_key);
CREATE INDEX accounts_phone ON accounts (phone_key) WHERE phone_key IS NOT NULL;
CREATE INDEX accounts_status ON accounts (status, id);
CREATE INDEX accounts_owner ON accounts (owner_id, id);
CREATE INDEX accounts_team ON accounts (team_id, id);

CREATE TABLE contacts (
    id            UUID PRIMARY KEY,
    account_id    UUID NOT NULL REFERENCES accounts (id),
    status        TEXT NOT NULL CHECK (status IN ('active', 'left')),
    name          TEXT NOT NULL,
    title         TEXT,
    phone         TEXT,
    phone_key     TEXT,
    email         TEXT,
    roles         JSONB NOT NULL,
    is_primary    BOOLEAN NOT NULL,
    external_refs JSONB NOT NULL,
    owner_id      TEXT,
    team_id       TEXT,
    department_id TEXT,
    created_at    TIMESTAMPTZ NOT NULL,
    version       INTEGER NOT NULL,
    CHECK (status = 'active' OR NOT is_primary)
);
-- A customer has one primary contact at most.
CREATE UNIQUE INDEX contacts_one_primary ON contacts (account_id) WHERE is_primary;
CREATE INDEX contacts_account ON contacts (account_id, id);
CREATE INDEX contacts_phone ON contacts (phone_key) WHERE phone_key IS NOT NULL;
CREATE INDEX contacts_email ON contacts (lower(email)) WHERE email IS NOT NULL;
CREATE INDEX contacts_owner ON contacts (owner_id, id);

INSERT INTO number_rules (kind, prefix) VALUES ('account', 'AC');
