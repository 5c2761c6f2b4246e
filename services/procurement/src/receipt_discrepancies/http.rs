//! `/api/procurement/v1/receipt-discrepancies`: parse, ask, answer. Locks in one order: the discrepancy, its receipt, its
//! order, the stock.
use super::{
    domain::{Discrepancy, DiscrepancyRule},
    show::show,
    store,
};
use crate::{
    goods_receipts::{self, domain::GoodsReceipt},
    purchase_orders::domain::PurchaseOrder,
};
use actix_web::{
    get,
    http::StatusCode,
    post,
    web::{Path, Query},
};
use platform::{Cx, Json, Reply, Result, Tx};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use wire::{
    Page, PageQuery,
    procurement::{self as dto, DiscrepancyId},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(open_discrepancy)
        .service(list_discrepancies)
        .service(get_discrepancy)
        .service(contact_discrepancy)
        .service(resolve_discrepancy)
        .service(close_discrepancy);
}

/// Report something that is wrong beside the quantities of the inspection, with photos. The order waits for it (待处理).
#[utoipa::path(tag = "discrepancy", responses((status = 201, description = "Opened", body = dto::Discrepancy)))]
#[post("/receipt-discrepancies")]
async fn open_discrepancy(cx: Cx, body: Json<dto::NewDiscrepancy>) -> Reply<dto::Discrepancy> {
    cx.command(StatusCode::CREATED, async |tx| {
        let new = body.0.clone();
        let receipt: Option<GoodsReceipt> = tx.try_load(new.goods_receipt_id).await?;
        let receipt = receipt.ok_or(DiscrepancyRule::UnknownReceipt)?;
        let order: PurchaseOrder = tx.load(receipt.head.purchase_order_id).await?;
        tx.save(order.dispute(&tx.stamp())?).await?;
        let number = tx.next_number("discrepancy").await?;
        let change = Discrepancy::report(tx.id(), number, &receipt, new, &tx.stamp())?;
        let discrepancy = tx.create(change).await?;
        for (index, photo) in body.0.attachment_ids.iter().enumerate() {
            tx.attach(&format!("/attachment_ids/{index}"), *photo, &discrepancy).await?;
        }
        Ok(show(discrepancy, cx.caller()))
    })
    .await
}

/// Discrepancies, newest first.
#[utoipa::path(tag = "discrepancy", params(dto::DiscrepancyQuery), responses((status = 200, description = "A page", body = Page<dto::Discrepancy>)))]
#[get("/receipt-discrepancies")]
async fn list_discrepancies(cx: Cx, query: Query<dto::DiscrepancyQuery>) -> Reply<Page<dto::Discrepancy>> {
    let page = PageQuery { limit: query.limit, after: query.after, ..PageQuery::default() };
    cx.read(async |conn| {
        let rows = store::list(conn, &query, page.fetch(), cx.sight()).await?;
        Ok(page.page(rows, |discrepancy| discrepancy.id.into(), |discrepancy| show(discrepancy, cx.caller())))
    })
    .await
}

/// One discrepancy.
#[utoipa::path(tag = "discrepancy", responses((status = 200, description = "The discrepancy", body = dto::Discrepancy)))]
#[get("/receipt-discrepancies/{id}")]
async fn get_discrepancy(cx: Cx, id: Path<DiscrepancyId>) -> Reply<dto::Discrepancy> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// Record what the supplier says to it.
#[utoipa::path(tag = "discrepancy", responses((status = 200, description = "The supplier knows", body = dto::Discrepancy)))]
#[post("/receipt-discrepancies/{id}/contact")]
async fn contact_discrepancy(
    cx: Cx,
    id: Path<DiscrepancyId>,
    body: Json<dto::ContactSupplier>,
) -> Reply<dto::Discrepancy> {
    cx.command(StatusCode::OK, async |tx| {
        let discrepancy: Discrepancy = tx.open(*id).await?;
        let change = discrepancy.contact(body.0.note.to_string(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Decide what is to be done: return, exchange, credit, or take the goods as they are.
#[utoipa::path(tag = "discrepancy", responses((status = 200, description = "Decided", body = dto::Discrepancy)))]
#[post("/receipt-discrepancies/{id}/resolve")]
async fn resolve_discrepancy(
    cx: Cx,
    id: Path<DiscrepancyId>,
    body: Json<dto::ResolveDiscrepancy>,
) -> Reply<dto::Discrepancy> {
    cx.command(StatusCode::OK, async |tx| {
        let discrepancy: Discrepancy = tx.open(*id).await?;
        let receipt = goods_receipts::store::find(tx.conn(), discrepancy.goods_receipt_id).await?;
        let inspector = receipt.and_then(|receipt| receipt.head.inspected_by);
        let change = discrepancy.resolve(body.0.clone(), inspector.as_deref(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// It is done: what was decided takes effect on the order and, for goods taken as they are, on the stock.
#[utoipa::path(tag = "discrepancy", responses((status = 200, description = "Closed", body = dto::Discrepancy)))]
#[post("/receipt-discrepancies/{id}/close")]
async fn close_discrepancy(
    cx: Cx,
    id: Path<DiscrepancyId>,
    body: Json<dto::CloseDiscrepancy>,
) -> Reply<dto::Discrepancy> {
    cx.command(StatusCode::OK, async |tx| {
        let discrepancy: Discrepancy = tx.open(*id).await?;
        let change = discrepancy.clone().close(&tx.stamp())?;
        if let Some(line_id) = discrepancy.takes() {
            let receipt = take(tx, &discrepancy, line_id, body.0.delivery_note_id).await?;
            settle(tx, &discrepancy).await?;
            let line = receipt.lines.iter().find(|line| line.id == line_id).cloned();
            let goods = line.into_iter().map(|line| (line, discrepancy.quantity)).collect();
            goods_receipts::shelve(tx, &receipt, goods, Some(discrepancy.id)).await?;
        } else {
            settle(tx, &discrepancy).await?;
        }
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

async fn take(
    tx: &mut Tx,
    discrepancy: &Discrepancy,
    line_id: Uuid,
    delivery_note: Option<Uuid>,
) -> Result<GoodsReceipt> {
    let receipt: GoodsReceipt = tx.load(discrepancy.goods_receipt_id).await?;
    let change = receipt.take(line_id, discrepancy.quantity, delivery_note)?;
    if let Some(note) = delivery_note {
        tx.attach("/delivery_note_id", note, change.after()).await?;
    }
    tx.save(change).await
}

async fn settle(tx: &mut Tx, discrepancy: &Discrepancy) -> Result<()> {
    let order: PurchaseOrder = tx.load(discrepancy.purchase_order_id).await?;
    let change = order.settle(&discrepancy.outcome(), &tx.stamp())?;
    tx.save(change).await.map(drop)
}
