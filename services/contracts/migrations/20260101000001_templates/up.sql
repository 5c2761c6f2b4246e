-- Contract templates; one row a revision. Of one kind and code at most one is approved.
CREATE TABLE templates (
    id          UUID PRIMARY KEY,
    kind        TEXT NOT NULL CHECK (kind IN ('sale', 'service')),
    code        TEXT NOT NULL,
    revision    INTEGER NOT NULL CHECK (revision > 0),
    title       TEXT NOT NULL,
    status      TEXT NOT NULL CHECK (status IN ('draft', 'approved', 'retired')),
    clauses     JSONB NOT NULL,
    created_by  TEXT NOT NULL,
    created_at  TIMESTAMPTZ NOT NULL,
    approved_by TEXT,
    approved_at TIMESTAMPTZ,
    version     INTEGER NOT NULL,
    UNIQUE (kind, code, revision)
);
CREATE UNIQUE INDEX templates_one_approved ON templates (kind, code) WHERE status = 'approved';
CREATE INDEX templates_status ON templates (status, id);
CREATE INDEX templates_kind ON templates (kind, id);

-- The standard sales contract: complete, so that what is drafted from a quote can be reviewed as it stands.
INSERT INTO templates (id, kind, code, revision, title, status, clauses, created_by, created_at, approved_by, approved_at, version) VALUES (
    '01900000-0000-7000-8000-000000000001', 'sale', 'standard', 1, '销售合同（标准）', 'approved',
    '[
        {"kind": "product", "text": "甲方向乙方供应本合同明细所列产品。产品的名称、型号、规格以明细为准；明细是本合同不可分割的组成部分。"},
        {"kind": "quantity", "text": "各产品的数量以明细为准。实际交付数量以乙方签收的送货单为准，短少部分由甲方补足。"},
        {"kind": "price", "text": "各产品的单价、折扣、税率与合同总额以明细为准。合同总额含税；除双方书面同意外，价格在合同履行期内不作调整。"},
        {"kind": "delivery", "text": "甲方应在本合同载明的交货日期前将货物运至乙方指定地点；未载明日期的，应在合同生效后 30 日内交付。货物毁损、灭失的风险自乙方签收时转移。", "terms": {"type": "delivery", "terms": "DAP"}},
        {"kind": "quality", "text": "产品应符合国家标准、行业标准及双方确认的技术规格。质保期自验收合格之日起计算；质保期内非因使用不当造成的质量问题，由甲方免费修理、更换。", "terms": {"type": "quality", "standard": "GB/T 19001", "warranty_months": 12}},
        {"kind": "acceptance", "text": "乙方应在签收后 7 个工作日内验收，验收合格的签署验收单；有异议的应在该期限内书面提出。甲方应在收到异议后及时处理并重新提交验收。", "terms": {"type": "acceptance", "method": "inspection", "within_working_days": 7, "criteria": ["数量与送货单一致", "外观及包装完好", "规格、性能符合合同约定"]}},
        {"kind": "payment", "text": "乙方按本合同载明的付款节点与比例付款。甲方在收款前开具等额增值税发票。"},
        {"kind": "breach", "text": "逾期交货或逾期付款的，违约方每日按逾期部分金额的 0.05% 支付违约金，累计不超过合同总额的 5%；逾期超过 30 日的，守约方有权解除合同。", "terms": {"type": "breach", "late_delivery_daily_rate": "0.0005", "late_payment_daily_rate": "0.0005", "cap_rate": "0.05"}},
        {"kind": "intellectual_property", "text": "甲方保证其产品不侵犯第三方的知识产权。除另有约定外，本合同不转让任何一方的知识产权。"},
        {"kind": "confidentiality", "text": "双方对因履行本合同知悉的对方商业秘密负有保密义务，该义务在合同终止后继续有效 24 个月。", "terms": {"type": "confidentiality", "months": 24}},
        {"kind": "rights_and_duties", "text": "甲方应按约交货、提供技术资料与售后服务；乙方应按约收货、验收与付款。未经对方书面同意，任何一方不得转让本合同项下的权利义务。"}
    ]',
    'yewu', '2026-01-01T00:00:00Z', 'yewu', '2026-01-01T00:00:00Z', 1);
