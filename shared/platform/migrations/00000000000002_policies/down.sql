DO $$ BEGIN
    EXECUTE format('GRANT UPDATE, DELETE ON approval_policies TO %I', current_schema());
END $$;
DROP INDEX approvals_policy;
ALTER TABLE approvals DROP COLUMN amount, DROP COLUMN tier, DROP COLUMN previous_id, DROP COLUMN round;
DELETE FROM approval_policies WHERE tiers <> '[]';
ALTER TABLE approval_policies DROP COLUMN id, DROP COLUMN tiers, DROP COLUMN cumulative, DROP COLUMN reason, ALTER COLUMN steps DROP DEFAULT;
