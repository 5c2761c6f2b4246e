//! `/api/aftersales/v1/tickets`: parse, ask, answer.
use super::{domain::Ticket, intake, show::show, store};
use crate::{revisits::domain::Revisit, service_levels};
use actix_web::{
    get,
    http::StatusCode,
    post,
    web::{Path, Query},
};
use platform::{Cx, Json, Reply, Result, Tx, replica};
use serde_json::json;
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Page,
    aftersales::{self as dto, TicketId, TicketOutcome},
    crm::UserSnapshot,
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_ticket)
        .service(list_tickets)
        .service(get_ticket)
        .service(triage_ticket)
        .service(route_ticket)
        .service(assign_ticket)
        .service(start_ticket)
        .service(respond_ticket)
        .service(promise_ticket)
        .service(resolve_ticket)
        .service(confirm_ticket)
        .service(reopen_ticket)
        .service(close_ticket)
        .service(cancel_ticket);
}

/// Write down what a customer told us. The solution is promised by the service level of kind and severity, or as agreed.
#[utoipa::path(tag = "ticket", responses((status = 201, description = "Opened", body = dto::Ticket)))]
#[post("/tickets")]
async fn create_ticket(cx: Cx, body: Json<dto::NewTicket>) -> Reply<dto::Ticket> {
    cx.command(StatusCode::CREATED, async |tx| Ok(show(intake::open(tx, body.0.clone()).await?, cx.caller()))).await
}

/// Tickets, newest first.
#[utoipa::path(tag = "ticket", params(dto::TicketQuery), responses((status = 200, description = "A page", body = Page<dto::Ticket>)))]
#[get("/tickets")]
async fn list_tickets(cx: Cx, query: Query<dto::TicketQuery>) -> Reply<Page<dto::Ticket>> {
    let page = query.page();
    let mut narrow = query.into_inner();
    if narrow.assignee.as_deref() == Some("me") {
        narrow.assignee = Some(cx.caller().user.clone());
    }
    cx.read(async |conn| {
        let rows = store::list(conn, &page, narrow, cx.sight()).await?;
        Ok(page.page(rows, |ticket| ticket.id.into(), |ticket| show(ticket, cx.caller())))
    })
    .await
}

/// One ticket.
#[utoipa::path(tag = "ticket", responses((status = 200, description = "The ticket", body = dto::Ticket)))]
#[get("/tickets/{id}")]
async fn get_ticket(cx: Cx, id: Path<TicketId>) -> Reply<dto::Ticket> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// Take the first look: how bad is it?
#[utoipa::path(tag = "ticket", responses((status = 200, description = "Triaged", body = dto::Ticket)))]
#[post("/tickets/{id}/triage")]
async fn triage_ticket(cx: Cx, id: Path<TicketId>, body: Json<dto::TriageTicket>) -> Reply<dto::Ticket> {
    cx.command(StatusCode::OK, async |tx| {
        let ticket: Ticket = tx.open(*id).await?;
        Ok(show(tx.save(ticket.triage(body.0.clone())?).await?, cx.caller()))
    })
    .await
}

