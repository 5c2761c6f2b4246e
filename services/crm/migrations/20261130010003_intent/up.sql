-- The day when both sides meant it, and what shows that (CRM-24).
ALTER TABLE opportunities
    ADD COLUMN intent JSONB;
