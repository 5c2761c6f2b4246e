-- Registrations of customers and their cards (CRM-42 … CRM-49). Numbers of papers stand sealed in `documents`.
CREATE TABLE onboarding_applications (
    id               UUID PRIMARY KEY,
    number           TEXT NOT NULL UNIQUE,
    status           TEXT NOT NULL CHECK (status IN ('preparing', 'submitted', 'entered', 'auto_checked', 'returned', 'in_review',
        'cross_checked', 'documents_verified', 'approved', 'rejected', 'corrected', 'completed', 'withdrawn')),
    account_id       UUID NOT NULL REFERENCES accounts (id),
    party_type       TEXT NOT NULL CHECK (party_type IN ('org', 'person')),
    applicant_name   TEXT NOT NULL,
    documents        JSONB NOT NULL,
    entry            JSONB,
    maker            TEXT,
    maker_department TEXT,
    checks           JSONB NOT NULL,
    reviews          JSONB NOT NULL,
    round            INTEGER NOT NULL CHECK (round >= 0),
    reason           TEXT,
    owner_id         TEXT,
    team_id          TEXT,
    department_id    TEXT,
    created_at       TIMESTAMPTZ NOT NULL,
    submitted_at     TIMESTAMPTZ,
    decided_at       TIMESTAMPTZ,
    completed_at     TIMESTAMPTZ,
    version          INTEGER NOT NULL,
    -- Whoever decides has a reason for a no (CRM-47).
    CHECK (status <> 'rejected' OR reason IS NOT NULL),
    CHECK ((status = 'completed') = (completed_at IS NOT NULL))
);
-- A customer has one registration that is not done or withdrawn.
CREATE UNIQUE INDEX onboarding_applications_one_open ON onboarding_applications (account_id)
    WHERE status NOT IN ('completed', 'withdrawn');
CREATE INDEX onboarding_applications_account ON onboarding_applications (account_id, id);
CREATE INDEX onboarding_applications_status ON onboarding_applications (status, id);
CREATE INDEX onboarding_applications_owner ON onboarding_applications (owner_id, id);
CREATE INDEX onboarding_applications_team ON onboarding_applications (team_id, id);
CREATE INDEX onboarding_applications_department ON onboarding_applications (department_id, id);

CREATE TABLE membership_cards (
    id                        UUID PRIMARY KEY,
    number                    TEXT NOT NULL UNIQUE,
    status                    TEXT NOT NULL CHECK (status IN ('requested', 'produced', 'mailed', 'received', 'activated', 'lost')),
    onboarding_application_id UUID NOT NULL REFERENCES onboarding_applications (id),
    account_id                UUID NOT NULL REFERENCES accounts (id),
    holder_name               TEXT NOT NULL,
    carrier                   TEXT,
    tracking_number           TEXT,
    evidence                  JSONB,
    reason                    TEXT,
    owner_id                  TEXT,
    team_id                   TEXT,
    department_id             TEXT,
    created_at                TIMESTAMPTZ NOT NULL,
    produced_at               TIMESTAMPTZ,
    mailed_at                 TIMESTAMPTZ,
    received_at               TIMESTAMPTZ,
    activated_at              TIMESTAMPTZ,
    version                   INTEGER NOT NULL,
    CHECK (status <> 'mailed' OR tracking_number IS NOT NULL)
);
-- One card that is not lost for a registration.
CREATE UNIQUE INDEX membership_cards_one_living ON membership_cards (onboarding_application_id) WHERE status <> 'lost';
CREATE INDEX membership_cards_account ON membership_cards (account_id, id);
CREATE INDEX membership_cards_status ON membership_cards (status, id);
CREATE INDEX membership_cards_owner ON membership_cards (owner_id, id);
CREATE INDEX membership_cards_team ON membership_cards (team_id, id);
CREATE INDEX membership_cards_department ON membership_cards (department_id, id);

INSERT INTO number_rules (kind, prefix) VALUES ('onboarding_application', 'OB'), ('membership_card', 'MC');
INSERT INTO approval_policies (key, version, steps, effective_from, published_by)
    VALUES ('crm.onboarding_application', 1, '[{"name": "supervisor", "mode": "any", "roles": ["sales_manager", "department_head"]}]', '2026-01-01T00:00:00Z', 'yewu');
