-- Workbooks, and files of a million rows (CRM-07): a batch begins behind the last row that was looked at, not behind the remains of
-- all that were done before.
ALTER TABLE imports DROP CONSTRAINT imports_format_check;
ALTER TABLE imports ADD CONSTRAINT imports_format_check CHECK (format IN ('csv', 'jsonl', 'xlsx'));
ALTER TABLE imports ADD COLUMN reached UUID;
