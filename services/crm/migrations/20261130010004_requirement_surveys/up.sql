-- Research into what a customer needs (CRM-16).
CREATE TABLE requirement_surveys (
    id             UUID PRIMARY KEY,
    status         TEXT NOT NULL CHECK (status IN ('planned', 'conducted', 'recorded')),
    case_id        UUID NOT NULL,
    opportunity_id UUID NOT NULL REFERENCES opportunities (id),
    method         TEXT NOT NULL CHECK (method IN ('questionnaire', 'meeting', 'site_visit')),
    planned_on     DATE NOT NULL,
    conducted_on   DATE,
    attendees      JSONB NOT NULL,
    answers        JSONB NOT NULL,
    recorded_by    TEXT,
    recorded_at    TIMESTAMPTZ,
    owner_id       TEXT,
    team_id        TEXT,
    department_id  TEXT,
    created_at     TIMESTAMPTZ NOT NULL,
    version        INTEGER NOT NULL,
    CHECK ((status = 'planned') = (conducted_on IS NULL)),
    CHECK ((status = 'recorded') = (recorded_at IS NOT NULL))
);
CREATE INDEX requirement_surveys_opportunity ON requirement_surveys (opportunity_id, id);
CREATE INDEX requirement_surveys_case ON requirement_surveys (case_id, id);
CREATE INDEX requirement_surveys_status ON requirement_surveys (status, id);
CREATE INDEX requirement_surveys_owner ON requirement_surveys (owner_id, id);
CREATE INDEX requirement_surveys_team ON requirement_surveys (team_id, id);
CREATE INDEX requirement_surveys_department ON requirement_surveys (department_id, id);
