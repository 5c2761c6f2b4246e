-- Lists by every scope and filter that they have (tests/tests/plans.rs): whoever sees a few rows of many need not pass over the others.
CREATE INDEX quotes_department ON quotes (department_id, id);
CREATE INDEX quotes_team ON quotes (team_id, id);
