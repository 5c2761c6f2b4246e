//! The rules of points of market share (CRM-52). Pure: no async, no clock, no SQL.
use crate::schema::market_share_points;
use diesel::prelude::*;
use platform::{Change, Entity, Stamp};
use serde::Serialize;
use wire::{
    CaseId, Moment, Ownership, Rate,
    crm::{MarketSharePointId, MarketSharePointPatch, MarketShareRecorded, NewMarketSharePoint},
};

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = market_share_points, treat_none_as_default_value = false)]
pub struct MarketSharePoint {
    pub id: MarketSharePointId,
    pub market: String,
    pub period: String,
    pub share: Rate,
    pub source: String,
    pub recorded_by: String,
    pub recorded_at: Moment,
    pub version: i32,
}

/// By hand, because a point has no life.
impl Entity for MarketSharePoint {
    const KIND: &'static str = "market_share_point";
    type Id = MarketSharePointId;
    fn id(&self) -> MarketSharePointId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
    fn status(&self) -> &'static str {
        "recorded"
    }
    fn case_id(&self) -> Option<CaseId> {
        None
    }
    fn ownership(&self) -> Option<Ownership> {
        None
    }
}

platform::rules!(
    /// Why a point is refused.
    MarketShareRule {
        Twice => "market_share_point.twice", Conflict, "the market has a point for this period: correct that one", "该市场在此期间已有份额数据，请更正原记录", at "/period";
    }
);

impl MarketSharePoint {
    /// A new point; `known` = the market has one for the period.
    pub fn record(
        id: MarketSharePointId,
        new: NewMarketSharePoint,
        known: bool,
        by: &Stamp,
    ) -> platform::Result<Change<Self>> {
        if known {
            return Err(MarketShareRule::Twice.into());
        }
        let NewMarketSharePoint { market, period, share, source } = new;
        let point = Self {
            id,
            market: market.into_string(),
            period: period.to_string(),
            share,
            source: source.into_string(),
            recorded_by: by.actor.clone(),
            recorded_at: by.at,
            version: 1,
        };
        Ok(point.told("create"))
    }
    /// It is otherwise, by a better source.
    pub fn correct(self, patch: MarketSharePointPatch, by: &Stamp) -> Change<Self> {
        let next = Self {
            share: patch.share,
            source: patch.source.into_string(),
            recorded_by: by.actor.clone(),
            recorded_at: by.at,
            version: self.version + 1,
            ..self
        };
        next.told("update")
    }
    fn told(self, action: &'static str) -> Change<Self> {
        let (market, period) = (self.market.clone(), self.period.clone());
        let event = MarketShareRecorded { market_share_point_id: self.id, market, period, share: self.share };
        Change::new(action, self).emit(&event)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn crm_52_a_market_has_one_point_a_period_and_it_can_be_corrected() {
        let at = Moment::new("2026-03-02T01:00:00Z".parse().unwrap());
        let by = |actor: &str| Stamp { at, actor: actor.into(), ownership: Ownership::default() };
        let new = |period: &str| NewMarketSharePoint {
            market: "水泵".parse().unwrap(),
            period: period.parse().unwrap(),
            share: "0.1230".parse().unwrap(),
            source: "协会".parse().unwrap(),
        };
        let record = |period, known| {
            MarketSharePoint::record(MarketSharePointId(Uuid::nil()), new(period), known, &by("user:ann"))
        };
        assert!(record("2026-Q3", true).is_err());
        let first = record("2026-Q3", false).unwrap();
        assert_eq!(first.event_types(), ["crm.market_share.recorded.v1"]);
        let patch = MarketSharePointPatch { share: "0.1".parse().unwrap(), source: "年报".parse().unwrap() };
        let second = first.after().clone().correct(patch, &by("user:ben"));
        let after = second.after();
        assert_eq!(
            (after.version, after.share.to_string().as_str(), after.recorded_by.as_str()),
            (2, "0.1", "user:ben")
        );
        assert_eq!(second.event_types(), ["crm.market_share.recorded.v1"]);
    }
}
