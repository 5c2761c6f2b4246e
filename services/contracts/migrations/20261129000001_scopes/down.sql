DROP INDEX contracts_department;
DROP INDEX contracts_team;
DROP INDEX payment_milestones_department;
DROP INDEX payment_milestones_team;
DROP INDEX review_comments_department;
DROP INDEX review_comments_team;
