//! What items are put together from (ORD-15, QUO-04 物料清单).
use super::ItemId;
use crate::{Action, Code, Day, ExternalRef, Moment, Quantity, id::id, resource::resource, words::words};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

id!(
    /// A bill of material.
    BillOfMaterialId
);
words!(
    /// The life of a bill of material.
    BillOfMaterialStatus {
        Active => "active" "启用" "Active",
        Retired => "retired" "停用" "Retired",
    }
);
resource!(BillOfMaterial);

/// A bill as it is stated; an upsert replaces all of it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"sku": "PANEL-6", "lines": [{"sku": "BREAKER-10", "quantity": "6", "unit": "只", "effective_from": "2026-01-01"}]})))]
pub struct NewBillOfMaterial {
    /// The assembly, an item's; never changed.
    pub sku: Code,
    #[schema(max_items = 500)]
    pub lines: Vec<NewBillLine>,
    /// The times in which the assembly is sold as it is, and not only built into others.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub sold: Vec<SalePeriod>,
    #[serde(default)]
    #[schema(max_items = 20)]
    pub external_refs: Vec<ExternalRef>,
}

/// A component.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewBillLine {
    /// An item's: not the assembly's, nor one's that is itself put together from it.
    pub sku: Code,
    /// For one assembly; more than 0.
    pub quantity: Quantity,
    /// Of the quantity.
    pub unit: Code,
    /// The first day in Asia/Shanghai on which it is built in.
    pub effective_from: Day,
    /// The last one.
    #[serde(default)]
    pub effective_until: Option<Day>,
}

/// A time in which something is sold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SalePeriod {
    pub from: Day,
    /// The last day; without it, until further notice.
    #[serde(default)]
    pub until: Option<Day>,
}

/// A bill as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct BillOfMaterial {
    pub id: BillOfMaterialId,
    pub status: BillOfMaterialStatus,
    pub item_id: ItemId,
    pub sku: String,
    pub lines: Vec<BillLine>,
    pub sold: Vec<SalePeriod>,
    pub external_refs: Vec<ExternalRef>,
    pub created_at: Moment,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

/// A component as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct BillLine {
    /// 1, 2, 3 … within its bill.
    pub line_number: i32,
    pub item_id: ItemId,
    pub sku: String,
    pub quantity: Quantity,
    pub unit: String,
    pub effective_from: Day,
    pub effective_until: Option<Day>,
}

/// Which bills.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct BillOfMaterialQuery {
    /// Rows a page, 1 to 200; 50 if not said.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `next` of the page before.
    #[param(value_type = Option<String>, format = Uuid)]
    pub after: Option<Uuid>,
    /// Only rows in this state.
    #[param(max_length = 64)]
    pub status: Option<String>,
    /// The assembly's.
    #[param(max_length = 64)]
    pub sku: Option<String>,
    /// Only bills in which this item is a component.
    #[param(max_length = 64)]
    pub component: Option<String>,
}
