DELETE FROM number_rules WHERE kind = 'cost_sheet';
ALTER TABLE quotes DROP CONSTRAINT quotes_cost_sheet;
DROP TABLE cost_sheets;
