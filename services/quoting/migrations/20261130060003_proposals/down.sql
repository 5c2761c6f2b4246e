DELETE FROM number_rules WHERE kind = 'proposal';
ALTER TABLE quotes DROP COLUMN proposal_id;
DROP TABLE proposals;
