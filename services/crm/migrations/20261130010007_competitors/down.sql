ALTER TABLE opportunities DROP COLUMN competitors, DROP COLUMN reason_code, DROP COLUMN competitor_id;
DROP TABLE competitors;
