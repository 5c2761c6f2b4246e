-- Whoever leaves passes their work on (CRM-51).
CREATE TABLE handovers (
    id            UUID PRIMARY KEY,
    number        TEXT NOT NULL UNIQUE,
    status        TEXT NOT NULL CHECK (status IN ('planned', 'active', 'reverted', 'permanent', 'cancelled')),
    from_user     TEXT NOT NULL,
    to_user       TEXT NOT NULL,
    scopes        JSONB NOT NULL,
    starts_at     TIMESTAMPTZ NOT NULL,
    ends_at       TIMESTAMPTZ,
    reason        TEXT NOT NULL,
    created_by    TEXT NOT NULL,
    created_at    TIMESTAMPTZ NOT NULL,
    activated_at  TIMESTAMPTZ,
    ended_at      TIMESTAMPTZ,
    owner_id      TEXT,
    team_id       TEXT,
    department_id TEXT,
    version       INTEGER NOT NULL,
    CHECK (from_user <> to_user),
    CHECK (ends_at > starts_at)
);
CREATE INDEX handovers_planned ON handovers (starts_at) WHERE status = 'planned';
CREATE INDEX handovers_running ON handovers (ends_at) WHERE status = 'active' AND ends_at IS NOT NULL;
CREATE INDEX handovers_from ON handovers (from_user, id);
CREATE INDEX handovers_to ON handovers (to_user, id);
CREATE INDEX handovers_status ON handovers (status, id);
CREATE INDEX handovers_owner ON handovers (owner_id, id);
CREATE INDEX handovers_team ON handovers (team_id, id);
CREATE INDEX handovers_department ON handovers (department_id, id);

INSERT INTO number_rules (kind, prefix) VALUES ('handover', 'HO');
