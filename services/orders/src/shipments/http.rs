//! `/api/orders/v1/shipments`: parse, ask, answer.
use super::{domain::Shipment, show::show, store};
use crate::orders::{named_order, order_of};
use actix_web::{
    get,
    http::StatusCode,
    post,
    web::{Path, Query},
};
use platform::{Cx, Json, Reply};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Page,
    orders::{self as dto, OrderPartQuery, ShipmentId},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_shipment)
        .service(list_shipments)
        .service(get_shipment)
        .service(pick_shipment)
        .service(pack_shipment)
        .service(label_shipment)
        .service(hand_over_shipment)
        .service(notify_shipment)
        .service(depart_shipment)
        .service(deliver_shipment)
        .service(report_exception_shipment)
        .service(return_shipment)
        .service(cancel_shipment);
}

/// Plan a shipment of a released order: the lines named, or all that is open.
#[utoipa::path(tag = "shipment", responses((status = 201, description = "Planned", body = dto::Shipment)))]
#[post("/shipments")]
async fn create_shipment(cx: Cx, body: Json<dto::NewShipment>) -> Reply<dto::Shipment> {
    cx.command(StatusCode::CREATED, async |tx| {
        let dto::NewShipment { order_id, lines, delivery } = body.0.clone();
        let order = named_order(&cx, tx, order_id).await?;
        let (change, goods) = order.plan_shipment(&lines)?;
        let order = tx.save(change).await?;
        let number = tx.next_number("shipment").await?;
        let shipment = Shipment::plan(tx.id(), number, &order, goods, delivery, &tx.stamp());
        Ok(show(tx.create(shipment).await?, cx.caller()))
    })
    .await
}

/// Shipments, newest first.
#[utoipa::path(tag = "shipment", params(OrderPartQuery), responses((status = 200, description = "A page", body = Page<dto::Shipment>)))]
#[get("/shipments")]
async fn list_shipments(cx: Cx, query: Query<OrderPartQuery>) -> Reply<Page<dto::Shipment>> {
    cx.read(async |conn| {
        let rows = store::list(conn, &query, cx.sight()).await?;
        Ok(query.page().page(rows, |shipment| shipment.id.into(), |shipment| show(shipment, cx.caller())))
    })
    .await
}

/// One shipment.
#[utoipa::path(tag = "shipment", responses((status = 200, description = "The shipment", body = dto::Shipment)))]
#[get("/shipments/{id}")]
async fn get_shipment(cx: Cx, id: Path<ShipmentId>) -> Reply<dto::Shipment> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// Taken from the shelves.
#[utoipa::path(tag = "shipment", responses((status = 200, description = "Picked", body = dto::Shipment)))]
#[post("/shipments/{id}/pick")]
async fn pick_shipment(cx: Cx, id: Path<ShipmentId>) -> Reply<dto::Shipment> {
    cx.command(StatusCode::OK, async |tx| {
        let shipment: Shipment = tx.open(*id).await?;
        Ok(show(tx.save(shipment.pick()?).await?, cx.caller()))
    })
    .await
}

/// Put into its box.
#[utoipa::path(tag = "shipment", responses((status = 200, description = "Packed", body = dto::Shipment)))]
#[post("/shipments/{id}/pack")]
async fn pack_shipment(cx: Cx, id: Path<ShipmentId>) -> Reply<dto::Shipment> {
    cx.command(StatusCode::OK, async |tx| {
        let shipment: Shipment = tx.open(*id).await?;
        Ok(show(tx.save(shipment.pack()?).await?, cx.caller()))
    })
    .await
}

/// Put the carrier's label on it.
#[utoipa::path(tag = "shipment", responses((status = 200, description = "Labelled", body = dto::Shipment)))]
#[post("/shipments/{id}/label")]
async fn label_shipment(cx: Cx, id: Path<ShipmentId>, body: Json<dto::LabelShipment>) -> Reply<dto::Shipment> {
    cx.command(StatusCode::OK, async |tx| {
        let shipment: Shipment = tx.open(*id).await?;
        let taken = store::taken(tx.conn(), &body.0).await?;
        Ok(show(tx.save(shipment.label(body.0.clone(), taken)?).await?, cx.caller()))
    })
    .await
}

