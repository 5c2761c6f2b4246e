//! What the calendar must answer: the published days, the boundaries of a day, and what holds for every moment.
//! No expectation here is computed by the code under test; the published days are read from the data set itself.

use super::{Calendar, DayKind, Due, ExceptionalDay, is_weekend};
use jiff::civil::{Date, DateTime, date};
use jiff::{SignedDuration, Timestamp, ToSpan};
use std::collections::HashMap;
use std::path::PathBuf;
use wire::Day;

/// A moment written in the calendar's own zone.
fn moment(local: &str) -> Timestamp {
    let local: DateTime = local.parse().expect("a civil time");
    Calendar::china().zone().to_timestamp(local).expect("a moment that exists")
}

fn local(moment: Timestamp) -> DateTime {
    Calendar::china().zone().to_datetime(moment)
}

fn days_of(year: i16) -> impl Iterator<Item = Date> {
    date(year, 1, 1).series(1.day()).take_while(move |day| day.year() == year)
}

#[test]
fn the_years_have_their_published_number_of_working_days() {
    let china = Calendar::china();
    for (year, working_days) in [(2024, 251), (2025, 248), (2026, 248)] {
        assert_eq!(days_of(year).filter(|day| china.is_working_day(*day)).count(), working_days, "{year}");
        let (eve, last) = (date(year - 1, 12, 31), date(year, 12, 31));
        assert_eq!(china.working_days_between(eve, last), working_days, "{year}");
        let (start, end) = (moment(&format!("{year}-01-01T00:00")), moment(&format!("{year}-12-31T23:59:59")));
        let hours = i64::try_from(working_days * 8).expect("a few thousand");
        assert_eq!(china.working_time_between(start, end), SignedDuration::from_hours(hours), "{year}");
    }
}

#[test]
fn every_published_day_agrees_with_the_data_set() {
    let folder = std::env::var_os("YEWU_DATA")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"), PathBuf::from);
    let file = folder.join("china_calendar/holiday_cn.csv");
    let Ok(text) = std::fs::read_to_string(&file) else {
        eprintln!("skipped: no {}; set YEWU_DATA to the folder of the data sets", file.display());
        return;
    };
    // Columns: date, name, is_off_day, year, papers.
    let published: HashMap<Date, (bool, i16)> = text
        .lines()
        .skip(1)
        .map(|line| {
            let columns: Vec<&str> = line.split(',').collect();
            let year = columns[3].parse().expect("a year");
            (columns[0].parse().expect("a date"), (columns[2] == "1", year))
        })
        .collect();

    let china = Calendar::china();
    let (first, last) = (china.years().start().to_owned(), china.years().end().to_owned());
    assert_eq!(published.values().map(|(_, year)| *year).min(), Some(first));
    assert_eq!(published.values().map(|(_, year)| *year).max(), Some(last));
    for day in (first..=last).flat_map(days_of).chain([date(2006, 12, 30), date(2006, 12, 31)]) {
        let off = published.get(&day).map_or(is_weekend(day), |(off, _)| *off);
        assert_eq!(china.is_working_day(day), !off, "{day}");
    }
}

#[test]
fn the_seed_holds_exactly_the_years_it_claims() {
    let china = Calendar::china();
    for year in china.years() {
        assert!(china.exceptions(year).iter().any(|day| day.kind == DayKind::Work), "{year} has no make-up workday");
        assert!(china.exceptions(year).len() >= 10, "{year} has hardly any holiday");
    }
    assert!(china.exceptions.keys().all(|day| day.year() <= *china.years().end()));
}

#[test]
fn spring_festival_of_2026_is_off_and_its_weekends_are_made_up() {
    let china = Calendar::china();
    let off = |day: &Date| !china.is_working_day(*day);
    assert!(china.is_working_day(date(2026, 2, 14)), "Saturday 14 February is a make-up workday");
    assert!(date(2026, 2, 15).series(1.day()).take(9).all(|day| off(&day)), "15 to 23 February");
    assert!(china.is_working_day(date(2026, 2, 24)));
    assert!(china.is_working_day(date(2026, 2, 28)), "Saturday 28 February is a make-up workday");
    let february: Vec<ExceptionalDay> =
        china.exceptions(2026).into_iter().filter(|day| day.date.month() == 2).collect();
    let expected = [14, 16, 17, 18, 19, 20, 23, 28].map(|day| ExceptionalDay {
        date: date(2026, 2, day),
        kind: if day == 14 || day == 28 { DayKind::Work } else { DayKind::Off },
    });
    assert_eq!(february, expected);
}

