//! Periods of plans, targets and figures as instants: days of the company's calendar. What a period is, `wire::kpi` says. Pure.
use jiff::SignedDuration;
use platform::{ApiError, Result, calendar::Calendar};
use uuid::{Builder, Uuid};
use wire::{Day, Moment, kpi::Period};

/// The first instant of a period, and the first one after it.
#[must_use]
pub fn moments(period: Period) -> (Moment, Moment) {
    moments_of(period.first(), period.last())
}

/// From the first instant of a day to the first one after another.
#[must_use]
pub fn moments_of(from: Day, to: Day) -> (Moment, Moment) {
    Calendar::china().moments(from, to)
}

/// By how much the time in an id may differ from the moment at which its row says that it was made: a transaction's length, amply.
pub const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// The least id that is minted `later` than a moment: ids begin with their time (`UUIDv7`), so that a table is read by its order for
/// days, too.
#[must_use]
pub fn first_id(at: Moment, later: SignedDuration) -> Uuid {
    let at = at.timestamp().checked_add(later).unwrap_or(at.timestamp());
    let milliseconds = u64::try_from(at.as_millisecond()).unwrap_or(0);
    Builder::from_unix_timestamp_millis(milliseconds, &[0; 10]).into_uuid()
}

/// The name of the zone in which these days begin, for what Postgres is asked.
#[must_use]
pub fn zone() -> &'static str {
    Calendar::china().zone().iana_name().unwrap_or("UTC")
}

/// The quarter in which a day lies.
pub fn quarter_of(day: Day) -> Result<Period> {
    let quarter = (day.0.month() + 2) / 3;
    format!("{}-Q{quarter}", day.0.year()).parse().map_err(ApiError::internal)
}

/// The last quarter that has ended when a day ends.
pub fn last_quarter(day: Day) -> Result<Period> {
    let quarter = quarter_of(day)?;
    Ok(if quarter.last() == day { quarter } else { quarter.before() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crm_34_a_period_begins_at_midnight_in_china() {
        let bounds = |period: &str| {
            let (from, until) = moments(period.parse().unwrap());
            (from.to_string(), until.to_string())
        };
        assert_eq!(bounds("2026-03"), ("2026-02-28T16:00:00Z".into(), "2026-03-31T16:00:00Z".into()));
        assert_eq!(bounds("2026-Q3"), ("2026-06-30T16:00:00Z".into(), "2026-09-30T16:00:00Z".into()));
        assert_eq!(bounds("2026"), ("2025-12-31T16:00:00Z".into(), "2026-12-31T16:00:00Z".into()));
        assert_eq!(zone(), "Asia/Shanghai");
    }

    #[test]
    fn ids_of_a_moment_follow_those_minted_before_it() {
        let at = Moment::new("2026-03-01T16:00:00Z".parse().unwrap());
        let minted = |milliseconds: i64| {
            let at = at.timestamp() + SignedDuration::from_millis(milliseconds);
            let (seconds, nanoseconds) = (at.as_second().unsigned_abs(), at.subsec_nanosecond().unsigned_abs());
            Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, seconds, nanoseconds))
        };
        let least = first_id(at, SignedDuration::ZERO);
        assert!(minted(-1) < least && least <= minted(0) && least < minted(1));
        assert!(first_id(at, -HOUR) < minted(-1) && minted(1) < first_id(at, HOUR));
        assert_eq!(first_id("1900-01-01T00:00:00Z".parse().map(Moment::new).unwrap(), HOUR).as_bytes()[..6], [0; 6]);
    }

    #[test]
    fn crm_34_a_second_before_midnight_in_china_is_the_day_before() {
        let day = |at: &str| Calendar::china().day(Moment::new(at.parse().unwrap()));
        assert_eq!(quarter_of(day("2026-09-30T15:59:59Z")).unwrap().to_string(), "2026-Q3");
        assert_eq!(quarter_of(day("2026-09-30T16:00:00Z")).unwrap().to_string(), "2026-Q4");
    }

    #[test]
    fn crm_53_a_day_lies_in_a_quarter() {
        for (day, quarter, ended) in [
            ("2026-01-01", "2026-Q1", "2025-Q4"),
            ("2026-03-30", "2026-Q1", "2025-Q4"),
            ("2026-03-31", "2026-Q1", "2026-Q1"),
            ("2026-04-01", "2026-Q2", "2026-Q1"),
            ("2026-12-31", "2026-Q4", "2026-Q4"),
        ] {
            assert_eq!(quarter_of(day.parse().unwrap()).unwrap().to_string(), quarter, "{day}");
            assert_eq!(last_quarter(day.parse().unwrap()).unwrap().to_string(), ended, "{day}");
        }
    }
}
