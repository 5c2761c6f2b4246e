DROP TABLE market_reports;
DELETE FROM number_rules WHERE kind = 'market_report';
