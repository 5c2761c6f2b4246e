//! Items: what we keep in stock and buy; a product of the catalogue where the two are the same thing (ruling 9).
use super::{ItemId, SupplierId};
use crate::{Action, Code, ExternalRef, Moment, Money, Name, Patched, Quantity, resource::resource, words::words};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

words!(
    /// The life of an item.
    ItemStatus {
        Active => "active" "启用" "Active",
        Retired => "retired" "停用" "Retired",
    }
);
resource!(Item);

/// An item as it is asked for; an upsert replaces all of it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"sku": "PUMP-40", "name": "离心泵 40", "unit": "台", "product_sku": "PUMP-40",
    "purchase_price": {"amount": "820.00", "currency": "CNY"}, "reorder_level": "10"})))]
pub struct NewItem {
    /// Unique, and never changed.
    pub sku: Code,
    pub name: Name,
    /// Of every quantity: 台, kg, box.
    pub unit: Code,
    /// What orders call it, if that is not its own sku: the product of the catalogue that is sold from this stock.
    #[serde(default)]
    pub product_sku: Option<Code>,
    #[serde(default)]
    pub preferred_supplier_id: Option<SupplierId>,
    /// Net, for one unit; not negative.
    #[serde(default)]
    pub purchase_price: Option<Money>,
    /// Buy again when less than this is available; 0 if absent.
    #[serde(default)]
    pub reorder_level: Quantity,
    #[serde(default)]
    #[schema(max_items = 20)]
    pub external_refs: Vec<ExternalRef>,
}

/// Changes an item (RFC 7396): what is absent stays, `null` empties.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ItemPatch {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub name: Option<Name>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub unit: Option<Code>,
    /// What orders call it, if that is not its own sku: the product of the catalogue that is sold from this stock.
    #[serde(default, skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<Code>)]
    pub product_sku: Patched<Code>,
    #[serde(default, skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<SupplierId>)]
    pub preferred_supplier_id: Patched<SupplierId>,
    #[serde(default, skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<Money>)]
    pub purchase_price: Patched<Money>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reorder_level: Option<Quantity>,
}

/// An item as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Item {
    pub id: ItemId,
    pub sku: String,
    pub name: String,
    pub unit: String,
    pub status: ItemStatus,
    /// What orders call it, if that is not its own sku: the product of the catalogue that is sold from this stock.
    pub product_sku: Option<String>,
    pub preferred_supplier_id: Option<SupplierId>,
    pub purchase_price: Option<Money>,
    pub reorder_level: Quantity,
    pub external_refs: Vec<ExternalRef>,
    pub created_at: Moment,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

/// Which items.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ItemQuery {
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
    /// Only what is preferably bought from this supplier.
    #[param(value_type = Option<String>, format = Uuid)]
    pub supplier_id: Option<Uuid>,
}
