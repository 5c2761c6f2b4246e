//! Rounding at the minor unit of a currency.
use wire::Currency;

#[test]
fn rounds_half_to_even_at_the_minor_unit() {
    let cny = |text: &str| Currency::CNY.round(text.parse().unwrap()).to_string();
    assert_eq!([cny("1.005"), cny("1.015"), cny("1.0151"), cny("-1.025")], ["1.00", "1.02", "1.02", "-1.02"]);
    let yen: Currency = "JPY".parse().unwrap();
    assert_eq!((yen.minor_digits(), yen.round("2.5".parse().unwrap()).to_string()), (0, "2".into()));
    assert!("XXQ".parse::<Currency>().is_err());
}
