-- The call after a delivery: one a shipment (SVC-12).
CREATE TABLE revisits (
    id              UUID PRIMARY KEY,
    number          TEXT NOT NULL UNIQUE,
    status          TEXT NOT NULL CHECK (status IN ('scheduled', 'contacted', 'answered', 'unreachable', 'closed')),
    case_id         UUID,
    order_id        UUID NOT NULL,
    order_number    TEXT NOT NULL,
    shipment_id     UUID NOT NULL UNIQUE,
    shipment_number TEXT NOT NULL,
    account_id      UUID NOT NULL,
    account_name    TEXT NOT NULL,
    delivered_at    TIMESTAMPTZ NOT NULL,
    due_at          TIMESTAMPTZ NOT NULL,
    calendar_id     TEXT NOT NULL,
    overdue_at      TIMESTAMPTZ,
    assignee        TEXT,
    tries           INTEGER NOT NULL CHECK (tries BETWEEN 0 AND 3),
    contacts        JSONB NOT NULL,
    survey_id       UUID REFERENCES surveys (id),
    satisfied       BOOLEAN,
    note            TEXT,
    owner_id        TEXT,
    team_id         TEXT,
    department_id   TEXT,
    created_at      TIMESTAMPTZ NOT NULL,
    contacted_at    TIMESTAMPTZ,
    closed_at       TIMESTAMPTZ,
    cause_event_id  UUID UNIQUE,
    version         INTEGER NOT NULL
);
CREATE INDEX revisits_case ON revisits (case_id, id);
CREATE INDEX revisits_order ON revisits (order_id, id);
CREATE INDEX revisits_status ON revisits (status, id);
CREATE INDEX revisits_assignee ON revisits (assignee, id);
CREATE INDEX revisits_owner ON revisits (owner_id, id);
CREATE INDEX revisits_overdue ON revisits (id) WHERE overdue_at IS NOT NULL;
CREATE INDEX revisits_due ON revisits (due_at) WHERE status = 'scheduled' AND overdue_at IS NULL;
ALTER TABLE surveys ADD FOREIGN KEY (revisit_id) REFERENCES revisits (id);

INSERT INTO number_rules (kind, prefix) VALUES ('revisit', 'RV');
