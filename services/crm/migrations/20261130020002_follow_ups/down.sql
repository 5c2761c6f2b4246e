DROP INDEX users_department;
DROP INDEX users_team;
DROP TABLE follow_ups;
DROP TABLE follow_up_plans;
DROP TABLE escalation_ladders;
