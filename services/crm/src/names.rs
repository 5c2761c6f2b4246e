//! Names, phones and addresses as they are compared (CRM-07): two spellings of one company have one key.
//! Not a fuzzy search: what it finds equal, a person would call equal.

/// Words that say only what legal form a company has.
const FORMS: &[&str] =
    &["co", "company", "corp", "corporation", "gmbh", "inc", "incorporated", "limited", "llc", "ltd", "plc"];
/// The same in Chinese, longest first.
const CHINESE_FORMS: &[&str] = &["股份有限公司", "有限责任公司", "集团有限公司", "有限公司", "集团公司", "公司"];

/// The key of a name: case, width, spaces, punctuation and legal form do not count.
#[must_use]
pub fn name_key(name: &str) -> String {
    let narrow: String = name.chars().map(narrow).flat_map(char::to_lowercase).collect();
    let mut words: Vec<&str> = narrow.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    while words.len() > 1 && words.last().is_some_and(|word| FORMS.contains(word)) {
        words.pop();
    }
    let joined = words.concat();
    let bare = CHINESE_FORMS.iter().find_map(|form| joined.strip_suffix(form)).unwrap_or(&joined);
    if bare.is_empty() { joined } else { bare.to_owned() }
}

/// The last eleven digits of a phone number (a Chinese mobile number without its country code); `None` below seven.
#[must_use]
pub fn phone_key(phone: &str) -> Option<String> {
    let digits: Vec<char> = phone.chars().map(narrow).filter(char::is_ascii_digit).collect();
    (digits.len() >= 7).then(|| digits[digits.len().saturating_sub(11)..].iter().collect())
}

/// Full-width letters, digits and spaces as half-width ones.
fn narrow(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crm_07_spellings_of_one_company_have_one_key() {
        for name in [
            "ACME Pumps Co., Ltd.",
            "acme  pumps",
            "ＡＣＭＥ　Ｐｕｍｐｓ",
            "Acme Pumps Inc",
            "Acme-Pumps Company Limited",
        ] {
            assert_eq!(name_key(name), "acmepumps", "{name}");
        }
        for name in ["晨光泵业有限公司", " 晨光泵业 ", "晨光泵业股份有限公司", "晨光泵业（集团）有限公司"]
        {
            assert!(name_key(name).starts_with("晨光泵业"), "{name}: {}", name_key(name));
        }
        assert_eq!(name_key("晨光泵业有限公司"), name_key("晨光泵业"));
        assert_ne!(name_key("晨光泵业（上海）有限公司"), name_key("晨光泵业"), "another place is another company");
        assert_ne!(name_key("Acme Pumps"), name_key("Acme Valves"));
    }

    #[test]
    fn crm_07_a_name_that_is_only_a_legal_form_keeps_it() {
        assert_eq!(name_key("有限公司"), "有限公司");
        assert_eq!(name_key("Co. Ltd."), "co");
        assert_eq!(name_key("公司"), "公司");
    }

    #[test]
    fn crm_07_phones_are_compared_by_their_digits() {
        assert_eq!(phone_key("+86 138-0013-8000"), phone_key("13800138000"));
        assert_eq!(phone_key("１３８００１３８０００").as_deref(), Some("13800138000"));
        assert_eq!((phone_key("123456"), phone_key("1234567").as_deref()), (None, Some("1234567")));
    }
}
