-- What happens while the customer is silent, and when the time is over (ORD-36, D-13).
CREATE TABLE acceptance_policies (
    id                          UUID PRIMARY KEY,
    number                      TEXT NOT NULL UNIQUE,
    status                      TEXT NOT NULL CHECK (status IN ('published')),
    on_silence                  TEXT NOT NULL CHECK (on_silence IN ('remind', 'escalate', 'deemed_accepted')),
    remind_working_days_before  JSONB NOT NULL,
    escalate_after_working_days INTEGER NOT NULL CHECK (escalate_after_working_days BETWEEN 1 AND 60),
    reason                      TEXT NOT NULL,
    published_by                TEXT NOT NULL,
    published_at                TIMESTAMPTZ NOT NULL,
    version                     INTEGER NOT NULL
);
-- The newest counts; this is the default: remind, then escalate, never accept silently.
INSERT INTO acceptance_policies (id, number, status, on_silence, remind_working_days_before, escalate_after_working_days,
                                 reason, published_by, published_at, version)
VALUES ('00000000-0000-7000-8000-000000000013', 'AP-1', 'published', 'remind', '[3, 0]', 3,
        'D-13', 'migration', '2026-01-01T00:00:00Z', 1);

ALTER TABLE acceptances
    ADD COLUMN test_account    TEXT,
    ADD COLUMN on_silence      TEXT NOT NULL DEFAULT 'remind' CHECK (on_silence IN ('remind', 'escalate', 'deemed_accepted')),
    ADD COLUMN policy_number   TEXT NOT NULL DEFAULT 'AP-1',
    ADD COLUMN steps           JSONB NOT NULL DEFAULT '[]',
    ADD COLUMN next_step_at    TIMESTAMPTZ,
    ADD COLUMN overdue_at      TIMESTAMPTZ,
    ADD COLUMN escalated_at    TIMESTAMPTZ,
    ADD COLUMN deemed_accepted BOOLEAN NOT NULL DEFAULT FALSE;
-- Invitations from before: they fall overdue like any other.
UPDATE acceptances
SET steps = jsonb_build_array(jsonb_build_object('kind', 'overdue', 'done_at', NULL,
                                                 'due_at', to_char(due_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))),
    next_step_at = due_at
WHERE status IN ('invited', 'testing');
CREATE INDEX acceptances_next_step ON acceptances (next_step_at) WHERE next_step_at IS NOT NULL;

INSERT INTO number_rules (kind, prefix) VALUES ('acceptance_policy', 'AP');
