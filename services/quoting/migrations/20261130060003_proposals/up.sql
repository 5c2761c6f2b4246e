-- A solution and 1 to 5 quotes that are offered together. Variants and questions are read whole.
CREATE TABLE proposals (
    id                UUID PRIMARY KEY,
    number            TEXT NOT NULL UNIQUE,
    -- How many times it went to the customer, and what they have since the last time.
    revision          INTEGER NOT NULL CHECK (revision >= 0),
    offered           JSONB,
    status            TEXT NOT NULL CHECK (status IN ('draft', 'submitted', 'under_clarification', 'accepted', 'declined')),
    case_id           UUID NOT NULL,
    account_id        UUID NOT NULL,
    account_name      TEXT NOT NULL,
    title             TEXT NOT NULL,
    message           TEXT,
    solution_id       UUID NOT NULL REFERENCES solutions (id),
    variants          JSONB NOT NULL CHECK (jsonb_array_length(variants) BETWEEN 1 AND 5),
    accepted_quote_id UUID REFERENCES quotes (id),
    questions         JSONB NOT NULL,
    reason            TEXT,
    evidence          JSONB,
    owner_id          TEXT,
    team_id           TEXT,
    department_id     TEXT,
    created_at        TIMESTAMPTZ NOT NULL,
    submitted_at      TIMESTAMPTZ,
    decided_at        TIMESTAMPTZ,
    version           INTEGER NOT NULL,
    CHECK ((status = 'accepted') = (accepted_quote_id IS NOT NULL)),
    CHECK ((revision = 0) = (status = 'draft') AND (offered IS NULL) = (status = 'draft'))
);
-- A solution is with the customer in one proposal at a time.
CREATE UNIQUE INDEX proposals_solution_offered ON proposals ((offered ->> 'solution_id')) WHERE status IN ('submitted', 'under_clarification', 'accepted');
CREATE INDEX proposals_case ON proposals (case_id, id);
CREATE INDEX proposals_account ON proposals (account_id, id);
CREATE INDEX proposals_status ON proposals (status, id);
CREATE INDEX proposals_owner ON proposals (owner_id, id);
CREATE INDEX proposals_team ON proposals (team_id, id);
CREATE INDEX proposals_department ON proposals (department_id, id);

-- The proposal that a quote went to the customer with, and which decides about it.
ALTER TABLE quotes ADD COLUMN proposal_id UUID REFERENCES proposals (id);
-- The last wall: of the variants of one proposal only one can be accepted.
CREATE UNIQUE INDEX quotes_one_accepted_of_proposal ON quotes (proposal_id) WHERE status = 'accepted';

INSERT INTO number_rules (kind, prefix) VALUES ('proposal', 'PP');
