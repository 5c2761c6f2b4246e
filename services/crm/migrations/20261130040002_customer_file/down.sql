-- The program of before knows neither word; it does no business with either.
UPDATE accounts SET status = 'invalid', merged_into_id = NULL WHERE status IN ('merged', 'purged');
DROP INDEX leads_account;
DROP INDEX accounts_unverified;
DROP INDEX accounts_merged;
ALTER TABLE accounts
    DROP CONSTRAINT accounts_merged_into_another,
    DROP CONSTRAINT accounts_merged_into,
    DROP COLUMN decision_chain,
    DROP COLUMN profile,
    DROP COLUMN last_verified_at,
    DROP COLUMN merged_into_id,
    DROP CONSTRAINT accounts_status_check,
    ADD CONSTRAINT accounts_status_check CHECK (status IN ('prospect', 'active', 'dormant', 'invalid'));
