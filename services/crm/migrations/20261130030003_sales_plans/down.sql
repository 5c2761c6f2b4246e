DROP TABLE sales_plans;
DELETE FROM number_rules WHERE kind = 'sales_plan';
