ALTER TABLE approvals DROP COLUMN open_roles, DROP COLUMN owner_id, DROP COLUMN team_id, DROP COLUMN department_id;
DROP INDEX audit_case;
DROP TABLE suspects;
