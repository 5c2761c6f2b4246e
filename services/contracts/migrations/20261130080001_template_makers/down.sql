ALTER TABLE templates DROP COLUMN makers;
