//! Reads the holiday dates shipped with the suite, one `date,kind` a line (ruling 8: dates are facts).
//! It refuses a line that is malformed, out of order, or says nothing the week does not say already.

use super::{DayKind, is_weekend};
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// China's departures from the week. A new year is added here and in [`CHINA_YEARS`] together.
pub(super) const CHINA: &str = include_str!("china.csv");

/// The years whose notice is in [`CHINA`]. The notice for 2007 also moved two days of 2006, so the rows alone cannot tell.
pub(super) const CHINA_YEARS: RangeInclusive<i16> = 2007..=2026;

/// The first line of a seed that cannot be right.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum SeedError {
    /// Not a date and `off` or `work`.
    #[error("line {0} is not `date,off` or `date,work`")]
    Malformed(usize),
    /// Twice the same day, or an earlier day after a later one.
    #[error("line {0} does not come after the line before it")]
    OutOfOrder(usize),
    /// A weekday to work on or a weekend to rest on: a mistyped date.
    #[error("line {0} is no exception to the Monday-to-Friday week")]
    NoException(usize),
}

/// The exceptions in `text`, after comment lines (`#`) and the header line. Line numbers in errors start at 1.
pub(super) fn parse(text: &str) -> Result<BTreeMap<Date, DayKind>, SeedError> {
    let mut exceptions = BTreeMap::new();
    let lines = text.lines().zip(1..).filter(|(line, _)| !line.starts_with('#'));
    for (line, number) in lines.skip(1) {
        let (date, kind) = parse_line(line).ok_or(SeedError::Malformed(number))?;
        if exceptions.last_key_value().is_some_and(|(last, _)| *last >= date) {
            return Err(SeedError::OutOfOrder(number));
        }
        if is_weekend(date) != (kind == DayKind::Work) {
            return Err(SeedError::NoException(number));
        }
        exceptions.insert(date, kind);
    }
    Ok(exceptions)
}

fn parse_line(line: &str) -> Option<(Date, DayKind)> {
    let (date, kind) = line.split_once(',')?;
    let kind = match kind {
        "off" => DayKind::Off,
        "work" => DayKind::Work,
        _ => return None,
    };
    Some((date.parse().ok()?, kind))
}

#[cfg(test)]
mod tests {
    use super::{SeedError, parse};

    #[test]
    fn a_seed_with_a_wrong_line_is_refused_by_its_number() {
        let refused = |lines: &str| parse(&format!("# about\ndate,kind\n{lines}")).err();
        assert_eq!(refused("2026-01-01,off\n2026-01-04,work\n"), None);
        assert_eq!(refused("2026-01-01,holiday\n"), Some(SeedError::Malformed(3)));
        assert_eq!(refused("2026-02-30,off\n"), Some(SeedError::Malformed(3)));
        assert_eq!(refused("2026-01-01\n"), Some(SeedError::Malformed(3)));
        assert_eq!(refused("2026-01-02,off\n2026-01-01,off\n"), Some(SeedError::OutOfOrder(4)));
        assert_eq!(refused("2026-01-01,off\n2026-01-01,off\n"), Some(SeedError::OutOfOrder(4)));
        assert_eq!(refused("2026-01-03,off\n"), Some(SeedError::NoException(3)), "a Saturday is off anyway");
        assert_eq!(refused("2026-01-05,work\n"), Some(SeedError::NoException(3)), "a Monday is worked anyway");
    }
}
