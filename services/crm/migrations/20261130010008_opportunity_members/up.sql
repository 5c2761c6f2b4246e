-- Who works on an opportunity beside its owner (CRM-20, 50).
CREATE TABLE opportunity_members (
    id             UUID PRIMARY KEY,
    status         TEXT NOT NULL CHECK (status IN ('requested', 'joined', 'released')),
    case_id        UUID NOT NULL,
    opportunity_id UUID NOT NULL REFERENCES opportunities (id),
    role           TEXT NOT NULL CHECK (role IN ('technical_support', 'sales_support', 'negotiator', 'finance', 'legal', 'customer_service')),
    person         TEXT,
    note           TEXT,
    from_day       DATE,
    until_day      DATE,
    requested_by   TEXT NOT NULL,
    joined_at      TIMESTAMPTZ,
    released_at    TIMESTAMPTZ,
    reason         TEXT,
    owner_id       TEXT,
    team_id        TEXT,
    department_id  TEXT,
    created_at     TIMESTAMPTZ NOT NULL,
    version        INTEGER NOT NULL,
    CHECK (status <> 'joined' OR (person IS NOT NULL AND joined_at IS NOT NULL)),
    CHECK ((status = 'released') = (released_at IS NOT NULL)),
    CHECK (from_day IS NULL OR until_day IS NULL OR from_day <= until_day)
);
-- A person is in a team once.
CREATE UNIQUE INDEX opportunity_members_once ON opportunity_members (opportunity_id, person) WHERE status <> 'released';
CREATE INDEX opportunity_members_opportunity ON opportunity_members (opportunity_id, id);
CREATE INDEX opportunity_members_person ON opportunity_members (person, id);
CREATE INDEX opportunity_members_case ON opportunity_members (case_id, id);
CREATE INDEX opportunity_members_status ON opportunity_members (status, id);
CREATE INDEX opportunity_members_owner ON opportunity_members (owner_id, id);
CREATE INDEX opportunity_members_team ON opportunity_members (team_id, id);
CREATE INDEX opportunity_members_department ON opportunity_members (department_id, id);
