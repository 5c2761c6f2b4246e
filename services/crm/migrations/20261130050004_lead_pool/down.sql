DROP TABLE lead_holdings;
DROP TABLE lead_pool_rules;
ALTER TABLE leads DROP COLUMN warned_at;
ALTER TABLE leads DROP COLUMN touched_at;
