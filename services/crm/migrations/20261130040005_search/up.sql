-- What customers, their people, leads and the archive are found by (`platform::search`). `pinyin` is the name as it sounds, in full and by
-- its initials; NULL until it is spelt (the job `spell-names`).
ALTER TABLE accounts ADD COLUMN pinyin TEXT;
ALTER TABLE accounts ADD COLUMN search TEXT NOT NULL GENERATED ALWAYS AS (search_fold(number || ' ' || name || ' '
    || coalesce(phone, '') || ' ' || coalesce(phone_key, '') || ' ' || coalesce(tax_number, '') || ' ' || coalesce(pinyin, ''))) STORED;
CREATE INDEX accounts_search ON accounts USING gin (search_grams(search));
CREATE INDEX accounts_unspelt ON accounts (id) WHERE pinyin IS NULL;

ALTER TABLE contacts ADD COLUMN pinyin TEXT;
ALTER TABLE contacts ADD COLUMN search TEXT NOT NULL GENERATED ALWAYS AS (search_fold(name || ' ' || coalesce(title, '') || ' '
    || coalesce(phone, '') || ' ' || coalesce(phone_key, '') || ' ' || coalesce(email, '') || ' ' || coalesce(pinyin, ''))) STORED;
CREATE INDEX contacts_search ON contacts USING gin (search_grams(search));
CREATE INDEX contacts_unspelt ON contacts (id) WHERE pinyin IS NULL;

ALTER TABLE leads ADD COLUMN pinyin TEXT;
ALTER TABLE leads ADD COLUMN search TEXT NOT NULL GENERATED ALWAYS AS (search_fold(number || ' ' || name || ' '
    || coalesce(contact_name, '') || ' ' || coalesce(contact_phone, '') || ' ' || coalesce(phone_key, '') || ' '
    || coalesce(contact_email, '') || ' ' || coalesce(pinyin, ''))) STORED;
CREATE INDEX leads_search ON leads USING gin (search_grams(search));
CREATE INDEX leads_unspelt ON leads (id) WHERE pinyin IS NULL;

-- A new name sounds otherwise, unless whoever gave it says how: the program of before does not.
CREATE FUNCTION forget_pinyin() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    NEW.pinyin := NULL;
    RETURN NEW;
END $$;
CREATE TRIGGER accounts_other_name BEFORE UPDATE OF name ON accounts
    FOR EACH ROW WHEN (NEW.name IS DISTINCT FROM OLD.name AND NEW.pinyin IS NOT DISTINCT FROM OLD.pinyin) EXECUTE FUNCTION forget_pinyin();
CREATE TRIGGER contacts_other_name BEFORE UPDATE OF name ON contacts
    FOR EACH ROW WHEN (NEW.name IS DISTINCT FROM OLD.name AND NEW.pinyin IS NOT DISTINCT FROM OLD.pinyin) EXECUTE FUNCTION forget_pinyin();
CREATE TRIGGER leads_other_name BEFORE UPDATE OF name ON leads
    FOR EACH ROW WHEN (NEW.name IS DISTINCT FROM OLD.name AND NEW.pinyin IS NOT DISTINCT FROM OLD.pinyin) EXECUTE FUNCTION forget_pinyin();

ALTER TABLE archive_files ADD COLUMN search TEXT NOT NULL GENERATED ALWAYS AS (search_fold(number || ' ' || account_name || ' ' || title
    || ' ' || coalesce(document_number, '') || ' ' || coalesce(barcode, ''))) STORED;
CREATE INDEX archive_files_search ON archive_files USING gin (search_grams(search));
