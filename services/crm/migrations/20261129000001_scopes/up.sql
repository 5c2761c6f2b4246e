-- Lists by every scope and filter that they have (tests/tests/plans.rs): whoever sees a few rows of many need not pass over the others.
CREATE INDEX accounts_department ON accounts (department_id, id);
CREATE INDEX contacts_department ON contacts (department_id, id);
CREATE INDEX contacts_team ON contacts (team_id, id);
CREATE INDEX contacts_status ON contacts (status, id);
CREATE INDEX imports_department ON imports (department_id, id);
CREATE INDEX leads_department ON leads (department_id, id);
CREATE INDEX opportunities_department ON opportunities (department_id, id);
CREATE INDEX requirement_specs_department ON requirement_specs (department_id, id);
CREATE INDEX requirement_specs_team ON requirement_specs (team_id, id);
