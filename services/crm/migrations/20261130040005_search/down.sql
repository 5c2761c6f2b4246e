ALTER TABLE archive_files DROP COLUMN search;
ALTER TABLE contacts DROP COLUMN search;
ALTER TABLE contacts DROP COLUMN pinyin;
ALTER TABLE accounts DROP COLUMN search;
ALTER TABLE accounts DROP COLUMN pinyin;