/// Hand it to another department, and say why.
#[utoipa::path(tag = "ticket", responses((status = 200, description = "Waits in the other department", body = dto::Ticket)))]
#[post("/tickets/{id}/route")]
async fn route_ticket(cx: Cx, id: Path<TicketId>, body: Json<dto::RouteTicket>) -> Reply<dto::Ticket> {
    cx.command(StatusCode::OK, async |tx| {
        let ticket: Ticket = tx.open(*id).await?;
        let people: Vec<UserSnapshot> =
            replica::all_with(tx.conn(), json!({"active": true, "department": &body.0.department})).await?;
        let change = ticket.route(body.0.clone(), &people, &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Say who of the department shall see to it.
#[utoipa::path(tag = "ticket", responses((status = 200, description = "Assigned", body = dto::Ticket)))]
#[post("/tickets/{id}/assign")]
async fn assign_ticket(cx: Cx, id: Path<TicketId>, body: Json<dto::AssignTicket>) -> Reply<dto::Ticket> {
    cx.command(StatusCode::OK, async |tx| {
        let ticket: Ticket = tx.open(*id).await?;
        let reference = body.0.assignee.as_str();
        let people: Vec<UserSnapshot> = replica::find_by_keys(tx.conn(), &[reference]).await?;
        Ok(show(tx.save(ticket.assign(reference, people.first())?).await?, cx.caller()))
    })
    .await
}

/// Begin to work on it.
#[utoipa::path(tag = "ticket", responses((status = 200, description = "In progress", body = dto::Ticket)))]
#[post("/tickets/{id}/start")]
async fn start_ticket(cx: Cx, id: Path<TicketId>) -> Reply<dto::Ticket> {
    cx.command(StatusCode::OK, async |tx| {
        let ticket: Ticket = tx.open(*id).await?;
        let change = ticket.start(&tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Record the first answer to the customer.
#[utoipa::path(tag = "ticket", responses((status = 200, description = "Answered", body = dto::Ticket)))]
#[post("/tickets/{id}/respond")]
async fn respond_ticket(cx: Cx, id: Path<TicketId>, body: Json<dto::RespondTicket>) -> Reply<dto::Ticket> {
    cx.command(StatusCode::OK, async |tx| {
        let ticket: Ticket = tx.open(*id).await?;
        let change = ticket.respond(body.0.clone(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Promise the customer another time; with what shows that they were told.
#[utoipa::path(tag = "ticket", responses((status = 200, description = "Promised anew", body = dto::Ticket)))]
#[post("/tickets/{id}/promise")]
async fn promise_ticket(cx: Cx, id: Path<TicketId>, body: Json<dto::PromiseTicket>) -> Reply<dto::Ticket> {
    cx.command(StatusCode::OK, async |tx| {
        let ticket: Ticket = tx.open(*id).await?;
        let change = ticket.promise(body.0.clone(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Say how it was solved; a complaint also why it happened. The customer has not agreed yet.
#[utoipa::path(tag = "ticket", responses((status = 200, description = "Solved, as we say", body = dto::Ticket)))]
#[post("/tickets/{id}/resolve")]
async fn resolve_ticket(cx: Cx, id: Path<TicketId>, body: Json<dto::ResolveTicket>) -> Reply<dto::Ticket> {
    cx.command(StatusCode::OK, async |tx| {
        let ticket: Ticket = tx.open(*id).await?;
        let change = ticket.resolve(body.0.clone(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Record that the customer is satisfied, with the evidence of it.
#[utoipa::path(tag = "ticket", responses((status = 200, description = "Confirmed by the customer", body = dto::Ticket)))]
#[post("/tickets/{id}/confirm")]
async fn confirm_ticket(cx: Cx, id: Path<TicketId>, body: Json<dto::ConfirmTicket>) -> Reply<dto::Ticket> {
    cx.command(StatusCode::OK, async |tx| {
        let revisit = revisit_of(tx, *id).await?;
        let ticket: Ticket = tx.open(*id).await?;
        let change = ticket.confirm(body.0.clone(), &tx.stamp())?;
        settle(tx, revisit, *id, TicketOutcome::Confirmed).await?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Record that the customer is not satisfied, and why: the work begins again, one tier higher.
#[utoipa::path(tag = "ticket", responses((status = 200, description = "Reopened", body = dto::Ticket)))]
#[post("/tickets/{id}/reopen")]
async fn reopen_ticket(cx: Cx, id: Path<TicketId>, body: Json<dto::ReopenTicket>) -> Reply<dto::Ticket> {
    cx.command(StatusCode::OK, async |tx| {
        let ticket: Ticket = tx.open(*id).await?;
        let tiers = service_levels::store::tiers(tx.conn()).await?;
        let change = ticket.reopen(body.0.clone(), &tiers, &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// End it, after the customer's word.
#[utoipa::path(tag = "ticket", responses((status = 200, description = "Closed", body = dto::Ticket)))]
#[post("/tickets/{id}/close")]
async fn close_ticket(cx: Cx, id: Path<TicketId>) -> Reply<dto::Ticket> {
    cx.command(StatusCode::OK, async |tx| {
        let ticket: Ticket = tx.open(*id).await?;
        let change = ticket.close(&tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// It was a mistake or a double; say why.
#[utoipa::path(tag = "ticket", responses((status = 200, description = "Cancelled", body = dto::Ticket)))]
#[post("/tickets/{id}/cancel")]
async fn cancel_ticket(cx: Cx, id: Path<TicketId>, body: Json<dto::CancelTicket>) -> Reply<dto::Ticket> {
    cx.command(StatusCode::OK, async |tx| {
        let revisit = revisit_of(tx, *id).await?;
        let ticket: Ticket = tx.open(*id).await?;
        let change = ticket.cancel(body.0.clone(), &tx.stamp())?;
        settle(tx, revisit, *id, TicketOutcome::Cancelled).await?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// The revisit that brought it up, locked: always before the ticket.
async fn revisit_of(tx: &mut Tx, id: TicketId) -> Result<Option<Revisit>> {
    match store::revisit_of(tx.conn(), id).await? {
        Some(revisit) => tx.load(revisit).await.map(Some),
        None => Ok(None),
    }
}

/// The revisit knows how its ticket ended.
async fn settle(tx: &mut Tx, revisit: Option<Revisit>, id: TicketId, outcome: TicketOutcome) -> Result<()> {
    if let Some(revisit) = revisit {
        tx.save(revisit.settle_ticket(id, outcome)?).await?;
    }
    Ok(())
}
