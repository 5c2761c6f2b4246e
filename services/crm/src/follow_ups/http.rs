//! `/api/crm/v1/follow-ups`: parse, ask, answer.
use super::{domain::FollowUp, store};
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
    crm::{self as dto, FollowUpId, FollowUpQuery},
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_follow_ups).service(get_follow_up).service(complete_follow_up);
}

/// Follow-ups, newest first.
#[utoipa::path(tag = "follow_up", params(FollowUpQuery), responses((status = 200, description = "A page", body = Page<dto::FollowUp>)))]
#[get("/follow-ups")]
async fn list_follow_ups(cx: Cx, query: Query<FollowUpQuery>) -> Reply<Page<dto::FollowUp>> {
    cx.read(async |conn| {
        let rows = store::list(conn, &query, cx.sight()).await?;
        Ok(query.page().page(rows, |row| row.id.into(), |row| show(row, cx.caller())))
    })
    .await
}

/// One follow-up.
#[utoipa::path(tag = "follow_up", responses((status = 200, description = "The follow-up", body = dto::FollowUp)))]
#[get("/follow-ups/{id}")]
async fn get_follow_up(cx: Cx, id: Path<FollowUpId>) -> Reply<dto::FollowUp> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// The talk took place: say what came of it, and how far the customer is with the decision.
#[utoipa::path(tag = "follow_up", responses((status = 200, description = "Done", body = dto::FollowUp)))]
#[post("/follow-ups/{id}/complete")]
async fn complete_follow_up(cx: Cx, id: Path<FollowUpId>, body: Json<dto::CompleteFollowUp>) -> Reply<dto::FollowUp> {
    cx.command(StatusCode::OK, async |tx| {
        let follow_up: FollowUp = tx.open(*id).await?;
        let change = follow_up.complete(body.0.clone(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

fn show(follow_up: FollowUp, caller: &Caller) -> dto::FollowUp {
    let available_actions = follow_up.available_actions(caller);
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let FollowUp {
        id,
        plan_id,
        status,
        subject_kind,
        subject_id,
        case_id,
        account_id,
        title,
        due_on,
        due_at,
        calendar_id,
        level,
        next_level_at,
        told_to,
        outcome,
        decision_progress,
        done_by,
        done_at,
        owner_id,
        team_id: _,
        department_id: _,
        created_at,
        version,
    } = follow_up;
    dto::FollowUp {
        id,
        plan_id,
        status,
        subject_kind,
        subject_id,
        case_id,
        account_id,
        title,
        due_on,
        due_at,
        calendar_id,
        level,
        next_level_at,
        told_to,
        outcome,
        decision_progress,
        done_by,
        done_at,
        owner_id,
        created_at,
        version,
        available_actions,
    }
}
