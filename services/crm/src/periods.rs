//! Periods of plans, targets and figures as instants: days in China. What a period is, `wire::kpi` says. Pure.
use jiff::{ToSpan, civil::Date, tz::TimeZone};
use platform::{ApiError, Result, calendar::Calendar};
use wire::{Day, Moment, kpi::Period};

/// The first instant of a period, and the first one after it.
#[must_use]
pub fn moments(period: Period) -> (Moment, Moment) {
    moments_of(period.first(), period.last())
}

/// From the first instant of a day to the first one after another.
#[must_use]
pub fn moments_of(from: Day, to: Day) -> (Moment, Moment) {
    (midnight(from.0), midnight(to.0.saturating_add(1.day())))
}

/// The quarter in which a day lies.
pub fn quarter_of(day: Day) -> Result<Period> {
    let quarter = (day.0.month() + 2) / 3;
    format!("{}-Q{quarter}", day.0.year()).parse().map_err(ApiError::internal)
}

/// China has had no clock change for decades: every day has its midnight.
fn midnight(day: Date) -> Moment {
    let zone = Calendar::china().zone().clone();
    let at = day.to_zoned(zone).or_else(|_| day.to_zoned(TimeZone::UTC));
    Moment::new(at.map_or(jiff::Timestamp::MAX, |at| at.timestamp()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crm_34_a_period_begins_at_midnight_in_china() {
        let (from, until) = moments("2026-03".parse().unwrap());
        assert_eq!(
            (from.to_string(), until.to_string()),
            ("2026-02-28T16:00:00Z".into(), "2026-03-31T16:00:00Z".into())
        );
    }

    #[test]
    fn crm_53_a_day_lies_in_a_quarter() {
        for (day, quarter) in
            [("2026-01-01", "2026-Q1"), ("2026-03-31", "2026-Q1"), ("2026-04-01", "2026-Q2"), ("2026-12-31", "2026-Q4")]
        {
            assert_eq!(quarter_of(day.parse().unwrap()).unwrap().to_string(), quarter, "{day}");
        }
    }
}
