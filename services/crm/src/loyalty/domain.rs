//! The rules of loyalty (CRM-53). Pure: no async, no clock, no SQL.
use crate::schema::loyalty_snapshots;
use diesel::prelude::*;
use platform::{Change, Entity};
use rust_decimal::{Decimal, RoundingStrategy};
use serde::Serialize;
use uuid::Uuid;
use wire::{
    CaseId, Moment, Ownership, Rate, Score,
    crm::{LoyaltySnapshotId, LoyaltySnapshotTaken},
    kpi::Period,
};

/// Days of the orders and surveys that count.
pub const WINDOW_DAYS: i64 = 365;
/// Days after which a customer is as loyal as tenure can make them.
const FULL_TENURE_DAYS: i64 = 3 * 365;
/// What the index is made of; together 100.
const REPURCHASE: i64 = 40;
const TENURE: i64 = 20;
const SURVEY: i64 = 40;

/// What is known of a customer.
#[derive(Debug, Clone, Copy)]
pub struct Dealings {
    /// Confirmed in the window.
    pub orders: i64,
    /// The first one ever.
    pub first_at: Option<Moment>,
    /// 1 to 5.
    pub survey_mean: Option<Decimal>,
}

/// What follows from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
    pub repurchase_rate: Option<Rate>,
    pub tenure_days: i64,
    pub index: Option<Score>,
}

impl Dealings {
    /// The figures at a moment.
    pub fn figures(self, at: Moment) -> Figures {
        let seconds = |from: Moment| at.timestamp().as_second() - from.timestamp().as_second();
        let tenure_days = self.first_at.map_or(0, |from| (seconds(from) / 86_400).max(0));
        let again = Decimal::from(self.orders - 1).checked_div(Decimal::from(self.orders));
        let again = again.filter(|_| self.orders > 0);
        let index = again.map(|again| {
            let tenure = Decimal::from(tenure_days.min(FULL_TENURE_DAYS)) / Decimal::from(FULL_TENURE_DAYS);
            let mut parts = vec![(again, REPURCHASE), (tenure, TENURE)];
            // 1 is the worst mark and counts nothing.
            parts.extend(self.survey_mean.map(|mean| ((mean - Decimal::ONE) / Decimal::from(4), SURVEY)));
            let whole: i64 = parts.iter().map(|(_, weight)| weight).sum();
            let points: Decimal = parts.iter().map(|(part, weight)| part * Decimal::from(*weight)).sum();
            Score::new(rounded(points * Decimal::ONE_HUNDRED / Decimal::from(whole), 2))
        });
        Figures { repurchase_rate: again.map(|again| Rate::new(rounded(again, 4))), tenure_days, index }
    }
}

fn rounded(value: Decimal, digits: u32) -> Decimal {
    value.round_dp_with_strategy(digits, RoundingStrategy::MidpointNearestEven)
}

/// A quarter's picture: the head of its rows. `after_id` is the last customer that was looked at, `None` when all were.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = loyalty_snapshots, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct LoyaltySnapshot {
    pub id: LoyaltySnapshotId,
    pub quarter: String,
    pub begun_at: Moment,
    pub after_id: Option<Uuid>,
    pub accounts: i64,
    pub version: i32,
}

/// By hand, because a picture has no life but being finished.
impl Entity for LoyaltySnapshot {
    const KIND: &'static str = "loyalty_snapshot";
    type Id = LoyaltySnapshotId;
    fn id(&self) -> LoyaltySnapshotId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
    fn status(&self) -> &'static str {
        if self.after_id.is_some() { "under_way" } else { "complete" }
    }
    fn case_id(&self) -> Option<CaseId> {
        None
    }
    fn ownership(&self) -> Option<Ownership> {
        None
    }
}

impl LoyaltySnapshot {
    /// A picture of a quarter that has ended begins.
    pub fn begin(id: LoyaltySnapshotId, quarter: Period, at: Moment) -> Change<Self> {
        let quarter = quarter.to_string();
        Change::new("begin", Self { id, quarter, begun_at: at, after_id: Some(Uuid::nil()), accounts: 0, version: 1 })
    }
    /// So many more customers are in it; `last` is where to go on, `None` when all were looked at.
    pub fn go_on(self, last: Option<Uuid>, more: i64) -> Change<Self> {
        let next = Self { after_id: last, accounts: self.accounts + more, version: self.version + 1, ..self };
        if last.is_some() {
            return Change::new("go_on", next);
        }
        let event = LoyaltySnapshotTaken {
            loyalty_snapshot_id: next.id,
            quarter: next.quarter.clone(),
            accounts: next.accounts,
        };
        Change::new("complete", next).emit(&event)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(orders: i64, first: Option<&str>, mean: Option<&str>) -> Figures {
        let first_at = first.map(|text| Moment::new(text.parse().unwrap()));
        let survey_mean = mean.map(|text| text.parse().unwrap());
        Dealings { orders, first_at, survey_mean }.figures(Moment::new("2026-03-02T00:00:00Z".parse().unwrap()))
    }
    fn index(orders: i64, first: Option<&str>, mean: Option<&str>) -> Option<String> {
        figures(orders, first, mean).index.map(|index| index.to_string())
    }

    #[test]
    fn crm_53_who_comes_back_is_loyal() {
        let today = Some("2026-03-02T00:00:00Z");
        assert_eq!(index(0, None, Some("5")), None, "without orders there is nothing to say");
        assert_eq!(index(1, today, None).as_deref(), Some("0.00"));
        assert_eq!(index(2, today, None).as_deref(), Some("33.33"), "half of 40 in 60");
        assert_eq!(index(2, today, Some("5")).as_deref(), Some("60.00"));
        assert_eq!(index(2, today, Some("1")).as_deref(), Some("20.00"), "the worst mark counts nothing, but counts");
        assert_eq!(figures(4, today, None).repurchase_rate.map(|rate| rate.to_string()).as_deref(), Some("0.75"));
    }

    #[test]
    fn crm_53_tenure_is_full_after_three_years() {
        let tenure = |first| figures(1, Some(first), None);
        assert_eq!(tenure("2026-03-01T00:00:01Z").tenure_days, 0);
        assert_eq!(tenure("2026-03-01T00:00:00Z").tenure_days, 1);
        let points = |first| tenure(first).index.unwrap().to_string();
        assert_eq!(points("2023-03-04T00:00:00Z"), "33.30", "1094 days");
        assert_eq!(points("2023-03-03T00:00:00Z"), "33.33", "1095 days");
        assert_eq!(points("2023-03-02T00:00:00Z"), "33.33", "1096 days");
    }

    #[test]
    fn crm_53_a_picture_tells_once_when_it_is_complete() {
        let at = Moment::new("2026-04-01T00:00:00Z".parse().unwrap());
        let begun = LoyaltySnapshot::begin(LoyaltySnapshotId(Uuid::nil()), "2026-Q1".parse().unwrap(), at);
        let more = begun.after().clone().go_on(Some(Uuid::max()), 200);
        assert_eq!((begun.event_types().len(), more.event_types().len(), more.after().status()), (0, 0, "under_way"));
        let done = more.after().clone().go_on(None, 3);
        assert_eq!(
            (done.event_types(), done.after().accounts, done.after().status()),
            (vec!["crm.loyalty.snapshot.v1"], 203, "complete")
        );
    }
}
