//! `/api/orders/v1/inspections`: parse, ask, answer.
use super::{domain::Inspection, steps, store};
use crate::{
    nonconformities,
    orders::{named_order, order_of},
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
    orders::{self as dto, InspectionId, OrderPartQuery},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_inspection)
        .service(list_inspections)
        .service(get_inspection)
        .service(complete_inspection)
        .service(cancel_inspection);
}

/// Plan an inspection of one line's goods.
#[utoipa::path(tag = "inspection", responses((status = 201, description = "Planned", body = dto::Inspection)))]
#[post("/inspections")]
async fn create_inspection(cx: Cx, body: Json<dto::NewInspection>) -> Reply<dto::Inspection> {
    cx.command(StatusCode::CREATED, async |tx| {
        let order = named_order(&cx, tx, body.0.order_id).await?;
        let ids = (tx.id(), tx.next_number("inspection").await?);
        let change = Inspection::plan(ids, &order, body.0.clone(), None, &tx.stamp())?;
        let inspection = tx.create(change).await?;
        steps::count(tx, order).await?;
        Ok(show(inspection, cx.caller()))
    })
    .await
}

/// Inspections, newest first.
#[utoipa::path(tag = "inspection", params(OrderPartQuery), responses((status = 200, description = "A page", body = Page<dto::Inspection>)))]
#[get("/inspections")]
async fn list_inspections(cx: Cx, query: Query<OrderPartQuery>) -> Reply<Page<dto::Inspection>> {
    cx.read(async |conn| {
        let rows = store::list(conn, &query, cx.sight()).await?;
        Ok(query.page().page(rows, |inspection| inspection.id.into(), |inspection| show(inspection, cx.caller())))
    })
    .await
}

/// One inspection.
#[utoipa::path(tag = "inspection", responses((status = 200, description = "The inspection", body = dto::Inspection)))]
#[get("/inspections/{id}")]
async fn get_inspection(cx: Cx, id: Path<InspectionId>) -> Reply<dto::Inspection> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// Record what was read; the lot passes or fails by its plan. What fails opens a nonconformity, or sends one back.
#[utoipa::path(tag = "inspection", responses((status = 200, description = "Done", body = dto::Inspection)))]
#[post("/inspections/{id}/complete")]
async fn complete_inspection(
    cx: Cx,
    id: Path<InspectionId>,
    body: Json<dto::CompleteInspection>,
) -> Reply<dto::Inspection> {
    cx.command(StatusCode::OK, async |tx| {
        let order = store::order_of(tx.conn(), *id).await?;
        let order = order_of::<Inspection>(tx, *id, order).await?;
        let inspection: Inspection = tx.open(*id).await?;
        let inspection = tx.save(inspection.complete(body.0.clone(), &tx.stamp())?).await?;
        nonconformities::follow(tx, &inspection).await?;
        steps::count(tx, order).await?;
        Ok(show(inspection, cx.caller()))
    })
    .await
}

/// Say why it is not made.
#[utoipa::path(tag = "inspection", responses((status = 200, description = "Cancelled", body = dto::Inspection)))]
#[post("/inspections/{id}/cancel")]
async fn cancel_inspection(
    cx: Cx,
    id: Path<InspectionId>,
    body: Json<dto::CancelInspection>,
) -> Reply<dto::Inspection> {
    cx.command(StatusCode::OK, async |tx| {
        let order = store::order_of(tx.conn(), *id).await?;
        let order = order_of::<Inspection>(tx, *id, order).await?;
        let inspection: Inspection = tx.open(*id).await?;
        let inspection = tx.save(inspection.cancel(body.0.reason.to_string())?).await?;
        steps::count(tx, order).await?;
        Ok(show(inspection, cx.caller()))
    })
    .await
}

fn show(inspection: Inspection, caller: &Caller) -> dto::Inspection {
    let available_actions = inspection.available_actions(caller);
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let Inspection {
        id,
        number,
        status,
        stage,
        order_id,
        order_number,
        case_id,
        line_id,
        sku,
        plan,
        nonconformity_id,
        readings,
        defects,
        result,
        note,
        reason,
        inspected_by,
        inspected_at,
        owner_id: _,
        team_id: _,
        department_id: _,
        created_at,
        version,
    } = inspection;
    dto::Inspection {
        id,
        number,
        status,
        stage,
        order_id,
        order_number,
        case_id,
        line_id,
        sku,
        plan: plan.0,
        nonconformity_id,
        readings: readings.0,
        defects,
        result,
        note,
        reason,
        inspected_by,
        inspected_at,
        created_at,
        version,
        available_actions,
    }
}
