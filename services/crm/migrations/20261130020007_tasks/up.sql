-- Tasks, from being received to being filed (CRM-61).
CREATE TABLE tasks (
    id            UUID PRIMARY KEY,
    number        TEXT NOT NULL UNIQUE,
    status        TEXT NOT NULL CHECK (status IN ('received', 'understood', 'planned', 'in_progress', 'evaluated', 'submitted', 'accepted', 'returned', 'archived')),
    title         TEXT NOT NULL,
    source        TEXT NOT NULL CHECK (source IN ('email', 'phone', 'meeting')),
    description   TEXT NOT NULL,
    deadline      TIMESTAMPTZ NOT NULL,
    link_kind     TEXT,
    link_id       UUID,
    case_id       UUID,
    understanding TEXT,
    steps         JSONB NOT NULL,
    evaluation    TEXT,
    adjustment    TEXT,
    result        TEXT,
    review        TEXT,
    reviewed_by   TEXT,
    return_count  INTEGER NOT NULL CHECK (return_count >= 0),
    summary       TEXT,
    assigned_by   TEXT NOT NULL,
    submitted_at  TIMESTAMPTZ,
    archived_at   TIMESTAMPTZ,
    owner_id      TEXT,
    team_id       TEXT,
    department_id TEXT,
    created_at    TIMESTAMPTZ NOT NULL,
    version       INTEGER NOT NULL,
    CHECK ((link_kind IS NULL) = (link_id IS NULL)),
    CHECK (status <> 'accepted' OR (result IS NOT NULL AND reviewed_by IS NOT NULL)),
    CHECK ((status = 'archived') = (summary IS NOT NULL))
);
CREATE INDEX tasks_source ON tasks (source, id);
CREATE INDEX tasks_link ON tasks (link_id, id);
CREATE INDEX tasks_case ON tasks (case_id, id);
CREATE INDEX tasks_status ON tasks (status, id);
CREATE INDEX tasks_owner ON tasks (owner_id, id);
CREATE INDEX tasks_team ON tasks (team_id, id);
CREATE INDEX tasks_department ON tasks (department_id, id);

INSERT INTO number_rules (kind, prefix) VALUES ('task', 'TA');
