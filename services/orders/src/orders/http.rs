//! `/api/orders/v1/orders`: parse, ask, answer.
use super::{
    domain::{Entry, Order, Products},
    show::{availability, show},
    store,
};
use crate::{finance_reviews, inspections, nonconformities, shortages, work_items};
use actix_web::{
    get,
    http::StatusCode,
    patch, post,
    web::{Path, Query},
};
use futures_util::future::try_join3;
use platform::{ApiError, Cx, Entity, Json, Reply, Result, Tx, replica};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    CaseId, Page, PageQuery,
    crm::AccountSnapshot,
    line::NewLine,
    orders::{self as dto, OrderId},
    quoting::ProductSnapshot,
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_order)
        .service(list_orders)
        .service(get_order)
        .service(update_order)
        .service(submit_order)
        .service(check_order)
        .service(confirm_order)
        .service(release_order)
        .service(require_contract_order)
        .service(hold_order)
        .service(resume_order)
        .service(cancel_order)
        .service(get_order_availability)
        .service(get_order_price_check);
}

/// Enter an order that has neither quote nor contract.
#[utoipa::path(tag = "order", responses((status = 201, description = "The draft", body = dto::Order)))]
#[post("/orders")]
async fn create_order(cx: Cx, body: Json<dto::NewOrder>) -> Reply<dto::Order> {
    cx.command(StatusCode::CREATED, async |tx| {
        let new = body.0.clone();
        let account = tx.named_replica::<AccountSnapshot>("/account_id", new.account_id.into());
        let (account, products, number) = try_join3(account, products(tx, &new.lines), tx.next_number("order")).await?;
        let entry = Entry {
            id: tx.id(),
            number,
            case_id: tx.id::<CaseId>(),
            entered_as: Some(cx.caller().roles.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(" ")),
            cause_event_id: None,
        };
        let (refs, id, stamp) = (new.external_refs.clone(), entry.id, tx.stamp());
        let change = Order::direct(entry, account, new, &products, || tx.id(), &stamp)?;
        tx.bind_refs("order", id, &refs).await?;
        Ok(show(tx.create(change).await?, cx.caller()))
    })
    .await
}

/// Orders, newest first.
#[utoipa::path(tag = "order", params(PageQuery), responses((status = 200, description = "A page", body = Page<dto::Order>)))]
#[get("/orders")]
async fn list_orders(cx: Cx, page: Query<PageQuery>) -> Reply<Page<dto::Order>> {
    cx.read(async |conn| {
        let rows = store::list(conn, &page, cx.sight()).await?;
        Ok(page.page(rows, |order| order.head.id.into(), |order| show(order, cx.caller())))
    })
    .await
}

