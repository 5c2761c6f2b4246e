-- What further reports of a lead said, as they said it (CRM-07).
CREATE TABLE lead_reports (
    id                  UUID PRIMARY KEY,
    lead_id             UUID NOT NULL REFERENCES leads (id),
    party_type          TEXT NOT NULL CHECK (party_type IN ('org', 'person')),
    name                TEXT NOT NULL,
    contact_name        TEXT,
    contact_phone       TEXT,
    contact_email       TEXT,
    region              TEXT,
    source              TEXT NOT NULL REFERENCES lead_sources (code),
    referrer_account_id UUID REFERENCES accounts (id),
    need                TEXT,
    taken_by            TEXT NOT NULL,
    taken_at            TIMESTAMPTZ NOT NULL
);
CREATE INDEX lead_reports_lead ON lead_reports (lead_id, id);
