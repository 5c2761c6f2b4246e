DROP TABLE data_quality_tasks;
DROP TABLE data_quality_rules;
