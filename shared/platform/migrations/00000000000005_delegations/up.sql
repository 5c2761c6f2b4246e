-- Who decides in an absent person's stead, and when (PLT-29).
CREATE TABLE delegations (
    id          UUID PRIMARY KEY,
    from_user   TEXT NOT NULL,
    to_user     TEXT NOT NULL CHECK (to_user <> from_user),
    -- Days in Asia/Shanghai, both included.
    first_day   DATE NOT NULL,
    last_day    DATE NOT NULL CHECK (last_day >= first_day),
    -- Empty: of all policies.
    policy_keys TEXT[] NOT NULL,
    reason      TEXT NOT NULL,
    status      TEXT NOT NULL CHECK (status IN ('scheduled', 'active', 'ended', 'revoked')),
    created_by  TEXT NOT NULL,
    created_at  TIMESTAMPTZ NOT NULL,
    ended_at    TIMESTAMPTZ,
    version     INTEGER NOT NULL
);
CREATE INDEX delegations_from ON delegations (from_user, id);
CREATE INDEX delegations_to ON delegations (to_user, id);
CREATE INDEX delegations_status ON delegations (status, id);
CREATE INDEX delegations_living ON delegations (to_user, first_day) WHERE status IN ('scheduled', 'active');
