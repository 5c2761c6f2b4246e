//! What gives leave to buy: the award of a request for quotation, or an approved waiver (PRO-15, PRO-21, D-06). Asked when
//! an order is drafted, and again when it is submitted and sent, because a supplier may be suspended meanwhile.
use super::{
    domain::{Leave, PurchaseOrder, PurchaseOrderRule as Rule, Seed},
    import::items_of,
    lines::{self, Asked, LineRow},
    store,
};
use crate::{
    requisitions, rfqs,
    sourcing::{Award, Waived, Wanted},
    sourcing_waivers,
    suppliers::{self, domain::SupplierRule},
};
use platform::{ApiError, Result, Tx, calendar::Calendar};
use rust_decimal::Decimal;
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;
use wire::{
    CaseId, Currency, Day,
    procurement::{
        NewPurchaseOrder, NewPurchaseOrderLine, PurchaseOrderId, RequisitionId, RfqId, SourcingWaiverId, SupplierId,
    },
};

/// One buyer at a time decides what is ordered of which award or requisition.
const SOURCING: &str = "purchase_order sourcing";

/// A new order, checked against what it rests on.
pub async fn seed(tx: &mut Tx, new: NewPurchaseOrder) -> Result<Seed> {
    let NewPurchaseOrder { supplier_id, rfq_id, waiver_id, currency, lines, note, external_refs } = new;
    let supplier = suppliers::store::find(tx.conn(), supplier_id).await?.ok_or(Rule::UnknownSupplier)?;
    let id: PurchaseOrderId = tx.id();
    tx.one_at_a_time(SOURCING).await?;
    let (case_id, currency, asked, waived) = match (rfq_id, waiver_id) {
        (Some(_), None) if currency.is_some() || !lines.is_empty() => return Err(Rule::LinesOfAward.into()),
        (Some(rfq), None) => {
            let (case, currency, asked) = by_award(tx, rfq, supplier_id).await?;
            (case, currency, asked, None)
        }
        (None, Some(waiver)) => {
            let leave = approved(tx, waiver, supplier_id).await?;
            let (case, asked) = by_waiver(tx, &leave, None, lines).await?;
            (case, currency.ok_or(Rule::NoCurrency)?, asked, Some(leave))
        }
        _ => return Err(Rule::Source.into()),
    };
    let named: Vec<Uuid> = asked.iter().filter_map(|line| line.requisition_line_id).collect();
    if let Some(category) = unqualified(tx, supplier_id, &named).await? {
        let (pointer, supplier) = ("/supplier_id", supplier.name);
        return Err(SupplierRule::NotQualified { pointer, supplier, category }.into());
    }
    let items = items_of(tx, &asked, &[]).await?;
    let lines = lines::rows(id, asked, currency, &items, || tx.id())?;
    if let Some(leave) = waived {
        within(tx, &leave, id, currency, &lines).await?;
    }
    Ok(Seed {
        id,
        case_id,
        supplier_id,
        supplier_name: supplier.name,
        rfq_id,
        waiver_id,
        currency,
        lines,
        note,
        external_refs,
    })
}

/// Other lines for a draft under a waiver.
pub async fn new_lines(tx: &mut Tx, order: &PurchaseOrder, lines: Vec<NewPurchaseOrderLine>) -> Result<Vec<LineRow>> {
    let waiver = order.head.waiver_id.ok_or(Rule::LinesOfAward)?;
    tx.one_at_a_time(SOURCING).await?;
    let leave = approved(tx, waiver, order.head.supplier_id).await?;
    let (_, asked) = by_waiver(tx, &leave, Some(order.head.id), lines).await?;
    let items = items_of(tx, &asked, &[]).await?;
    let lines = lines::rows(order.head.id, asked, order.head.currency, &items, || tx.id())?;
    within(tx, &leave, order.head.id, order.head.currency, &lines).await?;
    Ok(lines)
}

/// How it stands with the leave to buy now.
pub async fn leave(tx: &mut Tx, order: &PurchaseOrder) -> Result<Leave> {
    let head = &order.head;
    let named: Vec<Uuid> = order.lines.iter().filter_map(|line| line.requisition_line_id).collect();
    let covered = match (head.rfq_id, head.waiver_id) {
        (Some(rfq), _) => {
            let award = rfqs::store::award(tx.conn(), rfq, head.supplier_id).await?;
            award.is_some_and(|award| lines::as_awarded(&order.lines, &award))
        }
        (None, Some(waiver)) => {
            let leave = sourcing_waivers::store::approved(tx.conn(), waiver).await?;
            match leave.filter(|leave| leave.supplier_id == head.supplier_id && lines::as_waived(&order.lines, leave)) {
                None => false,
                Some(leave) => {
                    let spent = store::spent(tx.conn(), waiver, head.id).await?;
                    lines::within(&leave, head.currency, head.gross, spent).is_ok()
                }
            }
        }
        (None, None) => false,
    };
    let left = left(tx, &named, Some(head.id)).await?;
    let wanted = |line: &LineRow| line.requisition_line_id.is_some_and(|id| line.quantity.get() <= of(&left, id));
    let sourced = covered && order.lines.iter().all(wanted);
    let supplier_qualified = unqualified(tx, head.supplier_id, &named).await?.is_none();
    Ok(Leave { supplier_qualified, sourced })
}

