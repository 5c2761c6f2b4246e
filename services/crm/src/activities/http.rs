//! `/api/crm/v1/activities`: parse, ask, answer.
use super::{domain::Activity, store};
use crate::links;
use actix_web::{
    get,
    http::StatusCode,
    patch, post,
    web::{Path, Query},
};
use platform::{Caller, Cx, Json, Machine, Reply};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Page,
    crm::{self as dto, ActivityId, ActivityQuery},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_activity)
        .service(list_activities)
        .service(get_activity)
        .service(update_activity)
        .service(complete_activity)
        .service(send_activity)
        .service(cancel_activity)
        .service(miss_activity);
}

/// Plan something with a lead, a customer, about an opportunity or a ticket.
#[utoipa::path(tag = "activity", responses((status = 201, description = "Planned", body = dto::Activity)))]
#[post("/activities")]
async fn create_activity(cx: Cx, body: Json<dto::NewActivity>) -> Reply<dto::Activity> {
    cx.command(StatusCode::CREATED, async |tx| {
        let new = body.0.clone();
        let linked = links::named(tx, cx.caller(), new.subject_kind.as_str(), new.subject_id, "/subject_id").await?;
        let change = Activity::plan(tx.id(), new, linked, &tx.stamp());
        Ok(show(tx.create(change).await?, cx.caller()))
    })
    .await
}

/// Activities, newest first.
#[utoipa::path(tag = "activity", params(ActivityQuery), responses((status = 200, description = "A page", body = Page<dto::Activity>)))]
#[get("/activities")]
async fn list_activities(cx: Cx, query: Query<ActivityQuery>) -> Reply<Page<dto::Activity>> {
    cx.read(async |conn| {
        let rows = store::list(conn, &query, cx.sight()).await?;
        Ok(query.page().page(rows, |row| row.id.into(), |row| show(row, cx.caller())))
    })
    .await
}

/// One activity.
#[utoipa::path(tag = "activity", responses((status = 200, description = "The activity", body = dto::Activity)))]
#[get("/activities/{id}")]
async fn get_activity(cx: Cx, id: Path<ActivityId>) -> Reply<dto::Activity> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// Change what is planned.
#[utoipa::path(tag = "activity", responses((status = 200, description = "The activity", body = dto::Activity)))]
#[patch("/activities/{id}")]
async fn update_activity(cx: Cx, id: Path<ActivityId>, body: Json<dto::ActivityPatch>) -> Reply<dto::Activity> {
    cx.command(StatusCode::OK, async |tx| {
        let activity: Activity = tx.open(*id).await?;
        Ok(show(tx.save(activity.update(body.0.clone())?).await?, cx.caller()))
    })
    .await
}

/// It took place: say what came of it.
#[utoipa::path(tag = "activity", responses((status = 200, description = "Done", body = dto::Activity)))]
#[post("/activities/{id}/complete")]
async fn complete_activity(cx: Cx, id: Path<ActivityId>, body: Json<dto::CompleteActivity>) -> Reply<dto::Activity> {
    cx.command(StatusCode::OK, async |tx| {
        let activity: Activity = tx.open(*id).await?;
        let change = activity.complete(body.0.clone(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Record that a progress report went to the customer.
#[utoipa::path(tag = "activity", responses((status = 200, description = "Sent", body = dto::Activity)))]
#[post("/activities/{id}/send")]
async fn send_activity(cx: Cx, id: Path<ActivityId>, body: Json<dto::SendActivity>) -> Reply<dto::Activity> {
    cx.command(StatusCode::OK, async |tx| {
        let activity: Activity = tx.open(*id).await?;
        let change = activity.send(body.0.clone(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// It will not take place; say why.
#[utoipa::path(tag = "activity", responses((status = 200, description = "Cancelled", body = dto::Activity)))]
#[post("/activities/{id}/cancel")]
async fn cancel_activity(cx: Cx, id: Path<ActivityId>, body: Json<dto::Reason>) -> Reply<dto::Activity> {
    cx.command(StatusCode::OK, async |tx| {
        let activity: Activity = tx.open(*id).await?;
        Ok(show(tx.save(activity.cancel(body.0.reason.to_string())?).await?, cx.caller()))
    })
    .await
}

/// The customer did not come; say what is known.
#[utoipa::path(tag = "activity", responses((status = 200, description = "Nobody came", body = dto::Activity)))]
#[post("/activities/{id}/miss")]
async fn miss_activity(cx: Cx, id: Path<ActivityId>, body: Json<dto::Reason>) -> Reply<dto::Activity> {
    cx.command(StatusCode::OK, async |tx| {
        let activity: Activity = tx.open(*id).await?;
        Ok(show(tx.save(activity.miss(body.0.reason.to_string())?).await?, cx.caller()))
    })
    .await
}

fn show(activity: Activity, caller: &Caller) -> dto::Activity {
    let available_actions = activity.available_actions(caller);
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let Activity {
        id,
        status,
        kind,
        subject_kind,
        subject_id,
        case_id,
        account_id,
        title,
        planned_at,
        note,
        outcome,
        demo_feedback,
        recipient,
        reason,
        done_at,
        owner_id,
        team_id: _,
        department_id: _,
        created_at,
        version,
    } = activity;
    dto::Activity {
        id,
        status,
        kind,
        subject_kind,
        subject_id,
        case_id,
        account_id,
        title,
        planned_at,
        note,
        outcome,
        demo_feedback: demo_feedback.map(|kept| kept.0),
        recipient,
        reason,
        done_at,
        owner_id,
        created_at,
        version,
        available_actions,
    }
}
