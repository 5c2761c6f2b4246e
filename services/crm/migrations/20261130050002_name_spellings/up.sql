-- How names sound (CRM-07): worked out by a job where it is NULL, with the key of the name; '' where there is nothing to compare.
ALTER TABLE leads ADD COLUMN name_latin TEXT;
ALTER TABLE accounts ADD COLUMN name_latin TEXT;
CREATE INDEX leads_latin ON leads (name_latin);
CREATE INDEX accounts_latin ON accounts (name_latin);
CREATE INDEX leads_unkeyed ON leads (id) WHERE name_latin IS NULL;
CREATE INDEX accounts_unkeyed ON accounts (id) WHERE name_latin IS NULL;

-- A new name sounds otherwise.
CREATE FUNCTION forget_spelling() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    NEW.name_latin := NULL;
    RETURN NEW;
END $$;
CREATE TRIGGER leads_new_name BEFORE UPDATE OF name ON leads
    FOR EACH ROW WHEN (NEW.name IS DISTINCT FROM OLD.name) EXECUTE FUNCTION forget_spelling();
CREATE TRIGGER accounts_new_name BEFORE UPDATE OF name ON accounts
    FOR EACH ROW WHEN (NEW.name IS DISTINCT FROM OLD.name) EXECUTE FUNCTION forget_spelling();
