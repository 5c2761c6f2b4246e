DROP TABLE campaign_touchpoints;
DROP TABLE campaigns;
DELETE FROM number_rules WHERE kind = 'campaign';
