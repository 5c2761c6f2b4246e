//! Recurring days (CRM-26, 59): the part of RFC 5545's RRULE that a plan of work needs, read strictly. Days only, never hours;
//! what it does not know it refuses instead of leaving it out.
use jiff::{
    Span,
    civil::{Date, Weekday},
};
use std::{collections::HashSet, str::FromStr};

/// Units between two periods at most.
const MOST_INTERVAL: i32 = 366;
/// Occurrences that a rule may count at most.
const MOST_COUNT: usize = 1000;

platform::rules!(
    /// Why a recurrence is refused.
    RecurrenceRule {
        Part { part: String } => "recurrence.part", Invalid, "\"{part}\" is none of FREQ, INTERVAL, BYDAY, COUNT and UNTIL, or stands twice", "“{part}”不是 FREQ、INTERVAL、BYDAY、COUNT、UNTIL 之一，或重复出现", at "/recurrence";
        Frequency => "recurrence.frequency", Invalid, "FREQ is DAILY, WEEKLY or MONTHLY", "FREQ 应为 DAILY、WEEKLY 或 MONTHLY", at "/recurrence";
        Interval => "recurrence.interval", Invalid, "INTERVAL is 1 to 366", "INTERVAL 应为 1 至 366", at "/recurrence";
        Weekdays => "recurrence.by_day", Invalid, "BYDAY lists MO, TU, WE, TH, FR, SA, SU, each once, and goes with FREQ=WEEKLY", "BYDAY 只能与 FREQ=WEEKLY 同用，列出 MO、TU、WE、TH、FR、SA、SU，各一次", at "/recurrence";
        Count => "recurrence.count", Invalid, "COUNT is 1 to 1000", "COUNT 应为 1 至 1000", at "/recurrence";
        Until => "recurrence.until", Invalid, "UNTIL is a day such as 20261231", "UNTIL 应为日期，例如 20261231", at "/recurrence";
        Ends => "recurrence.ends", Invalid, "a rule has COUNT or UNTIL, not both", "COUNT 与 UNTIL 不能同时使用", at "/recurrence";
        Never => "recurrence.never", Invalid, "no day fits the rule", "该规则没有任何日期", at "/recurrence";
    }
);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Frequency {
    Daily,
    Weekly,
    Monthly,
}

/// A rule that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recurrence {
    frequency: Frequency,
    interval: i32,
    /// Monday first; empty: the weekday of the first day.
    weekdays: Vec<Weekday>,
    count: usize,
    until: Date,
}

impl FromStr for Recurrence {
    type Err = RecurrenceRule;
    fn from_str(text: &str) -> Result<Self, RecurrenceRule> {
        let (mut frequency, mut interval, mut weekdays, mut count, mut until) = (None, 1, Vec::new(), None, None);
        let mut seen = HashSet::new();
        for part in text.split(';') {
            let unknown = || RecurrenceRule::Part { part: part.to_owned() };
            let (name, value) = part.split_once('=').ok_or_else(unknown)?;
            match name {
                _ if !seen.insert(name) => return Err(unknown()),
                "FREQ" => {
                    frequency = Some(match value {
                        "DAILY" => Frequency::Daily,
                        "WEEKLY" => Frequency::Weekly,
                        "MONTHLY" => Frequency::Monthly,
                        _ => return Err(RecurrenceRule::Frequency),
                    });
                }
                "INTERVAL" => {
                    let number = number(value).filter(|number| (1..=MOST_INTERVAL).contains(number));
                    interval = number.ok_or(RecurrenceRule::Interval)?;
                }
                "BYDAY" => weekdays = days_of_week(value)?,
                "COUNT" => {
                    let number = number(value).and_then(|number| usize::try_from(number).ok());
                    count = Some(number.filter(|n| (1..=MOST_COUNT).contains(n)).ok_or(RecurrenceRule::Count)?);
                }
                "UNTIL" => until = Some(day(value).ok_or(RecurrenceRule::Until)?),
                _ => return Err(unknown()),
            }
        }
        let frequency = frequency.ok_or(RecurrenceRule::Frequency)?;
        if !weekdays.is_empty() && frequency != Frequency::Weekly {
            return Err(RecurrenceRule::Weekdays);
        }
        if count.is_some() && until.is_some() {
            return Err(RecurrenceRule::Ends);
        }
        let (count, until) = (count.unwrap_or(usize::MAX), until.unwrap_or(Date::MAX));
        Ok(Self { frequency, interval, weekdays, count, until })
    }
}

