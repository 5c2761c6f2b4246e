ALTER TABLE cases DROP COLUMN has_aliases;
ALTER TABLE cases DROP COLUMN merged_into;
ALTER TABLE leads DROP CONSTRAINT leads_merged;
ALTER TABLE leads DROP COLUMN merged_into_id;
UPDATE leads SET status = 'disqualified' WHERE status = 'merged';
ALTER TABLE leads DROP CONSTRAINT leads_status_check;
ALTER TABLE leads ADD CONSTRAINT leads_status_check
    CHECK (status IN ('new', 'screened', 'contacted', 'qualified', 'converted', 'disqualified', 'pooled'));
