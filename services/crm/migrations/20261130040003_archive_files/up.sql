-- Documents in the customer archive, electronic and on paper (CRM-30).
CREATE TABLE archive_files (
    id              UUID PRIMARY KEY,
    number          TEXT NOT NULL UNIQUE,
    status          TEXT NOT NULL CHECK (status IN ('filed', 'borrowed', 'returned', 'destroyed')),
    account_id      UUID NOT NULL REFERENCES accounts (id),
    account_name    TEXT NOT NULL,
    title           TEXT NOT NULL,
    document_number TEXT,
    attachment_id   UUID,
    paper_location  TEXT,
    barcode         TEXT UNIQUE,
    loans           JSONB NOT NULL,
    reason          TEXT,
    owner_id        TEXT,
    team_id         TEXT,
    department_id   TEXT,
    created_at      TIMESTAMPTZ NOT NULL,
    destroyed_at    TIMESTAMPTZ,
    version         INTEGER NOT NULL,
    -- Something is filed, and a barcode is on paper.
    CHECK (attachment_id IS NOT NULL OR paper_location IS NOT NULL),
    CHECK (barcode IS NULL OR paper_location IS NOT NULL),
    CHECK ((status = 'destroyed') = (destroyed_at IS NOT NULL))
);
CREATE INDEX archive_files_account ON archive_files (account_id, id);
CREATE INDEX archive_files_status ON archive_files (status, id);
CREATE INDEX archive_files_owner ON archive_files (owner_id, id);
CREATE INDEX archive_files_team ON archive_files (team_id, id);
CREATE INDEX archive_files_department ON archive_files (department_id, id);

INSERT INTO number_rules (kind, prefix) VALUES ('archive_file', 'AF');
