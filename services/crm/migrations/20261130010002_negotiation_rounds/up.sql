-- Rounds of negotiation, a row a round, its terms inside (CRM-23).
CREATE TABLE negotiation_rounds (
    id             UUID PRIMARY KEY,
    status         TEXT NOT NULL CHECK (status IN ('open', 'agreed', 'failed')),
    case_id        UUID NOT NULL,
    opportunity_id UUID NOT NULL REFERENCES opportunities (id),
    round          INTEGER NOT NULL CHECK (round > 0),
    positions      JSONB NOT NULL,
    note           TEXT,
    reason         TEXT,
    evidence       JSONB,
    owner_id       TEXT,
    team_id        TEXT,
    department_id  TEXT,
    created_at     TIMESTAMPTZ NOT NULL,
    closed_at      TIMESTAMPTZ,
    version        INTEGER NOT NULL,
    UNIQUE (opportunity_id, round),
    CHECK ((status = 'open') = (closed_at IS NULL)),
    CHECK ((status = 'agreed') = (evidence IS NOT NULL)),
    CHECK ((status = 'failed') = (reason IS NOT NULL))
);
-- One round at a time.
CREATE UNIQUE INDEX negotiation_rounds_one_open ON negotiation_rounds (opportunity_id) WHERE status = 'open';
CREATE INDEX negotiation_rounds_opportunity ON negotiation_rounds (opportunity_id, id);
CREATE INDEX negotiation_rounds_case ON negotiation_rounds (case_id, id);
CREATE INDEX negotiation_rounds_status ON negotiation_rounds (status, id);
CREATE INDEX negotiation_rounds_owner ON negotiation_rounds (owner_id, id);
CREATE INDEX negotiation_rounds_team ON negotiation_rounds (team_id, id);
CREATE INDEX negotiation_rounds_department ON negotiation_rounds (department_id, id);
