//! Two revisions of one quote, and what a reader is told of them.
use super::*;
use crate::{margins::Cost, quotes::domain::Basis};
use uuid::Uuid;
use wire::{
    Amount, CaseId, Currency, Moment,
    crm::AccountId,
    json::Kept,
    line::default_terms,
    quoting::{LineKind, QuoteId, QuoteStatus},
};

fn row(number: i32, sku: &str, quantity: &str, price: &str) -> LineRow {
    let (quantity, unit_price): (wire::Quantity, Amount) = (quantity.parse().unwrap(), price.parse().unwrap());
    LineRow {
        id: Uuid::now_v7(),
        quote_id: QuoteId(Uuid::nil()),
        line_number: number,
        sku: sku.into(),
        description: "pump".into(),
        quantity,
        unit_price,
        discount_rate: wire::Rate::ZERO,
        tax_rate: wire::Rate::ZERO,
        net: wire::line::line_net(quantity, unit_price, wire::Rate::ZERO, Currency::CNY),
        tax: Amount::ZERO,
        kind: LineKind::Product,
        rate_card_id: None,
        deviation_reason: None,
        manual: true,
        price_floor: None,
        floor_unknown: false,
    }
}
fn quote(revision: i32, lines: Vec<LineRow>) -> Quote {
    let head = Head {
        id: QuoteId(Uuid::nil()),
        number: "QT-2026-000001".into(),
        revision,
        status: QuoteStatus::Draft,
        case_id: CaseId(Uuid::nil()),
        account_id: AccountId(Uuid::nil()),
        account_name: "Acme".into(),
        opportunity_id: None,
        requirement_spec_id: None,
        cost_sheet_id: None,
        currency: Currency::CNY,
        net: Amount::ZERO,
        tax: Amount::ZERO,
        gross: Amount::ZERO,
        payment_terms: Kept(default_terms()),
        valid_until: "2026-03-31".parse().unwrap(),
        delivery_date: None,
        route: None,
        note: None,
        reason: None,
        evidence: None,
        external_refs: Kept(vec![]),
        owner_id: None,
        team_id: None,
        department_id: None,
        created_at: Moment::new("2026-03-02T01:00:00Z".parse().unwrap()),
        submitted_at: None,
        issued_at: None,
        decided_at: None,
        proposal_id: None,
        version: 1,
    };
    let basis = Basis { spec_confirmed: true, cost_locked: true, cost: Cost::Unknown, in_hands_of: None, today: None };
    Quote { head, lines, lines_changed: false, traces: Vec::new(), basis }
}
fn said(changes: &[FieldChange]) -> Vec<String> {
    let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "–".into());
    changes
        .iter()
        .map(|change| format!("{} {} → {}", change.field, text(&change.before), text(&change.after)))
        .collect()
}

#[test]
fn quo_10_lines_are_added_removed_or_changed_and_the_same_are_not_told() {
    let before =
        quote(1, vec![row(1, "A", "1", "10"), row(2, "B", "2", "20"), row(3, "A", "3", "10"), row(4, "D", "1", "1")]);
    // B is gone, the second A costs less, C is new, D has another place only.
    let after =
        quote(2, vec![row(1, "D", "1", "1"), row(2, "A", "1", "10"), row(3, "A", "3", "9.50"), row(4, "C", "1", "5")]);
    let diff = diff(&before, &after);
    let lines: Vec<_> =
        diff.lines.iter().map(|line| (line.change, line.sku.as_str(), line.before_line, line.after_line)).collect();
    assert_eq!(
        lines,
        [
            (Kind::Removed, "B", Some(2), None),
            (Kind::Changed, "A", Some(3), Some(3)),
            (Kind::Added, "C", None, Some(4)),
        ]
    );
    assert_eq!(said(&diff.lines[1].fields), ["unit_price 10.00 → 9.50", "net 30.00 → 28.50"]);
    assert!(said(&diff.lines[0].fields).contains(&"quantity 2 → –".to_owned()));
    assert_eq!(said(&diff.totals), ["/totals/net 81.00 → 44.50", "/totals/gross 81.00 → 44.50"]);
    assert_eq!((diff.from.revision, diff.to.revision, diff.fields.len(), diff.terms.len()), (1, 2, 0, 0));
}

#[test]
fn quo_10_terms_and_dates_are_told_field_by_field_in_either_direction() {
    let before = quote(1, vec![row(1, "A", "1", "10")]);
    let mut after = before.clone();
    after.head.valid_until = "2026-04-30".parse().unwrap();
    after.head.note = Some("faster".into());
    after.head.payment_terms.0[0].due_days = 60;
    after.head.payment_terms.0.push(default_terms().remove(0));
    let there = diff(&before, &after);
    assert_eq!(said(&there.fields), ["/valid_until 2026-03-31 → 2026-04-30", "/note – → faster"]);
    assert_eq!(said(&there.terms)[0], "/payment_terms/0/due_days 30 → 60");
    assert_eq!(there.terms.len(), 5, "the four fields of the new one beside");
    assert_eq!(said(&diff(&after, &before).fields)[0], "/valid_until 2026-04-30 → 2026-03-31");
    let same = diff(&after, &after);
    assert!(same.fields.is_empty() && same.terms.is_empty() && same.totals.is_empty() && same.lines.is_empty());
}
