DELETE FROM number_rules WHERE kind = 'shortage';
ALTER TABLE order_lines DROP COLUMN scrapped;
ALTER TABLE order_lines DROP COLUMN substituted_for;
DROP TABLE shortages;
