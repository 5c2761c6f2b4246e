DROP TABLE target_lists;
DELETE FROM number_rules WHERE kind = 'target_list';
