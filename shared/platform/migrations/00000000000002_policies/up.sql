-- Policies with amount tiers (PLT-02) and approvals that remember amount, tier and lineage (PLT-03).
-- A version has either `steps` (one chain for every amount) or `tiers` (intervals of the amount, each with its steps).
ALTER TABLE approval_policies
    ADD COLUMN id UUID NOT NULL DEFAULT gen_random_uuid() UNIQUE,
    ADD COLUMN tiers JSONB NOT NULL DEFAULT '[]',
    -- A tier also needs the steps of the tiers below it.
    ADD COLUMN cumulative BOOLEAN NOT NULL DEFAULT FALSE,
    ADD COLUMN reason TEXT NOT NULL DEFAULT 'shipped with the suite',
    ALTER COLUMN steps SET DEFAULT '[]',
    ADD CONSTRAINT approval_policies_steps_or_tiers CHECK ((steps = '[]') <> (tiers = '[]'));

ALTER TABLE approvals
    -- Tax included; nothing where the question has no amount, and in approvals asked before amounts were kept.
    ADD COLUMN amount NUMERIC(20, 4),
    -- Index of the tier that decides, from the lowest.
    ADD COLUMN tier INTEGER NOT NULL DEFAULT 0 CHECK (tier >= 0),
    -- The question about the same document before this one.
    ADD COLUMN previous_id UUID REFERENCES approvals (id),
    ADD COLUMN round INTEGER NOT NULL DEFAULT 1 CHECK (round >= 1);
CREATE INDEX approvals_policy ON approvals (policy_key, id);

-- What has been published is never edited (PLT-11): the service may only add versions.
DO $$ BEGIN
    EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON approval_policies FROM %I', current_schema());
END $$;