impl Recurrence {
    /// Its days from `start` on, in order. `start` is one of them only where it fits the rule; a month that lacks the day
    /// of `start` is left out.
    pub fn days(&self, start: Date) -> impl Iterator<Item = Date> + '_ {
        let periods = (0_i32..).map_while(move |step| self.period(start, step.checked_mul(self.interval)?));
        let days = periods.flatten().filter(move |day| *day >= start);
        days.take_while(move |day| *day <= self.until).take(self.count)
    }
    /// The first day after `after`; `None` at the end.
    pub fn next(&self, start: Date, after: Date) -> Option<Date> {
        self.days(start).find(|day| *day > after)
    }
    /// The first day.
    pub fn first(&self, start: Date) -> Result<Date, RecurrenceRule> {
        self.days(start).next().ok_or(RecurrenceRule::Never)
    }

    /// The days of the period that lies `units` days, weeks or months behind that of `start`; `None` past the end of time.
    fn period(&self, start: Date, units: i32) -> Option<Vec<Date>> {
        match self.frequency {
            Frequency::Daily => Some(vec![start.checked_add(Span::new().try_days(units).ok()?).ok()?]),
            Frequency::Weekly => {
                let back = i32::from(start.weekday().to_monday_zero_offset());
                let monday = start.checked_sub(Span::new().try_days(back).ok()?).ok()?;
                let monday = monday.checked_add(Span::new().try_weeks(units).ok()?).ok()?;
                let own = [start.weekday()];
                let weekdays = if self.weekdays.is_empty() { &own[..] } else { &self.weekdays };
                let day = |weekday: &Weekday| {
                    monday.checked_add(Span::new().try_days(i32::from(weekday.to_monday_zero_offset())).ok()?).ok()
                };
                weekdays.iter().map(day).collect()
            }
            Frequency::Monthly => {
                let month = start.first_of_month().checked_add(Span::new().try_months(units).ok()?).ok()?;
                Some(Date::new(month.year(), month.month(), start.day()).into_iter().collect())
            }
        }
    }
}

/// Digits only: no sign, no space.
fn number(text: &str) -> Option<i32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

