//! Periods, subjects and figures at their bounds.
use super::*;

fn period(text: &str) -> Period {
    text.parse().unwrap()
}

#[test]
fn a_period_is_a_year_a_quarter_or_a_month() {
    for (text, first, last, before, days) in [
        ("2026", "2026-01-01", "2026-12-31", "2025", 365),
        ("2024", "2024-01-01", "2024-12-31", "2023", 366),
        ("2026-Q1", "2026-01-01", "2026-03-31", "2025-Q4", 90),
        ("2026-Q4", "2026-10-01", "2026-12-31", "2026-Q3", 92),
        ("2024-02", "2024-02-01", "2024-02-29", "2024-01", 29),
        ("2026-01", "2026-01-01", "2026-01-31", "2025-12", 31),
        ("2026-12", "2026-12-01", "2026-12-31", "2026-11", 31),
    ] {
        let parsed = period(text);
        assert_eq!(
            (parsed.to_string(), parsed.before().to_string(), parsed.days()),
            (text.into(), before.into(), days)
        );
        assert_eq!((parsed.first().to_string(), parsed.last().to_string()), (first.into(), last.into()), "{text}");
        assert_eq!(serde_json::to_string(&parsed).unwrap(), format!("\"{text}\""));
    }
    for text in [
        "",
        "26",
        "1899",
        "3000",
        "2026-",
        "2026-Q0",
        "2026-Q5",
        "2026-00",
        "2026-13",
        "2026-3",
        "2026-Q",
        "2026-03-01",
        "+202",
        "2026-q1",
        "２０２６",
    ] {
        assert!(text.parse::<Period>().is_err(), "{text}");
    }
    let march = Period::month_of("2026-03-31".parse().unwrap());
    assert_eq!(march, period("2026-03"));
    assert!(march.holds("2026-03-01".parse().unwrap()) && !march.holds("2026-04-01".parse().unwrap()));
}

#[test]
fn a_subject_is_somebody_a_team_or_a_department() {
    for text in ["user:ann", "team:east", "department:sales", "user:a:b"] {
        assert_eq!(text.parse::<KpiSubject>().unwrap().to_string(), text);
    }
    for text in ["", "ann", "user:", "user: ", "company:all", "User:ann"] {
        assert!(text.parse::<KpiSubject>().is_err(), "{text}");
    }
}

#[test]
fn a_figure_is_its_parts_divided_and_names_its_records() {
    let figure = |numerator: &str, denominator: &str| {
        let subject = Some(KpiSubject::User("李 雷&".into()));
        let query = KpiQuery { subject, period: period("2026-Q3"), currency: None };
        let counted = KpiCount {
            unit: KpiUnit::Share,
            numerator: numerator.parse().unwrap(),
            denominator: denominator.parse().unwrap(),
            records: 3,
            left_out: 0,
            as_of: Moment::new("2026-10-01T00:00:00Z".parse().unwrap()),
            definition_version: 1,
        };
        query.answer("/api/crm/v1", "win_rate", counted)
    };
    let value = |numerator, denominator| figure(numerator, denominator).value.map(|value| value.to_string());
    assert_eq!(value("2", "3").as_deref(), Some("0.6667"));
    assert_eq!(value("1", "20000").as_deref(), Some("0"), "0.00005 is half: to the even 0");
    assert_eq!(value("3", "20000").as_deref(), Some("0.0002"), "0.00015 is half: to the even 0.0002");
    assert_eq!(value("1", "0"), None);
    let link = "/api/crm/v1/kpis/win_rate/records?period=2026-Q3&subject=user:%E6%9D%8E%20%E9%9B%B7%26";
    assert_eq!(figure("1", "1").drilldown, link);
}
