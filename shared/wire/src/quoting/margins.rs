//! What a quote leaves over its locked costs (QUO-18); shown only to those who may know costs.
use super::{CostSheetId, QuoteId};
use crate::{Amount, Money, Rate, event::event, words::words};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

words!(
    /// How a margin stands to the floor.
    MarginStatus {
        Unknown => "unknown" "未知" "Unknown",
        Met => "met" "达标" "Met",
        Breached => "breached" "低于下限" "Breached",
    }
);

/// Net price against locked cost.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct QuoteMargin {
    pub quote_id: QuoteId,
    pub number: String,
    pub revision: i32,
    pub cost_sheet_id: Option<CostSheetId>,
    pub net: Money,
    /// Total of the locked cost sheet; absent where there is none in the quote's currency.
    pub cost: Option<Money>,
    pub margin: Option<Money>,
    /// Share of the net price, 4 decimals; negative at a loss.
    pub margin_rate: Option<Amount>,
    /// The least share that needs no further approver.
    pub floor: Rate,
    /// The version of the margin policy that names the floor.
    pub floor_version: i32,
    /// The version of the pricing policy that names this floor for the customer's grade; absent where it names none.
    pub pricing_policy_revision: Option<i32>,
    pub status: MarginStatus,
}
impl crate::Shown for QuoteMargin {}

/// A quote was submitted below the floor: one approver more is asked.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct QuoteMarginBreached {
    pub quote_id: QuoteId,
    pub number: String,
    pub revision: i32,
    pub net: Money,
    pub cost: Money,
    pub margin_rate: Option<Amount>,
    pub floor: Rate,
    /// The version of the margin policy that names the floor.
    pub floor_version: i32,
    /// The version of the pricing policy that names this floor for the customer's grade.
    #[serde(default)]
    pub pricing_policy_revision: Option<i32>,
}
event!(QuoteMarginBreached = "quoting.quote.margin_breached.v1");
