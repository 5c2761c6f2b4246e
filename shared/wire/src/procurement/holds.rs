//! Holds: goods set aside for an order until they are shipped or the order is cancelled (ruling 9, PRO-39).
use super::{HoldId, StockId};
use crate::{Action, CaseId, Moment, Quantity, orders::OrderId, page::page_query, resource::resource, words::words};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

words!(
    /// The life of a hold.
    HoldStatus {
        Short => "short" "缺货" "Something is short",
        Held => "held" "已占用" "All is held",
        Shipped => "shipped" "已发货" "Shipped",
        Released => "released" "已释放" "Set free",
    }
);
resource!(StockHold);

/// Goods set aside for one order.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct StockHold {
    pub id: HoldId,
    pub number: String,
    pub status: HoldStatus,
    pub case_id: Option<CaseId>,
    pub order_id: OrderId,
    pub order_number: String,
    pub lines: Vec<StockHoldLine>,
    pub owner_id: Option<String>,
    pub created_at: Moment,
    pub closed_at: Option<Moment>,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

/// One line of the order.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct StockHoldLine {
    #[schema(value_type = String, format = Uuid)]
    pub line_id: Uuid,
    pub sku: String,
    pub requested: Quantity,
    /// Set aside now.
    pub held: Quantity,
    /// Shipped already.
    pub issued: Quantity,
    /// `requested − held − issued`.
    pub short: Quantity,
    pub places: Vec<StockHoldPlace>,
}

/// Where it lies.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct StockHoldPlace {
    pub stock_id: StockId,
    pub held: Quantity,
    pub issued: Quantity,
}

page_query!(
    /// Which holds.
    HoldQuery {
        /// Only rows of one order.
        #[param(value_type = Option<String>, format = Uuid)]
        order_id: Uuid,
    }
);