/// One order.
#[utoipa::path(tag = "order", responses((status = 200, description = "The order", body = dto::Order)))]
#[get("/orders/{id}")]
async fn get_order(cx: Cx, id: Path<OrderId>) -> Reply<dto::Order> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// Change a draft, or the prices of an order that finance sent back.
#[utoipa::path(tag = "order", responses((status = 200, description = "The order", body = dto::Order)))]
#[patch("/orders/{id}")]
async fn update_order(cx: Cx, id: Path<OrderId>, body: Json<dto::OrderPatch>) -> Reply<dto::Order> {
    cx.command(StatusCode::OK, async |tx| {
        let order: Order = tx.open(*id).await?;
        let products = products(tx, body.0.lines.as_deref().unwrap_or_default()).await?;
        let change = order.update(body.0.clone(), &products, || tx.id(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Ask procurement to hold the goods; above the limit, wait for a contract.
#[utoipa::path(tag = "order", responses((status = 200, description = "Submitted", body = dto::Order)))]
#[post("/orders/{id}/submit")]
async fn submit_order(cx: Cx, id: Path<OrderId>) -> Reply<dto::Order> {
    cx.command(StatusCode::OK, async |tx| {
        let order: Order = tx.open(*id).await?;
        let change = order.submit(tx.id(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Ask procurement again, after a restock for instance.
#[utoipa::path(tag = "order", responses((status = 200, description = "Asked", body = dto::Order)))]
#[post("/orders/{id}/check")]
async fn check_order(cx: Cx, id: Path<OrderId>) -> Reply<dto::Order> {
    cx.command(StatusCode::OK, async |tx| {
        let order: Order = tx.open(*id).await?;
        Ok(show(tx.save(order.check()?).await?, cx.caller()))
    })
    .await
}

/// Confirm it to the customer and hand it to the departments.
#[utoipa::path(tag = "order", responses((status = 200, description = "Confirmed", body = dto::Order)))]
#[post("/orders/{id}/confirm")]
async fn confirm_order(cx: Cx, id: Path<OrderId>) -> Reply<dto::Order> {
    cx.command(StatusCode::OK, async |tx| {
        let order: Order = tx.open(*id).await?;
        let items = work_items::decompose(tx, &order).await?;
        let work_items = items.iter().filter_map(|item| item.after().told()).collect();
        let change = order.confirm(work_items, &tx.stamp())?;
        let order = tx.save(change).await?;
        for item in items {
            tx.create(item).await?;
        }
        Ok(show(order, cx.caller()))
    })
    .await
}

/// Let the warehouse ship.
#[utoipa::path(tag = "order", responses((status = 200, description = "Released for shipping", body = dto::Order)))]
#[post("/orders/{id}/release")]
async fn release_order(cx: Cx, id: Path<OrderId>) -> Reply<dto::Order> {
    cx.command(StatusCode::OK, async |tx| {
        let order: Order = tx.open(*id).await?;
        let change = order.release(&tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Ask for another contract in the place of one that was withdrawn.
#[utoipa::path(tag = "order", responses((status = 200, description = "Asked for", body = dto::Order)))]
#[post("/orders/{id}/require-contract")]
async fn require_contract_order(cx: Cx, id: Path<OrderId>) -> Reply<dto::Order> {
    cx.command(StatusCode::OK, async |tx| {
        let order: Order = tx.open(*id).await?;
        let change = order.require_another_contract(tx.id(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Stop it by hand.
#[utoipa::path(tag = "order", responses((status = 200, description = "Held", body = dto::Order)))]
#[post("/orders/{id}/hold")]
async fn hold_order(cx: Cx, id: Path<OrderId>, body: Json<dto::OrderReason>) -> Reply<dto::Order> {
    cx.command(StatusCode::OK, async |tx| {
        let order: Order = tx.open(*id).await?;
        let change = order.hold(body.0.reason.to_string(), tx.id(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Let it go on.
#[utoipa::path(tag = "order", responses((status = 200, description = "It goes on", body = dto::Order)))]
#[post("/orders/{id}/resume")]
async fn resume_order(cx: Cx, id: Path<OrderId>, body: Json<dto::OrderReason>) -> Reply<dto::Order> {
    cx.command(StatusCode::OK, async |tx| {
        let order: Order = tx.open(*id).await?;
        let change = order.resume(body.0.reason.to_string(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// End it before anything has left; its parts end with it.
#[utoipa::path(tag = "order", responses((status = 200, description = "Cancelled", body = dto::Order)))]
#[post("/orders/{id}/cancel")]
async fn cancel_order(cx: Cx, id: Path<OrderId>, body: Json<dto::OrderReason>) -> Reply<dto::Order> {
    cx.command(StatusCode::OK, async |tx| {
        let order: Order = tx.open(*id).await?;
        let change = order.cancel(body.0.reason.to_string(), &tx.stamp())?;
        let order = tx.save(change).await?;
        finance_reviews::cancel(tx, order.head.id).await?;
        work_items::cancel(tx, order.head.id).await?;
        shortages::cancel(tx, order.head.id).await?;
        inspections::cancel(tx, order.head.id).await?;
        nonconformities::cancel(tx, order.head.id).await?;
        Ok(show(order, cx.caller()))
    })
    .await
}

/// What procurement holds for it, line by line.
#[utoipa::path(tag = "order", responses((status = 200, description = "Line by line", body = dto::OrderAvailability)))]
#[get("/orders/{id}/availability")]
async fn get_order_availability(cx: Cx, id: Path<OrderId>) -> Reply<dto::OrderAvailability> {
    cx.read(async |conn| Ok(availability(cx.visible(*id, store::find(conn, *id).await?)?))).await
}

/// Its lines against those of the accepted quote.
#[utoipa::path(tag = "order", responses((status = 200, description = "Line by line", body = dto::PriceCheck)))]
#[get("/orders/{id}/price-check")]
async fn get_order_price_check(cx: Cx, id: Path<OrderId>) -> Reply<dto::PriceCheck> {
    cx.read(async |conn| Ok(cx.visible(*id, store::find(conn, *id).await?)?.price_check())).await
}

/// The order that a body names in `order_id`, locked: 422 if there is none that the caller may see.
pub(crate) async fn named_order(cx: &Cx, tx: &mut Tx, id: OrderId) -> Result<Order> {
    let found: Option<Order> = tx.try_load(id).await?;
    found
        .filter(|order| cx.sight().sees(order.ownership().as_ref()))
        .ok_or_else(|| ApiError::absent("/order_id", "order", id))
}

/// The order that a part belongs to, locked before the part is: one order of locks, so that nobody waits in a circle.
pub(crate) async fn order_of<P: Entity>(tx: &mut Tx, part: P::Id, order: Option<OrderId>) -> Result<Order> {
    match order {
        Some(order) => tx.load(order).await,
        None => Err(ApiError::NotFound { entity: P::KIND, id: part.to_string() }),
    }
}

async fn products(tx: &Tx, lines: &[NewLine]) -> Result<Products> {
    products_of(tx, &lines.iter().map(|line| line.sku.as_str()).collect::<Vec<_>>()).await
}

/// What is known here of these products.
pub(crate) async fn products_of(tx: &Tx, skus: &[&str]) -> Result<Products> {
    let known: Vec<ProductSnapshot> = replica::find_by_keys(tx.shared(), skus).await?;
    Ok(known.into_iter().map(|product| (product.sku.clone(), product)).collect())
}
