-- Lists by every scope and filter that they have (tests/tests/plans.rs): whoever sees a few rows of many need not pass over the others.
CREATE INDEX contracts_department ON contracts (department_id, id);
CREATE INDEX contracts_team ON contracts (team_id, id);
CREATE INDEX payment_milestones_department ON payment_milestones (department_id, id);
CREATE INDEX payment_milestones_team ON payment_milestones (team_id, id);
CREATE INDEX review_comments_department ON review_comments (department_id, id);
CREATE INDEX review_comments_team ON review_comments (team_id, id);
