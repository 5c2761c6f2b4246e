-- Ratings of people by people (KPI-06, KPI-07).
CREATE TABLE ratings (
    id            UUID PRIMARY KEY,
    subject       TEXT NOT NULL,
    aspect        TEXT NOT NULL CHECK (aspect IN ('market_analysis', 'negotiation', 'contract_signing', 'teamwork')),
    period        TEXT NOT NULL,
    first_day     DATE NOT NULL,
    last_day      DATE NOT NULL,
    score         NUMERIC(7, 4) NOT NULL CHECK (score BETWEEN 0 AND 100),
    reason        TEXT NOT NULL,
    rater         TEXT NOT NULL,
    owner_id      TEXT,
    team_id       TEXT,
    department_id TEXT,
    created_at    TIMESTAMPTZ NOT NULL,
    version       INTEGER NOT NULL,
    CHECK (rater <> subject),
    UNIQUE (subject, aspect, period, rater)
);
CREATE INDEX ratings_period ON ratings (first_day);
CREATE INDEX ratings_subject ON ratings (subject, id);
CREATE INDEX ratings_owner ON ratings (owner_id, id);
CREATE INDEX ratings_team ON ratings (team_id, id);
CREATE INDEX ratings_department ON ratings (department_id, id);
