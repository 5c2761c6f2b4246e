-- What customers, their people and the archive are found by (`platform::search`). `pinyin` is the name as it sounds, in full and by
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

ALTER TABLE archive_files ADD COLUMN search TEXT NOT NULL GENERATED ALWAYS AS (search_fold(number || ' ' || account_name || ' ' || title
    || ' ' || coalesce(document_number, '') || ' ' || coalesce(barcode, ''))) STORED;
CREATE INDEX archive_files_search ON archive_files USING gin (search_grams(search));
