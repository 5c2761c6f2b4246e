//! Cost sheets: what a deal costs us, before anybody names a price (QUO-04).
use crate::{
    Action, Amount, CaseId, Code, Currency, Label, Moment, Money, Note, Patched, Quantity,
    crm::{AccountId, OpportunityId},
    event::event,
    id::id,
    page::page_query,
    quoting::QuoteId,
    resource::resource,
    words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

id!(
    /// What a quote costs us.
    CostSheetId
);
words!(
    /// The life of a cost sheet (QUO-04).
    CostSheetStatus {
        Draft => "draft" "草稿" "Draft",
        Submitted => "submitted" "已提交" "Submitted",
        FinanceVerified => "finance_verified" "财务已核实" "Verified by finance",
        Locked => "locked" "已锁定" "Locked",
    }
);
words!(
    /// What a cost is made of (QUO-04).
    CostKind {
        Material => "material" "物料" "Material",
        Labor => "labor" "人力" "Labour",
        Overhead => "overhead" "管理费用" "Overhead",
        Other => "other" "其他" "Other",
    }
);
resource!(CostSheet);
page_query!(
    /// What the list of cost sheets takes.
    CostSheetQuery {
        /// Only sheets of one customer.
        #[param(value_type = Option<String>, format = Uuid)]
        account_id: AccountId,
        /// Only sheets of one opportunity.
        #[param(value_type = Option<String>, format = Uuid)]
        opportunity_id: OpportunityId,
        /// Only sheets that were made for one quote.
        #[param(value_type = Option<String>, format = Uuid)]
        quote_id: QuoteId,
    }
);

/// A cost as it is put down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCostLine {
    pub kind: CostKind,
    /// The item of a bill of materials.
    #[serde(default)]
    pub sku: Option<Code>,
    /// What it is paid for.
    pub description: Label,
    /// More than 0; of labour: hours.
    pub quantity: Quantity,
    /// Of labour `hour` if absent.
    #[serde(default)]
    pub unit: Option<Code>,
    /// Not negative; of labour: the rate of one hour.
    pub unit_cost: Amount,
}

/// A cost as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CostLine {
    /// 1, 2, 3 … within the sheet.
    pub line_number: i32,
    pub kind: CostKind,
    pub sku: Option<String>,
    /// What it is paid for.
    pub description: String,
    pub quantity: Quantity,
    pub unit: Option<String>,
    pub unit_cost: Amount,
    /// quantity × unit cost, rounded half to even to the minor unit.
    pub amount: Amount,
}

/// What a sheet comes to: the sums of its rounded lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CostTotals {
    pub material: Money,
    pub labor: Money,
    pub overhead: Money,
    pub other: Money,
    pub total: Money,
}

/// A cost sheet as it is asked for, either for an opportunity or for a quote.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"opportunity_id": "01932c5e-7b1a-7c3d-9e4f-0123456789ab", "currency": "CNY", "lines": [
    {"kind": "material", "sku": "PUMP-40", "description": "离心泵", "quantity": "12", "unit": "piece", "unit_cost": "820.00"},
    {"kind": "labor", "description": "安装调试", "quantity": "16", "unit_cost": "180.00"},
    {"kind": "overhead", "description": "管理费用分摊", "quantity": "1", "unit_cost": "600.00"}]})))]
pub struct NewCostSheet {
    #[serde(default)]
    pub opportunity_id: Option<OpportunityId>,
    #[serde(default)]
    pub quote_id: Option<QuoteId>,
    pub currency: Currency,
    #[schema(min_items = 1, max_items = 500)]
    pub lines: Vec<NewCostLine>,
    #[serde(default)]
    pub note: Option<Note>,
}

/// Changes a draft (RFC 7396): what is absent stays, `null` empties; lines are replaced as a whole.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CostSheetPatch {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 1, max_items = 500, nullable = false)]
    pub lines: Option<Vec<NewCostLine>>,
    #[serde(default, skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<Note>)]
    pub note: Patched<Note>,
}

/// A cost sheet as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CostSheet {
    pub id: CostSheetId,
    pub number: String,
    pub status: CostSheetStatus,
    pub case_id: CaseId,
    pub account_id: AccountId,
    pub opportunity_id: Option<OpportunityId>,
    pub quote_id: Option<QuoteId>,
    pub lines: Vec<CostLine>,
    pub totals: CostTotals,
    pub note: Option<String>,
    /// Why finance returned it.
    pub reason: Option<String>,
    /// Who of finance verified it: nobody who had a hand in making it.
    pub verified_by: Option<String>,
    pub owner_id: Option<String>,
    pub created_at: Moment,
    pub submitted_at: Option<Moment>,
    pub verified_at: Option<Moment>,
    pub locked_at: Option<Moment>,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

/// Finance stands by these costs: quotes that name the sheet may be submitted (QUO-04).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CostSheetLocked {
    pub cost_sheet_id: CostSheetId,
    pub number: String,
    pub account_id: AccountId,
    pub opportunity_id: Option<OpportunityId>,
    pub quote_id: Option<QuoteId>,
    pub totals: CostTotals,
    pub locked_at: Moment,
}
event!(CostSheetLocked = "quoting.cost_sheet.locked.v1");
