-- Files that were uploaded: what they are, whose, about what. The bytes lie in the folder of settings, named by their SHA-256,
-- so a row is only ever added; what it is about may be said once, later.
CREATE TABLE attachments (
    id            UUID PRIMARY KEY,
    sha256        TEXT NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    size_bytes    BIGINT NOT NULL CHECK (size_bytes BETWEEN 1 AND 20971520),
    content_type  TEXT NOT NULL,
    file_name     TEXT NOT NULL CHECK (length(file_name) BETWEEN 1 AND 200),
    kind          TEXT NOT NULL CHECK (kind ~ '^[a-z_]{1,64}$'),
    entity        TEXT,
    entity_id     UUID,
    case_id       UUID,
    uploaded_by   TEXT NOT NULL,
    uploaded_at   TIMESTAMPTZ NOT NULL,
    owner_id      TEXT,
    team_id       TEXT,
    department_id TEXT,
    version       INTEGER NOT NULL,
    CHECK ((entity IS NULL) = (entity_id IS NULL))
);
CREATE INDEX attachments_entity ON attachments (entity_id, id) WHERE entity_id IS NOT NULL;
CREATE INDEX attachments_case ON attachments (case_id, id) WHERE case_id IS NOT NULL;
CREATE INDEX attachments_kind ON attachments (kind, id);
CREATE INDEX attachments_file ON attachments (sha256);
CREATE INDEX attachments_owner ON attachments (owner_id, id);
CREATE INDEX attachments_team ON attachments (team_id, id);
CREATE INDEX attachments_department ON attachments (department_id, id);

DO $$ BEGIN
    EXECUTE format('REVOKE DELETE, TRUNCATE ON attachments FROM %I', current_schema());
END $$;
