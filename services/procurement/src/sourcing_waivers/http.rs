//! `/api/procurement/v1/sourcing-waivers`: parse, ask, answer.
use super::{
    domain::{Figures, Head, SourcingWaiver, figures},
    store,
};
use crate::{requisitions, suppliers};
use actix_web::{
    get,
    http::StatusCode,
    patch, post,
    web::{Path, Query},
};
use platform::{Caller, Cx, Json, Machine, Reply, Result, Tx};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Money, Page,
    procurement::{self as dto, RequisitionId, SourcingWaiverId},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_sourcing_waiver)
        .service(list_sourcing_waivers)
        .service(get_sourcing_waiver)
        .service(update_sourcing_waiver)
        .service(submit_sourcing_waiver)
        .service(cancel_sourcing_waiver);
}

/// Draft a waiver for approved requisitions, with what proves its reason.
#[utoipa::path(tag = "sourcing_waiver", responses((status = 201, description = "The draft", body = dto::SourcingWaiver)))]
#[post("/sourcing-waivers")]
async fn create_sourcing_waiver(cx: Cx, body: Json<dto::NewSourcingWaiver>) -> Reply<dto::SourcingWaiver> {
    cx.command(StatusCode::CREATED, async |tx| {
        let (new, by) = (body.0.clone(), tx.stamp());
        // Waived are the three quotes, not the qualification (PRO-15).
        let supplier = suppliers::must_be_qualified(tx, new.supplier_id, None, "/supplier_id").await?;
        let figures = estimated(tx, &new.requisition_ids).await?;
        let number = tx.next_number("sourcing_waiver").await?;
        let change = SourcingWaiver::draft(tx.id(), number, new, supplier, &figures, &by);
        tx.attach("/attachment_id", change.after().head.attachment_id, change.after()).await?;
        Ok(show(tx.create(change).await?, cx.caller()))
    })
    .await
}

/// Waivers, newest first.
#[utoipa::path(tag = "sourcing_waiver", params(dto::SourcingWaiverQuery), responses((status = 200, description = "A page", body = Page<dto::SourcingWaiver>)))]
#[get("/sourcing-waivers")]
async fn list_sourcing_waivers(cx: Cx, query: Query<dto::SourcingWaiverQuery>) -> Reply<Page<dto::SourcingWaiver>> {
    let page = query.page();
    let dto::SourcingWaiverQuery { requisition_id, .. } = query.into_inner();
    cx.read(async |conn| {
        let rows = store::list(conn, &page, requisition_id.map(RequisitionId), cx.sight()).await?;
        Ok(page.page(rows, |waiver| waiver.head.id.into(), |waiver| show(waiver, cx.caller())))
    })
    .await
}

/// One waiver.
#[utoipa::path(tag = "sourcing_waiver", responses((status = 200, description = "The waiver", body = dto::SourcingWaiver)))]
#[get("/sourcing-waivers/{id}")]
async fn get_sourcing_waiver(cx: Cx, id: Path<SourcingWaiverId>) -> Reply<dto::SourcingWaiver> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// Mend a draft, or a rejected waiver, which is a draft again.
#[utoipa::path(tag = "sourcing_waiver", responses((status = 200, description = "The draft", body = dto::SourcingWaiver)))]
#[patch("/sourcing-waivers/{id}")]
async fn update_sourcing_waiver(
    cx: Cx,
    id: Path<SourcingWaiverId>,
    body: Json<dto::SourcingWaiverPatch>,
) -> Reply<dto::SourcingWaiver> {
    cx.command(StatusCode::OK, async |tx| {
        let waiver: SourcingWaiver = tx.open(*id).await?;
        if let Some(attachment) = body.0.attachment_id {
            tx.attach("/attachment_id", attachment, &waiver).await?;
        }
        Ok(show(tx.save(waiver.update(body.0.clone())?).await?, cx.caller()))
    })
    .await
}

/// Ask the approver of the next tier.
#[utoipa::path(tag = "sourcing_waiver", responses((status = 200, description = "Waiting for approval", body = dto::SourcingWaiver)))]
#[post("/sourcing-waivers/{id}/submit")]
async fn submit_sourcing_waiver(cx: Cx, id: Path<SourcingWaiverId>) -> Reply<dto::SourcingWaiver> {
    cx.command(StatusCode::OK, async |tx| {
        let waiver: SourcingWaiver = tx.open(*id).await?;
        let figures = estimated(tx, &waiver.requisition_ids).await?;
        let taken = store::taken(tx.conn(), *id, &waiver.requisition_ids).await?;
        Ok(show(tx.save(waiver.submit(&figures, taken)?).await?, cx.caller()))
    })
    .await
}

/// Give it up, and say why.
#[utoipa::path(tag = "sourcing_waiver", responses((status = 200, description = "Given up", body = dto::SourcingWaiver)))]
#[post("/sourcing-waivers/{id}/cancel")]
async fn cancel_sourcing_waiver(
    cx: Cx,
    id: Path<SourcingWaiverId>,
    body: Json<dto::SourcingWaiverEnd>,
) -> Reply<dto::SourcingWaiver> {
    cx.command(StatusCode::OK, async |tx| {
        let waiver: SourcingWaiver = tx.open(*id).await?;
        Ok(show(tx.save(waiver.cancel(body.0.reason.to_string())?).await?, cx.caller()))
    })
    .await
}

async fn estimated(tx: &mut Tx, ids: &[RequisitionId]) -> Result<Figures> {
    let wanted = requisitions::store::approved(tx.conn(), ids).await?;
    let orderable: Vec<RequisitionId> = wanted.iter().map(|one| one.requisition_id).collect();
    let estimates = store::estimates(tx.conn(), ids).await?;
    Ok(figures(ids, &orderable, &estimates)?)
}

fn show(waiver: SourcingWaiver, caller: &Caller) -> dto::SourcingWaiver {
    let available_actions = waiver.available_actions(caller);
    let SourcingWaiver { head, requisition_ids } = waiver;
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let Head {
        id,
        number,
        status,
        case_id,
        reason_code,
        justification,
        supplier_id,
        supplier_name,
        total,
        currency,
        attachment_id,
        reason,
        owner_id,
        team_id: _,
        department_id: _,
        created_at,
        decided_at,
        used_at,
        version,
    } = head;
    dto::SourcingWaiver {
        id,
        number,
        status,
        case_id,
        reason_code,
        justification,
        supplier_id,
        supplier_name,
        requisition_ids,
        total: Money::new(total, currency),
        attachment_id,
        reason,
        owner_id,
        created_at,
        decided_at,
        used_at,
        version,
        available_actions,
    }
}
