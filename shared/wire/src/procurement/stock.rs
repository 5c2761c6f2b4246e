//! Stock: what lies where, how much of it is promised, and the ledger of every movement (PRO-39).
use super::{GoodsReceiptId, ItemId, StockId};
use crate::{Action, Code, ExternalRef, Label, Moment, Quantity, resource::resource, words::words};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

words!(
    /// Can anything be taken from it?
    StockStatus {
        Available => "available" "有货" "Available",
        Exhausted => "exhausted" "无可用库存" "Nothing available",
    }
);
words!(
    /// Why goods moved (ruling 11).
    StockEntryKind {
        Opening => "opening" "期初" "Opening balance",
        Receipt => "receipt" "入库" "Receipt",
        Issue => "issue" "出库" "Issue",
        Return => "return" "退货" "Return",
        Adjust => "adjust" "盘点调整" "Stock-taking",
    }
);
resource!(Stock);

/// What lies of one item in one place.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Stock {
    pub id: StockId,
    pub item_id: ItemId,
    pub sku: String,
    /// The bin or warehouse.
    pub location: String,
    pub status: StockStatus,
    pub on_hand: Quantity,
    /// Set aside for orders; never more than is on hand.
    pub held: Quantity,
    /// On hand and not set aside.
    pub available: Quantity,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

/// One movement. Entries are never changed and never deleted; their sum is what is on hand.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct StockEntry {
    #[schema(value_type = String, format = Uuid)]
    pub id: Uuid,
    pub stock_id: StockId,
    pub kind: StockEntryKind,
    /// More or, with a minus, less.
    #[schema(value_type = String, pattern = r"^-?[0-9]+(\.[0-9]{1,4})?$", examples("-12"))]
    pub change: Decimal,
    pub on_hand_after: Quantity,
    /// Why, of what a count found.
    pub reason: Option<String>,
    /// The order that the goods are for.
    #[schema(value_type = Option<String>, format = Uuid)]
    pub order_id: Option<Uuid>,
    /// The shipment that took them out, or brought them back.
    #[schema(value_type = Option<String>, format = Uuid)]
    pub shipment_id: Option<Uuid>,
    /// Of a receipt: the delivery, and the line of the purchase order that it counts for.
    #[serde(default)]
    pub goods_receipt_id: Option<GoodsReceiptId>,
    /// Of a receipt: the line of the purchase order that it counts for.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Uuid)]
    pub purchase_order_line_id: Option<Uuid>,
    pub at: Moment,
    /// Who did it: `user:ann`; `event:…` or `job:…` where the system did.
    pub actor: String,
}

/// Which stock.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct StockQuery {
    /// Rows a page, 1 to 200; 50 if not said.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `next` of the page before.
    #[param(value_type = Option<String>, format = Uuid)]
    pub after: Option<Uuid>,
    /// Exactly this sku.
    #[param(max_length = 64)]
    pub sku: Option<String>,
    /// Only in this place.
    #[param(max_length = 64)]
    pub location: Option<String>,
}

/// Opening balances, once per `reference`: a repeat with the same entries changes nothing and answers the same stock.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"reference": {"system": "northwind", "id": "opening-1998"},
    "entries": [{"sku": "PUMP-40", "quantity": "60"}, {"sku": "SEAL-8", "quantity": "500", "location": "B-02"}]})))]
pub struct OpenStock {
    /// What this list is called where it comes from.
    pub reference: ExternalRef,
    #[schema(min_items = 1, max_items = 500)]
    pub entries: Vec<OpeningEntry>,
}

/// What lies of one item in one place when the books begin.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpeningEntry {
    pub sku: Code,
    /// `MAIN` if absent.
    #[serde(default)]
    pub location: Option<Code>,
    /// May be 0.
    pub quantity: Quantity,
}

/// The stock that a list opened.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct StockOpened {
    pub reference: ExternalRef,
    /// In the order of sku and location.
    pub stock: Vec<Stock>,
}
impl crate::Shown for StockOpened {}

/// What a count found.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"counted": "58", "reason": "两件破损 / two broken"})))]
pub struct AdjustStock {
    /// What lies there; not less than what is held.
    pub counted: Quantity,
    pub reason: Label,
}

/// Which item, by the sku that orders use: the product's, or the item's own where it is linked to no product.
#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct AvailabilityQuery {
    /// As orders name it.
    #[param(max_length = 64)]
    pub sku: String,
}

/// One product or item over all its places. What nothing is called is not available.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Availability {
    pub sku: String,
    /// Absent if there is no such item.
    pub item_id: Option<ItemId>,
    pub unit: Option<String>,
    pub on_hand: Quantity,
    pub held: Quantity,
    pub available: Quantity,
}
impl crate::Shown for Availability {}
