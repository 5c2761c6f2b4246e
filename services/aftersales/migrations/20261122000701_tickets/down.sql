ALTER TABLE surveys DROP COLUMN problem_reported;
ALTER TABLE revisits DROP COLUMN tickets;
DELETE FROM number_rules WHERE kind = 'ticket';
DROP TABLE tickets;
DROP TABLE known_orders;
DROP TABLE escalation_tiers;
DROP TABLE sla_policies;
