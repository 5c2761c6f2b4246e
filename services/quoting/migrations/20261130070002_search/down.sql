ALTER TABLE quotes DROP COLUMN search;
ALTER TABLE products DROP COLUMN search;
