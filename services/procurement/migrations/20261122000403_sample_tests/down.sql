DELETE FROM number_rules WHERE kind = 'sample_test';
DROP TABLE sample_tests;
