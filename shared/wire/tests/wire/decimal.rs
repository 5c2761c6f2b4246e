//! Which strings are numbers, and how numbers print.
use wire::{Amount, Quantity, Rate};

#[test]
fn only_plain_bounded_strings_are_numbers() {
    for good in ["\"0\"", "\"1250.5\"", "\"-3.0001\"", "\"99999999999999.9999\""] {
        assert!(serde_json::from_str::<Amount>(good).is_ok(), "{good}");
    }
    for bad in [
        "1",
        "1.5",
        "\"1e5\"",
        "\"01\"",
        "\"1.\"",
        "\".5\"",
        "\"1.00001\"",
        "\"+1\"",
        "\"\"",
        "\"1 \"",
        "\"100000000000000\"",
        "null",
    ] {
        assert!(serde_json::from_str::<Amount>(bad).is_err(), "{bad}");
    }
    assert!(serde_json::from_str::<Quantity>("\"-1\"").is_err());
    assert!(serde_json::from_str::<Rate>("\"1.0001\"").is_err());
    assert!(serde_json::from_str::<Rate>("\"1\"").is_ok());
}

#[test]
fn the_limit_is_the_first_amount_that_cannot_be_read() {
    assert!("99999999999999.9999".parse::<Amount>().unwrap().get() < Amount::LIMIT);
    assert_eq!(Amount::LIMIT.to_string(), "100000000000000");
    assert!(Amount::LIMIT.to_string().parse::<Amount>().is_err());
}

#[test]
fn amounts_print_at_least_cents_and_quantities_no_needless_zeros() {
    assert_eq!("1250.5000".parse::<Amount>().unwrap().to_string(), "1250.50");
    assert_eq!("0.1234".parse::<Amount>().unwrap().to_string(), "0.1234");
    assert_eq!("12.5000".parse::<Quantity>().unwrap().to_string(), "12.5");
    assert_eq!("100".parse::<Quantity>().unwrap().to_string(), "100");
}
