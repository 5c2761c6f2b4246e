DELETE FROM number_rules WHERE kind IN ('inspection', 'inspection_report', 'nonconformity');
ALTER TABLE work_items DROP COLUMN open_inspections;
DROP TABLE nonconformities, inspection_reports, inspections;
