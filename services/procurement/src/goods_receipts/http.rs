//! `/api/procurement/v1/goods-receipts`: parse, ask, answer.
use super::{
    book,
    domain::{Birth, GoodsReceipt, GoodsReceiptRule},
    lines,
    show::show,
    store,
};
use crate::purchase_orders::domain::PurchaseOrder;
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
    Page,
    procurement::{self as dto, GoodsReceiptId, PurchaseOrderId},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_goods_receipt)
        .service(list_goods_receipts)
        .service(get_goods_receipt)
        .service(inspect_goods_receipt)
        .service(record_goods_receipt)
        .service(accept_goods_receipt)
        .service(reject_goods_receipt);
}

/// Record a delivery at the gate. It is to be inspected within four working hours.
#[utoipa::path(tag = "goods_receipt", responses((status = 201, description = "Arrived", body = dto::GoodsReceipt)))]
#[post("/goods-receipts")]
async fn create_goods_receipt(cx: Cx, body: Json<dto::NewGoodsReceipt>) -> Reply<dto::GoodsReceipt> {
    cx.command(StatusCode::CREATED, async |tx| {
        let dto::NewGoodsReceipt { purchase_order_id, delivery_note_number, arrived_at, lines } = body.0.clone();
        let order = named_order(tx, purchase_order_id, delivery_note_number.as_str()).await?;
        let order = tx.save(order.arrive()?).await?;
        let stamp = tx.stamp();
        let birth = Birth {
            id: tx.id(),
            number: tx.next_number("goods_receipt").await?,
            delivery_note_number: delivery_note_number.into_string(),
            arrived_at: arrived_at.unwrap_or(stamp.at),
            external_refs: Vec::new(),
        };
        let rows = lines::noted(birth.id, &order, &lines, || tx.id::<Uuid>())?;
        let change = GoodsReceipt::arrive(birth, &order, rows, &stamp)?;
        Ok(show(tx.create(change).await?, cx.caller()))
    })
    .await
}

/// Goods receipts, newest first.
#[utoipa::path(tag = "goods_receipt", params(dto::GoodsReceiptQuery), responses((status = 200, description = "A page", body = Page<dto::GoodsReceipt>)))]
#[get("/goods-receipts")]
async fn list_goods_receipts(cx: Cx, query: Query<dto::GoodsReceiptQuery>) -> Reply<Page<dto::GoodsReceipt>> {
    let page = query.page();
    let dto::GoodsReceiptQuery { purchase_order_id, overdue, .. } = query.into_inner();
    let filter = store::Filter { order: purchase_order_id.map(PurchaseOrderId), overdue };
    cx.read(async |conn| {
        let rows = store::list(conn, &page, filter, cx.sight()).await?;
        Ok(page.page(rows, |receipt| receipt.head.id.into(), |receipt| show(receipt, cx.caller())))
    })
    .await
}

/// One goods receipt.
#[utoipa::path(tag = "goods_receipt", responses((status = 200, description = "The receipt", body = dto::GoodsReceipt)))]
#[get("/goods-receipts/{id}")]
async fn get_goods_receipt(cx: Cx, id: Path<GoodsReceiptId>) -> Reply<dto::GoodsReceipt> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// Begin to count and to look.
#[utoipa::path(tag = "goods_receipt", responses((status = 200, description = "Inspecting", body = dto::GoodsReceipt)))]
#[post("/goods-receipts/{id}/inspect")]
async fn inspect_goods_receipt(cx: Cx, id: Path<GoodsReceiptId>) -> Reply<dto::GoodsReceipt> {
    cx.command(StatusCode::OK, async |tx| {
        let receipt: GoodsReceipt = tx.open(*id).await?;
        Ok(show(tx.save(receipt.inspect()?).await?, cx.caller()))
    })
    .await
}

/// Write down what was found, line by line; again, as long as nothing is accepted or rejected.
#[utoipa::path(tag = "goods_receipt", responses((status = 200, description = "Recorded", body = dto::GoodsReceipt)))]
#[post("/goods-receipts/{id}/record")]
async fn record_goods_receipt(
    cx: Cx,
    id: Path<GoodsReceiptId>,
    body: Json<dto::RecordInspection>,
) -> Reply<dto::GoodsReceipt> {
    cx.command(StatusCode::OK, async |tx| {
        let receipt: GoodsReceipt = tx.open(*id).await?;
        Ok(show(tx.save(receipt.record(body.0.lines.clone(), &tx.stamp())?).await?, cx.caller()))
    })
    .await
}

/// Take what passed into stock. What did not becomes a discrepancy, and the order waits for it (待处理).
#[utoipa::path(tag = "goods_receipt", responses((status = 200, description = "In stock", body = dto::GoodsReceipt)))]
#[post("/goods-receipts/{id}/accept")]
async fn accept_goods_receipt(
    cx: Cx,
    id: Path<GoodsReceiptId>,
    body: Json<dto::AcceptGoodsReceipt>,
) -> Reply<dto::GoodsReceipt> {
    cx.command(StatusCode::OK, async |tx| {
        let receipt: GoodsReceipt = tx.open(*id).await?;
        let change = receipt.accept(body.0.clone(), &tx.stamp())?;
        if let Some(note) = body.0.delivery_note_id {
            tx.attach("/delivery_note_id", note, change.after()).await?;
        }
        attach_photos(tx, &body.0.photo_ids, change.after()).await?;
        let order: PurchaseOrder = tx.load(change.after().head.purchase_order_id).await?;
        Ok(show(book::finish(tx, change, order).await?, cx.caller()))
    })
    .await
}

/// Take none of it, and say why; what is wrong becomes a discrepancy.
#[utoipa::path(tag = "goods_receipt", responses((status = 200, description = "Rejected", body = dto::GoodsReceipt)))]
#[post("/goods-receipts/{id}/reject")]
async fn reject_goods_receipt(
    cx: Cx,
    id: Path<GoodsReceiptId>,
    body: Json<dto::RejectGoodsReceipt>,
) -> Reply<dto::GoodsReceipt> {
    cx.command(StatusCode::OK, async |tx| {
        let receipt: GoodsReceipt = tx.open(*id).await?;
        let change = receipt.reject(body.0.clone(), &tx.stamp())?;
        attach_photos(tx, &body.0.photo_ids, change.after()).await?;
        let order: PurchaseOrder = tx.load(change.after().head.purchase_order_id).await?;
        Ok(show(book::finish(tx, change, order).await?, cx.caller()))
    })
    .await
}

async fn attach_photos(tx: &mut Tx, photos: &[Uuid], receipt: &GoodsReceipt) -> Result<()> {
    for (index, photo) in photos.iter().enumerate() {
        tx.attach(&format!("/photo_ids/{index}"), *photo, receipt).await?;
    }
    Ok(())
}

/// The order that a delivery is of, locked; a delivery note of it is recorded once.
pub(super) async fn named_order(tx: &mut Tx, id: PurchaseOrderId, delivery_note: &str) -> Result<PurchaseOrder> {
    let order: PurchaseOrder = tx.try_load(id).await?.ok_or(GoodsReceiptRule::UnknownOrder)?;
    if store::is_noted(tx.conn(), id, delivery_note).await? {
        return Err(GoodsReceiptRule::NoteTaken { number: delivery_note.to_owned() }.into());
    }
    Ok(order)
}
