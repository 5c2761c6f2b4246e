//! `/api/procurement/v1/requisitions`: parse, ask, answer.
use super::{
    domain::{Amendment, Birth, Requisition, RequisitionRule, Wish},
    lines::{self, Asked},
    store::{self, Filter},
};
use crate::{items, suppliers};
use actix_web::{
    get,
    http::StatusCode,
    patch, post,
    web::{Path, Query},
};
use platform::{Caller, Cx, Json, Machine, Reply, Result, Tx, calendar::Calendar};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Currency, Page,
    orders::OrderId,
    procurement::{self as dto, RequisitionId, RequisitionPriority, RequisitionSource, SupplierId},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_requisition)
        .service(list_requisitions)
        .service(get_requisition)
        .service(update_requisition)
        .service(submit_requisition)
        .service(resubmit_requisition)
        .service(cancel_requisition)
        .service(close_requisition);
}

/// Ask for something to be bought.
#[utoipa::path(tag = "requisition", responses((status = 201, description = "The draft", body = dto::Requisition)))]
#[post("/requisitions")]
async fn create_requisition(cx: Cx, body: Json<dto::NewRequisition>) -> Reply<dto::Requisition> {
    cx.command(StatusCode::CREATED, async |tx| {
        let wish = wish(tx, body.0.clone()).await?;
        let birth = Birth { id: tx.id(), number: tx.next_number("requisition").await?, case_id: tx.id() };
        let change = Requisition::draft(birth, wish, || tx.id(), &tx.stamp())?;
        Ok(show(tx.create(change).await?, cx.caller()))
    })
    .await
}

/// Requisitions, newest first.
#[utoipa::path(tag = "requisition", params(dto::RequisitionQuery), responses((status = 200, description = "A page", body = Page<dto::Requisition>)))]
#[get("/requisitions")]
async fn list_requisitions(cx: Cx, query: Query<dto::RequisitionQuery>) -> Reply<Page<dto::Requisition>> {
    let page = query.page();
    let dto::RequisitionQuery { source, priority, order_id, .. } = query.into_inner();
    let filter = Filter { source, priority, order_id: order_id.map(OrderId) };
    cx.read(async |conn| {
        let rows = store::list(conn, &page, filter, cx.sight()).await?;
        Ok(page.page(rows, |one| one.head.id.into(), |one| show(one, cx.caller())))
    })
    .await
}

