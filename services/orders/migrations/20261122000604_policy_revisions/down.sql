ALTER TABLE acceptance_policies DROP COLUMN revision;
