//! `/api/crm/v1/follow-up-plans`: parse, ask, answer.
use super::{domain::FollowUpPlan, store};
use crate::{follow_ups, links};
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
    crm::{self as dto, FollowUpPlanId, FollowUpPlanQuery},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_follow_up_plan)
        .service(list_follow_up_plans)
        .service(get_follow_up_plan)
        .service(end_follow_up_plan);
}

/// Plan regular talks about a lead, a customer, an opportunity or a ticket; each is due by closing time of its day.
#[utoipa::path(tag = "follow_up_plan", responses((status = 201, description = "The plan", body = dto::FollowUpPlan)))]
#[post("/follow-up-plans")]
async fn create_follow_up_plan(cx: Cx, body: Json<dto::NewFollowUpPlan>) -> Reply<dto::FollowUpPlan> {
    cx.command(StatusCode::CREATED, async |tx| {
        let new = body.0.clone();
        let linked = links::named(tx, cx.caller(), new.subject_kind.as_str(), new.subject_id, "/subject_id").await?;
        let change = FollowUpPlan::begin(tx.id(), new, linked, &tx.stamp())?;
        Ok(show(tx.create(change).await?, cx.caller()))
    })
    .await
}

/// Plans, newest first.
#[utoipa::path(tag = "follow_up_plan", params(FollowUpPlanQuery), responses((status = 200, description = "A page", body = Page<dto::FollowUpPlan>)))]
#[get("/follow-up-plans")]
async fn list_follow_up_plans(cx: Cx, query: Query<FollowUpPlanQuery>) -> Reply<Page<dto::FollowUpPlan>> {
    cx.read(async |conn| {
        let rows = store::list(conn, &query, cx.sight()).await?;
        Ok(query.page().page(rows, |row| row.id.into(), |row| show(row, cx.caller())))
    })
    .await
}

/// One plan.
#[utoipa::path(tag = "follow_up_plan", responses((status = 200, description = "The plan", body = dto::FollowUpPlan)))]
#[get("/follow-up-plans/{id}")]
async fn get_follow_up_plan(cx: Cx, id: Path<FollowUpPlanId>) -> Reply<dto::FollowUpPlan> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// No more follow-ups, and those that are open are cancelled; say why.
#[utoipa::path(tag = "follow_up_plan", responses((status = 200, description = "Ended", body = dto::FollowUpPlan)))]
#[post("/follow-up-plans/{id}/end")]
async fn end_follow_up_plan(cx: Cx, id: Path<FollowUpPlanId>, body: Json<dto::Reason>) -> Reply<dto::FollowUpPlan> {
    cx.command(StatusCode::OK, async |tx| {
        let plan: FollowUpPlan = tx.open(*id).await?;
        let plan = tx.save(plan.end(body.0.reason.to_string())?).await?;
        follow_ups::cancel_open(tx, plan.id).await?;
        Ok(show(plan, cx.caller()))
    })
    .await
}

fn show(plan: FollowUpPlan, caller: &Caller) -> dto::FollowUpPlan {
    let available_actions = plan.available_actions(caller);
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let FollowUpPlan {
        id,
        status,
        subject_kind,
        subject_id,
        case_id,
        account_id,
        title,
        recurrence,
        starts_on,
        next_on,
        reason,
        owner_id,
        team_id: _,
        department_id: _,
        created_at,
        version,
    } = plan;
    dto::FollowUpPlan {
        id,
        status,
        subject_kind,
        subject_id,
        case_id,
        account_id,
        title,
        recurrence,
        starts_on,
        next_on,
        reason,
        owner_id,
        created_at,
        version,
        available_actions,
    }
}
