DROP INDEX revisits_department;
DROP INDEX revisits_team;
DROP INDEX surveys_department;
DROP INDEX surveys_team;
