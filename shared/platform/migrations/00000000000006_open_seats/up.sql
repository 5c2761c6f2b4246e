-- What the kernel has needed since its first migration was released: suspects, a deal's audit lines, and approvals that know
-- their open seats and whose the document is. Databases that were made in between have some of it already.

-- Messages that were in hand when a process died: how often each was started since. (The broker counts deaths for the
-- innocents behind it too.)
CREATE TABLE IF NOT EXISTS suspects (
    event_id UUID PRIMARY KEY,
    started  INTEGER NOT NULL
);

CREATE INDEX IF NOT EXISTS audit_case ON audit_log (case_id, seq) WHERE case_id IS NOT NULL;

ALTER TABLE approvals
    ADD COLUMN IF NOT EXISTS open_roles    TEXT[] NOT NULL DEFAULT '{}',
    ADD COLUMN IF NOT EXISTS owner_id      TEXT,
    ADD COLUMN IF NOT EXISTS team_id       TEXT,
    ADD COLUMN IF NOT EXISTS department_id TEXT;
-- Programs of the version before, while they are still running, do not name it.
ALTER TABLE approvals ALTER COLUMN open_roles SET DEFAULT '{}';

-- A vote of the version before says its seat only; what else the voter held is not known any more.
UPDATE approvals SET votes = (
    SELECT jsonb_agg(CASE WHEN vote ? 'held' THEN vote ELSE vote || jsonb_build_object('held', jsonb_build_array(vote -> 'role')) END ORDER BY n)
    FROM jsonb_array_elements(votes) WITH ORDINALITY AS v (vote, n))
WHERE EXISTS (SELECT FROM jsonb_array_elements(votes) AS vote WHERE NOT vote ? 'held');

-- The seats of the current step that nobody has filled.
UPDATE approvals SET open_roles = ARRAY(
    SELECT role FROM jsonb_array_elements_text(steps -> current_step -> 'roles') WITH ORDINALITY AS r (role, n)
    WHERE NOT EXISTS (SELECT FROM jsonb_array_elements(votes) AS vote WHERE vote -> 'step' = to_jsonb(current_step) AND vote ->> 'role' = role)
    ORDER BY n)
WHERE status = 'pending' AND open_roles = '{}';

-- Whose the document is, as its last fact said.
UPDATE approvals SET owner_id = fact.envelope ->> 'ownerid', team_id = fact.envelope ->> 'teamid', department_id = fact.envelope ->> 'departmentid'
FROM (SELECT DISTINCT ON (subject) subject, envelope::JSONB AS envelope FROM outbox ORDER BY subject, seq DESC) AS fact
WHERE fact.subject = approvals.subject_id AND num_nonnulls(owner_id, team_id, department_id) = 0;
