//! What suppliers ask for items, how soon they deliver, and in which quantities (PRO-10, 17).
use super::{ItemId, SupplierId};
use crate::{
    Action, Code, Day, ExternalRef, Moment, Money, Patched, Quantity, id::id, resource::resource, words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

id!(
    /// A supplier's price for an item.
    SupplierPriceId
);
words!(
    /// The life of a supplier's price.
    SupplierPriceStatus {
        Active => "active" "启用" "Active",
        Retired => "retired" "停用" "Retired",
    }
);
resource!(SupplierPrice);

/// A price as it is stated; an upsert replaces all of it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"supplier_id": "01932c5e-7b1a-7c3d-9e4f-0123456789ab", "sku": "PUMP-40",
    "price": {"amount": "815.00", "currency": "CNY"}, "unit": "台", "lead_time_days": 17, "min_order_quantity": "5", "max_order_quantity": "200"})))]
pub struct NewSupplierPrice {
    /// Never changed.
    pub supplier_id: SupplierId,
    /// An item's; never changed.
    pub sku: Code,
    /// Net, for one `unit`; not negative.
    pub price: Money,
    /// In which the supplier counts: 台, carton, dozen.
    pub unit: Code,
    /// Calendar days from order to delivery.
    #[schema(minimum = 0, maximum = 3650)]
    pub lead_time_days: u16,
    /// The least that can be ordered at once; 0 if absent.
    #[serde(default)]
    pub min_order_quantity: Quantity,
    /// The most, not less than the least.
    #[serde(default)]
    pub max_order_quantity: Option<Quantity>,
    /// What one unit came to when it was last received, in the currency of the price.
    #[serde(default)]
    pub last_cost: Option<Money>,
    #[serde(default)]
    pub last_received_on: Option<Day>,
    #[serde(default)]
    #[schema(max_items = 20)]
    pub external_refs: Vec<ExternalRef>,
}

/// Changes a price (RFC 7396): what is absent stays, `null` empties.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SupplierPricePatch {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub price: Option<Money>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 3650, nullable = false)]
    pub lead_time_days: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub min_order_quantity: Option<Quantity>,
    #[serde(default, skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<Quantity>)]
    pub max_order_quantity: Patched<Quantity>,
}

/// A price as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SupplierPrice {
    pub id: SupplierPriceId,
    pub status: SupplierPriceStatus,
    pub supplier_id: SupplierId,
    pub item_id: ItemId,
    pub sku: String,
    pub price: Money,
    pub unit: String,
    pub lead_time_days: i32,
    pub min_order_quantity: Quantity,
    pub max_order_quantity: Option<Quantity>,
    pub last_cost: Option<Money>,
    pub last_received_on: Option<Day>,
    pub external_refs: Vec<ExternalRef>,
    pub created_at: Moment,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

/// Which prices.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct SupplierPriceQuery {
    /// Rows a page, 1 to 200; 50 if not said.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `next` of the page before.
    #[param(value_type = Option<String>, format = Uuid)]
    pub after: Option<Uuid>,
    /// Only rows in this state.
    #[param(max_length = 64)]
    pub status: Option<String>,
    /// Exactly this sku.
    #[param(max_length = 64)]
    pub sku: Option<String>,
    /// Only rows of one supplier.
    #[param(value_type = Option<String>, format = Uuid)]
    pub supplier_id: Option<Uuid>,
}
