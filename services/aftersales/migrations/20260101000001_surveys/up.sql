-- 《客户满意度问卷》 templates: five questions each, one active at a time (SVC-13).
CREATE TABLE survey_templates (
    id           UUID PRIMARY KEY,
    name         TEXT NOT NULL,
    status       TEXT NOT NULL CHECK (status IN ('draft', 'active', 'retired')),
    questions    JSONB NOT NULL CHECK (jsonb_array_length(questions) = 5),
    created_at   TIMESTAMPTZ NOT NULL,
    activated_at TIMESTAMPTZ,
    retired_at   TIMESTAMPTZ,
    version      INTEGER NOT NULL
);
CREATE UNIQUE INDEX survey_templates_one_active ON survey_templates (status) WHERE status = 'active';
CREATE INDEX survey_templates_status ON survey_templates (status, id);

INSERT INTO survey_templates (id, name, status, questions, created_at, activated_at, version) VALUES (
    '019b7400-0000-7000-8000-000000000001', '客户满意度问卷 / Customer satisfaction', 'active', '[
    {"zh-CN": "产品包装是否完好？", "en": "Was the packaging intact?"},
    {"zh-CN": "到货是否准时、数量是否正确？", "en": "Did the goods arrive on time and complete?"},
    {"zh-CN": "产品质量是否符合您的要求？", "en": "Does the quality meet your requirements?"},
    {"zh-CN": "我们的人员服务是否专业、及时？", "en": "Were our people competent and prompt?"},
    {"zh-CN": "您是否愿意再次购买或向他人推荐？", "en": "Would you buy again or recommend us?"}
    ]', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', 1);

-- One survey a revisit; its questions are frozen with it.
CREATE TABLE surveys (
    id            UUID PRIMARY KEY,
    number        TEXT NOT NULL UNIQUE,
    status        TEXT NOT NULL CHECK (status IN ('open', 'answered', 'void')),
    case_id       UUID,
    revisit_id    UUID NOT NULL UNIQUE,
    order_id      UUID NOT NULL,
    account_id    UUID NOT NULL,
    account_name  TEXT NOT NULL,
    template_id   UUID NOT NULL REFERENCES survey_templates (id),
    questions     JSONB NOT NULL,
    mean          NUMERIC(3, 2) CHECK (mean BETWEEN 1 AND 5),
    note          TEXT,
    evidence      JSONB,
    owner_id      TEXT,
    team_id       TEXT,
    department_id TEXT,
    created_at    TIMESTAMPTZ NOT NULL,
    answered_at   TIMESTAMPTZ,
    version       INTEGER NOT NULL,
    CHECK ((status = 'answered') = (mean IS NOT NULL))
);
CREATE INDEX surveys_case ON surveys (case_id, id);
CREATE INDEX surveys_status ON surveys (status, id);
CREATE INDEX surveys_owner ON surveys (owner_id, id);

CREATE TABLE survey_answers (
    survey_id UUID NOT NULL REFERENCES surveys (id),
    question  SMALLINT NOT NULL CHECK (question BETWEEN 1 AND 5),
    score     SMALLINT NOT NULL CHECK (score BETWEEN 1 AND 5),
    comment   TEXT,
    PRIMARY KEY (survey_id, question)
);
-- What a customer answered is never changed: not even by the service.
DO $$ BEGIN
    EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON survey_answers FROM %I', current_schema());
END $$;

INSERT INTO number_rules (kind, prefix) VALUES ('survey', 'SV');
