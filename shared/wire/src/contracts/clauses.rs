//! Typed clauses (CON-01): what a contract says, as text for people and as terms for programs.
use crate::{Code, Label, Moment, Note, Rate, words::words};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

words!(
    /// What a contract is about; each kind has its mandatory clauses (CON-04).
    ContractKind {
        Sale => "sale" "销售合同" "Sale of goods",
        Service => "service" "服务合同" "Services",
    }
);
words!(
    /// What a clause is about (CON-01).
    ClauseKind {
        Product => "product" "产品/服务描述" "Product or service description",
        Quantity => "quantity" "数量" "Quantity",
        Price => "price" "价格" "Price",
        Delivery => "delivery" "交付期" "Delivery",
        Quality => "quality" "质量标准" "Quality standard",
        Acceptance => "acceptance" "验收方式" "Acceptance",
        Payment => "payment" "付款条件" "Payment",
        Breach => "breach" "违约责任" "Liability for breach",
        IntellectualProperty => "intellectual_property" "知识产权" "Intellectual property",
        Confidentiality => "confidentiality" "保密" "Confidentiality",
        RightsAndDuties => "rights_and_duties" "权利义务" "Rights and duties",
    }
);
words!(
    /// How far the parties are with a clause (CON-01).
    ClauseStatus {
        Proposed => "proposed" "拟议" "Proposed",
        Agreed => "agreed" "双方已商定" "Agreed",
        Locked => "locked" "已锁定" "Locked",
    }
);
words!(
    /// How the customer looks the goods over (CON-29).
    AcceptanceMethod {
        Inspection => "inspection" "到货检验" "Inspection on arrival",
        Sampling => "sampling" "抽样检验" "Sampling",
        TrialRun => "trial_run" "试运行" "Trial run",
        ThirdParty => "third_party" "第三方检验" "Third-party inspection",
    }
);

/// A clause's terms in a form that programs can use; their `type` is the kind of clause that they fit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ClauseTerms {
    Delivery(DeliveryTerms),
    Quality(QualityTerms),
    Acceptance(AcceptanceTerms),
    Breach(BreachTerms),
    Confidentiality(ConfidentialityTerms),
}

/// Where the goods go and who carries them; the day is the contract's `delivery_date`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeliveryTerms {
    /// An Incoterm or its like: `DAP`, `EXW`.
    pub terms: Code,
    /// The place that the terms name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Label>,
}

/// By which standard, and for how long it is warranted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QualityTerms {
    /// What the goods must meet: GB/T 5657.
    pub standard: Label,
    /// Months that they are warranted.
    #[schema(minimum = 0, maximum = 240)]
    pub warranty_months: u16,
}

/// How, by when and by which criteria the customer accepts (CON-29).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptanceTerms {
    pub method: AcceptanceMethod,
    /// After delivery.
    #[schema(minimum = 1, maximum = 365)]
    pub within_working_days: u16,
    /// What must hold for the customer to accept.
    #[schema(min_items = 1, max_items = 20)]
    pub criteria: Vec<Label>,
}

/// What a day of delay costs, as shares of what is late, and the most that it can cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BreachTerms {
    pub late_delivery_daily_rate: Rate,
    pub late_payment_daily_rate: Rate,
    /// Share of the gross.
    pub cap_rate: Rate,
}

/// How long secrets are kept after the contract's end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfidentialityTerms {
    /// Months after the contract's end.
    #[schema(minimum = 0, maximum = 600)]
    pub months: u16,
}

/// A clause as a template words it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TemplateClause {
    pub kind: ClauseKind,
    /// The clause as both parties read it.
    pub text: Note,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<ClauseTerms>,
}

/// Proposes a clause: what is absent stays as it is, and the clause has to be agreed anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClausePatch {
    pub kind: ClauseKind,
    /// The clause as both parties read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub text: Option<Note>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub terms: Option<ClauseTerms>,
    /// Takes the clause out.
    #[serde(default)]
    pub strike: bool,
}

/// A clause as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Clause {
    pub kind: ClauseKind,
    pub status: ClauseStatus,
    /// Absent: struck out.
    pub text: Option<String>,
    pub terms: Option<ClauseTerms>,
    /// Does the text differ from the template's? Any deviation takes the full review (D-09).
    pub deviates: bool,
    /// The template's text, where this one deviates from it.
    pub template_text: Option<String>,
}

/// Records that the parties agree on clauses, with what shows the customer's yes (ruling 16).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"evidence": {"channel": "meeting", "person": "李雷", "at": "2026-03-02T01:00:00Z"}})))]
pub struct AgreeClauses {
    /// All that are still proposed if absent.
    #[serde(default)]
    #[schema(max_items = 11)]
    pub kinds: Vec<ClauseKind>,
    pub evidence: crate::Evidence,
}

/// What orders asks of the customer at acceptance (CON-29).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AcceptanceTermsShown {
    /// Locked at approval: nobody can change them any more.
    pub locked: bool,
    /// The clause; absent where the contract has none.
    pub text: Option<String>,
    pub terms: Option<AcceptanceTerms>,
}
impl crate::Shown for AcceptanceTermsShown {}

/// Something that must have happened before the contract binds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Condition {
    /// What must have happened.
    pub label: Label,
    pub met_at: Option<Moment>,
    /// Who recorded that it is met: `user:ann`; absent until then.
    pub met_by: Option<String>,
    pub note: Option<Note>,
}

/// Records that a condition is met.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"label": "买方预付款到账"})))]
pub struct MeetCondition {
    /// The condition, by its own words.
    pub label: Label,
    #[serde(default)]
    pub note: Option<Note>,
}

/// The manager's four questions (CON-06).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"company_interests": true, "business_needs": true, "risk_control": true, "legal_risks": true})))]
pub struct NewChecklist {
    /// 公司利益
    pub company_interests: bool,
    /// 业务需求
    pub business_needs: bool,
    /// 风险控制
    pub risk_control: bool,
    /// 法律风险漏洞: none were found.
    pub legal_risks: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Note>,
}

/// The answers, and whose they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Checklist {
    /// 公司利益: they are kept.
    pub company_interests: bool,
    /// 业务需求: it serves them.
    pub business_needs: bool,
    /// 风险控制: risks are under control.
    pub risk_control: bool,
    /// 法律风险漏洞: none were found.
    pub legal_risks: bool,
    pub note: Option<Note>,
    /// Were all four answered with yes?
    pub passed: bool,
    pub by: String,
    pub at: Moment,
}
