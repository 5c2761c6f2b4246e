DROP INDEX quotes_department;
DROP INDEX quotes_team;
