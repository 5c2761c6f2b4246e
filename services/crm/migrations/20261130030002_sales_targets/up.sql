-- What somebody is to reach in a period (CRM-34).
CREATE TABLE sales_targets (
    id            UUID PRIMARY KEY,
    number        TEXT NOT NULL UNIQUE,
    status        TEXT NOT NULL CHECK (status IN ('draft', 'approved', 'active', 'closed')),
    metric        TEXT NOT NULL CHECK (metric IN ('revenue', 'market_share', 'new_customers', 'profit')),
    period        TEXT NOT NULL,
    subject_kind  TEXT NOT NULL CHECK (subject_kind IN ('user', 'team', 'department')),
    subject       TEXT NOT NULL,
    value         NUMERIC(20, 4) NOT NULL CHECK (value > 0),
    currency      TEXT,
    attained      NUMERIC(24, 4),
    created_by    TEXT NOT NULL,
    makers        JSONB NOT NULL,
    approved_by   TEXT,
    owner_id      TEXT,
    team_id       TEXT,
    department_id TEXT,
    created_at    TIMESTAMPTZ NOT NULL,
    version       INTEGER NOT NULL,
    -- Maker is not checker: nobody who wrote in it approves it.
    CHECK (created_by <> approved_by AND NOT makers ? approved_by),
    CHECK ((currency IS NOT NULL) = (metric IN ('revenue', 'profit')))
);
-- Of one kind somebody has one target a period.
CREATE UNIQUE INDEX sales_targets_one_standing ON sales_targets (subject_kind, subject, period, metric, coalesce(currency, ''))
    WHERE status IN ('approved', 'active');
CREATE INDEX sales_targets_subject ON sales_targets (subject_kind, subject, period);
CREATE INDEX sales_targets_status ON sales_targets (status, id);
CREATE INDEX sales_targets_owner ON sales_targets (owner_id, id);
CREATE INDEX sales_targets_team ON sales_targets (team_id, id);
CREATE INDEX sales_targets_department ON sales_targets (department_id, id);
INSERT INTO number_rules (kind, prefix) VALUES ('sales_target', 'TG');

-- The facts that figures are made of, by whose they are and when.
CREATE INDEX case_events_figures ON case_events (service, entity, fact, at)
    WHERE fact IN ('confirmed', 'answered', 'accepted', 'signed', 'decomposed');
CREATE INDEX case_events_figures_owner ON case_events (owner_id, entity, fact, at)
    WHERE fact IN ('confirmed', 'answered', 'accepted', 'signed');
CREATE INDEX case_events_figures_team ON case_events (team_id, entity, fact, at)
    WHERE fact IN ('confirmed', 'answered', 'accepted', 'signed');
CREATE INDEX case_events_figures_department ON case_events (department_id, entity, fact, at)
    WHERE fact IN ('confirmed', 'answered', 'accepted', 'signed');
