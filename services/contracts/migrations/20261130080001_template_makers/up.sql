-- Everybody who wrote in a template, none of whom approves it. The program before this one says nothing of it: whoever began a draft
-- is asked of `created_by`, too.
ALTER TABLE templates ADD COLUMN makers JSONB NOT NULL DEFAULT '[]';
UPDATE templates SET makers = jsonb_build_array(created_by);
ALTER TABLE templates ADD CONSTRAINT templates_maker_is_not_checker CHECK (NOT makers ? approved_by) NOT VALID;