async fn by_award(tx: &mut Tx, rfq: RfqId, supplier: SupplierId) -> Result<(Option<CaseId>, Currency, Vec<Asked>)> {
    let award: Award = rfqs::store::award(tx.conn(), rfq, supplier).await?.ok_or(Rule::NoAward)?;
    let named: Vec<Uuid> = award.lines.iter().map(|line| line.requisition_line_id).collect();
    if store::is_ordered(tx.conn(), rfq, supplier).await? {
        return Err(Rule::AlreadyOrdered.into());
    }
    let left = left(tx, &named, None).await?;
    if let Some(line) = award.lines.iter().find(|line| line.quantity.get() > of(&left, line.requisition_line_id)) {
        return Err(Rule::NotWanted { left: of(&left, line.requisition_line_id), sku: line.sku.clone() }.into());
    }
    let known = store::requisitions_of(tx.conn(), &named).await?;
    let requisitions = known.into_iter().map(|(line, (requisition, _))| (line, requisition)).collect();
    let currency: Currency = award.currency.parse().map_err(ApiError::internal)?;
    Ok((award.case_id, currency, lines::of_award(&award, &requisitions)))
}

/// What the requisitions of these lines still want of each, beside what other living orders take; nothing of a
/// requisition that is not approved. What is on order is read first: the requisition may hear of it in between, and then
/// too little is left rather than too much.
async fn left(tx: &mut Tx, lines: &[Uuid], but: Option<PurchaseOrderId>) -> Result<HashMap<Uuid, Decimal>> {
    let ordered = store::ordered(tx.conn(), lines, but).await?;
    let known = store::requisitions_of(tx.conn(), lines).await?;
    let ids: BTreeSet<RequisitionId> = known.into_values().map(|(requisition, _)| requisition).collect();
    let wanted = requisitions::store::approved(tx.conn(), &ids.into_iter().collect::<Vec<_>>()).await?;
    let line = |one: Wanted| (one.requisition_line_id, one.quantity.get() - of(&ordered, one.requisition_line_id));
    Ok(wanted.into_iter().map(line).collect())
}

fn of(quantities: &HashMap<Uuid, Decimal>, line: Uuid) -> Decimal {
    quantities.get(&line).copied().unwrap_or_default()
}

/// What was waived is the asking, not the approval: all orders under a waiver stay within what was approved with it.
async fn within(
    tx: &mut Tx,
    waived: &Waived,
    order: PurchaseOrderId,
    currency: Currency,
    lines: &[LineRow],
) -> Result<()> {
    let spent = store::spent(tx.conn(), waived.waiver_id, order).await?;
    Ok(lines::within(waived, currency, lines::totals(lines, currency).gross.amount, spent)?)
}

async fn approved(tx: &mut Tx, waiver: SourcingWaiverId, supplier: SupplierId) -> Result<Waived> {
    let leave = sourcing_waivers::store::approved(tx.conn(), waiver).await?.ok_or(Rule::NoWaiver)?;
    if leave.supplier_id == supplier { Ok(leave) } else { Err(Rule::OtherSupplier.into()) }
}

/// The lines, and the case if they are all of one.
async fn by_waiver(
    tx: &mut Tx,
    waived: &Waived,
    order: Option<PurchaseOrderId>,
    lines: Vec<NewPurchaseOrderLine>,
) -> Result<(Option<CaseId>, Vec<Asked>)> {
    let named: Vec<Uuid> = lines.iter().map(|line| line.requisition_line_id).collect();
    // In this order, as in `left`.
    let ordered = store::ordered(tx.conn(), &named, order).await?;
    let wanted = requisitions::store::approved(tx.conn(), &waived.requisition_ids).await?;
    let asked = lines::of_waiver(&wanted, &ordered, lines)?;
    let mut cases = wanted.iter().filter(|wanted| named.contains(&wanted.requisition_line_id)).map(|one| one.case_id);
    let first = cases.next().flatten();
    let case = if cases.all(|case| case == first) { first } else { None };
    Ok((case, asked))
}

/// The category in which we may not buy these lines from this supplier today, if there is one; `-` for any at all (PRO-15).
async fn unqualified(tx: &mut Tx, supplier: SupplierId, lines: &[Uuid]) -> Result<Option<String>> {
    let today = Day(tx.stamp().at.timestamp().to_zoned(Calendar::china().zone().clone()).date());
    if !suppliers::store::qualified(tx.conn(), supplier, None, today).await? {
        return Ok(Some("-".to_owned()));
    }
    let known = store::requisitions_of(tx.conn(), lines).await?;
    let categories: BTreeSet<String> = known.into_values().map(|(_, category)| category).collect();
    for category in categories {
        if !suppliers::store::qualified(tx.conn(), supplier, Some(&category), today).await? {
            return Ok(Some(category));
        }
    }
    Ok(None)
}
