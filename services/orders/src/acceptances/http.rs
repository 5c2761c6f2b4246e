//! `/api/orders/v1/acceptances`: parse, ask, answer.
use super::{domain::Acceptance, steps, store};
use crate::{
    acceptance_policies,
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
    orders::{self as dto, AcceptanceId, OrderPartQuery},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(invite_acceptance)
        .service(list_acceptances)
        .service(get_acceptance)
        .service(test_acceptance)
        .service(accept_acceptance)
        .service(reject_acceptance);
}

/// Invite the customer to accept a delivered order.
#[utoipa::path(tag = "acceptance", responses((status = 201, description = "Invited", body = dto::Acceptance)))]
#[post("/acceptances")]
async fn invite_acceptance(cx: Cx, body: Json<dto::InviteAcceptance>) -> Reply<dto::Acceptance> {
    cx.command(StatusCode::CREATED, async |tx| {
        let order = named_order(&cx, tx, body.0.order_id).await?;
        let open = store::open_of(tx.conn(), body.0.order_id).await?;
        let policy = acceptance_policies::in_force(tx.conn()).await?;
        let ids = (tx.id(), tx.next_number("acceptance").await?);
        let change = Acceptance::invite(ids, &order, body.0.clone(), &policy, open, &tx.stamp())?;
        Ok(show(tx.create(change).await?, cx.caller()))
    })
    .await
}

/// Acceptances, newest first.
#[utoipa::path(tag = "acceptance", params(OrderPartQuery), responses((status = 200, description = "A page", body = Page<dto::Acceptance>)))]
#[get("/acceptances")]
async fn list_acceptances(cx: Cx, query: Query<OrderPartQuery>) -> Reply<Page<dto::Acceptance>> {
    cx.read(async |conn| {
        let rows = store::list(conn, &query, cx.sight()).await?;
        Ok(query.page().page(rows, |acceptance| acceptance.id.into(), |acceptance| show(acceptance, cx.caller())))
    })
    .await
}

/// One acceptance.
#[utoipa::path(tag = "acceptance", responses((status = 200, description = "The acceptance", body = dto::Acceptance)))]
#[get("/acceptances/{id}")]
async fn get_acceptance(cx: Cx, id: Path<AcceptanceId>) -> Reply<dto::Acceptance> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// Note that the customer has begun to test.
#[utoipa::path(tag = "acceptance", responses((status = 200, description = "Testing", body = dto::Acceptance)))]
#[post("/acceptances/{id}/test")]
async fn test_acceptance(cx: Cx, id: Path<AcceptanceId>) -> Reply<dto::Acceptance> {
    cx.command(StatusCode::OK, async |tx| {
        let acceptance: Acceptance = tx.open(*id).await?;
        Ok(show(tx.save(acceptance.test()?).await?, cx.caller()))
    })
    .await
}

/// Record the customer's yes, with the evidence of it; if all is paid the order is completed.
#[utoipa::path(tag = "acceptance", responses((status = 200, description = "Accepted", body = dto::Acceptance)))]
#[post("/acceptances/{id}/accept")]
async fn accept_acceptance(cx: Cx, id: Path<AcceptanceId>, body: Json<dto::AcceptDelivery>) -> Reply<dto::Acceptance> {
    cx.command(StatusCode::OK, async |tx| {
        let order = store::order_of(tx.conn(), *id).await?;
        let order = order_of::<Acceptance>(tx, *id, order).await?;
        let acceptance: Acceptance = tx.open(*id).await?;
        let acceptance = tx.save(acceptance.accept(body.0.evidence.clone(), &tx.stamp())?).await?;
        steps::accepted(tx, order).await?;
        Ok(show(acceptance, cx.caller()))
    })
    .await
}

/// Record the customer's no, and why.
#[utoipa::path(tag = "acceptance", responses((status = 200, description = "Rejected", body = dto::Acceptance)))]
#[post("/acceptances/{id}/reject")]
async fn reject_acceptance(cx: Cx, id: Path<AcceptanceId>, body: Json<dto::RejectDelivery>) -> Reply<dto::Acceptance> {
    cx.command(StatusCode::OK, async |tx| {
        let acceptance: Acceptance = tx.open(*id).await?;
        let dto::RejectDelivery { reason, evidence } = body.0.clone();
        let change = acceptance.reject(reason.into_string(), evidence, &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

fn show(acceptance: Acceptance, caller: &Caller) -> dto::Acceptance {
    let available_actions = acceptance.available_actions(caller);
    let Acceptance {
        id,
        number,
        status,
        order_id,
        order_number,
        case_id,
        criteria,
        test_account,
        due_at,
        calendar_id,
        on_silence,
        policy_number,
        steps,
        next_step_at: _,
        overdue_at,
        escalated_at,
        deemed_accepted,
        evidence,
        reason,
        decided_at,
        owner_id: _,
        team_id: _,
        department_id: _,
        created_at,
        version,
    } = acceptance;
    dto::Acceptance {
        id,
        number,
        status,
        order_id,
        order_number,
        case_id,
        criteria: criteria.0,
        test_account,
        due_at,
        calendar_id,
        on_silence,
        policy_number,
        steps: steps.0,
        overdue_at,
        escalated_at,
        deemed_accepted,
        evidence: evidence.map(|kept| kept.0),
        reason,
        decided_at,
        created_at,
        version,
        available_actions,
    }
}
