-- What quotes and products are found by (`platform::search`).
ALTER TABLE products ADD COLUMN search TEXT NOT NULL
    GENERATED ALWAYS AS (search_fold(sku || ' ' || name || ' ' || coalesce(name_en, ''))) STORED;
CREATE INDEX products_search ON products USING gin (search_grams(search));
ALTER TABLE quotes ADD COLUMN search TEXT NOT NULL
    GENERATED ALWAYS AS (search_fold(number || ' ' || account_name || ' ' || coalesce(note, ''))) STORED;
CREATE INDEX quotes_search ON quotes USING gin (search_grams(search));
