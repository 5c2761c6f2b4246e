//! Rate cards: what an hour of somebody's work costs the customer (QUO-11).
use crate::{Action, Amount, Currency, Day, Moment, Name, id::id, resource::resource, words::words};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

id!(
    /// A rate card.
    RateCardId
);
words!(
    /// The life of a rate card: never edited, a later one takes its place.
    RateCardStatus {
        Active => "active" "有效" "Active",
        Retired => "retired" "已停用" "Retired",
    }
);
resource!(RateCard);

/// A rate card as it is made.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"role": "高级工程师", "hourly_rate": "380.00", "currency": "CNY", "first_day": "2026-01-01", "last_day": "2026-12-31"})))]
pub struct NewRateCard {
    /// Whose hours.
    pub role: Name,
    /// Net, for one hour; not negative.
    pub hourly_rate: Amount,
    pub currency: Currency,
    /// First day on which it holds, Asia/Shanghai.
    pub first_day: Day,
    /// Last day; until further notice if absent.
    #[serde(default)]
    pub last_day: Option<Day>,
}

/// A rate card as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RateCard {
    pub id: RateCardId,
    /// Whose hours.
    pub role: String,
    pub hourly_rate: Amount,
    pub currency: Currency,
    pub first_day: Day,
    pub last_day: Option<Day>,
    pub status: RateCardStatus,
    /// Why it was retired.
    pub reason: Option<String>,
    pub created_by: String,
    pub created_at: Moment,
    pub retired_at: Option<Moment>,
    pub version: i32,
    pub available_actions: Vec<Action>,
}
