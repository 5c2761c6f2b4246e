ALTER TABLE imports DROP COLUMN reached;
-- Rows are kept apart from the file: how they are taken in does not depend on what it was.
UPDATE imports SET format = 'csv' WHERE format = 'xlsx';
ALTER TABLE imports DROP CONSTRAINT imports_format_check;
ALTER TABLE imports ADD CONSTRAINT imports_format_check CHECK (format IN ('csv', 'jsonl'));
