-- Channels (CRM-06), scoring models (CRM-09), leads (CRM-01).
CREATE TABLE lead_sources (
    id              UUID PRIMARY KEY,
    code            TEXT NOT NULL UNIQUE,
    kind            TEXT NOT NULL CHECK (kind IN ('exhibition', 'online', 'report', 'customer_referral', 'partner_referral', 'other')),
    name_zh         TEXT NOT NULL,
    name_en         TEXT NOT NULL,
    effective_from  DATE NOT NULL,
    effective_until DATE CHECK (effective_until >= effective_from),
    version         INTEGER NOT NULL
);
INSERT INTO lead_sources (id, code, kind, name_zh, name_en, effective_from, version) VALUES
    ('01930000-0000-7000-8000-000000000201', 'exhibition', 'exhibition', '展会', 'Exhibition', '2020-01-01', 1),
    ('01930000-0000-7000-8000-000000000202', 'online', 'online', '网络平台', 'Online platform', '2020-01-01', 1),
    ('01930000-0000-7000-8000-000000000203', 'report', 'report', '行业报告', 'Industry report', '2020-01-01', 1),
    ('01930000-0000-7000-8000-000000000204', 'customer_referral', 'customer_referral', '客户推荐', 'Customer referral', '2020-01-01', 1),
    ('01930000-0000-7000-8000-000000000205', 'partner_referral', 'partner_referral', '合作伙伴推荐', 'Partner referral', '2020-01-01', 1),
    ('01930000-0000-7000-8000-000000000206', 'other', 'other', '其他', 'Other', '2020-01-01', 1);

CREATE TABLE scoring_models (
    id         UUID PRIMARY KEY,
    name       TEXT NOT NULL,
    status     TEXT NOT NULL CHECK (status IN ('draft', 'active', 'retired')),
    criteria   JSONB NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    version    INTEGER NOT NULL
);
CREATE UNIQUE INDEX scoring_models_one_active ON scoring_models (status) WHERE status = 'active';
INSERT INTO scoring_models (id, name, status, criteria, created_at, version) VALUES
    ('01930000-0000-7000-8000-000000000301', '标准评分', 'active',
     '[{"key": "scale", "name_zh": "客户规模", "name_en": "Company size", "weight": 30},
       {"key": "standing", "name_zh": "行业地位", "name_en": "Standing in the industry", "weight": 20},
       {"key": "potential", "name_zh": "发展潜力", "name_en": "Potential", "weight": 20},
       {"key": "intent", "name_zh": "合作意向", "name_en": "Willingness", "weight": 30}]', '2026-01-01T00:00:00Z', 1);

CREATE TABLE leads (
    id                  UUID PRIMARY KEY,
    number              TEXT NOT NULL UNIQUE,
    status              TEXT NOT NULL CHECK (status IN ('new', 'screened', 'contacted', 'qualified', 'converted', 'disqualified', 'pooled')),
    case_id             UUID NOT NULL UNIQUE,
    party_type          TEXT NOT NULL CHECK (party_type IN ('org', 'person')),
    name                TEXT NOT NULL,
    name_key            TEXT NOT NULL,
    contact_name        TEXT,
    contact_phone       TEXT,
    phone_key           TEXT,
    contact_email       TEXT,
    region              TEXT,
    source              TEXT NOT NULL REFERENCES lead_sources (code),
    referrer_account_id UUID REFERENCES accounts (id),
    need                TEXT,
    class               TEXT CHECK (class IN ('a', 'b', 'c')),
    score               JSONB,
    scoring_model_id    UUID REFERENCES scoring_models (id),
    touches             JSONB NOT NULL,
    reason              TEXT,
    account_id          UUID REFERENCES accounts (id),
    contact_id          UUID REFERENCES contacts (id),
    opportunity_id      UUID,
    external_refs       JSONB NOT NULL,
    owner_id            TEXT,
    team_id             TEXT,
    department_id       TEXT,
    created_at          TIMESTAMPTZ NOT NULL,
    version             INTEGER NOT NULL
);
CREATE INDEX leads_name ON leads (name_key);
CREATE INDEX leads_phone ON leads (phone_key) WHERE phone_key IS NOT NULL;
CREATE INDEX leads_email ON leads (lower(contact_email)) WHERE contact_email IS NOT NULL;
CREATE INDEX leads_status ON leads (status, id);
CREATE INDEX leads_owner ON leads (owner_id, id);
CREATE INDEX leads_team ON leads (team_id, id);
CREATE INDEX leads_scored ON leads (scoring_model_id) WHERE status IN ('new', 'screened', 'contacted', 'qualified');

INSERT INTO number_rules (kind, prefix) VALUES ('lead', 'LD');
