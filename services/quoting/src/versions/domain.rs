//! What changed from one revision of a quote to another, field by field (QUO-10). Pure.
use crate::quotes::{
    domain::{Head, Quote},
    lines::LineRow,
};
use std::collections::HashMap;
use wire::{
    line::Totals,
    quoting::{FieldChange, LineChange, LineChangeKind as Kind, PaymentTerm, QuoteDiff, QuoteVersion},
};

/// What a list of revisions shows of one.
pub fn version(quote: &Quote) -> QuoteVersion {
    let Head { id, number, revision, status, valid_until, reason, created_at, issued_at, decided_at, .. } = &quote.head;
    QuoteVersion {
        quote_id: *id,
        number: number.clone(),
        revision: *revision,
        status: *status,
        line_count: quote.lines.len(),
        totals: quote.totals(),
        valid_until: *valid_until,
        reason: reason.clone(),
        created_at: *created_at,
        issued_at: *issued_at,
        decided_at: *decided_at,
    }
}

/// From `from` to `to`; either may be the older one.
pub fn diff(from: &Quote, to: &Quote) -> QuoteDiff {
    QuoteDiff {
        number: to.head.number.clone(),
        from: version(from),
        to: version(to),
        fields: changed(&header(&from.head), &header(&to.head)),
        terms: changed(&terms(&from.head.payment_terms.0), &terms(&to.head.payment_terms.0)),
        totals: changed(&totals(from.totals()), &totals(to.totals())),
        lines: lines(&from.lines, &to.lines),
    }
}

/// A name with what stands under it; what is absent has no value.
type Field = (String, Option<String>);

fn header(head: &Head) -> Vec<Field> {
    let named = [
        ("/valid_until", Some(head.valid_until.to_string())),
        ("/delivery_date", head.delivery_date.map(|day| day.to_string())),
        ("/requirement_spec_id", head.requirement_spec_id.map(|id| id.to_string())),
        ("/cost_sheet_id", head.cost_sheet_id.map(|id| id.to_string())),
        ("/note", head.note.clone()),
    ];
    named.map(|(name, value)| (name.to_owned(), value)).into()
}

fn terms(terms: &[PaymentTerm]) -> Vec<Field> {
    let each = |(place, term): (usize, &PaymentTerm)| {
        let PaymentTerm { label, trigger, share, due_days } = term;
        let fields = [
            ("label", label.to_string()),
            ("trigger", trigger.to_string()),
            ("share", share.to_string()),
            ("due_days", due_days.to_string()),
        ];
        fields.map(|(name, value)| (format!("/payment_terms/{place}/{name}"), Some(value)))
    };
    terms.iter().enumerate().flat_map(each).collect()
}

fn totals(Totals { net, tax, gross }: Totals) -> Vec<Field> {
    let named = [("/totals/net", net), ("/totals/tax", tax), ("/totals/gross", gross)];
    named.map(|(name, money)| (name.to_owned(), Some(money.amount.to_string()))).into()
}

fn line(row: &LineRow) -> Vec<Field> {
    let LineRow {
        id: _,
        quote_id: _,
        line_number: _,
        sku: _,
        description,
        quantity,
        unit_price,
        discount_rate,
        tax_rate,
        net,
        tax,
        kind,
        rate_card_id,
        deviation_reason,
        manual,
        price_floor,
        floor_unknown,
    } = row;
    let named = [
        ("description", Some(description.clone())),
        ("quantity", Some(quantity.to_string())),
        ("unit_price", Some(unit_price.to_string())),
        ("discount_rate", Some(discount_rate.to_string())),
        ("tax_rate", Some(tax_rate.to_string())),
        ("net", Some(net.to_string())),
        ("tax", Some(tax.to_string())),
        ("kind", Some(kind.to_string())),
        ("rate_card_id", rate_card_id.map(|id| id.to_string())),
        ("deviation_reason", deviation_reason.clone()),
        ("manual", Some(manual.to_string())),
        ("price_floor", price_floor.map(|floor| floor.to_string())),
        ("floor_unknown", Some(floor_unknown.to_string())),
    ];
    named.map(|(name, value)| (name.to_owned(), value)).into()
}

/// Names of both in their order, those of `before` first, where the values differ.
fn changed(before: &[Field], after: &[Field]) -> Vec<FieldChange> {
    let of =
        |fields: &[Field], name: &str| fields.iter().find(|(own, _)| own == name).and_then(|(_, value)| value.clone());
    let new = after.iter().filter(|(name, _)| !before.iter().any(|(own, _)| own == name));
    let names = before.iter().chain(new).map(|(name, _)| name.clone());
    let change = |field: String| FieldChange { before: of(before, &field), after: of(after, &field), field };
    names.map(change).filter(|change| change.before != change.after).collect()
}

/// The n-th line of an sku is the same as the n-th of it in the other revision.
fn lines(before: &[LineRow], after: &[LineRow]) -> Vec<LineChange> {
    let (old, new) = (by_place(before), by_place(after));
    let removed = old.iter().filter(|(key, _)| !new.iter().any(|(other, _)| other == key));
    let removed = removed.map(|((sku, _), row)| LineChange {
        change: Kind::Removed,
        sku: (*sku).to_owned(),
        before_line: Some(row.line_number),
        after_line: None,
        fields: changed(&line(row), &[]),
    });
    let others = new.iter().filter_map(|(key, row)| {
        let same = old.iter().find(|(other, _)| other == key).map(|(_, row)| *row);
        let fields = changed(&same.map(line).unwrap_or_default(), &line(row));
        let change = if same.is_some() { Kind::Changed } else { Kind::Added };
        (!fields.is_empty()).then(|| LineChange {
            change,
            sku: key.0.to_owned(),
            before_line: same.map(|row| row.line_number),
            after_line: Some(row.line_number),
            fields,
        })
    });
    removed.chain(others).collect()
}

/// Lines by their sku and the how-manieth of it they are.
fn by_place<'a>(lines: &'a [LineRow]) -> Vec<((&'a str, usize), &'a LineRow)> {
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let place = |row: &'a LineRow| {
        let count = seen.entry(row.sku.as_str()).or_default();
        *count += 1;
        ((row.sku.as_str(), *count), row)
    };
    lines.iter().map(place).collect()
}

#[cfg(test)]
#[path = "domain_tests.rs"]
mod tests;
