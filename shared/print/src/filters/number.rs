//! Decimal numbers as text: thousands separators, decimals, percent. Works on the digits themselves, so nothing is rounded and
//! no number is too long. Refuses exponents and whatever else is no plain decimal.
use crate::Language;
use iso_currency::Currency;

/// A plain decimal: sign, digits before the point without leading zeros (at least one), digits after it.
#[derive(Debug, PartialEq, Eq)]
pub struct Plain {
    pub negative: bool,
    pub whole: String,
    pub fraction: String,
}

/// `-0012.50` → −, `12`, `50`.
pub fn plain(text: &str) -> Result<Plain, String> {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) || digits.ends_with('.') {
        return Err(format!("\"{text}\" is no plain decimal number"));
    }
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    Ok(Plain { negative, whole: whole.to_owned(), fraction: fraction.to_owned() })
}

/// `1234567.5` with at least 2 decimals → `1,234,567.50`. Decimals beyond are kept where they say something.
pub fn grouped(text: &str, least_decimals: usize) -> Result<String, String> {
    let Plain { negative, whole, fraction } = plain(text)?;
    let mut shown = String::new();
    for (position, digit) in whole.chars().enumerate() {
        if position > 0 && (whole.len() - position).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    let mut decimals = fraction.trim_end_matches('0').to_owned();
    while decimals.len() < least_decimals {
        decimals.push('0');
    }
    if !decimals.is_empty() {
        shown.push('.');
        shown.push_str(&decimals);
    }
    let nothing = shown.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    // A true minus sign is as wide as a digit; a hyphen gets lost before one.
    Ok(if negative && !nothing { format!("\u{2212}{shown}") } else { shown })
}

/// With the currency's own decimals, and its sign where every reader takes it for that currency, else its code.
pub fn money(text: &str, code: &str, language: Language) -> Result<String, String> {
    let currency = Currency::from_code(code).ok_or_else(|| format!("\"{code}\" is no ISO 4217 currency code"))?;
    let shown = grouped(text, currency.exponent().map_or(2, usize::from))?;
    let sign = if code == "CNY" && language == Language::Chinese { "¥".to_owned() } else { format!("{code}\u{a0}") };
    Ok(match shown.strip_prefix('\u{2212}') {
        Some(rest) => format!("\u{2212}{sign}{rest}"),
        None => format!("{sign}{shown}"),
    })
}

/// A rate as a share of one hundred: `0.13` → `13%`.
pub fn percent(text: &str) -> Result<String, String> {
    let Plain { negative, whole, fraction } = plain(text)?;
    let fraction = format!("{fraction:0<2}");
    let (shifted, rest) = fraction.split_at(2);
    let sign = if negative { "-" } else { "" };
    let point = if rest.is_empty() { "" } else { "." };
    Ok(format!("{}%", grouped(&format!("{sign}{whole}{shifted}{point}{rest}"), 0)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_grouped_just_below_at_and_just_above_each_boundary() {
        let cases =
            [("0", "0.00"), ("999", "999.00"), ("999.99", "999.99"), ("1000", "1,000.00"), ("1000.01", "1,000.01")];
        let more =
            [("999999", "999,999.00"), ("1000000", "1,000,000.00"), ("0012345.6", "12,345.60"), ("-0.00", "0.00")];
        let kept = [("0.0125", "0.0125"), ("3.100", "3.10"), ("-1234.5", "\u{2212}1,234.50"), ("0.10", "0.10")];
        for (given, shown) in cases.into_iter().chain(more).chain(kept) {
            assert_eq!(grouped(given, 2).as_deref(), Ok(shown), "{given}");
        }
        assert_eq!(grouped("12.0", 0).as_deref(), Ok("12"));
        assert_eq!(
            grouped("99999999999999999999999999999", 0).as_deref(),
            Ok("99,999,999,999,999,999,999,999,999,999")
        );
    }

    #[test]
    fn what_is_no_plain_number_is_refused() {
        for given in ["", "-", ".", "1.", ".5", "1e5", "1,000", "+1", "１", "1.2.3", "--1", "none", " 1"] {
            assert!(plain(given).is_err(), "{given}");
        }
    }

    #[test]
    fn each_currency_has_its_own_decimals_and_name() {
        let shown = |text, code, language| money(text, code, language).expect("money");
        assert_eq!(shown("1234.5", "CNY", Language::Chinese), "¥1,234.50");
        assert_eq!(shown("1234.5", "CNY", Language::English), "CNY\u{a0}1,234.50");
        assert_eq!(shown("1234", "JPY", Language::Chinese), "JPY\u{a0}1,234");
        assert_eq!(shown("1.5", "KWD", Language::English), "KWD\u{a0}1.500");
        assert_eq!(shown("-5", "CNY", Language::Chinese), "\u{2212}¥5.00");
        assert!(money("1", "XXY", Language::English).is_err());
    }

    #[test]
    fn a_rate_is_shown_in_hundredths_without_rounding() {
        let cases = [("0.13", "13%"), ("0.065", "6.5%"), ("0", "0%"), ("1", "100%"), ("0.1", "10%"), ("12", "1,200%")];
        for (given, shown) in cases.into_iter().chain([("0.00125", "0.125%"), ("-0.05", "\u{2212}5%"), ("0.010", "1%")])
        {
            assert_eq!(percent(given).as_deref(), Ok(shown), "{given}");
        }
    }
}
