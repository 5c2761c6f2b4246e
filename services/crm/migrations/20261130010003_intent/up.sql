-- The day when both sides meant it, and what shows that (CRM-24).
ALTER TABLE opportunities
    ADD COLUMN intent_at       TIMESTAMPTZ,
    ADD COLUMN intent_evidence JSONB,
    ADD CHECK ((intent_at IS NULL) = (intent_evidence IS NULL));
