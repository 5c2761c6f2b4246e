DROP TABLE lead_holdings;
DROP INDEX leads_held;
DROP TABLE lead_pool_rules;
ALTER TABLE leads DROP COLUMN warned_at;
ALTER TABLE leads DROP COLUMN touched_at;
