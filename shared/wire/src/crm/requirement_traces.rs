//! By what the items of a specification are covered, or why they need not be (CRM-16, 17).
use crate::{Label, crm::SpecItem, id::id, words::words};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

id!(
    /// An item of a specification.
    SpecItemId
);
id!(
    /// That one thing covers one item.
    RequirementTraceId,
);
words!(
    /// What can cover an item of a specification.
    TraceKind {
        SolutionElement => "solution_element" "方案要素" "Element of a solution",
        QuoteLine => "quote_line" "报价行" "Line of a quote",
        ContractClause => "contract_clause" "合同条款" "Clause of a contract",
        Deliverable => "deliverable" "交付物" "Deliverable",
        Acceptance => "acceptance" "验收项" "Acceptance",
    }
);
words!(
    /// How an item stands to what was named for it.
    TraceStatus {
        Covered => "covered" "已覆盖" "Covered",
        Waived => "waived" "已豁免" "Waived",
        Removed => "removed" "已移除" "Removed",
    }
);

/// All that one subject (a solution, a quote, a contract, an order …) says of a specification: what it said before of this kind
/// and does not say now is taken back.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"kind": "quote_line", "subject_id": "01932c5e-7b1a-7c3d-9e4f-0123456789ab", "label": "QT-2026-000001",
    "covered": ["01932c5e-7b1a-7c3d-9e4f-0123456789ac"]})))]
pub struct TraceRequirementSpec {
    pub kind: TraceKind,
    /// The document that covers, in whichever service it lives.
    #[schema(value_type = String, format = Uuid)]
    pub subject_id: Uuid,
    /// What people call it.
    #[serde(default)]
    pub label: Option<Label>,
    /// Ids of items of the specification.
    #[serde(default)]
    #[schema(value_type = Vec<SpecItemId>, max_items = 200)]
    pub covered: Vec<Uuid>,
    /// Ids of items that need not be covered.
    #[serde(default)]
    #[schema(value_type = Vec<SpecItemId>, max_items = 200)]
    pub waived: Vec<Uuid>,
    /// Why they need not.
    #[serde(default)]
    pub reason: Option<Label>,
}

/// A subject that covers nothing any more.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UntraceRequirementSpec {
    pub kind: TraceKind,
    /// The document that covers nothing any more.
    #[schema(value_type = String, format = Uuid)]
    pub subject_id: Uuid,
}

/// What of a specification's coverage is asked.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct CoverageQuery {
    /// Only what is covered by things of this kind.
    #[param(inline)]
    pub kind: Option<TraceKind>,
    /// `true`: only must-have items that nothing (of the kind) covers and nobody has waived.
    pub uncovered: Option<bool>,
}

/// An item of a specification, and by what it is covered.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = SpecItemCoverage)]
pub struct ItemCoverage {
    pub item: SpecItem,
    /// Something (of the kind that was asked) covers it, or it is waived.
    pub covered: bool,
    pub traces: Vec<ItemTrace>,
}

/// One thing that covers an item, or for which it was waived.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ItemTrace {
    pub kind: TraceKind,
    pub status: TraceStatus,
    /// The document that covers the item, in whichever service it lives.
    #[schema(value_type = String, format = Uuid)]
    pub subject_id: Uuid,
    /// What people call that document.
    pub label: Option<String>,
    /// Why it was waived.
    pub reason: Option<String>,
}