/// One requisition.
#[utoipa::path(tag = "requisition", responses((status = 200, description = "The requisition", body = dto::Requisition)))]
#[get("/requisitions/{id}")]
async fn get_requisition(cx: Cx, id: Path<RequisitionId>) -> Reply<dto::Requisition> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// Change a draft.
#[utoipa::path(tag = "requisition", responses((status = 200, description = "The draft", body = dto::Requisition)))]
#[patch("/requisitions/{id}")]
async fn update_requisition(
    cx: Cx,
    id: Path<RequisitionId>,
    body: Json<dto::RequisitionPatch>,
) -> Reply<dto::Requisition> {
    cx.command(StatusCode::OK, async |tx| {
        let requisition: Requisition = tx.open(*id).await?;
        let amendment = amendment(tx, body.0.clone(), requisition.head.currency).await?;
        let change = requisition.update(amendment, || tx.id())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Ask for approval; the approvers follow from what was asked for in the last 30 days and this together.
#[utoipa::path(tag = "requisition", responses((status = 200, description = "Waiting for approval", body = dto::Requisition)))]
#[post("/requisitions/{id}/submit")]
async fn submit_requisition(cx: Cx, id: Path<RequisitionId>) -> Reply<dto::Requisition> {
    cx.command(StatusCode::OK, async |tx| {
        let stamp = tx.stamp();
        let requisition = tx.open::<Requisition>(*id).await?.adopted(&stamp);
        // Whoever submits for the same requester waits, so that two halves of a purchase see each other (D-14).
        tx.one_at_a_time(&format!("requisitions of {}", requisition.head.requester.as_deref().unwrap_or(""))).await?;
        let counted = store::counted(tx.conn(), &requisition.head, stamp.at).await?;
        let change = requisition.submit(counted, &stamp)?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Ask again for what was rejected; the answer is the new draft.
#[utoipa::path(tag = "requisition", responses((status = 201, description = "The new draft", body = dto::Requisition)))]
#[post("/requisitions/{id}/resubmit")]
async fn resubmit_requisition(cx: Cx, id: Path<RequisitionId>) -> Reply<dto::Requisition> {
    cx.command(StatusCode::CREATED, async |tx| {
        let requisition: Requisition = tx.open(*id).await?;
        let number = tx.next_number("requisition").await?;
        let birth = Birth { id: tx.id(), number, case_id: requisition.head.case_id };
        let (old, new) = requisition.resubmit(birth, || tx.id(), &tx.stamp())?;
        tx.save(old).await?;
        Ok(show(tx.create(new).await?, cx.caller()))
    })
    .await
}

/// Nobody wants it any more; say why.
#[utoipa::path(tag = "requisition", responses((status = 200, description = "Cancelled", body = dto::Requisition)))]
#[post("/requisitions/{id}/cancel")]
async fn cancel_requisition(
    cx: Cx,
    id: Path<RequisitionId>,
    body: Json<dto::RequisitionReason>,
) -> Reply<dto::Requisition> {
    cx.command(StatusCode::OK, async |tx| {
        let requisition: Requisition = tx.open(*id).await?;
        Ok(show(tx.save(requisition.cancel(body.0.reason.to_string())?).await?, cx.caller()))
    })
    .await
}

/// What is not ordered yet will not be; say why.
#[utoipa::path(tag = "requisition", responses((status = 200, description = "Closed", body = dto::Requisition)))]
#[post("/requisitions/{id}/close")]
async fn close_requisition(
    cx: Cx,
    id: Path<RequisitionId>,
    body: Json<dto::RequisitionReason>,
) -> Reply<dto::Requisition> {
    cx.command(StatusCode::OK, async |tx| {
        let requisition: Requisition = tx.open(*id).await?;
        Ok(show(tx.save(requisition.close(body.0.reason.to_string())?).await?, cx.caller()))
    })
    .await
}

async fn wish(tx: &mut Tx, new: dto::NewRequisition) -> Result<Wish> {
    let dto::NewRequisition {
        source,
        plan_reference,
        priority,
        category,
        currency,
        lines,
        recommended_supplier_id,
        recommendation_reason,
    } = new;
    known_supplier(tx, recommended_supplier_id).await?;
    Ok(Wish {
        source: source.unwrap_or(RequisitionSource::Manual),
        priority: priority.unwrap_or(RequisitionPriority::Normal),
        category: known_category(tx, category.into_string()).await?,
        currency,
        lines: resolved(tx, lines, currency).await?,
        recommended_supplier_id,
        recommendation_reason: recommendation_reason.map(wire::Note::into_string),
        plan_reference: plan_reference.map(wire::Reference::into_string),
    })
}

async fn amendment(tx: &mut Tx, patch: dto::RequisitionPatch, currency: Currency) -> Result<Amendment> {
    let dto::RequisitionPatch { priority, category, lines, recommended_supplier_id, recommendation_reason } = patch;
    known_supplier(tx, recommended_supplier_id.new_value()).await?;
    let category = match category {
        Some(category) => Some(known_category(tx, category.into_string()).await?),
        None => None,
    };
    let lines = match lines {
        Some(lines) => Some(resolved(tx, lines, currency).await?),
        None => None,
    };
    Ok(Amendment { priority, category, lines, recommended_supplier_id, recommendation_reason })
}

async fn resolved(tx: &mut Tx, new: Vec<dto::NewRequisitionLine>, currency: Currency) -> Result<Vec<Asked>> {
    let skus: Vec<&str> = new.iter().filter_map(|line| line.sku.as_ref()).map(wire::Code::as_str).collect();
    let items = items::store::by_skus(tx.conn(), &skus).await?;
    let catalogue = items.into_iter().map(|item| (item.sku.clone(), item)).collect();
    Ok(lines::resolved(new, &catalogue, currency)?)
}

async fn known_supplier(tx: &mut Tx, id: Option<SupplierId>) -> Result<()> {
    let Some(id) = id else { return Ok(()) };
    if suppliers::store::usable(tx.conn(), &[id]).await?.is_empty() {
        Err(RequisitionRule::Supplier.into())
    } else {
        Ok(())
    }
}

async fn known_category(tx: &mut Tx, category: String) -> Result<String> {
    if suppliers::store::category_in_use(tx.conn(), &category).await? {
        Ok(category)
    } else {
        Err(RequisitionRule::Category { category }.into())
    }
}

fn show(requisition: Requisition, caller: &Caller) -> dto::Requisition {
    let (available_actions, totals) = (requisition.available_actions(caller), requisition.totals());
    let lines = requisition.lines.iter().map(|line| show_line(&requisition, line)).collect();
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let super::domain::Head {
        id,
        number,
        status,
        source,
        priority,
        case_id,
        category,
        currency: _,
        total: _,
        recommended_supplier_id,
        recommendation_reason,
        order_id,
        shortage_id,
        plan_reference,
        reason,
        rolling_window,
        resubmitted_from_id,
        resubmitted_as_id,
        requester,
        owner_id,
        team_id: _,
        department_id,
        created_at,
        submitted_at,
        decided_at,
        act_by_at,
        overdue,
        cause_event_id: _,
        cause_part: _,
        version,
    } = requisition.head;
    dto::Requisition {
        id,
        number,
        status,
        source,
        priority,
        case_id,
        department: department_id,
        requester,
        category,
        lines,
        totals,
        recommended_supplier_id,
        recommendation_reason,
        order_id,
        shortage_id,
        plan_reference,
        reason,
        rolling_window: rolling_window.map(|kept| kept.0),
        resubmitted_from_id,
        resubmitted_as_id,
        owner_id,
        created_at,
        submitted_at,
        decided_at,
        act_by_at,
        calendar_id: Calendar::china().id().to_owned(),
        overdue,
        version,
        available_actions,
    }
}

fn show_line(requisition: &Requisition, line: &lines::LineRow) -> dto::RequisitionLine {
    let lines::LineRow {
        id,
        requisition_id: _,
        line_number,
        sku,
        name,
        specification,
        unit,
        quantity,
        estimated_unit_price,
        tax_rate,
        net,
        tax,
        purpose,
        needed_on,
        order_line_id,
    } = line.clone();
    let ordered = wire::Quantity::new(requisition.ordered(id));
    dto::RequisitionLine {
        id,
        line_number,
        sku,
        name,
        specification,
        unit,
        quantity,
        estimated_unit_price,
        tax_rate,
        net,
        tax,
        purpose,
        needed_on,
        order_line_id,
        ordered,
    }
}