#[test]
fn exceptions_and_the_week_say_the_same_as_the_days() {
    let china = Calendar::china();
    for year in 2005..=2030 {
        let exceptions = china.exceptions(year);
        assert!(exceptions.is_sorted_by(|left, right| left.date < right.date));
        for day in days_of(year) {
            let kind = exceptions.iter().find(|exception| exception.date == day).map(|exception| exception.kind);
            let works = kind.map_or(!is_weekend(day), |kind| kind == DayKind::Work);
            assert_eq!(china.is_working_day(day), works, "{day}");
        }
    }
    let new_year = ExceptionalDay { date: date(2027, 1, 1), kind: DayKind::Off };
    assert_eq!(china.exceptions(2027), [new_year], "all that is known of a year to come");
}

#[test]
fn working_days_end_with_the_hours_of_the_last_day() {
    for (event, days, due) in [
        // Friday 6 March 2026 starts an ordinary week.
        ("2026-03-06T10:00", 3, "2026-03-11T18:00"),
        ("2026-03-06T00:00", 3, "2026-03-11T18:00"),
        ("2026-03-06T12:30", 3, "2026-03-11T18:00"),
        ("2026-03-06T17:59:59.999999", 3, "2026-03-11T18:00"),
        ("2026-03-06T18:00", 3, "2026-03-12T18:00"),
        ("2026-03-06T20:00", 3, "2026-03-12T18:00"),
        ("2026-03-07T11:00", 3, "2026-03-12T18:00"),
        ("2026-03-08T23:59:59", 3, "2026-03-12T18:00"),
        ("2026-03-09T08:00", 3, "2026-03-12T18:00"),
        ("2026-03-09T09:00", 3, "2026-03-12T18:00"),
        ("2026-03-09T10:00", 3, "2026-03-12T18:00"),
        ("2026-03-06T10:00", 0, "2026-03-06T18:00"),
        ("2026-03-06T20:00", 0, "2026-03-09T18:00"),
        ("2026-03-06T10:00", 1, "2026-03-09T18:00"),
        ("2026-03-06T10:00", 7, "2026-03-17T18:00"),
        // Spring Festival 2026: Saturday 14 February worked, 15 to 23 off, Saturday 28 worked.
        ("2026-02-13T10:00", 1, "2026-02-14T18:00"),
        ("2026-02-13T10:00", 3, "2026-02-25T18:00"),
        ("2026-02-13T20:00", 3, "2026-02-26T18:00"),
        ("2026-02-14T17:59:59", 3, "2026-02-26T18:00"),
        ("2026-02-14T18:00", 3, "2026-02-27T18:00"),
        ("2026-02-18T10:00", 3, "2026-02-27T18:00"),
        ("2026-02-24T10:00", 4, "2026-02-28T18:00"),
        ("2026-02-24T10:00", 5, "2026-03-02T18:00"),
        // A whole year: the 248th working day of 2026 is its last.
        ("2025-12-31T10:00", 248, "2026-12-31T18:00"),
    ] {
        let answer = Calendar::china().add_working_days(moment(event), days);
        let expected = Due { at: moment(due), calendar_id: "cn", provisional: false };
        assert_eq!(answer, expected, "{event} + {days} d is {}", local(answer.at));
    }
}

