-- Whose a lead, an opportunity or a customer is and has been, and the rules by which owners are chosen (CRM-25).
CREATE TABLE assignment_rules (
    id          UUID PRIMARY KEY,
    status      TEXT NOT NULL CHECK (status IN ('active', 'retired')),
    name        TEXT NOT NULL,
    kind        TEXT NOT NULL CHECK (kind IN ('round_robin', 'territory')),
    region      TEXT,
    members     JSONB NOT NULL,
    priority    INTEGER NOT NULL CHECK (priority BETWEEN 1 AND 1000),
    last_member TEXT,
    created_at  TIMESTAMPTZ NOT NULL,
    version     INTEGER NOT NULL,
    CHECK ((kind = 'territory') = (region IS NOT NULL))
);
CREATE INDEX assignment_rules_status ON assignment_rules (status, id);

CREATE TABLE assignments (
    id              UUID PRIMARY KEY,
    status          TEXT NOT NULL CHECK (status IN ('assigned', 'accepted', 'declined', 'superseded')),
    target          TEXT NOT NULL CHECK (target IN ('lead', 'opportunity', 'account')),
    target_id       UUID NOT NULL,
    target_number   TEXT NOT NULL,
    case_id         UUID,
    from_owner      TEXT,
    from_team       TEXT,
    from_department TEXT,
    basis           TEXT NOT NULL CHECK (basis IN ('named', 'round_robin', 'territory', 'declined', 'handover')),
    rule_id         UUID REFERENCES assignment_rules (id),
    reason          TEXT NOT NULL,
    answer          TEXT,
    assigned_by     TEXT NOT NULL,
    owner_id        TEXT,
    team_id         TEXT,
    department_id   TEXT,
    created_at      TIMESTAMPTZ NOT NULL,
    answered_at     TIMESTAMPTZ,
    version         INTEGER NOT NULL,
    CHECK (status <> 'declined' OR answer IS NOT NULL)
);
-- Of each target one assignment waits for an answer.
CREATE UNIQUE INDEX assignments_one_open ON assignments (target_id) WHERE status = 'assigned';
CREATE INDEX assignments_target ON assignments (target_id, id);
CREATE INDEX assignments_case ON assignments (case_id, id);
CREATE INDEX assignments_status ON assignments (status, id);
CREATE INDEX assignments_owner ON assignments (owner_id, id);
CREATE INDEX assignments_team ON assignments (team_id, id);
CREATE INDEX assignments_department ON assignments (department_id, id);
