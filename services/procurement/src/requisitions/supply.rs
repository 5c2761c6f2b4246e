//! What nobody asked for but is missing: which requisitions it makes, on plain values. One for each preferred supplier and
//! currency, because a requisition recommends one supplier and is in one currency. Writes nothing.
use super::{domain::Wish, lines::Asked};
use crate::items::domain::Item;
use std::collections::{BTreeMap, HashSet};
use uuid::Uuid;
use wire::{
    Amount, Currency, Day, Quantity, Rate,
    procurement::{RequisitionPriority, RequisitionSource, SupplierId},
};

/// The category that what we trade in is bought under.
pub const GOODS: &str = "goods";

/// Something that is missing.
#[derive(Debug, Clone)]
pub struct Missing {
    /// As whoever misses it calls it.
    pub sku: String,
    /// What we buy to have it; nothing if it is no item of ours yet.
    pub item: Option<Item>,
    pub quantity: Quantity,
    pub needed_on: Option<Day>,
    pub order_line_id: Option<Uuid>,
}

/// By supplier and currency.
type Groups = BTreeMap<(Option<SupplierId>, &'static str), (Currency, Vec<Asked>)>;

/// The requisitions that cover it. `usable`: the suppliers that may still be recommended.
pub fn wishes(
    missing: Vec<Missing>,
    usable: &HashSet<SupplierId>,
    source: RequisitionSource,
    priority: RequisitionPriority,
    purpose: &str,
) -> Vec<Wish> {
    let mut groups = Groups::new();
    for one in missing {
        let supplier = one.item.as_ref().and_then(|item| item.preferred_supplier_id).filter(|id| usable.contains(id));
        let currency = one.item.as_ref().and_then(|item| item.purchase_currency).unwrap_or(Currency::CNY);
        let (_, lines) = groups.entry((supplier, currency.code())).or_insert_with(|| (currency, Vec::new()));
        lines.push(asked(one, purpose));
    }
    let wish = |((supplier, _), (currency, lines))| Wish {
        source,
        priority,
        category: GOODS.to_owned(),
        currency,
        lines,
        recommended_supplier_id: supplier,
        recommendation_reason: supplier.map(|_| "物料的首选供应商 / the item's preferred supplier".to_owned()),
        plan_reference: None,
    };
    groups.into_iter().map(wish).collect()
}

fn asked(missing: Missing, purpose: &str) -> Asked {
    let Missing { sku, item, quantity, needed_on, order_line_id } = missing;
    let (own, name, unit, price) = match item {
        Some(item) => (Some(item.sku), item.name, item.unit, item.purchase_price),
        None => (None, sku.clone(), "-".to_owned(), None),
    };
    Asked {
        specification: if own.as_deref() == Some(sku.as_str()) { String::new() } else { sku },
        sku: own,
        name,
        unit,
        quantity,
        estimated_unit_price: price.unwrap_or(Amount::ZERO),
        tax_rate: Rate::ZERO,
        purpose: purpose.to_owned(),
        needed_on,
        order_line_id,
    }
}
