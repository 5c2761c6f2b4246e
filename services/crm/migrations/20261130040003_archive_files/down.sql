DELETE FROM number_rules WHERE kind = 'archive_file';
DROP TABLE archive_files;
