-- Campaigns and whom they reached (CRM-36, 37).
CREATE TABLE campaigns (
    id            UUID PRIMARY KEY,
    number        TEXT NOT NULL UNIQUE,
    status        TEXT NOT NULL CHECK (status IN ('draft', 'approved', 'running', 'closed')),
    name          TEXT NOT NULL,
    kind          TEXT NOT NULL CHECK (kind IN ('advertising', 'promotion', 'public_relations')),
    channel       TEXT NOT NULL REFERENCES lead_sources (code),
    starts_on     DATE NOT NULL,
    ends_on       DATE NOT NULL CHECK (ends_on >= starts_on),
    budget        NUMERIC(20, 4) NOT NULL CHECK (budget >= 0),
    currency      TEXT NOT NULL,
    spent         NUMERIC(24, 4) NOT NULL CHECK (spent >= 0),
    resources     TEXT,
    expenses      JSONB NOT NULL,
    result        TEXT,
    created_by    TEXT NOT NULL,
    makers        JSONB NOT NULL,
    approved_by   TEXT,
    owner_id      TEXT,
    team_id       TEXT,
    department_id TEXT,
    created_at    TIMESTAMPTZ NOT NULL,
    version       INTEGER NOT NULL,
    -- Maker is not checker: nobody who wrote in it approves it.
    CHECK (created_by <> approved_by AND NOT makers ? approved_by)
);
CREATE INDEX campaigns_status ON campaigns (status, id);
CREATE INDEX campaigns_owner ON campaigns (owner_id, id);
CREATE INDEX campaigns_team ON campaigns (team_id, id);
CREATE INDEX campaigns_department ON campaigns (department_id, id);
INSERT INTO number_rules (kind, prefix) VALUES ('campaign', 'CP');

CREATE TABLE campaign_touchpoints (
    id          UUID PRIMARY KEY,
    campaign_id UUID NOT NULL REFERENCES campaigns (id),
    what        TEXT NOT NULL,
    at          TIMESTAMPTZ NOT NULL,
    lead_id     UUID REFERENCES leads (id),
    case_id     UUID,
    attributed  BOOLEAN NOT NULL,
    created_by  TEXT NOT NULL,
    version     INTEGER NOT NULL,
    CHECK ((lead_id IS NULL) = (case_id IS NULL)),
    CHECK (lead_id IS NOT NULL OR NOT attributed)
);
-- A lead came by one campaign.
CREATE UNIQUE INDEX campaign_touchpoints_attributed ON campaign_touchpoints (lead_id) WHERE attributed;
CREATE INDEX campaign_touchpoints_campaign ON campaign_touchpoints (campaign_id, id);
