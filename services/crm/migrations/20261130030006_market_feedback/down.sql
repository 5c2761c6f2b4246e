DROP TABLE market_feedback;
DELETE FROM number_rules WHERE kind = 'market_feedback';
