//! The working calendar (PLT-17, D-12): which days and hours count, and when "+3 working days" or "within 4 hours" is due.
//! It refuses to know what is due, to read the clock or a database, and to fail: a year without dates gives provisional answers.

mod due;
mod seed;
#[cfg(test)]
mod tests;

pub use due::Due;

use jiff::civil::{Date, Time, Weekday, time};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use serde::Serialize;
use std::collections::BTreeMap;
use std::iter::successors;
use std::ops::RangeInclusive;
use std::sync::LazyLock;
use wire::{Day, Moment};

/// The days and hours that count for clocks in working time. A day is a date in the calendar's own zone.
#[derive(Debug)]
pub struct Calendar {
    id: &'static str,
    zone: TimeZone,
    hours: [OpeningHours; 2],
    years: RangeInclusive<i16>,
    exceptions: BTreeMap<Date, DayKind>,
}

/// One stretch of a working day, in the calendar's zone. The closing minute itself is already outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct OpeningHours {
    /// The first moment that counts.
    pub opens: Time,
    /// The first moment that no longer counts.
    pub closes: Time,
}

/// Whether work is done on a day; the JSON code is `work` or `off`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DayKind {
    /// A working day, make-up workdays (调休) included.
    Work,
    /// A weekend or a holiday.
    Off,
}

/// A day that departs from the Monday-to-Friday week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ExceptionalDay {
    /// The day, in the calendar's zone.
    pub date: Date,
    /// `Off` for a holiday on a weekday, `Work` for a make-up workday on a weekend.
    pub kind: DayKind,
}

impl Calendar {
    /// Mainland China: id `cn`, zone Asia/Shanghai, the State Council's holidays and make-up workdays.
    ///
    /// The hours are the default of the suite, 09:00–12:00 and 13:00–18:00: eight hours a day.
    pub fn china() -> &'static Self {
        static CHINA: LazyLock<Calendar> = LazyLock::new(|| Calendar {
            id: "cn",
            // The bundled rules rather than the machine's, so that every installation gives the same answer.
            zone: TimeZoneDatabase::bundled().get("Asia/Shanghai").expect("the time zones are compiled in"),
            hours: [
                OpeningHours { opens: time(9, 0, 0, 0), closes: time(12, 0, 0, 0) },
                OpeningHours { opens: time(13, 0, 0, 0), closes: time(18, 0, 0, 0) },
            ],
            years: seed::CHINA_YEARS,
            exceptions: seed::parse(seed::CHINA).expect("the seed is compiled in and every test here reads it"),
        });
        &CHINA
    }

    /// The calendar a setting or a stored `calendar_id` names; `None` when the suite ships no such calendar.
    pub fn by_id(id: &str) -> Option<&'static Self> {
        [Self::china()].into_iter().find(|calendar| calendar.id == id)
    }

    /// The name stored beside every due date, such as `cn`.
    pub fn id(&self) -> &'static str {
        self.id
    }

    /// The zone in which days begin and hours are read.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The day on which a moment falls.
    pub fn day(&self, at: Moment) -> Day {
        Day(at.timestamp().to_zoned(self.zone.clone()).date())
    }

    /// The moments from the beginning of `first` to the end of `last`: the first that counts, and the first that no longer does.
    pub fn moments(&self, first: Day, last: Day) -> (Moment, Moment) {
        let begins = |date: Option<Date>| {
            let at = date.and_then(|date| self.zone.to_timestamp(date.to_datetime(Time::midnight())).ok());
            Moment::new(at.unwrap_or(jiff::Timestamp::MAX))
        };
        (begins(Some(first.0)), begins(last.0.tomorrow().ok()))
    }

    /// The hours of every working day, earliest first and without overlap.
    pub fn hours(&self) -> &[OpeningHours] {
        &self.hours
    }

    /// The years whose dates are published; a span that leaves them is provisional.
    ///
    /// The notice for the year after the last one may still move a few of the last days of December, as those for 2007,
    /// 2008, 2012 and 2019 did.
    pub fn years(&self) -> RangeInclusive<i16> {
        self.years.clone()
    }

    /// Whether work is done on `date`. Outside [`Self::years`]: on weekdays except 1 January.
    pub fn is_working_day(&self, date: Date) -> bool {
        match self.exceptions.get(&date) {
            Some(kind) => *kind == DayKind::Work,
            None => !is_weekend(date) && (self.years.contains(&date.year()) || date.day_of_year() != 1),
        }
    }

    /// The days of `year` on which [`Self::is_working_day`] departs from the Monday-to-Friday week, in order.
    pub fn exceptions(&self, year: i16) -> Vec<ExceptionalDay> {
        let first = Date::new(year, 1, 1).ok();
        successors(first, |date| date.tomorrow().ok())
            .take_while(|date| date.year() == year)
            .filter(|date| self.is_working_day(*date) == is_weekend(*date))
            .map(|date| ExceptionalDay { date, kind: if is_weekend(date) { DayKind::Work } else { DayKind::Off } })
            .collect()
    }
}

fn is_weekend(date: Date) -> bool {
    matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}
