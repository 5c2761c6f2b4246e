//! Bounded texts count characters and refuse blanks.
use wire::{Name, Text};

#[test]
fn counts_characters_not_bytes_and_refuses_blanks() {
    assert!("业务业务".parse::<Text<4>>().is_ok());
    assert!("业务业务务".parse::<Text<4>>().is_err());
    assert!(" \t ".parse::<Name>().is_err());
    assert!("a\u{0}b".parse::<Name>().is_err());
    assert_eq!("  trimmed ".parse::<Name>().unwrap().as_str(), "trimmed");
}
