-- A lead that was the same as another one (CRM-07), and its deal, which is another name of that one's (ruling 15).
ALTER TABLE leads DROP CONSTRAINT leads_status_check;
ALTER TABLE leads ADD CONSTRAINT leads_status_check
    CHECK (status IN ('new', 'screened', 'contacted', 'qualified', 'converted', 'disqualified', 'pooled', 'merged'));
ALTER TABLE leads ADD COLUMN merged_into_id UUID REFERENCES leads (id);
CREATE INDEX leads_merged_into ON leads (merged_into_id) WHERE merged_into_id IS NOT NULL;
ALTER TABLE leads ADD CONSTRAINT leads_merged CHECK ((status = 'merged') = (merged_into_id IS NOT NULL));

ALTER TABLE cases ADD COLUMN merged_into UUID REFERENCES cases (case_id) CHECK (merged_into <> case_id);
-- Is another case merged into this one? So that nobody has to look for them where there are none.
ALTER TABLE cases ADD COLUMN has_aliases BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX cases_merged ON cases (merged_into);
