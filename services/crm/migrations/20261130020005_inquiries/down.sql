DELETE FROM number_rules WHERE kind = 'inquiry';
DROP TABLE inquiries;
