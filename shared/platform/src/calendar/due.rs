//! When a clock in working days or working hours runs out, and how much working time lies between two moments.
//! It refuses to wake anybody: it answers with a moment, what happens then belongs to the caller.

use super::Calendar;
use jiff::civil::{Date, DateTime, Time};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use std::iter::successors;

/// When something is due, and by which calendar (PLT-17: every due date shows `due_at` and `calendar_id`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Due {
    /// The moment it is due; overdue is what comes after it. `due_at` in JSON.
    #[serde(rename = "due_at")]
    pub at: Timestamp,
    /// [`Calendar::id`] of the calendar that counted.
    pub calendar_id: &'static str,
    /// The span reaches into a year whose dates are not published: weekends and 1 January were taken as off.
    pub provisional: bool,
}

impl Calendar {
    /// The closing hour of the last of `days` working days (ruling 8).
    ///
    /// Day zero is the working day on which the event counts: its own if it came before closing, else that of the next
    /// opening. The `days` are the working days after day zero, make-up workdays included, so 0 is the closing of day zero.
    /// Monday is therefore day zero of whatever the weekend brings: what waited for Monday's opening must not be due
    /// earlier or later than what arrived on Monday at 10:00.
    ///
    /// | event, in the calendar's zone | day zero | + 3 working days |
    /// |---|---|---|
    /// | Friday 10:00 | Friday | Wednesday 18:00 (Monday, Tuesday, Wednesday) |
    /// | Friday 18:00 or 20:00, Saturday, Sunday | Monday | Thursday 18:00 |
    /// | Monday 08:00, 09:00, 12:30 or 17:59:59 | Monday | Thursday 18:00 |
    /// | Friday 13 February 2026, 10:00 | that Friday | Wednesday 25 February 18:00 (Saturday 14 is a make-up workday, 15 to 23 are the Spring Festival) |
    ///
    /// Never fails: past the end of the time line it answers [`Timestamp::MAX`].
    pub fn add_working_days(&self, from: Timestamp, days: u32) -> Due {
        let arrival = self.zone.to_datetime(from);
        let counts_today = self.is_working_day(arrival.date()) && arrival.time() < self.closing();
        let day_zero = if counts_today { Some(arrival.date()) } else { self.next_working_day(arrival.date()) };
        let last = day_zero.and_then(|zero| (0..days).try_fold(zero, |day, _| self.next_working_day(day)));
        self.due(arrival, last.map(|date| date.to_datetime(self.closing())))
    }

    /// The moment at which `span` of opening hours has passed; the clock stops over breaks, nights and days off.
    ///
    /// An event outside hours counts from the next opening. A span that ends with a stretch is due at its closing, not at
    /// the next opening: 4 h from 14:00 is 18:00. Friday 16:00 + 4 h is Monday 11:00; 12:30 + 1 h is 14:00. A span of
    /// zero, or a negative one, is due where counting begins.
    ///
    /// Never fails: past the end of the time line it answers [`Timestamp::MAX`].
    pub fn add_working_time(&self, from: Timestamp, span: SignedDuration) -> Due {
        let arrival = self.zone.to_datetime(from);
        let mut remaining = span.max(SignedDuration::ZERO);
        for date in successors(Some(arrival.date()), |date| date.tomorrow().ok()) {
            if !self.is_working_day(date) {
                continue;
            }
            for hours in self.hours {
                let start = if date == arrival.date() { hours.opens.max(arrival.time()) } else { hours.opens };
                if start >= hours.closes {
                    continue;
                }
                let open = start.duration_until(hours.closes);
                if remaining <= open {
                    return self.due(arrival, Some(date.to_datetime(start.wrapping_add(remaining))));
                }
                remaining -= open;
            }
        }
        self.due(arrival, None)
    }

    /// How many working days come after `start`, up to and including `end`; 0 when `end` is not later.
    pub fn working_days_between(&self, start: Date, end: Date) -> usize {
        days_after(start).take_while(|date| *date <= end).filter(|date| self.is_working_day(*date)).count()
    }

    /// The opening hours from `start` to `end`; zero when `end` is not later.
    pub fn working_time_between(&self, start: Timestamp, end: Timestamp) -> SignedDuration {
        let (start, end) = (self.zone.to_datetime(start), self.zone.to_datetime(end));
        successors(Some(start.date()), |date| date.tomorrow().ok())
            .take_while(|date| *date <= end.date())
            .filter(|date| self.is_working_day(*date))
            .flat_map(|date| self.hours.map(|hours| (date.to_datetime(hours.opens), date.to_datetime(hours.closes))))
            .map(|(opens, closes)| opens.max(start).duration_until(closes.min(end)))
            .filter(SignedDuration::is_positive)
            .sum()
    }

    fn closing(&self) -> Time {
        let [_, afternoon] = self.hours;
        afternoon.closes
    }

    fn next_working_day(&self, date: Date) -> Option<Date> {
        days_after(date).find(|date| self.is_working_day(*date))
    }

    /// `None` and moments that no timestamp can hold lie past the end of the time line.
    fn due(&self, arrival: DateTime, at: Option<DateTime>) -> Due {
        let at = at.and_then(|at| self.zone.to_timestamp(at).ok()).unwrap_or(Timestamp::MAX);
        let last_year = self.zone.to_datetime(at).year();
        let provisional = !(self.years.contains(&arrival.year()) && self.years.contains(&last_year));
        Due { at, calendar_id: self.id, provisional }
    }
}

fn days_after(date: Date) -> impl Iterator<Item = Date> {
    successors(date.tomorrow().ok(), |date| date.tomorrow().ok())
}
