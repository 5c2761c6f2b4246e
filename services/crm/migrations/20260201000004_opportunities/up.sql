-- Pipelines and the opportunities in them (CRM-02, 14, 15).
CREATE TABLE pipelines (
    id         UUID PRIMARY KEY,
    name       TEXT NOT NULL,
    is_default BOOLEAN NOT NULL,
    stages     JSONB NOT NULL,
    version    INTEGER NOT NULL
);
CREATE UNIQUE INDEX pipelines_one_default ON pipelines (is_default) WHERE is_default;
INSERT INTO pipelines (id, name, is_default, stages, version) VALUES
    ('01930000-0000-7000-8000-000000000401', '客户开发', TRUE,
     '[{"key": "research", "name_zh": "市场调研", "name_en": "Research", "probability": "0.05", "exit_criteria": ["need"]},
       {"key": "screen", "name_zh": "客户筛选", "name_en": "Screening", "probability": "0.10", "exit_criteria": ["contact"]},
       {"key": "first_contact", "name_zh": "初步接触", "name_en": "First contact", "probability": "0.20", "exit_criteria": ["expected_close"]},
       {"key": "need_communication", "name_zh": "需求沟通", "name_en": "Talking about the need", "probability": "0.40", "exit_criteria": ["amount", "spec_confirmed"]},
       {"key": "negotiation", "name_zh": "商务洽谈", "name_en": "Negotiation", "probability": "0.70", "exit_criteria": ["amount"]},
       {"key": "follow_up", "name_zh": "跟进", "name_en": "Follow-up", "probability": "0.90", "exit_criteria": []}]', 1);

CREATE TABLE opportunities (
    id             UUID PRIMARY KEY,
    number         TEXT NOT NULL UNIQUE,
    status         TEXT NOT NULL CHECK (status IN ('open', 'won', 'lost', 'invalid')),
    case_id        UUID NOT NULL UNIQUE,
    account_id     UUID NOT NULL REFERENCES accounts (id),
    account_name   TEXT NOT NULL,
    contact_id     UUID REFERENCES contacts (id),
    lead_id        UUID UNIQUE REFERENCES leads (id),
    name           TEXT NOT NULL,
    need           TEXT NOT NULL,
    source         TEXT NOT NULL REFERENCES lead_sources (code),
    amount         NUMERIC(20, 4) CHECK (amount >= 0),
    currency       TEXT,
    expected_close DATE,
    pipeline_id    UUID NOT NULL REFERENCES pipelines (id),
    stage          TEXT NOT NULL,
    probability    NUMERIC(5, 4) NOT NULL CHECK (probability BETWEEN 0 AND 1),
    stage_history  JSONB NOT NULL,
    reason         TEXT,
    quote_id       UUID,
    external_refs  JSONB NOT NULL,
    owner_id       TEXT,
    team_id        TEXT,
    department_id  TEXT,
    created_at     TIMESTAMPTZ NOT NULL,
    closed_at      TIMESTAMPTZ,
    version        INTEGER NOT NULL,
    CHECK ((amount IS NULL) = (currency IS NULL))
);
CREATE INDEX opportunities_account ON opportunities (account_id, id);
CREATE INDEX opportunities_status ON opportunities (status, id);
CREATE INDEX opportunities_owner ON opportunities (owner_id, id);
CREATE INDEX opportunities_team ON opportunities (team_id, id);

INSERT INTO number_rules (kind, prefix) VALUES ('opportunity', 'OP');
