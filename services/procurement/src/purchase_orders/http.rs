//! `/api/procurement/v1/purchase-orders`: parse, ask, answer.
use super::{
    domain::PurchaseOrder,
    show::show,
    sourced::{self, leave},
    store,
};
use crate::sourcing_waivers::domain::SourcingWaiver;
use actix_web::{
    get,
    http::StatusCode,
    patch, post,
    web::{Path, Query},
};
use platform::{Cx, Json, Reply};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Page,
    procurement::{self as dto, PurchaseOrderId, SupplierId},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_purchase_order)
        .service(list_purchase_orders)
        .service(get_purchase_order)
        .service(update_purchase_order)
        .service(submit_purchase_order)
        .service(send_purchase_order)
        .service(acknowledge_purchase_order)
        .service(promise_purchase_order)
        .service(cancel_purchase_order)
        .service(close_purchase_order);
}

/// Draft an order of what a supplier won, or of what a waiver lets us buy there.
#[utoipa::path(tag = "purchase_order", responses((status = 201, description = "The draft", body = dto::PurchaseOrder)))]
#[post("/purchase-orders")]
async fn create_purchase_order(cx: Cx, body: Json<dto::NewPurchaseOrder>) -> Reply<dto::PurchaseOrder> {
    cx.command(StatusCode::CREATED, async |tx| {
        let seed = sourced::seed(tx, body.0.clone()).await?;
        let refs = seed.external_refs.clone();
        let order = tx.create(PurchaseOrder::draft(seed, &tx.stamp())?).await?;
        tx.bind_refs("purchase_order", order.head.id, &refs).await?;
        Ok(show(order, cx.caller()))
    })
    .await
}

/// Purchase orders, newest first.
#[utoipa::path(tag = "purchase_order", params(dto::PurchaseOrderQuery), responses((status = 200, description = "A page", body = Page<dto::PurchaseOrder>)))]
#[get("/purchase-orders")]
async fn list_purchase_orders(cx: Cx, query: Query<dto::PurchaseOrderQuery>) -> Reply<Page<dto::PurchaseOrder>> {
    let page = query.page();
    let dto::PurchaseOrderQuery { supplier_id, .. } = query.into_inner();
    cx.read(async |conn| {
        let rows = store::list(conn, &page, supplier_id.map(SupplierId), cx.sight()).await?;
        Ok(page.page(rows, |order| order.head.id.into(), |order| show(order, cx.caller())))
    })
    .await
}

/// One purchase order.
#[utoipa::path(tag = "purchase_order", responses((status = 200, description = "The order", body = dto::PurchaseOrder)))]
#[get("/purchase-orders/{id}")]
async fn get_purchase_order(cx: Cx, id: Path<PurchaseOrderId>) -> Reply<dto::PurchaseOrder> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// Change a draft: its note and, under a waiver, its lines.
#[utoipa::path(tag = "purchase_order", responses((status = 200, description = "The draft", body = dto::PurchaseOrder)))]
#[patch("/purchase-orders/{id}")]
async fn update_purchase_order(
    cx: Cx,
    id: Path<PurchaseOrderId>,
    body: Json<dto::PurchaseOrderPatch>,
) -> Reply<dto::PurchaseOrder> {
    cx.command(StatusCode::OK, async |tx| {
        let order: PurchaseOrder = tx.open(*id).await?;
        let dto::PurchaseOrderPatch { lines, note } = body.0.clone();
        let lines = match lines {
            Some(lines) => Some(sourced::new_lines(tx, &order, lines).await?),
            None => None,
        };
        Ok(show(tx.save(order.update(note, lines)?).await?, cx.caller()))
    })
    .await
}

/// Ask for approval: by amount, tax included (D-01).
#[utoipa::path(tag = "purchase_order", responses((status = 200, description = "In approval", body = dto::PurchaseOrder)))]
#[post("/purchase-orders/{id}/submit")]
async fn submit_purchase_order(cx: Cx, id: Path<PurchaseOrderId>) -> Reply<dto::PurchaseOrder> {
    cx.command(StatusCode::OK, async |tx| {
        let order: PurchaseOrder = tx.open(*id).await?;
        let leave = leave(tx, &order).await?;
        let change = order.submit(leave, &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Record that the supplier has got the approved order; a waiver that it rests on is used up.
#[utoipa::path(tag = "purchase_order", responses((status = 200, description = "Sent", body = dto::PurchaseOrder)))]
#[post("/purchase-orders/{id}/send")]
async fn send_purchase_order(cx: Cx, id: Path<PurchaseOrderId>) -> Reply<dto::PurchaseOrder> {
    cx.command(StatusCode::OK, async |tx| {
        let order: PurchaseOrder = tx.open(*id).await?;
        let leave = leave(tx, &order).await?;
        let waiver = order.head.waiver_id;
        let change = order.send(leave, &tx.stamp())?;
        if let Some(waiver) = waiver {
            let waiver: SourcingWaiver = tx.load(waiver).await?;
            tx.save(waiver.use_up(&tx.stamp())?).await?;
        }
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Record the supplier's yes, and the day that it promises.
#[utoipa::path(tag = "purchase_order", responses((status = 200, description = "Acknowledged", body = dto::PurchaseOrder)))]
#[post("/purchase-orders/{id}/acknowledge")]
async fn acknowledge_purchase_order(
    cx: Cx,
    id: Path<PurchaseOrderId>,
    body: Json<dto::SupplierPromise>,
) -> Reply<dto::PurchaseOrder> {
    cx.command(StatusCode::OK, async |tx| {
        let order: PurchaseOrder = tx.open(*id).await?;
        let change = order.acknowledge(body.0.clone(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Record another day that the supplier promises; the earlier ones stay visible.
#[utoipa::path(tag = "purchase_order", responses((status = 200, description = "The order", body = dto::PurchaseOrder)))]
#[post("/purchase-orders/{id}/promise")]
async fn promise_purchase_order(
    cx: Cx,
    id: Path<PurchaseOrderId>,
    body: Json<dto::SupplierPromise>,
) -> Reply<dto::PurchaseOrder> {
    cx.command(StatusCode::OK, async |tx| {
        let order: PurchaseOrder = tx.open(*id).await?;
        let change = order.promise(body.0.clone(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Call it off before anything has arrived, and say why.
#[utoipa::path(tag = "purchase_order", responses((status = 200, description = "Cancelled", body = dto::PurchaseOrder)))]
#[post("/purchase-orders/{id}/cancel")]
async fn cancel_purchase_order(
    cx: Cx,
    id: Path<PurchaseOrderId>,
    body: Json<dto::PurchaseOrderReason>,
) -> Reply<dto::PurchaseOrder> {
    cx.command(StatusCode::OK, async |tx| {
        let order: PurchaseOrder = tx.open(*id).await?;
        let change = order.cancel(body.0.reason.to_string(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Everything is here and settled.
#[utoipa::path(tag = "purchase_order", responses((status = 200, description = "Closed", body = dto::PurchaseOrder)))]
#[post("/purchase-orders/{id}/close")]
async fn close_purchase_order(cx: Cx, id: Path<PurchaseOrderId>) -> Reply<dto::PurchaseOrder> {
    cx.command(StatusCode::OK, async |tx| {
        let order: PurchaseOrder = tx.open(*id).await?;
        let change = order.close(&tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}
