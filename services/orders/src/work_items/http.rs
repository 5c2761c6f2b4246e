//! `/api/orders/v1/work-items`: parse, ask, answer.
use super::{domain::WorkItem, steps, store};
use crate::orders::order_of;
use actix_web::{
    get,
    http::StatusCode,
    post,
    web::{Path, Query},
};
use platform::{Caller, Cx, Json, Machine, Reply};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Label, Page,
    orders::{self as dto, OrderPartQuery, OrderStatus, WorkItemId},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list_work_items)
        .service(get_work_item)
        .service(acknowledge_work_item)
        .service(start_work_item)
        .service(block_work_item)
        .service(unblock_work_item)
        .service(complete_work_item);
}

/// Work items, newest first.
#[utoipa::path(tag = "work_item", params(OrderPartQuery), responses((status = 200, description = "A page", body = Page<dto::WorkItem>)))]
#[get("/work-items")]
async fn list_work_items(cx: Cx, query: Query<OrderPartQuery>) -> Reply<Page<dto::WorkItem>> {
    cx.read(async |conn| {
        let rows = store::list(conn, &query, cx.sight()).await?;
        Ok(query.page().page(rows, |item| item.id.into(), |item| show(item, cx.caller())))
    })
    .await
}

/// One work item.
#[utoipa::path(tag = "work_item", responses((status = 200, description = "The work item", body = dto::WorkItem)))]
#[get("/work-items/{id}")]
async fn get_work_item(cx: Cx, id: Path<WorkItemId>) -> Reply<dto::WorkItem> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// Say that the department has seen it.
#[utoipa::path(tag = "work_item", responses((status = 200, description = "Acknowledged", body = dto::WorkItem)))]
#[post("/work-items/{id}/acknowledge")]
async fn acknowledge_work_item(cx: Cx, id: Path<WorkItemId>) -> Reply<dto::WorkItem> {
    cx.command(StatusCode::OK, async |tx| {
        let item: WorkItem = tx.open(*id).await?;
        let change = item.acknowledge(&tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Begin; the first to begin brings the order into fulfilment.
#[utoipa::path(tag = "work_item", responses((status = 200, description = "In progress", body = dto::WorkItem)))]
#[post("/work-items/{id}/start")]
async fn start_work_item(cx: Cx, id: Path<WorkItemId>) -> Reply<dto::WorkItem> {
    cx.command(StatusCode::OK, async |tx| {
        let order = store::order_of(tx.conn(), *id).await?;
        let order = order_of::<WorkItem>(tx, *id, order).await?;
        let item: WorkItem = tx.open(*id).await?;
        let item = tx.save(item.start(&tx.stamp())?).await?;
        if order.head.status == OrderStatus::Confirmed {
            tx.save(order.start()?).await?;
        }
        Ok(show(item, cx.caller()))
    })
    .await
}

/// Say why it cannot go on.
#[utoipa::path(tag = "work_item", responses((status = 200, description = "Blocked", body = dto::WorkItem)))]
#[post("/work-items/{id}/block")]
async fn block_work_item(cx: Cx, id: Path<WorkItemId>, body: Json<dto::BlockWorkItem>) -> Reply<dto::WorkItem> {
    cx.command(StatusCode::OK, async |tx| {
        let item: WorkItem = tx.open(*id).await?;
        let change = item.block(body.0.reason.to_string())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Let it go on where it stood.
#[utoipa::path(tag = "work_item", responses((status = 200, description = "It goes on", body = dto::WorkItem)))]
#[post("/work-items/{id}/unblock")]
async fn unblock_work_item(cx: Cx, id: Path<WorkItemId>) -> Reply<dto::WorkItem> {
    cx.command(StatusCode::OK, async |tx| {
        let item: WorkItem = tx.open(*id).await?;
        Ok(show(tx.save(item.unblock()?).await?, cx.caller()))
    })
    .await
}

/// Say that it is done; what waited for it can begin.
#[utoipa::path(tag = "work_item", responses((status = 200, description = "Done", body = dto::WorkItem)))]
#[post("/work-items/{id}/complete")]
async fn complete_work_item(cx: Cx, id: Path<WorkItemId>, body: Json<dto::CompleteWorkItem>) -> Reply<dto::WorkItem> {
    cx.command(StatusCode::OK, async |tx| {
        let order = store::order_of(tx.conn(), *id).await?;
        let order = order_of::<WorkItem>(tx, *id, order).await?;
        let item: WorkItem = tx.open(*id).await?;
        let result = body.0.result.clone().map(Label::into_string);
        let item = tx.save(item.complete(result, &tx.stamp())?).await?;
        tx.save(order.work_done()?).await?;
        steps::finish(tx, item.id).await?;
        Ok(show(item, cx.caller()))
    })
    .await
}

fn show(item: WorkItem, caller: &Caller) -> dto::WorkItem {
    let available_actions = item.available_actions(caller);
    let WorkItem {
        id,
        kind,
        status,
        order_id,
        order_number,
        case_id,
        predecessor_id,
        waiting: _,
        lines,
        requirements,
        due_at,
        calendar_id,
        open_inspections,
        block_reason,
        result,
        acknowledged_by,
        acknowledged_at,
        started_at,
        done_at,
        owner_id: _,
        team_id: _,
        department_id,
        created_at,
        version,
    } = item;
    dto::WorkItem {
        id,
        kind,
        status,
        order_id,
        order_number,
        case_id,
        predecessor_id,
        department_id,
        lines: lines.0,
        requirements,
        due_at,
        calendar_id,
        open_inspections,
        block_reason,
        result,
        acknowledged_by,
        acknowledged_at,
        started_at,
        done_at,
        created_at,
        version,
        available_actions,
    }
}
