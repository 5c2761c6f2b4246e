-- Who else sells what we sell, and who of them is in a deal (CRM-04).
CREATE TABLE competitors (
    id         UUID PRIMARY KEY,
    status     TEXT NOT NULL CHECK (status IN ('active', 'archived')),
    name       TEXT NOT NULL,
    name_key   TEXT NOT NULL UNIQUE,
    strengths  TEXT,
    weaknesses TEXT,
    prices     JSONB NOT NULL,
    note       TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    version    INTEGER NOT NULL
);
CREATE INDEX competitors_status ON competitors (status, id);
-- That an open one has neither code nor competitor no CHECK says: the program of before reopens without clearing them.
ALTER TABLE opportunities
    ADD COLUMN competitors   JSONB NOT NULL DEFAULT '[]',
    ADD COLUMN reason_code   TEXT CHECK (reason_code IN ('price', 'product', 'service', 'timing', 'relationship', 'no_budget', 'other')),
    ADD COLUMN competitor_id UUID REFERENCES competitors (id);
CREATE INDEX opportunities_competitor ON opportunities (competitor_id, id);