/// Give it to the carrier.
#[utoipa::path(tag = "shipment", responses((status = 200, description = "Handed over", body = dto::Shipment)))]
#[post("/shipments/{id}/hand-over")]
async fn hand_over_shipment(cx: Cx, id: Path<ShipmentId>) -> Reply<dto::Shipment> {
    cx.command(StatusCode::OK, async |tx| {
        let order = store::order_of(tx.conn(), *id).await?;
        let order = order_of::<Shipment>(tx, *id, order).await?;
        let shipment: Shipment = tx.open(*id).await?;
        let shipment = tx.save(shipment.hand_over(&tx.stamp())?).await?;
        tx.save(order.ship(&shipment.lines.0, &tx.stamp())?).await?;
        Ok(show(shipment, cx.caller()))
    })
    .await
}

/// Send the customer the shipping notice.
#[utoipa::path(tag = "shipment", responses((status = 200, description = "Notified", body = dto::Shipment)))]
#[post("/shipments/{id}/notify")]
async fn notify_shipment(cx: Cx, id: Path<ShipmentId>, body: Json<dto::NotifyShipment>) -> Reply<dto::Shipment> {
    cx.command(StatusCode::OK, async |tx| {
        let shipment: Shipment = tx.open(*id).await?;
        let change = shipment.notify(body.0.clone(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// The carrier moves it (on).
#[utoipa::path(tag = "shipment", responses((status = 200, description = "In transit", body = dto::Shipment)))]
#[post("/shipments/{id}/depart")]
async fn depart_shipment(cx: Cx, id: Path<ShipmentId>) -> Reply<dto::Shipment> {
    cx.command(StatusCode::OK, async |tx| {
        let shipment: Shipment = tx.open(*id).await?;
        Ok(show(tx.save(shipment.depart()?).await?, cx.caller()))
    })
    .await
}

/// Record who signed for it, and when.
#[utoipa::path(tag = "shipment", responses((status = 200, description = "Delivered", body = dto::Shipment)))]
#[post("/shipments/{id}/deliver")]
async fn deliver_shipment(cx: Cx, id: Path<ShipmentId>, body: Json<dto::DeliverShipment>) -> Reply<dto::Shipment> {
    cx.command(StatusCode::OK, async |tx| {
        let order = store::order_of(tx.conn(), *id).await?;
        let order = order_of::<Shipment>(tx, *id, order).await?;
        let shipment: Shipment = tx.open(*id).await?;
        let shipment = tx.save(shipment.deliver(body.0.clone(), &tx.stamp())?).await?;
        tx.save(order.deliver(&shipment.lines.0, &tx.stamp())?).await?;
        Ok(show(shipment, cx.caller()))
    })
    .await
}

/// Say what went wrong on its way.
#[utoipa::path(tag = "shipment", responses((status = 200, description = "Held up", body = dto::Shipment)))]
#[post("/shipments/{id}/report-exception")]
async fn report_exception_shipment(
    cx: Cx,
    id: Path<ShipmentId>,
    body: Json<dto::ShipmentReason>,
) -> Reply<dto::Shipment> {
    cx.command(StatusCode::OK, async |tx| {
        let shipment: Shipment = tx.open(*id).await?;
        let change = shipment.report_exception(body.0.reason.to_string())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// It came back: its goods are open again.
#[utoipa::path(tag = "shipment", responses((status = 200, description = "Returned", body = dto::Shipment)))]
#[post("/shipments/{id}/return")]
async fn return_shipment(cx: Cx, id: Path<ShipmentId>, body: Json<dto::ShipmentReason>) -> Reply<dto::Shipment> {
    cx.command(StatusCode::OK, async |tx| {
        let order = store::order_of(tx.conn(), *id).await?;
        let order = order_of::<Shipment>(tx, *id, order).await?;
        let shipment: Shipment = tx.open(*id).await?;
        let shipment = tx.save(shipment.returned(body.0.reason.to_string())?).await?;
        tx.save(order.take_back(&shipment.lines.0)?).await?;
        Ok(show(shipment, cx.caller()))
    })
    .await
}

/// It does not leave: its goods are open again.
#[utoipa::path(tag = "shipment", responses((status = 200, description = "Cancelled", body = dto::Shipment)))]
#[post("/shipments/{id}/cancel")]
async fn cancel_shipment(cx: Cx, id: Path<ShipmentId>, body: Json<dto::ShipmentReason>) -> Reply<dto::Shipment> {
    cx.command(StatusCode::OK, async |tx| {
        let order = store::order_of(tx.conn(), *id).await?;
        let order = order_of::<Shipment>(tx, *id, order).await?;
        let shipment: Shipment = tx.open(*id).await?;
        let shipment = tx.save(shipment.cancel(body.0.reason.to_string())?).await?;
        tx.save(order.unplan_shipment(&shipment.lines.0)?).await?;
        Ok(show(shipment, cx.caller()))
    })
    .await
}
