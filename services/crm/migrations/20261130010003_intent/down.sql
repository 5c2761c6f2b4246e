ALTER TABLE opportunities DROP COLUMN intent;
