//! Market prices: what others ask for the same (QUO-05).
use crate::{Action, Code, Day, Label, Moment, Money, Name, id::id, resource::resource, words::words};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

id!(
    /// What somebody asked for a product on a day.
    MarketPriceId
);
words!(
    /// Where the price comes from.
    MarketPriceKind {
        Competitor => "competitor" "竞争对手" "A competitor's",
        Market => "market" "市场行情" "The market's",
    }
);
words!(
    /// The life of a market price.
    MarketPriceStatus {
        Recorded => "recorded" "已记录" "Recorded",
        Withdrawn => "withdrawn" "已撤销" "Withdrawn",
    }
);
resource!(MarketPrice);

/// A market price as it is recorded.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"sku": "PUMP-40", "kind": "competitor", "source": "南方泵业官网", "unit_price": {"amount": "1180.00", "currency": "CNY"}, "day": "2026-03-02"})))]
pub struct NewMarketPrice {
    /// Ours that it is compared with.
    pub sku: Code,
    pub kind: MarketPriceKind,
    /// Who asked it, or who published it: of each the newest one counts.
    pub source: Name,
    /// Net, for one unit; more than 0.
    pub unit_price: Money,
    /// The day on which it was seen, not in the future, Asia/Shanghai.
    pub day: Day,
    #[serde(default)]
    pub note: Option<Label>,
}

/// A market price as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct MarketPrice {
    pub id: MarketPriceId,
    pub sku: String,
    pub kind: MarketPriceKind,
    /// Who asked it, or who published it.
    pub source: String,
    pub unit_price: Money,
    pub day: Day,
    pub status: MarketPriceStatus,
    pub note: Option<String>,
    /// Why it was withdrawn.
    pub reason: Option<String>,
    pub recorded_by: String,
    pub created_at: Moment,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

/// What the list of market prices takes.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct MarketPriceQuery {
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
}