#[test]
fn working_time_runs_in_opening_hours_only() {
    let (minute, hour) = (60, 3600);
    for (event, span_seconds, due) in [
        ("2026-03-06T09:00", 4 * hour, "2026-03-06T14:00"),
        ("2026-03-06T07:00", hour, "2026-03-06T10:00"),
        ("2026-03-06T08:59:59", hour, "2026-03-06T10:00"),
        // The break: a span may end with the morning, or go on after it.
        ("2026-03-06T11:00", hour, "2026-03-06T12:00"),
        ("2026-03-06T11:00:01", hour, "2026-03-06T13:00:01"),
        ("2026-03-06T11:30", hour, "2026-03-06T13:30"),
        ("2026-03-06T12:00", hour, "2026-03-06T14:00"),
        ("2026-03-06T12:30", hour, "2026-03-06T14:00"),
        ("2026-03-06T13:00", hour, "2026-03-06T14:00"),
        // Closing on Friday.
        ("2026-03-06T14:00", 4 * hour, "2026-03-06T18:00"),
        ("2026-03-06T14:00:00.000001", 4 * hour, "2026-03-09T09:00:00.000001"),
        ("2026-03-06T16:00", 4 * hour, "2026-03-09T11:00"),
        ("2026-03-06T17:59:59", hour, "2026-03-09T09:59:59"),
        ("2026-03-06T17:59:59", 1, "2026-03-06T18:00"),
        ("2026-03-06T18:00", hour, "2026-03-09T10:00"),
        ("2026-03-06T23:00", hour, "2026-03-09T10:00"),
        ("2026-03-07T10:00", hour, "2026-03-09T10:00"),
        ("2026-03-06T10:00", 40 * hour, "2026-03-13T10:00"),
        // No time at all: where counting begins.
        ("2026-03-06T10:00", 0, "2026-03-06T10:00"),
        ("2026-03-06T12:00", 0, "2026-03-06T13:00"),
        ("2026-03-06T18:00", 0, "2026-03-09T09:00"),
        ("2026-03-06T10:00", -hour, "2026-03-06T10:00"),
        // The last minute before the National Day week, and before the Spring Festival on a make-up Saturday.
        ("2026-09-30T17:59", minute, "2026-09-30T18:00"),
        ("2026-09-30T17:59", 4 * hour, "2026-10-08T13:59"),
        ("2026-02-14T17:59", hour, "2026-02-24T09:59"),
        ("2026-02-13T18:00", 4 * hour, "2026-02-14T14:00"),
    ] {
        let answer = Calendar::china().add_working_time(moment(event), SignedDuration::from_secs(span_seconds));
        let expected = Due { at: moment(due), calendar_id: "cn", provisional: false };
        assert_eq!(answer, expected, "{event} + {span_seconds} s is {}", local(answer.at));
    }
}

#[test]
fn a_span_into_an_unpublished_year_is_provisional() {
    let china = Calendar::china();
    let hours = SignedDuration::from_hours;
    // Thursday 31 December 2026 is the last published day; Friday 1 January 2027 is off in any case.
    for (answer, due, provisional) in [
        (china.add_working_days(moment("2026-12-30T10:00"), 1), "2026-12-31T18:00", false),
        (china.add_working_days(moment("2026-12-30T10:00"), 2), "2027-01-04T18:00", true),
        (china.add_working_time(moment("2026-12-31T16:00"), hours(2)), "2026-12-31T18:00", false),
        (china.add_working_time(moment("2026-12-31T16:00"), hours(4)), "2027-01-04T11:00", true),
        (china.add_working_days(moment("2027-01-04T10:00"), 3), "2027-01-07T18:00", true),
        // 2006 is not published either, but the notice for 2007 made its last Saturday and Sunday working days.
        (china.add_working_days(moment("2006-12-29T10:00"), 3), "2007-01-04T18:00", true),
        (china.add_working_days(moment("2007-01-04T10:00"), 1), "2007-01-05T18:00", false),
    ] {
        assert_eq!(answer, Due { at: moment(due), calendar_id: "cn", provisional }, "{}", local(answer.at));
    }
    // In the zone of the calendar the year has already changed, in UTC it has not.
    assert!(china.add_working_time(moment("2027-01-01T00:00"), hours(0)).provisional);
    assert!(!china.add_working_time(moment("2026-12-31T09:00"), hours(0)).provisional);
}

#[test]
fn the_end_of_the_time_line_is_no_failure() {
    let china = Calendar::china();
    let end = Due { at: Timestamp::MAX, calendar_id: "cn", provisional: true };
    assert_eq!(china.add_working_days(Timestamp::MAX, 3), end);
    assert_eq!(china.add_working_days(moment("9999-12-01T10:00"), u32::MAX), end);
    assert_eq!(china.add_working_time(Timestamp::MAX, SignedDuration::MAX), end);
    assert_eq!(china.add_working_time(moment("9999-12-01T10:00"), SignedDuration::MAX), end);
    assert!(china.add_working_days(Timestamp::MIN, 3).at > Timestamp::MIN);
    assert_eq!(china.exceptions(i16::MAX), []);
}

