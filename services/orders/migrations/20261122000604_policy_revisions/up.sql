-- Which version of the policy of silence counts: the last that was published, whatever its id (D-13).
ALTER TABLE acceptance_policies ADD COLUMN revision INTEGER CHECK (revision > 0);
UPDATE acceptance_policies AS policy SET revision = numbered.revision
FROM (SELECT id, row_number() OVER (ORDER BY published_at, id) AS revision FROM acceptance_policies) AS numbered
WHERE policy.id = numbered.id;
ALTER TABLE acceptance_policies ALTER COLUMN revision SET NOT NULL, ADD UNIQUE (revision);
