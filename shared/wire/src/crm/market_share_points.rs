//! Points of market share: our part of a market in a period (CRM-52).
use crate::{Label, Moment, Name, Rate, event::event, id::id, kpi::Period, resource::resource};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

id!(
    /// Our share of a market in a period.
    MarketSharePointId
);
resource!(MarketSharePoint);

/// A point as it is recorded; a market has one a period.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"market": "华东水务泵", "period": "2026-Q3", "share": "0.123", "source": "行业协会季报"})))]
pub struct NewMarketSharePoint {
    /// Which market, in words; one point a market and period.
    pub market: Name,
    /// A year, quarter or month: `2026`, `2026-Q3`, `2026-03`.
    pub period: Period,
    /// Ours of the whole, 0 to 1.
    pub share: Rate,
    /// Where it is known from.
    pub source: Label,
}

/// Corrects a point; the audit log keeps what stood there.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MarketSharePointPatch {
    pub share: Rate,
    /// Where the figures are from.
    pub source: Label,
}

/// A point as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct MarketSharePoint {
    pub id: MarketSharePointId,
    /// Which market, in words; one point a market and period.
    pub market: String,
    pub period: String,
    pub share: Rate,
    /// Where the figures are from.
    pub source: String,
    pub recorded_by: String,
    pub recorded_at: Moment,
    pub version: i32,
}

/// A point was recorded or corrected (CRM-52).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct MarketShareRecorded {
    pub market_share_point_id: MarketSharePointId,
    /// Which market, in words.
    pub market: String,
    pub period: String,
    pub share: Rate,
}
event!(MarketShareRecorded = "crm.market_share.recorded.v1");
