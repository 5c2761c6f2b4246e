DELETE FROM number_rules WHERE kind = 'task';
DROP TABLE tasks;
