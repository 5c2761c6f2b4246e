DELETE FROM approval_policies WHERE key = 'crm.project_initiation';
DROP TABLE project_scorecards;
DROP TABLE project_initiations;
DELETE FROM number_rules WHERE kind = 'project_no';
DROP TABLE project_scoring_policies;
DROP FUNCTION keep_project_scores;
DELETE FROM departments WHERE id = '01930000-0000-7000-8000-000000000111' AND NOT EXISTS (SELECT FROM users WHERE department = 'hr');
