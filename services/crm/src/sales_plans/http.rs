//! `/api/crm/v1/sales-plans`: parse, ask, answer.
use super::{domain::SalesPlan, store};
use actix_web::{
    get,
    http::StatusCode,
    patch, post,
    web::{Path, Query},
};
use platform::{Caller, Cx, Json, Machine, Reply};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Page, PageQuery,
    crm::{self as dto, SalesPlanId},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_sales_plan)
        .service(list_sales_plans)
        .service(get_sales_plan)
        .service(update_sales_plan)
        .service(approve_sales_plan)
        .service(start_sales_plan)
        .service(review_sales_plan);
}

/// Draft a plan.
#[utoipa::path(tag = "sales_plan", responses((status = 201, description = "The draft", body = dto::SalesPlan)))]
#[post("/sales-plans")]
async fn create_sales_plan(cx: Cx, body: Json<dto::NewSalesPlan>) -> Reply<dto::SalesPlan> {
    cx.command(StatusCode::CREATED, async |tx| {
        let number = tx.next_number("sales_plan").await?;
        let change = SalesPlan::draft(tx.id(), number, body.0.clone(), &tx.stamp())?;
        Ok(show(tx.create(change).await?, cx.caller()))
    })
    .await
}

/// Plans, newest first.
#[utoipa::path(tag = "sales_plan", params(PageQuery), responses((status = 200, description = "A page", body = Page<dto::SalesPlan>)))]
#[get("/sales-plans")]
async fn list_sales_plans(cx: Cx, page: Query<PageQuery>) -> Reply<Page<dto::SalesPlan>> {
    cx.read(async |conn| {
        let rows = store::list(conn, &page, cx.sight()).await?;
        Ok(page.page(rows, |row| row.id.into(), |row| show(row, cx.caller())))
    })
    .await
}

/// One plan.
#[utoipa::path(tag = "sales_plan", responses((status = 200, description = "The plan", body = dto::SalesPlan)))]
#[get("/sales-plans/{id}")]
async fn get_sales_plan(cx: Cx, id: Path<SalesPlanId>) -> Reply<dto::SalesPlan> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// Change a draft; of a plan that was approved, the actions.
#[utoipa::path(tag = "sales_plan", responses((status = 200, description = "The plan", body = dto::SalesPlan)))]
#[patch("/sales-plans/{id}")]
async fn update_sales_plan(cx: Cx, id: Path<SalesPlanId>, body: Json<dto::SalesPlanPatch>) -> Reply<dto::SalesPlan> {
    cx.command(StatusCode::OK, async |tx| {
        let plan: SalesPlan = tx.open(*id).await?;
        Ok(show(tx.save(plan.update(body.0.clone(), &tx.stamp())?).await?, cx.caller()))
    })
    .await
}

/// It may be carried out; by another than whoever drafted or changed it.
#[utoipa::path(tag = "sales_plan", responses((status = 200, description = "Approved", body = dto::SalesPlan)))]
#[post("/sales-plans/{id}/approve")]
async fn approve_sales_plan(cx: Cx, id: Path<SalesPlanId>) -> Reply<dto::SalesPlan> {
    cx.command(StatusCode::OK, async |tx| {
        let plan: SalesPlan = tx.open(*id).await?;
        let change = plan.approve(&tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Carry it out.
#[utoipa::path(tag = "sales_plan", responses((status = 200, description = "Being carried out", body = dto::SalesPlan)))]
#[post("/sales-plans/{id}/start")]
async fn start_sales_plan(cx: Cx, id: Path<SalesPlanId>) -> Reply<dto::SalesPlan> {
    cx.command(StatusCode::OK, async |tx| {
        let plan: SalesPlan = tx.open(*id).await?;
        let change = plan.start()?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Write down what was learnt from it.
#[utoipa::path(tag = "sales_plan", responses((status = 200, description = "Reviewed", body = dto::SalesPlan)))]
#[post("/sales-plans/{id}/review")]
async fn review_sales_plan(cx: Cx, id: Path<SalesPlanId>, body: Json<dto::ReviewSalesPlan>) -> Reply<dto::SalesPlan> {
    cx.command(StatusCode::OK, async |tx| {
        let plan: SalesPlan = tx.open(*id).await?;
        let change = plan.review(body.0.result.to_string())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

fn show(plan: SalesPlan, caller: &Caller) -> dto::SalesPlan {
    let available_actions = plan.available_actions(caller);
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let SalesPlan {
        id,
        number,
        status,
        title,
        period,
        strategy,
        channels,
        target_ids,
        actions,
        result,
        created_by,
        makers: _,
        approved_by,
        owner_id,
        team_id: _,
        department_id: _,
        created_at,
        version,
    } = plan;
    dto::SalesPlan {
        id,
        number,
        status,
        title,
        period,
        strategy,
        channels: channels.0,
        target_ids: target_ids.0,
        actions: actions.0,
        result,
        created_by,
        approved_by,
        owner_id,
        created_at,
        version,
        available_actions,
    }
}
