DROP TRIGGER accounts_new_name ON accounts;
DROP TRIGGER leads_new_name ON leads;
DROP FUNCTION forget_spelling();
ALTER TABLE accounts DROP COLUMN name_latin;
ALTER TABLE leads DROP COLUMN name_latin;
