-- What sales people hear of the market (CRM-33).
CREATE TABLE market_feedback (
    id            UUID PRIMARY KEY,
    number        TEXT NOT NULL UNIQUE,
    status        TEXT NOT NULL CHECK (status IN ('new', 'triaged', 'used', 'closed')),
    kind          TEXT NOT NULL CHECK (kind IN ('need_change', 'competitor', 'price', 'product', 'other')),
    title         TEXT NOT NULL,
    text          TEXT NOT NULL,
    account_id    UUID REFERENCES accounts (id),
    triage        TEXT,
    result        TEXT,
    owner_id      TEXT,
    team_id       TEXT,
    department_id TEXT,
    created_at    TIMESTAMPTZ NOT NULL,
    version       INTEGER NOT NULL
);
CREATE INDEX market_feedback_status ON market_feedback (status, id);
CREATE INDEX market_feedback_account ON market_feedback (account_id, id);
CREATE INDEX market_feedback_owner ON market_feedback (owner_id, id);
CREATE INDEX market_feedback_team ON market_feedback (team_id, id);
CREATE INDEX market_feedback_department ON market_feedback (department_id, id);
INSERT INTO number_rules (kind, prefix) VALUES ('market_feedback', 'MF');
