ALTER TABLE opportunities DROP COLUMN is_new_business;
DROP TABLE market_share_points;
