-- The customer file in depth (CRM-11, 28, 31): profile, decision chain, when it was last seen to be right, and tombstones of
-- customers that were merged or purged.
ALTER TABLE accounts
    DROP CONSTRAINT accounts_status_check,
    ADD CONSTRAINT accounts_status_check CHECK (status IN ('prospect', 'active', 'dormant', 'invalid', 'merged', 'purged')),
    ADD COLUMN merged_into_id   UUID REFERENCES accounts (id),
    ADD COLUMN last_verified_at TIMESTAMPTZ,
    ADD COLUMN profile          JSONB NOT NULL DEFAULT '{}',
    ADD COLUMN decision_chain   JSONB NOT NULL DEFAULT '[]',
    ADD CONSTRAINT accounts_merged_into CHECK ((status = 'merged') = (merged_into_id IS NOT NULL)),
    ADD CONSTRAINT accounts_merged_into_another CHECK (merged_into_id <> id);
CREATE INDEX accounts_merged ON accounts (merged_into_id) WHERE merged_into_id IS NOT NULL;
-- Who has not been looked at for longest, of each grade.
CREATE INDEX accounts_unverified ON accounts (tier, (coalesce(last_verified_at, created_at))) WHERE status IN ('prospect', 'active', 'dormant');
-- What a purge has to clear.
CREATE INDEX leads_account ON leads (account_id, id) WHERE account_id IS NOT NULL;
