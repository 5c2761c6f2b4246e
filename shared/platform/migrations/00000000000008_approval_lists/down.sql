DROP INDEX approvals_case;
DROP INDEX approvals_owner;
DROP INDEX approvals_team;
DROP INDEX approvals_department;
DROP INDEX approvals_status;
