DROP TABLE account_plans;
DELETE FROM number_rules WHERE kind = 'account_plan';
