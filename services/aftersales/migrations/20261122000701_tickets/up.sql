-- Service levels (SVC-03, SVC-04): what a customer is promised by kind and severity, in working time.
CREATE TABLE sla_policies (
    kind                    TEXT NOT NULL CHECK (kind IN ('consult', 'complaint', 'suggestion', 'fault')),
    severity                TEXT NOT NULL CHECK (severity IN ('low', 'normal', 'high', 'critical')),
    first_response_minutes  INTEGER NOT NULL CHECK (first_response_minutes BETWEEN 1 AND 9600),
    resolution_working_days INTEGER NOT NULL CHECK (resolution_working_days BETWEEN 0 AND 200),
    PRIMARY KEY (kind, severity)
);
INSERT INTO sla_policies (kind, severity, first_response_minutes, resolution_working_days) VALUES
    ('consult', 'critical', 60, 1),    ('consult', 'high', 120, 1),
    ('consult', 'normal', 240, 2),     ('consult', 'low', 480, 3),
    ('complaint', 'critical', 60, 1),  ('complaint', 'high', 120, 2),
    ('complaint', 'normal', 240, 3),   ('complaint', 'low', 480, 5),
    ('suggestion', 'critical', 240, 5), ('suggestion', 'high', 240, 10),
    ('suggestion', 'normal', 480, 15), ('suggestion', 'low', 480, 20),
    ('fault', 'critical', 60, 1),      ('fault', 'high', 120, 2),
    ('fault', 'normal', 240, 3),       ('fault', 'low', 480, 5);

-- Who has to see to a ticket after so many loops (SVC-09); the last tier keeps it.
CREATE TABLE escalation_tiers (
    tier INTEGER PRIMARY KEY CHECK (tier >= 0),
    role TEXT NOT NULL
);
INSERT INTO escalation_tiers (tier, role) VALUES
    (0, 'customer_service'), (1, 'department_head'), (2, 'vice_president'), (3, 'general_manager');

-- Orders as far as tickets are about them: heard, never changed here.
CREATE TABLE known_orders (
    order_id     UUID PRIMARY KEY,
    number       TEXT NOT NULL,
    account_id   UUID NOT NULL,
    case_id      UUID,
    owner_id     TEXT,
    team_id      TEXT
);

-- What customers tell us (SVC-01).
CREATE TABLE tickets (
    id                    UUID PRIMARY KEY,
    number                TEXT NOT NULL UNIQUE,
    status                TEXT NOT NULL CHECK (status IN ('new', 'triaged', 'assigned', 'in_progress', 'resolved', 'reopened', 'confirmed', 'closed', 'cancelled')),
    case_id               UUID NOT NULL,
    kind                  TEXT NOT NULL CHECK (kind IN ('consult', 'complaint', 'suggestion', 'fault')),
    channel               TEXT NOT NULL CHECK (channel IN ('phone', 'email', 'online', 'visit', 'revisit')),
    severity              TEXT NOT NULL CHECK (severity IN ('low', 'normal', 'high', 'critical')),
    account_id            UUID NOT NULL,
    order_id              UUID,
    revisit_id            UUID REFERENCES revisits (id),
    survey_id             UUID UNIQUE REFERENCES surveys (id),
    report                JSONB NOT NULL,
    assignee              TEXT,
    first_response_due_at TIMESTAMPTZ NOT NULL,
    responded_at          TIMESTAMPTZ,
    response_breached_at  TIMESTAMPTZ,
    promised_at           TIMESTAMPTZ NOT NULL,
    warn_at               TIMESTAMPTZ NOT NULL,
    warned_at             TIMESTAMPTZ,
    breached_at           TIMESTAMPTZ,
    calendar_id           TEXT NOT NULL,
    history               JSONB NOT NULL,
    resolution            JSONB,
    confirmation          JSONB,
    loop_count            INTEGER NOT NULL CHECK (loop_count >= 0),
    escalated_to          TEXT,
    owner_id              TEXT,
    team_id               TEXT,
    department_id         TEXT,
    created_at            TIMESTAMPTZ NOT NULL,
    closed_at             TIMESTAMPTZ,
    version               INTEGER NOT NULL,
    CHECK (channel <> 'revisit' OR revisit_id IS NOT NULL),
    CHECK (status NOT IN ('resolved', 'confirmed', 'closed') OR resolution IS NOT NULL),
    CHECK (status NOT IN ('confirmed', 'closed') OR confirmation IS NOT NULL)
);
CREATE INDEX tickets_case ON tickets (case_id, id);
CREATE INDEX tickets_status ON tickets (status, id);
CREATE INDEX tickets_kind ON tickets (kind, id);
CREATE INDEX tickets_account ON tickets (account_id, id);
CREATE INDEX tickets_order ON tickets (order_id, id) WHERE order_id IS NOT NULL;
CREATE INDEX tickets_revisit ON tickets (revisit_id, id) WHERE revisit_id IS NOT NULL;
CREATE INDEX tickets_assignee ON tickets (assignee, id);
CREATE INDEX tickets_escalated ON tickets (escalated_to, id) WHERE escalated_to IS NOT NULL;
CREATE INDEX tickets_breached ON tickets (id) WHERE breached_at IS NOT NULL;
CREATE INDEX tickets_owner ON tickets (owner_id, id);
CREATE INDEX tickets_team ON tickets (team_id, id);
CREATE INDEX tickets_department ON tickets (department_id, id);
-- What the jobs look for, each ticket once a promise.
CREATE INDEX tickets_unanswered ON tickets (first_response_due_at)
    WHERE responded_at IS NULL AND response_breached_at IS NULL AND status IN ('new', 'triaged', 'assigned', 'in_progress', 'reopened');
CREATE INDEX tickets_to_warn ON tickets (warn_at)
    WHERE warned_at IS NULL AND status IN ('new', 'triaged', 'assigned', 'in_progress', 'reopened');
CREATE INDEX tickets_to_breach ON tickets (promised_at)
    WHERE breached_at IS NULL AND status IN ('new', 'triaged', 'assigned', 'in_progress', 'reopened');
INSERT INTO number_rules (kind, prefix) VALUES ('ticket', 'TK');

-- A revisit shows the tickets that it brought up (SVC-14); a survey keeps the trouble that was told of.
ALTER TABLE revisits ADD COLUMN tickets JSONB NOT NULL DEFAULT '[]';
ALTER TABLE surveys ADD COLUMN problem_reported TEXT;
