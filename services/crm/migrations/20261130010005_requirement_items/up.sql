-- Needs, pains and expectations of a customer, one by one (CRM-17).
CREATE TABLE requirement_items (
    id                  UUID PRIMARY KEY,
    status              TEXT NOT NULL CHECK (status IN ('open', 'addressed', 'dropped')),
    case_id             UUID NOT NULL,
    opportunity_id      UUID NOT NULL REFERENCES opportunities (id),
    kind                TEXT NOT NULL CHECK (kind IN ('need', 'pain', 'expectation')),
    priority            TEXT NOT NULL CHECK (priority IN ('must', 'should')),
    text                TEXT NOT NULL,
    how                 TEXT,
    requirement_spec_id UUID REFERENCES requirement_specs (id),
    spec_item_id        UUID,
    reason              TEXT,
    owner_id            TEXT,
    team_id             TEXT,
    department_id       TEXT,
    created_at          TIMESTAMPTZ NOT NULL,
    version             INTEGER NOT NULL,
    CHECK ((status = 'addressed') = (how IS NOT NULL)),
    CHECK ((status = 'dropped') = (reason IS NOT NULL)),
    CHECK ((requirement_spec_id IS NULL) = (spec_item_id IS NULL))
);
CREATE INDEX requirement_items_opportunity ON requirement_items (opportunity_id, id);
CREATE INDEX requirement_items_case ON requirement_items (case_id, id);
CREATE INDEX requirement_items_status ON requirement_items (status, id);
CREATE INDEX requirement_items_owner ON requirement_items (owner_id, id);
CREATE INDEX requirement_items_team ON requirement_items (team_id, id);
CREATE INDEX requirement_items_department ON requirement_items (department_id, id);
