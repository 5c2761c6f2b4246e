//! Dates as the reader's language writes them. Refuses times of day: which day a moment is on depends on a zone, and whoever
//! gives the data knows it.
use crate::Language;
use jiff::civil::Date;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// `2026-03-05` → `2026年3月5日` or `5 March 2026`.
pub fn day(text: &str, language: Language) -> Result<String, String> {
    // The parser would take times as well; ten characters are a date alone.
    let date = Some(text).filter(|text| text.len() == 10).and_then(|text| text.parse::<Date>().ok());
    let date = date.ok_or_else(|| format!("\"{text}\" is no date such as 2026-03-05"))?;
    let (year, month, day) = (date.year(), date.month(), date.day());
    let name = usize::try_from(month - 1).ok().and_then(|index| MONTHS.get(index)).unwrap_or(&"");
    Ok(match language {
        Language::Chinese => format!("{year}年{month}月{day}日"),
        Language::English => format!("{day} {name} {year}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_written_in_the_readers_way_and_must_exist() {
        assert_eq!(day("2026-03-05", Language::Chinese).as_deref(), Ok("2026年3月5日"));
        assert_eq!(day("2026-12-31", Language::English).as_deref(), Ok("31 December 2026"));
        assert_eq!(day("2028-02-29", Language::English).as_deref(), Ok("29 February 2028"));
        for given in ["2026-02-29", "2026-13-01", "2026-3-5", "2026-03-05T10:00:00Z", "", "tomorrow"] {
            assert!(day(given, Language::Chinese).is_err(), "{given}");
        }
    }
}