fn day(text: &str) -> Option<Date> {
    let digits = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
    let (year, month, day) = digits.then(|| (&text[..4], &text[4..6], &text[6..]))?;
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

fn days_of_week(text: &str) -> Result<Vec<Weekday>, RecurrenceRule> {
    let read = |word: &str| match word {
        "MO" => Some(Weekday::Monday),
        "TU" => Some(Weekday::Tuesday),
        "WE" => Some(Weekday::Wednesday),
        "TH" => Some(Weekday::Thursday),
        "FR" => Some(Weekday::Friday),
        "SA" => Some(Weekday::Saturday),
        "SU" => Some(Weekday::Sunday),
        _ => None,
    };
    let days: Option<Vec<Weekday>> = text.split(',').map(read).collect();
    let mut days = days.ok_or(RecurrenceRule::Weekdays)?;
    days.sort_by_key(|day| day.to_monday_zero_offset());
    let named = days.len();
    days.dedup();
    if days.len() == named { Ok(days) } else { Err(RecurrenceRule::Weekdays) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use platform::Rule;

    fn days(rule: &str, start: &str) -> String {
        let rule: Recurrence = rule.parse().unwrap();
        let days: Vec<String> = rule.days(start.parse().unwrap()).take(5).map(|day| day.to_string()).collect();
        days.join(" ").replace("2026-", "")
    }

    #[test]
    fn crm_26_a_rule_names_its_days() {
        // 2 March 2026 is a Monday.
        for (rule, start, expected) in [
            ("FREQ=DAILY;COUNT=3", "2026-03-02", "03-02 03-03 03-04"),
            ("FREQ=DAILY;INTERVAL=10;UNTIL=20260322", "2026-03-02", "03-02 03-12 03-22"),
            ("FREQ=DAILY;INTERVAL=10;UNTIL=20260321", "2026-03-02", "03-02 03-12"),
            ("FREQ=WEEKLY", "2026-03-04", "03-04 03-11 03-18 03-25 04-01"),
            ("FREQ=WEEKLY;BYDAY=FR,MO", "2026-03-04", "03-06 03-09 03-13 03-16 03-20"),
            ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;COUNT=4", "2026-03-04", "03-06 03-16 03-20 03-30"),
            ("FREQ=MONTHLY;COUNT=3", "2026-01-31", "01-31 03-31 05-31"),
            ("FREQ=MONTHLY;INTERVAL=3", "2026-03-15", "03-15 06-15 09-15 12-15 2027-03-15"),
            ("FREQ=DAILY;UNTIL=20260301", "2026-03-02", ""),
        ] {
            assert_eq!(days(rule, start), expected, "{rule}");
        }
        let rule: Recurrence = "FREQ=WEEKLY;BYDAY=MO;COUNT=2".parse().unwrap();
        let (start, second) = ("2026-03-02".parse().unwrap(), "2026-03-09".parse().unwrap());
        assert_eq!(
            (rule.first(start), rule.next(start, start), rule.next(start, second)),
            (Ok(start), Some(second), None)
        );
        let never: Recurrence = "FREQ=DAILY;UNTIL=20260301".parse().unwrap();
        assert_eq!(never.first(start), Err(RecurrenceRule::Never));
    }

    #[test]
    fn crm_26_what_a_rule_may_not_say_is_refused_by_name() {
        for (rule, code) in [
            ("", "part"),
            ("FREQ=DAILY;", "part"),
            ("FREQ=DAILY;BYSETPOS=1", "part"),
            ("FREQ=DAILY;FREQ=DAILY", "part"),
            ("freq=DAILY", "part"),
            ("INTERVAL=2", "frequency"),
            ("FREQ=YEARLY", "frequency"),
            ("FREQ=DAILY;INTERVAL=0", "interval"),
            ("FREQ=DAILY;INTERVAL=367", "interval"),
            ("FREQ=DAILY;INTERVAL=+2", "interval"),
            ("FREQ=DAILY;COUNT=0", "count"),
            ("FREQ=DAILY;COUNT=1001", "count"),
            ("FREQ=DAILY;BYDAY=MO", "by_day"),
            ("FREQ=WEEKLY;BYDAY=MO,MO", "by_day"),
            ("FREQ=WEEKLY;BYDAY=1MO", "by_day"),
            ("FREQ=WEEKLY;BYDAY=", "by_day"),
            ("FREQ=DAILY;UNTIL=20261301", "until"),
            ("FREQ=DAILY;UNTIL=2026-12-31", "until"),
            ("FREQ=DAILY;COUNT=1;UNTIL=20261231", "ends"),
        ] {
            let refused = rule.parse::<Recurrence>().unwrap_err();
            assert_eq!(refused.code(), format!("recurrence.{code}"), "{rule}");
        }
        for rule in ["FREQ=DAILY;INTERVAL=366", "FREQ=DAILY;INTERVAL=1;COUNT=1000", "COUNT=1;FREQ=MONTHLY"] {
            assert!(rule.parse::<Recurrence>().is_ok(), "{rule}");
        }
    }
}
