//! Amounts in Chinese capitals (大写金额), as the rules for bills of exchange and the custom of contracts write them.
//! Refuses more than two decimals and what is not below 10¹⁶ (壹亿亿): there is no agreed way to write it.
use super::number::{Plain, plain};

const DIGITS: [char; 10] = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'];
const MOST: u64 = 10_000_000_000_000_000;

/// `12000` → `壹万贰仟元整`; `16409.02` → `壹万陆仟肆佰零玖元零贰分`. 整 closes what ends in 元 or 角.
pub fn capital(text: &str) -> Result<String, String> {
    let Plain { negative, whole, fraction } = plain(text)?;
    let yuan = whole.parse::<u64>().ok().filter(|yuan| *yuan < MOST);
    let yuan = yuan.ok_or_else(|| format!("\"{text}\" is too large to be written in capitals"))?;
    let cents = fraction.trim_end_matches('0');
    if cents.len() > 2 {
        return Err(format!("\"{text}\" has parts of a 分 and cannot be written in capitals"));
    }
    let mut digits = cents.bytes().map(|byte| usize::from(byte - b'0'));
    let (tenths, hundredths) = (digits.next().unwrap_or(0), digits.next().unwrap_or(0));
    let mut said = String::new();
    if yuan > 0 || tenths == 0 && hundredths == 0 {
        said = if yuan == 0 { "零".to_owned() } else { words(yuan) };
        said.push('元');
    }
    if tenths > 0 {
        said.extend([DIGITS[tenths], '角']);
    }
    if hundredths > 0 {
        if tenths == 0 && yuan > 0 {
            said.push('零');
        }
        said.extend([DIGITS[hundredths], '分']);
    } else {
        said.push('整');
    }
    let nothing = yuan == 0 && tenths == 0 && hundredths == 0;
    Ok(if negative && !nothing { format!("负{said}") } else { said })
}

/// A whole number above zero. A gap of zeros between two digits is one 零.
fn words(number: u64) -> String {
    for (unit, name) in [(100_000_000, '亿'), (10_000, '万')] {
        if number >= unit {
            let (high, low) = (number / unit, number % unit);
            let gap = if low > 0 && low < unit / 10 { "零" } else { "" };
            let low = if low > 0 { words(low) } else { String::new() };
            return format!("{}{name}{gap}{low}", words(high));
        }
    }
    let (mut said, mut rest, mut gap) = (String::new(), number, false);
    for (unit, name) in [(1000, "仟"), (100, "佰"), (10, "拾"), (1, "")] {
        let digit = usize::try_from(rest / unit).unwrap_or(0);
        rest %= unit;
        if digit == 0 {
            gap = !said.is_empty();
            continue;
        }
        if gap {
            said.push('零');
        }
        gap = false;
        said.push(DIGITS[digit]);
        said.push_str(name);
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(cases: &[(&str, &str)]) {
        for (given, said) in cases {
            assert_eq!(capital(given).as_deref(), Ok(*said), "{given}");
        }
    }

    #[test]
    fn amounts_that_everybody_writes_alike() {
        holds(&[
            ("12000", "壹万贰仟元整"),
            ("1409.50", "壹仟肆佰零玖元伍角整"),
            ("6007.14", "陆仟零柒元壹角肆分"),
            ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
            ("107000.53", "壹拾万柒仟元伍角叁分"),
            ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
            ("325.04", "叁佰贰拾伍元零肆分"),
            ("10", "壹拾元整"),
            ("110", "壹佰壹拾元整"),
            ("1000000", "壹佰万元整"),
        ]);
    }

    #[test]
    fn less_than_a_yuan_and_nothing() {
        holds(&[("0", "零元整"), ("0.00", "零元整"), ("0.01", "壹分"), ("0.10", "壹角整"), ("0.99", "玖角玖分")]);
        holds(&[("1", "壹元整"), ("1.01", "壹元零壹分"), ("-0.00", "零元整"), ("-8.5", "负捌元伍角整")]);
    }

    #[test]
    fn zeros_within_and_between_the_groups_of_four() {
        holds(&[
            ("1001", "壹仟零壹元整"),
            ("1010", "壹仟零壹拾元整"),
            ("9999", "玖仟玖佰玖拾玖元整"),
            ("10000", "壹万元整"),
            ("10001", "壹万零壹元整"),
            ("10100", "壹万零壹佰元整"),
            ("100010", "壹拾万零壹拾元整"),
            ("20001000", "贰仟万壹仟元整"),
            ("99999999", "玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元整"),
            ("100000000", "壹亿元整"),
            ("100000001", "壹亿零壹元整"),
            ("100010000", "壹亿零壹万元整"),
            ("1000000000000", "壹万亿元整"),
            ("1000100000000", "壹万零壹亿元整"),
            ("9999999999999999.99", "玖仟玖佰玖拾玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
        ]);
    }

    #[test]
    fn what_has_no_agreed_way_is_refused() {
        for given in ["10000000000000000", "0.001", "12.345", "abc", "1e5"] {
            assert!(capital(given).is_err(), "{given}");
        }
        holds(&[("1.500", "壹元伍角整")]);
    }
}
