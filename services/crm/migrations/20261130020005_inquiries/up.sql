-- Someone asks (CRM-40, 41).
CREATE TABLE inquiries (
    id                    UUID PRIMARY KEY,
    number                TEXT NOT NULL UNIQUE,
    status                TEXT NOT NULL CHECK (status IN ('new', 'responded', 'converted', 'closed')),
    channel               TEXT NOT NULL CHECK (channel IN ('phone', 'email', 'visit', 'online')),
    name                  TEXT NOT NULL,
    contact_name          TEXT,
    contact_phone         TEXT,
    contact_email         TEXT,
    account_id            UUID REFERENCES accounts (id),
    text                  TEXT NOT NULL,
    first_response_due_at TIMESTAMPTZ NOT NULL,
    calendar_id           TEXT NOT NULL,
    response              JSONB,
    clarifications        JSONB NOT NULL,
    converted_to          TEXT CHECK (converted_to IN ('lead', 'opportunity', 'ticket')),
    target_id             UUID,
    case_id               UUID,
    reason                TEXT,
    owner_id              TEXT,
    team_id               TEXT,
    department_id         TEXT,
    created_at            TIMESTAMPTZ NOT NULL,
    ended_at              TIMESTAMPTZ,
    version               INTEGER NOT NULL,
    CHECK ((status = 'converted') = (converted_to IS NOT NULL AND target_id IS NOT NULL)),
    CHECK ((status IN ('converted', 'closed')) = (ended_at IS NOT NULL)),
    CHECK (status <> 'responded' OR response IS NOT NULL)
);
CREATE INDEX inquiries_case ON inquiries (case_id, id);
CREATE INDEX inquiries_account ON inquiries (account_id, id);
-- What a purge has to clear.
CREATE INDEX inquiries_target ON inquiries (target_id);
CREATE INDEX inquiries_channel ON inquiries (channel, id);
CREATE INDEX inquiries_status ON inquiries (status, id);
CREATE INDEX inquiries_owner ON inquiries (owner_id, id);
CREATE INDEX inquiries_team ON inquiries (team_id, id);
CREATE INDEX inquiries_department ON inquiries (department_id, id);

INSERT INTO number_rules (kind, prefix) VALUES ('inquiry', 'IQ');
