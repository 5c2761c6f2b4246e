-- Lists of approvals by every scope and filter that they have.
CREATE INDEX approvals_case ON approvals (case_id, id);
CREATE INDEX approvals_owner ON approvals (owner_id, id);
CREATE INDEX approvals_team ON approvals (team_id, id);
CREATE INDEX approvals_department ON approvals (department_id, id);
CREATE INDEX approvals_status ON approvals (status, id);
