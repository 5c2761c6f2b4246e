//! `/api/orders/v1/nonconformities`: parse, ask, answer.
use super::{domain::Nonconformity, store};
use crate::{
    inspections::{self, domain::Inspection},
    orders::order_of,
};
use actix_web::{
    get,
    http::StatusCode,
    post,
    web::{Path, Query},
};
use platform::{Caller, Cx, Json, Machine, Reply};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Page,
    orders::{self as dto, NonconformityId, OrderPartQuery},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list_nonconformities)
        .service(get_nonconformity)
        .service(rework_nonconformity)
        .service(reinspect_nonconformity)
        .service(scrap_nonconformity);
}

/// Nonconformities, newest first.
#[utoipa::path(tag = "nonconformity", params(OrderPartQuery), responses((status = 200, description = "A page", body = Page<dto::Nonconformity>)))]
#[get("/nonconformities")]
async fn list_nonconformities(cx: Cx, query: Query<OrderPartQuery>) -> Reply<Page<dto::Nonconformity>> {
    cx.read(async |conn| {
        let rows = store::list(conn, &query, cx.sight()).await?;
        Ok(query.page().page(rows, |row| row.id.into(), |row| show(row, cx.caller())))
    })
    .await
}

/// One nonconformity.
#[utoipa::path(tag = "nonconformity", responses((status = 200, description = "The nonconformity", body = dto::Nonconformity)))]
#[get("/nonconformities/{id}")]
async fn get_nonconformity(cx: Cx, id: Path<NonconformityId>) -> Reply<dto::Nonconformity> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// Send it to rework.
#[utoipa::path(tag = "nonconformity", responses((status = 200, description = "In rework", body = dto::Nonconformity)))]
#[post("/nonconformities/{id}/rework")]
async fn rework_nonconformity(
    cx: Cx,
    id: Path<NonconformityId>,
    body: Json<dto::ReworkNonconformity>,
) -> Reply<dto::Nonconformity> {
    cx.command(StatusCode::OK, async |tx| {
        let known: Nonconformity = tx.open(*id).await?;
        Ok(show(tx.save(known.rework(body.0.instructions.to_string())?).await?, cx.caller()))
    })
    .await
}

/// Plan the inspection that follows the rework, by the plan of the one that failed.
#[utoipa::path(tag = "nonconformity", responses((status = 200, description = "In reinspection", body = dto::Nonconformity)))]
#[post("/nonconformities/{id}/reinspect")]
async fn reinspect_nonconformity(cx: Cx, id: Path<NonconformityId>) -> Reply<dto::Nonconformity> {
    cx.command(StatusCode::OK, async |tx| {
        let order = store::order_of(tx.conn(), *id).await?;
        let order = order_of::<Nonconformity>(tx, *id, order).await?;
        let known: Nonconformity = tx.open(*id).await?;
        let first: Inspection = tx.load(known.inspection_id).await?;
        let ids = (tx.id(), tx.next_number("inspection").await?);
        let (again, inspection) = (known.again(&first), ids.0);
        let change = known.reinspect(inspection)?;
        let look = Inspection::plan(ids, &order, again, Some(*id), &tx.stamp())?;
        tx.create(look).await?;
        let known = tx.save(change).await?;
        inspections::count(tx, order).await?;
        Ok(show(known, cx.caller()))
    })
    .await
}

/// Give it up: the order asks for others in its place, unless all of it has been shipped.
#[utoipa::path(tag = "nonconformity", responses((status = 200, description = "Scrapped", body = dto::Nonconformity)))]
#[post("/nonconformities/{id}/scrap")]
async fn scrap_nonconformity(
    cx: Cx,
    id: Path<NonconformityId>,
    body: Json<dto::ScrapNonconformity>,
) -> Reply<dto::Nonconformity> {
    cx.command(StatusCode::OK, async |tx| {
        let order = store::order_of(tx.conn(), *id).await?;
        let order = order_of::<Nonconformity>(tx, *id, order).await?;
        let known: Nonconformity = tx.open(*id).await?;
        let known = tx.save(known.scrap(body.0.clone(), &tx.stamp())?).await?;
        if order.may("scrap").is_err() {
            // All of it has left the house: nothing is asked for in its place.
            inspections::count(tx, order).await?;
            return Ok(show(known, cx.caller()));
        }
        let quality = inspections::open(tx, known.order_id).await?;
        tx.save(order.scrap(known.line_id, body.0.quantity, quality)?).await?;
        inspections::tell_work(tx, known.order_id, quality).await?;
        Ok(show(known, cx.caller()))
    })
    .await
}

fn show(known: Nonconformity, caller: &Caller) -> dto::Nonconformity {
    let available_actions = known.available_actions(caller);
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let Nonconformity {
        id,
        number,
        status,
        order_id,
        order_number,
        case_id,
        inspection_id,
        stage,
        line_id,
        sku,
        lot_size,
        defects,
        loops,
        instructions,
        reinspection_id,
        reason,
        scrapped,
        closed_at,
        owner_id: _,
        team_id: _,
        department_id: _,
        created_at,
        version,
    } = known;
    dto::Nonconformity {
        id,
        number,
        status,
        order_id,
        order_number,
        case_id,
        inspection_id,
        stage,
        line_id,
        sku,
        lot_size,
        defects,
        loops,
        instructions,
        reinspection_id,
        reason,
        scrapped,
        closed_at,
        created_at,
        version,
        available_actions,
    }
}
