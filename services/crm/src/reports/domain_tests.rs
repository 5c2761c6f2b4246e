//! The figures of the pipeline at their bounds.
use super::*;
use uuid::Uuid;

fn day(text: &str) -> Day {
    text.parse().unwrap()
}
fn part(probability: Option<&str>, amount: &str) -> ForecastPart {
    let probability = probability.map(|text| text.parse().unwrap());
    ForecastPart {
        month: "2026-03".into(),
        currency: Currency::CNY,
        probability,
        count: 1,
        amount: amount.parse().unwrap(),
    }
}

#[test]
fn crm_39_today_is_live_yesterday_is_a_picture_tomorrow_is_refused() {
    let today = day("2026-03-02");
    assert_eq!(day_asked(None, today), Ok(None));
    assert_eq!(day_asked(Some(day("2026-03-01")), today), Ok(Some(day("2026-03-01"))));
    assert_eq!(day_asked(Some(today), today), Ok(None));
    assert_eq!(day_asked(Some(day("2026-03-03")), today), Err(ReportRule::Future));
}

#[test]
fn crm_39_a_report_covers_one_day_to_366() {
    let from = day("2026-01-01");
    assert_eq!(check_range(from, day("2025-12-31")), Err(ReportRule::Backwards));
    assert_eq!(check_range(from, from), Ok(()));
    assert_eq!(check_range(from, day("2026-12-31")), Ok(()), "365 days");
    assert_eq!(check_range(from, day("2027-01-01")), Ok(()), "366 days");
    assert_eq!(check_range(from, day("2027-01-02")), Err(ReportRule::TooLong));
}

#[test]
fn crm_39_committed_begins_at_70_percent() {
    let committed = |probability| by_month(vec![part(Some(probability), "100")])[0].committed.amount.to_string();
    assert_eq!(committed("0.6999"), "0.00");
    assert_eq!(committed("0.7"), "100.00");
    assert_eq!(committed("0.7001"), "100.00");
}

#[test]
fn crm_39_a_month_adds_up() {
    let months = by_month(vec![part(Some("0.7"), "100"), part(Some("0.2"), "50.55"), part(None, "30")]);
    let [month] = &months[..] else { panic!("{months:?}") };
    let text = |money: Money| money.amount.to_string();
    assert_eq!((month.open_count, text(month.won), text(month.committed)), (2, "30.00".into(), "100.00".into()));
    assert_eq!((text(month.best_case), text(month.weighted)), ("150.55".into(), "80.11".into()));
}

#[test]
fn crm_39_a_stage_counts_those_without_an_amount_and_keeps_currencies_apart() {
    let pipeline_id = PipelineId(Uuid::nil());
    let part = |currency: Option<&str>, count, amount: i64| StagePart {
        pipeline_id,
        stage: "screen".into(),
        currency: currency.map(|code| code.parse().unwrap()),
        count,
        amount: Decimal::from(amount),
        weighted: Decimal::from(amount) / Decimal::TEN,
    };
    let sums = by_stage(vec![part(None, 2, 0), part(Some("CNY"), 3, 100), part(Some("USD"), 1, 7)]);
    assert_eq!((sums.len(), sums[0].count, sums[0].amounts.len()), (1, 6, 2));
    assert_eq!(sums[0].amounts[1].weighted.to_string(), "0.70 USD");
}

#[test]
fn crm_39_shares_and_days() {
    assert_eq!(share(1, 3).map(|rate| rate.to_string()).as_deref(), Some("0.3333"));
    assert_eq!(share(0, 0), None);
    assert_eq!(days(Decimal::from(129_600)).to_string(), "1.5");
}
