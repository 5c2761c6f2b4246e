-- Market analysis reports (CRM-03).
CREATE TABLE market_reports (
    id            UUID PRIMARY KEY,
    number        TEXT NOT NULL UNIQUE,
    status        TEXT NOT NULL CHECK (status IN ('draft', 'in_review', 'published', 'superseded')),
    title         TEXT NOT NULL,
    period        TEXT NOT NULL,
    sections      JSONB NOT NULL,
    supersedes_id UUID REFERENCES market_reports (id),
    author        TEXT NOT NULL,
    makers        JSONB NOT NULL,
    reviewer      TEXT,
    reason        TEXT,
    created_at    TIMESTAMPTZ NOT NULL,
    published_at  TIMESTAMPTZ,
    version       INTEGER NOT NULL,
    -- Maker is not checker: nobody who wrote in it publishes it.
    CHECK (author <> reviewer AND NOT makers ? reviewer)
);
CREATE INDEX market_reports_status ON market_reports (status, id);
INSERT INTO number_rules (kind, prefix) VALUES ('market_report', 'MR');
