//! `PUT /goods-receipts/by-ref/{system}/{reference}`: deliveries that another system has inspected. What it rejected is
//! settled there; here it is no longer expected.
use super::{
    book::{self, accepted, part},
    domain::{Birth, GoodsReceipt},
    http::named_order,
    lines::{self, LineRow},
    show::show,
};
use crate::purchase_orders::domain::{Outcome, PurchaseOrder};
use actix_web::{put, web::Path};
use platform::{Cx, Json, Reply, Result, Tx};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use wire::{Code, ExternalRef, Quantity, Reference, procurement as dto};

pub fn routes(config: &mut ServiceConfig) {
    config.service(upsert_goods_receipt);
}

/// Take over a delivery that another system has inspected and accepted. It is booked once: a repeat changes nothing.
#[utoipa::path(tag = "goods_receipt", responses((status = 201, description = "New, and booked", body = dto::GoodsReceipt), (status = 200, description = "Known", body = dto::GoodsReceipt)))]
#[put("/goods-receipts/by-ref/{system}/{reference}")]
async fn upsert_goods_receipt(
    cx: Cx,
    path: Path<(Code, Reference)>,
    body: Json<dto::ImportGoodsReceipt>,
) -> Reply<dto::GoodsReceipt> {
    let (system, id) = path.into_inner();
    let reference = ExternalRef { system, id };
    cx.upsert(async |tx| {
        let known = tx.by_ref::<GoodsReceipt>(&reference).await?;
        let created = known.is_none();
        let receipt = match known {
            Some(receipt) => {
                let order: PurchaseOrder = tx.load(receipt.head.purchase_order_id).await?;
                receipt.known(&body.0, &order)?
            }
            None => import(tx, &reference, body.0.clone()).await?,
        };
        Ok((created, show(receipt, cx.caller())))
    })
    .await
}

async fn import(tx: &mut Tx, reference: &ExternalRef, new: dto::ImportGoodsReceipt) -> Result<GoodsReceipt> {
    let dto::ImportGoodsReceipt { purchase_order_id, delivery_note_number, arrived_at, lines, .. } = new;
    let order = named_order(tx, purchase_order_id, delivery_note_number.as_str()).await?;
    let order = tx.save(order.arrive()?).await?;
    let birth = Birth {
        id: tx.id(),
        number: tx.next_number("goods_receipt").await?,
        delivery_note_number: delivery_note_number.into_string(),
        arrived_at,
        external_refs: vec![reference.clone()],
    };
    let rows = lines::imported(birth.id, &order, lines, || tx.id::<Uuid>())?;
    let stamp = tx.stamp();
    let receipt = tx.create(GoodsReceipt::import(birth, &order, rows, &stamp)?).await?;
    tx.bind_refs("goods_receipt", receipt.head.id, &receipt.head.external_refs.0).await?;
    let rejected = |line: &&LineRow| line.rejected > Quantity::ZERO;
    let outcome = Outcome {
        taken: accepted(&receipt).map(|line| part(line, line.accepted)).collect(),
        forgone: receipt.lines.iter().filter(rejected).map(|line| part(line, line.rejected)).collect(),
        opened: 0,
        completes: new.completes,
    };
    tx.save(order.take_in(&outcome, &stamp)?).await?;
    if !new.in_opening_balance {
        let goods = accepted(&receipt).map(|line| (line.clone(), line.accepted)).collect();
        book::shelve(tx, &receipt, goods, None).await?;
    }
    Ok(receipt)
}
