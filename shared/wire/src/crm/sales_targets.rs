//! Sales targets: what somebody is to reach in a period (CRM-34), and how far they are.
use crate::{
    Action, Amount, Code, Currency, Moment, event::event, id::id, kpi::Period, resource::resource, words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

id!(
    /// A sales target.
    SalesTargetId
);
words!(
    /// The life of a target (CRM-34).
    SalesTargetStatus {
        Draft => "draft" "草稿" "Draft",
        Approved => "approved" "已批准" "Approved",
        Active => "active" "执行中" "Active",
        Closed => "closed" "已关闭" "Closed",
    }
);
words!(
    /// What is to be reached (CRM-34).
    SalesMetric {
        Revenue => "revenue" "销售额" "Revenue",
        MarketShare => "market_share" "市场份额（%）" "Market share in percent",
        NewCustomers => "new_customers" "新客户数量" "New customers",
        Profit => "profit" "销售利润" "Profit",
    }
);
words!(
    /// Who is to reach it.
    SubjectKind {
        User => "user" "个人" "Person",
        Team => "team" "团队" "Team",
        Department => "department" "部门" "Department",
    }
);
resource!(SalesTarget);

/// A target as it is drafted.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"metric": "revenue", "period": "2026-Q3", "subject_kind": "team", "subject": "east", "value": "3000000.00", "currency": "CNY"})))]
pub struct NewSalesTarget {
    pub metric: SalesMetric,
    /// A year, quarter or month: `2026`, `2026-Q3`, `2026-03`.
    pub period: Period,
    pub subject_kind: SubjectKind,
    /// A colleague's reference in the directory, or the code of a team or department.
    pub subject: Code,
    /// More than 0; percent for market share, a number of customers for new customers.
    pub value: Amount,
    /// Needed for revenue and profit, and only there.
    #[serde(default)]
    pub currency: Option<Currency>,
}

/// Changes a draft (RFC 7396): what is absent stays.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SalesTargetPatch {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub value: Option<Amount>,
}

/// A target as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SalesTarget {
    pub id: SalesTargetId,
    pub number: String,
    pub status: SalesTargetStatus,
    pub metric: SalesMetric,
    pub period: String,
    pub subject_kind: SubjectKind,
    /// A colleague's reference, or the code of a team or department, as `subject_kind` says.
    pub subject: String,
    pub value: Amount,
    pub currency: Option<Currency>,
    /// What was reached when it was closed; before, ask for its attainment.
    pub attained: Option<Amount>,
    pub created_by: String,
    pub approved_by: Option<String>,
    pub created_at: Moment,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

/// How far it is, by won opportunities, first orders, accepted quotes and points of market share.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Attainment {
    pub sales_target_id: SalesTargetId,
    pub value: Amount,
    /// Absent where nothing is known yet: no point of market share in the period.
    pub attained: Option<Amount>,
    /// Attained of the value, percent, two decimals.
    pub percent: Option<Amount>,
    pub as_of: Moment,
}
impl crate::Shown for Attainment {}

/// Somebody has a target (CRM-34).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct TargetApproved {
    pub sales_target_id: SalesTargetId,
    pub number: String,
    pub metric: SalesMetric,
    pub period: String,
    pub subject_kind: SubjectKind,
    /// A colleague's reference, or the code of a team or department, as `subject_kind` says.
    pub subject: String,
    pub value: Amount,
    pub currency: Option<Currency>,
}
event!(TargetApproved = "crm.target.approved.v1");
