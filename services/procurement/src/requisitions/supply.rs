//! What nobody asked for but is missing: which requisitions it makes, on plain values. One for each preferred supplier,
//! because a requisition recommends one; in the base currency, because its approval tiers are, so that a price in another
//! is no estimate and left to the buyer. Writes nothing.
use super::{domain::Wish, lines::Asked};
use crate::{items::domain::Item, sourcing::BASE};
use std::collections::{BTreeMap, HashSet};
use uuid::Uuid;
use wire::{
    Amount, Day, Quantity, Rate,
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

/// The requisitions that cover it. `usable`: the suppliers that may still be recommended.
pub fn wishes(
    missing: Vec<Missing>,
    usable: &HashSet<SupplierId>,
    source: RequisitionSource,
    priority: RequisitionPriority,
    purpose: &str,
) -> Vec<Wish> {
    let mut groups: BTreeMap<Option<SupplierId>, Vec<Asked>> = BTreeMap::new();
    for one in missing {
        let supplier = one.item.as_ref().and_then(|item| item.preferred_supplier_id).filter(|id| usable.contains(id));
        groups.entry(supplier).or_default().push(asked(one, purpose));
    }
    let wish = |(supplier, lines): (Option<SupplierId>, _)| Wish {
        source,
        priority,
        category: GOODS.to_owned(),
        currency: BASE,
        lines,
        recommended_supplier_id: supplier,
        recommendation_reason: supplier.map(|_| "物料的首选供应商 / the item's preferred supplier".to_owned()),
        plan_reference: None,
    };
    groups.into_iter().map(wish).collect()
}

fn asked(missing: Missing, purpose: &str) -> Asked {
    let Missing { sku, item, quantity, needed_on, order_line_id } = missing;
    let price = item.as_ref().and_then(Item::price).filter(|price| price.currency == BASE);
    let (own, name, unit) = match item {
        Some(item) => (Some(item.sku), item.name, item.unit),
        None => (None, sku.clone(), "-".to_owned()),
    };
    Asked {
        specification: if own.as_deref() == Some(sku.as_str()) { String::new() } else { sku },
        sku: own,
        name,
        unit,
        quantity,
        estimated_unit_price: price.map_or(Amount::ZERO, |price| price.amount),
        tax_rate: Rate::ZERO,
        purpose: purpose.to_owned(),
        needed_on,
        order_line_id,
    }
}
