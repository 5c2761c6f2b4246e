//! Lines of a document: bounds, rounding, totals.
#![expect(clippy::unwrap_used, reason = "what fails here fails the test that called it")]
use uuid::Uuid;
use wire::{
    Currency, Rate,
    line::{Line, LineFault, NewLine, line_net, priced, totals},
};

fn net(quantity: &str, price: &str, discount: &str) -> String {
    line_net(quantity.parse().unwrap(), price.parse().unwrap(), discount.parse().unwrap(), Currency::CNY).to_string()
}
fn asked(quantity: &str, unit_price: &str, tax_rate: &str) -> NewLine {
    NewLine {
        sku: "PUMP-40".parse().unwrap(),
        description: None,
        quantity: quantity.parse().unwrap(),
        unit_price: unit_price.parse().unwrap(),
        discount_rate: Rate::ZERO,
        tax_rate: tax_rate.parse().unwrap(),
    }
}
fn outcome(lines: Vec<NewLine>) -> Result<usize, LineFault> {
    priced(lines, Currency::CNY, Uuid::nil).map(|lines| lines.len())
}

#[test]
fn a_line_rounds_half_to_even() {
    assert_eq!(net("3", "0.335", "0"), "1.00"); // 1.005 → 1.00
    assert_eq!(net("1", "1.015", "0"), "1.02"); // 1.015 → 1.02
    assert_eq!(net("12", "14.40", "0.05"), "164.16");
    assert_eq!(net("0.5", "0.01", "0"), "0.00"); // 0.005 → 0.00
}

#[test]
fn the_header_is_the_sum_of_rounded_lines() {
    let lines = [("1.00", "0.13"), ("2.01", "0.26")].map(|(n, t)| (n.parse().unwrap(), t.parse().unwrap()));
    let totals = totals(lines, Currency::CNY);
    assert_eq!(
        (totals.net.to_string(), totals.tax.to_string(), totals.gross.to_string()),
        ("3.01 CNY".into(), "0.39 CNY".into(), "3.40 CNY".into())
    );
}

#[test]
fn lines_are_numbered_named_and_computed() {
    let named = NewLine { description: Some("离心泵".parse().unwrap()), ..asked("12", "14.40", "0.13") };
    let mut ids = (1..).map(Uuid::from_u128);
    let lines = priced(vec![asked("3", "0.335", "0"), named], Currency::CNY, || ids.next().unwrap()).unwrap();
    let shown = |line: &Line| (line.id.as_u128(), line.line_number, line.description.clone());
    assert_eq!([shown(&lines[0]), shown(&lines[1])], [(1, 1, "PUMP-40".into()), (2, 2, "离心泵".into())]);
    assert_eq!([lines[1].net.to_string(), lines[1].tax.to_string()], ["172.80", "22.46"]);
}

#[test]
fn a_document_has_1_to_500_lines() {
    let count = |count: usize| outcome(vec![asked("1", "1", "0"); count]);
    assert_eq!([count(0), count(501)], [0, 501].map(|count| Err(LineFault::Count { count })));
    assert_eq!([count(1), count(500)], [Ok(1), Ok(500)]);
}

#[test]
fn a_quantity_is_more_than_0_and_a_price_not_below_it() {
    let second = |quantity: &str, price: &str| outcome(vec![asked("1", "1", "0"), asked(quantity, price, "0")]);
    assert_eq!([second("0.0001", "0"), second("1", "0")], [Ok(2), Ok(2)]);
    assert_eq!(second("0", "0"), Err(LineFault::Quantity { line: 1 }));
    assert_eq!(second("1", "-0.0001"), Err(LineFault::Price { line: 1 }));
}

#[test]
fn a_document_comes_to_14_digits_at_most_tax_included() {
    let most = "99999999999999.99";
    assert_eq!(outcome(vec![asked("1", most, "0")]), Ok(1));
    assert_eq!(outcome(vec![asked("1", "99999999999999.98", "0"), asked("1", "0.01", "0")]), Ok(2));
    let over = [
        vec![asked("1", most, "0"), asked("1", "0.01", "0")],
        vec![asked("1", most, "0.0001")],
        vec![asked("10", "10000000000000", "0")],
        vec![asked("999999999999.9999", "99999999999999.9999", "1"); 500],
    ];
    assert_eq!(over.map(outcome), [const { Err(LineFault::TooLarge) }; 4]);
}
