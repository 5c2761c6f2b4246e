-- Lists by every scope and filter that they have (tests/tests/plans.rs): whoever sees a few rows of many need not pass over the others.
CREATE INDEX revisits_department ON revisits (department_id, id);
CREATE INDEX revisits_team ON revisits (team_id, id);
CREATE INDEX surveys_department ON surveys (department_id, id);
CREATE INDEX surveys_team ON surveys (team_id, id);
