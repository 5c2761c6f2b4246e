-- Lists by every scope and filter that they have (tests/tests/plans.rs): whoever sees a few rows of many need not pass over the others.
CREATE INDEX acceptances_department ON acceptances (department_id, id);
CREATE INDEX acceptances_team ON acceptances (team_id, id);
CREATE INDEX finance_reviews_department ON finance_reviews (department_id, id);
CREATE INDEX finance_reviews_team ON finance_reviews (team_id, id);
CREATE INDEX shipments_department ON shipments (department_id, id);
CREATE INDEX shipments_team ON shipments (team_id, id);
CREATE INDEX work_items_team ON work_items (team_id, id);
