//! `PUT /purchase-orders/by-ref/{system}/{reference}`: orders that another system sent. They need no award and no approval
//! of ours, but their sums must be right.
use super::{
    domain::{PurchaseOrder, PurchaseOrderRule, Seed},
    lines,
    show::show,
};
use crate::{
    items::{self, domain::Item},
    suppliers,
};
use actix_web::{put, web::Path};
use platform::{Cx, Json, Reply, Result, Tx};
use std::collections::HashMap;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use wire::{
    Code, ExternalRef, Reference,
    procurement::{self as dto, ItemStatus, PurchaseOrderId},
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(upsert_purchase_order);
}

/// Take over the order that another system sent to a supplier. Before anything has arrived it can be replaced; a repeat
/// without a difference changes nothing.
#[utoipa::path(tag = "purchase_order", responses((status = 201, description = "New, and sent already", body = dto::PurchaseOrder), (status = 200, description = "Replaced", body = dto::PurchaseOrder)))]
#[put("/purchase-orders/by-ref/{system}/{reference}")]
async fn upsert_purchase_order(
    cx: Cx,
    path: Path<(Code, Reference)>,
    body: Json<dto::ImportPurchaseOrder>,
) -> Reply<dto::PurchaseOrder> {
    let (system, id) = path.into_inner();
    let reference = ExternalRef { system, id };
    cx.upsert(async |tx| {
        let known = tx.by_ref::<PurchaseOrder>(&reference).await?;
        let created = known.is_none();
        let order = match known {
            Some(order) => replace(tx, order, &reference, body.0.clone()).await?,
            None => import(tx, &reference, body.0.clone()).await?,
        };
        Ok((created, show(order, cx.caller())))
    })
    .await
}

async fn import(tx: &mut Tx, reference: &ExternalRef, new: dto::ImportPurchaseOrder) -> Result<PurchaseOrder> {
    let (ordered_on, total) = (new.ordered_on, new.total);
    let seed = seed(tx, tx.id(), reference, new, &[]).await?;
    let number = tx.next_number("imported_purchase_order").await?;
    let order = tx.create(PurchaseOrder::import(seed, number, ordered_on, total, &tx.stamp())?).await?;
    tx.bind_refs("purchase_order", order.head.id, &order.head.external_refs.0).await?;
    Ok(order)
}

async fn replace(
    tx: &mut Tx,
    order: PurchaseOrder,
    reference: &ExternalRef,
    new: dto::ImportPurchaseOrder,
) -> Result<PurchaseOrder> {
    let (ordered_on, total) = (new.ordered_on, new.total);
    let seed = seed(tx, order.head.id, reference, new, &order.lines).await?;
    match order.clone().replace(seed, ordered_on, total, &tx.stamp())? {
        Some(change) => tx.save(change).await,
        None => Ok(order),
    }
}

async fn seed(
    tx: &mut Tx,
    id: PurchaseOrderId,
    reference: &ExternalRef,
    new: dto::ImportPurchaseOrder,
    known: &[lines::LineRow],
) -> Result<Seed> {
    let dto::ImportPurchaseOrder { supplier_id, currency, ordered_on: _, lines, total: _, note } = new;
    let supplier = suppliers::store::find(tx.conn(), supplier_id).await?.ok_or(PurchaseOrderRule::UnknownSupplier)?;
    let asked = lines::imported(lines);
    let items = items_of(tx, &asked, known).await?;
    Ok(Seed {
        id,
        case_id: None,
        supplier_id,
        supplier_name: supplier.name,
        rfq_id: None,
        waiver_id: None,
        currency,
        lines: lines::rows(id, asked, currency, &items, || tx.id::<Uuid>())?,
        note,
        external_refs: vec![reference.clone()],
    })
}

/// The items of these lines, by sku, that we buy; or bought, when the lines of the order that is `known` were written.
pub(super) async fn items_of(
    tx: &mut Tx,
    asked: &[lines::Asked],
    known: &[lines::LineRow],
) -> Result<HashMap<String, Item>> {
    let skus: Vec<&str> = asked.iter().map(|line| line.sku.as_str()).collect();
    let items = items::store::by_skus(tx.conn(), &skus).await?;
    let bought = |item: &Item| item.status == ItemStatus::Active || known.iter().any(|line| line.sku == item.sku);
    Ok(items.into_iter().filter(bought).map(|item| (item.sku.clone(), item)).collect())
}
