-- The pipeline's figures (CRM-39): a picture a day, which nobody changes, and the ways to what the reports ask for. A picture shows
-- what stood at `taken_at`, the first moment after the day at which somebody was there to take it.
CREATE TABLE pipeline_snapshots (
    id            UUID PRIMARY KEY,
    day           DATE NOT NULL UNIQUE,
    taken_at      TIMESTAMPTZ NOT NULL,
    opportunities BIGINT NOT NULL CHECK (opportunities >= 0),
    version       INTEGER NOT NULL
);
-- Those that were open at `taken_at`, and those that were closed between the picture before and this one: each closing stands in
-- one picture. The head is written last: it says how many there are.
CREATE TABLE pipeline_snapshot_rows (
    snapshot_id    UUID NOT NULL REFERENCES pipeline_snapshots (id) DEFERRABLE INITIALLY DEFERRED,
    opportunity_id UUID NOT NULL,
    status         TEXT NOT NULL,
    pipeline_id    UUID NOT NULL,
    stage          TEXT NOT NULL,
    probability    NUMERIC(5, 4) NOT NULL,
    amount         NUMERIC(20, 4),
    currency       TEXT,
    expected_close DATE,
    closed_at      TIMESTAMPTZ,
    owner_id       TEXT,
    team_id        TEXT,
    department_id  TEXT,
    PRIMARY KEY (snapshot_id, opportunity_id)
);
DO $$ BEGIN
    EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON pipeline_snapshots, pipeline_snapshot_rows FROM %I', current_schema());
END $$;

CREATE INDEX opportunities_open_owner ON opportunities (owner_id) WHERE status = 'open';
CREATE INDEX opportunities_open_team ON opportunities (team_id) WHERE status = 'open';
CREATE INDEX opportunities_open_department ON opportunities (department_id) WHERE status = 'open';
CREATE INDEX opportunities_open_expected ON opportunities (expected_close) WHERE status = 'open';
CREATE INDEX opportunities_closed ON opportunities (closed_at);
CREATE INDEX opportunities_closed_owner ON opportunities (owner_id, closed_at);
CREATE INDEX opportunities_closed_team ON opportunities (team_id, closed_at);
CREATE INDEX opportunities_closed_department ON opportunities (department_id, closed_at);
