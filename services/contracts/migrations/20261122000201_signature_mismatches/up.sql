-- CON-12: signatures that were not taken, because what was signed is not the approved version. A row is only added, and marked
-- when the party's matching signature has come.
CREATE TABLE signature_mismatches (
    id              UUID PRIMARY KEY,
    contract_id     UUID NOT NULL REFERENCES contracts (id),
    party           TEXT NOT NULL CHECK (party IN ('ours', 'customer')),
    signer          TEXT NOT NULL,
    approved_sha256 TEXT NOT NULL CHECK (approved_sha256 ~ '^[0-9a-f]{64}$'),
    signed_sha256   TEXT NOT NULL CHECK (signed_sha256 ~ '^[0-9a-f]{64}$'),
    attachment_id   UUID,
    recorded_by     TEXT NOT NULL,
    recorded_at     TIMESTAMPTZ NOT NULL,
    cleared_at      TIMESTAMPTZ
);
CREATE INDEX signature_mismatches_standing ON signature_mismatches (contract_id) WHERE cleared_at IS NULL;
