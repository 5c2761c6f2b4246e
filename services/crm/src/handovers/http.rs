//! `/api/crm/v1/handovers`: parse, ask, answer.
use super::{
    begin::deputy,
    domain::{Handover, HandoverRule},
    store,
};
use crate::{
    actions::{asking, refuse},
    users,
};
use actix_web::{
    get,
    http::StatusCode,
    post,
    web::{Path, Query},
};
use platform::{ApiError, Caller, Cx, Json, Machine, Reply};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Page,
    crm::{self as dto, HandoverQuery},
    handover::HandoverId,
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_handover)
        .service(list_handovers)
        .service(get_handover)
        .service(activate_handover)
        .service(revert_handover)
        .service(make_permanent_handover)
        .service(cancel_handover);
}

/// Plan that someone's open work passes to a colleague, for a window or until further notice; it begins by itself.
#[utoipa::path(tag = "handover", responses((status = 201, description = "Planned", body = dto::Handover)))]
#[post("/handovers")]
async fn create_handover(cx: Cx, body: Json<dto::NewHandover>) -> Reply<dto::Handover> {
    cx.command(StatusCode::CREATED, async |tx| {
        let new = body.0.clone();
        let from = users::find_by_reference(tx.conn(), new.from.as_str()).await?;
        let from = from.filter(|person| cx.sight().sees(Some(&person.ownership())));
        let from = from.ok_or_else(|| HandoverRule::From { reference: new.from.to_string() })?;
        let to = users::find_by_reference(tx.conn(), new.to.as_str()).await?;
        let to = to.ok_or_else(|| HandoverRule::To { reference: new.to.to_string() })?;
        tx.one_at_a_time(&format!("handover:{}", from.reference)).await?;
        let others = store::open_of(tx.conn(), &from.reference).await?;
        let number = tx.next_number("handover").await?;
        let change = Handover::plan(tx.id(), number, new, (&from, &to), &others, &tx.stamp())?;
        Ok(show(tx.create(change).await?, cx.caller()))
    })
    .await
}

/// Handovers, newest first; besides those in the row scope, those in which one is the deputy.
#[utoipa::path(tag = "handover", params(HandoverQuery), responses((status = 200, description = "A page", body = Page<dto::Handover>)))]
#[get("/handovers")]
async fn list_handovers(cx: Cx, query: Query<HandoverQuery>) -> Reply<Page<dto::Handover>> {
    cx.read(async |conn| {
        let rows = store::list(conn, &query, cx.sight(), &cx.caller().user).await?;
        Ok(query.page().page(rows, |row| row.id.into(), |row| show(row, cx.caller())))
    })
    .await
}

/// One handover, open also to the deputy; what it moved, each service's `/handover-moves` shows. Its actions also say where the deputy
/// has left, the window is over or the work has not passed on yet, which those of lists do not.
#[utoipa::path(tag = "handover", responses((status = 200, description = "The handover", body = dto::Handover)))]
#[get("/handovers/{id}")]
async fn get_handover(cx: Cx, id: Path<HandoverId>) -> Reply<dto::Handover> {
    cx.read(async |conn| {
        let handover = match store::find(conn, *id).await? {
            Some(handover) if handover.to_user == cx.caller().user => handover,
            other => cx.visible(*id, other)?,
        };
        let begins = handover.can_begin(&deputy(conn, &handover).await?, &asking(&cx)).map_err(ApiError::from);
        let stays = Handover::can_stay(store::has_passed_on(conn, handover.id).await?).map_err(ApiError::from);
        let mut shown = show(handover, cx.caller());
        refuse(&mut shown.available_actions, "activate", cx.caller(), begins)?;
        refuse(&mut shown.available_actions, "make_permanent", cx.caller(), stays)?;
        Ok(shown)
    })
    .await
}

/// Begin now, before its time.
#[utoipa::path(tag = "handover", responses((status = 200, description = "Active", body = dto::Handover)))]
#[post("/handovers/{id}/activate")]
async fn activate_handover(cx: Cx, id: Path<HandoverId>) -> Reply<dto::Handover> {
    cx.command(StatusCode::OK, async |tx| {
        let handover: Handover = tx.open(*id).await?;
        let to = deputy(tx.conn(), &handover).await?;
        let change = handover.activate(&to, &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// They are back: what was moved and is still the deputy's goes back.
#[utoipa::path(tag = "handover", responses((status = 200, description = "Reverted", body = dto::Handover)))]
#[post("/handovers/{id}/revert")]
async fn revert_handover(cx: Cx, id: Path<HandoverId>) -> Reply<dto::Handover> {
    cx.command(StatusCode::OK, async |tx| {
        let handover: Handover = tx.open(*id).await?;
        let change = handover.revert(&tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// The work stays where it is, once it has passed on; say why.
#[utoipa::path(tag = "handover", responses((status = 200, description = "Permanent", body = dto::Handover)))]
#[post("/handovers/{id}/make-permanent")]
async fn make_permanent_handover(cx: Cx, id: Path<HandoverId>, body: Json<dto::Reason>) -> Reply<dto::Handover> {
    cx.command(StatusCode::OK, async |tx| {
        let handover: Handover = tx.open(*id).await?;
        let passed_on = store::has_passed_on(tx.conn(), handover.id).await?;
        let change = handover.make_permanent(body.0.reason.to_string(), passed_on, &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// It will not begin; say why.
#[utoipa::path(tag = "handover", responses((status = 200, description = "Cancelled", body = dto::Handover)))]
#[post("/handovers/{id}/cancel")]
async fn cancel_handover(cx: Cx, id: Path<HandoverId>, body: Json<dto::Reason>) -> Reply<dto::Handover> {
    cx.command(StatusCode::OK, async |tx| {
        let handover: Handover = tx.open(*id).await?;
        let change = handover.cancel(body.0.reason.to_string(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

fn show(handover: Handover, caller: &Caller) -> dto::Handover {
    let available_actions = handover.available_actions(caller);
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let Handover {
        id,
        number,
        status,
        from_user,
        to_user,
        scopes,
        starts_at,
        ends_at,
        reason,
        created_by,
        created_at,
        activated_at,
        ended_at,
        owner_id,
        team_id: _,
        department_id: _,
        version,
    } = handover;
    dto::Handover {
        id,
        number,
        status,
        from: from_user,
        to: to_user,
        scopes: scopes.0,
        starts_at,
        ends_at,
        reason,
        created_by,
        created_at,
        activated_at,
        ended_at,
        owner_id,
        version,
        available_actions,
    }
}
