ALTER TABLE opportunities DROP COLUMN intent_at, DROP COLUMN intent_evidence;
