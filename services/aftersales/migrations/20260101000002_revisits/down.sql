ALTER TABLE surveys DROP CONSTRAINT surveys_revisit_id_fkey;
DROP TABLE revisits;
