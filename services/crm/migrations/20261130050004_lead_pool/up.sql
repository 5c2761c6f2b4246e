-- The pool's limits and who held what (CRM-01). What is held when this comes counts as worked on now: nobody loses a lead unwarned.
-- The default stays: the program of before inserts without it while both run.
ALTER TABLE leads ADD COLUMN touched_at TIMESTAMPTZ NOT NULL DEFAULT now();
ALTER TABLE leads ADD COLUMN warned_at TIMESTAMPTZ;
CREATE INDEX leads_held ON leads (owner_id) WHERE status IN ('new', 'screened', 'contacted', 'qualified');
-- By department, since each has days of its own: those of one must not be looked through for another's.
CREATE INDEX leads_idle ON leads (coalesce(department_id, ''), touched_at)
    WHERE status IN ('new', 'screened', 'contacted', 'qualified') AND owner_id IS NOT NULL;
CREATE INDEX leads_unwarned ON leads (coalesce(department_id, ''), touched_at)
    WHERE status IN ('new', 'screened', 'contacted', 'qualified') AND owner_id IS NOT NULL AND warned_at IS NULL;

CREATE TABLE lead_pool_rules (
    id                UUID PRIMARY KEY,
    -- NULL: all departments that have none of their own.
    department        TEXT UNIQUE REFERENCES departments (code),
    most_held         INTEGER NOT NULL CHECK (most_held > 0),
    most_claims_a_day INTEGER NOT NULL CHECK (most_claims_a_day > 0),
    cooldown_days     INTEGER NOT NULL CHECK (cooldown_days >= 0),
    idle_days         INTEGER NOT NULL CHECK (idle_days > 0),
    warn_days         INTEGER NOT NULL CHECK (warn_days >= 0 AND warn_days < idle_days),
    version           INTEGER NOT NULL
);
CREATE UNIQUE INDEX lead_pool_rules_one_for_all_others ON lead_pool_rules ((department IS NULL)) WHERE department IS NULL;
INSERT INTO lead_pool_rules (id, department, most_held, most_claims_a_day, cooldown_days, idle_days, warn_days, version) VALUES
    ('01930000-0000-7000-8000-000000000501', NULL, 200, 20, 7, 30, 5, 1);

CREATE TABLE lead_holdings (
    id          UUID PRIMARY KEY,
    lead_id     UUID NOT NULL REFERENCES leads (id),
    holder      TEXT NOT NULL,
    since       TIMESTAMPTZ NOT NULL,
    claimed_on  DATE,
    until       TIMESTAMPTZ CHECK (until >= since),
    reason_code TEXT CHECK (reason_code IN ('given_up', 'unreachable', 'no_need', 'idle', 'other')),
    reason      TEXT,
    ended_by    TEXT,
    -- A code is why it went to the pool; it may have gone to somebody else as well.
    CHECK ((until IS NULL) = (reason IS NULL) AND (until IS NULL) = (ended_by IS NULL) AND (reason_code IS NULL OR until IS NOT NULL))
);
-- One at a time holds a lead.
CREATE UNIQUE INDEX lead_holdings_one_open ON lead_holdings (lead_id) WHERE until IS NULL;
CREATE INDEX lead_holdings_lead ON lead_holdings (lead_id, id);
CREATE INDEX lead_holdings_claims ON lead_holdings (holder, claimed_on);