#[test]
fn calendars_are_found_by_id_and_dues_name_theirs() {
    assert!(std::ptr::eq(Calendar::by_id("cn").expect("shipped"), Calendar::china()));
    assert!(Calendar::by_id("CN").is_none());
    assert_eq!(Calendar::china().zone().iana_name(), Some("Asia/Shanghai"));
    let due = Calendar::china().add_working_days(moment("2026-03-06T10:00"), 3);
    let expected = r#"{"due_at":"2026-03-11T10:00:00Z","calendar_id":"cn","provisional":false}"#;
    assert_eq!(serde_json::to_string(&due).expect("plain values"), expected);
}

/// Moments 2473 s (a prime) apart over two holiday seasons, so that they fall on ever different minutes of the day.
fn moments() -> impl Iterator<Item = Timestamp> {
    let stretches = [("2026-01-30T00:00", "2026-03-08T00:00"), ("2026-09-18T00:00", "2026-10-14T00:00")];
    stretches.into_iter().flat_map(|(first, last)| {
        let (first, last) = (moment(first), moment(last));
        (0..).map(move |step| first + SignedDuration::from_secs(2473) * step).take_while(move |at| *at < last)
    })
}

#[test]
fn a_due_moment_lies_in_or_at_the_closing_of_a_working_day() {
    let china = Calendar::china();
    for from in moments() {
        for days in [0, 1, 3, 7] {
            let due = china.add_working_days(from, days).at;
            assert!(due > from && china.is_working_day(local(due).date()), "{from} + {days} d");
            assert_eq!(local(due).time(), china.hours()[1].closes, "{from} + {days} d");
        }
        for minutes in [0, 1, 60, 240, 480, 481, 5000] {
            let due = china.add_working_time(from, SignedDuration::from_mins(minutes)).at;
            let time = local(due).time();
            let inside = china.hours().iter().any(|hours| hours.opens <= time && time <= hours.closes);
            assert!(due >= from && inside && china.is_working_day(local(due).date()), "{from} + {minutes} min");
        }
    }
}

#[test]
fn a_later_event_or_a_longer_span_is_never_due_earlier() {
    let china = Calendar::china();
    for (from, later) in moments().zip(moments().skip(1)).filter(|(from, later)| from < later) {
        for days in [0, 1, 3, 7] {
            let due = china.add_working_days(from, days).at;
            assert!(due <= china.add_working_days(later, days).at, "{from} + {days} d");
            assert!(due < china.add_working_days(from, days + 1).at, "{from} + {days} d");
        }
        for minutes in [0, 59, 239, 479, 2400] {
            let due = china.add_working_time(from, SignedDuration::from_mins(minutes)).at;
            assert!(
                due <= china.add_working_time(later, SignedDuration::from_mins(minutes)).at,
                "{from} + {minutes} min"
            );
            assert!(
                due < china.add_working_time(from, SignedDuration::from_mins(minutes + 1)).at,
                "{from} + {minutes} min"
            );
        }
    }
}

#[test]
fn what_is_added_can_be_counted_back() {
    let china = Calendar::china();
    for from in moments() {
        for minutes in [0, 1, 60, 240, 480, 481, 5000] {
            let span = SignedDuration::from_mins(minutes);
            let due = china.add_working_time(from, span).at;
            assert_eq!(china.working_time_between(from, due), span, "{from} + {minutes} min");
        }
        for days in [1, 3, 7] {
            let (day_zero, due) = (china.add_working_days(from, 0).at, china.add_working_days(from, days).at);
            let counted = china.working_days_between(local(day_zero).date(), local(due).date());
            assert_eq!(u32::try_from(counted), Ok(days), "{from} + {days} d");
        }
    }
    let (early, late) = (moment("2026-03-06T10:00"), moment("2026-03-09T10:00"));
    assert_eq!(china.working_time_between(late, early), SignedDuration::ZERO);
    assert_eq!(china.working_days_between(local(late).date(), local(early).date()), 0);
}

#[test]
fn days_are_the_moments_from_midnight_to_midnight_in_china() {
    let day = |text: &str| text.parse::<Day>().unwrap();
    let shown = |first: &str, last: &str| {
        let (from, until) = Calendar::china().moments(day(first), day(last));
        (from.to_string(), until.to_string())
    };
    let expected = |from: &str, until: &str| (from.to_owned(), until.to_owned());
    assert_eq!(shown("2026-03-01", "2026-03-31"), expected("2026-02-28T16:00:00Z", "2026-03-31T16:00:00Z"));
    assert_eq!(shown("2026-03-02", "2026-03-02"), expected("2026-03-01T16:00:00Z", "2026-03-02T16:00:00Z"));
}
