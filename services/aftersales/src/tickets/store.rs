//! The only SQL of tickets, and of the orders that they know.
use super::domain::{Ticket, report::KnownOrder};
use crate::schema::{known_orders, revisits, tickets};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, scoped};
use wire::{
    Moment, PageQuery,
    aftersales::{RevisitId, TicketId, TicketQuery, TicketStatus as Status},
    orders::{OrderId, ShipmentId},
};

platform::store!(Ticket, tickets);

/// The revisit that brought it up, for good.
pub async fn revisit_of(conn: &mut Conn, id: TicketId) -> QueryResult<Option<RevisitId>> {
    let found: Option<Option<RevisitId>> =
        tickets::table.find(id).select(tickets::revisit_id).first(conn).await.optional()?;
    Ok(found.flatten())
}

/// Keeps what tickets need of an order; told twice it is told once.
pub async fn keep_order(conn: &mut Conn, order: &KnownOrder) -> QueryResult<()> {
    diesel::insert_into(known_orders::table).values(order).on_conflict_do_nothing().execute(conn).await.map(drop)
}

/// An order that was heard of.
pub async fn known_order(conn: &mut Conn, id: OrderId) -> QueryResult<Option<KnownOrder>> {
    known_orders::table.find(id).select(KnownOrder::as_select()).first(conn).await.optional()
}

/// The order of a shipment that was delivered.
pub async fn delivered(conn: &mut Conn, shipment: ShipmentId) -> QueryResult<Option<OrderId>> {
    revisits::table.filter(revisits::shipment_id.eq(shipment)).select(revisits::order_id).first(conn).await.optional()
}

/// Those that nobody has said to be solved.
const OPEN: [Status; 5] = [Status::New, Status::Triaged, Status::Assigned, Status::InProgress, Status::Reopened];
/// What a job takes at once.
const BATCH: i64 = 100;

/// Open, not answered, and the time for it over.
pub async fn unanswered(conn: &mut Conn, now: Moment) -> QueryResult<Vec<TicketId>> {
    tickets::table
        .filter(tickets::status.eq_any(OPEN))
        .filter(tickets::responded_at.is_null().and(tickets::response_breached_at.is_null()))
        .filter(tickets::first_response_due_at.lt(now))
        .order(tickets::first_response_due_at)
        .limit(BATCH)
        .select(tickets::id)
        .load(conn)
        .await
}

/// Open, not warned of, and three quarters of the time gone.
pub async fn to_warn(conn: &mut Conn, now: Moment) -> QueryResult<Vec<TicketId>> {
    tickets::table
        .filter(tickets::status.eq_any(OPEN))
        .filter(tickets::warned_at.is_null())
        .filter(tickets::warn_at.le(now))
        .order(tickets::warn_at)
        .limit(BATCH)
        .select(tickets::id)
        .load(conn)
        .await
}

/// Open, and the promised time over.
pub async fn to_breach(conn: &mut Conn, now: Moment) -> QueryResult<Vec<TicketId>> {
    tickets::table
        .filter(tickets::status.eq_any(OPEN))
        .filter(tickets::breached_at.is_null())
        .filter(tickets::promised_at.lt(now))
        .order(tickets::promised_at)
        .limit(BATCH)
        .select(tickets::id)
        .load(conn)
        .await
}

/// A page, newest first. `assignee` is a reference, never `me`.
pub async fn list(conn: &mut Conn, page: &PageQuery, narrow: TicketQuery, sight: &Sight) -> QueryResult<Vec<Ticket>> {
    let mut query =
        tickets::table.select(Ticket::as_select()).order(tickets::id.desc()).limit(page.fetch()).into_boxed();
    query = scoped!(query, tickets, sight);
    if let Some(after) = page.after {
        query = query.filter(tickets::id.lt(TicketId(after)));
    }
    if let Some(case) = page.case_id {
        query = query.filter(tickets::case_id.eq(case));
    }
    if let Some(status) = &page.status {
        query = query.filter(tickets::status.eq(status.clone()));
    }
    if let Some(kind) = narrow.kind {
        query = query.filter(tickets::kind.eq(kind));
    }
    if let Some(account) = narrow.account_id {
        query = query.filter(tickets::account_id.eq(account));
    }
    if let Some(order) = narrow.order_id {
        query = query.filter(tickets::order_id.eq(order));
    }
    if let Some(revisit) = narrow.revisit_id {
        query = query.filter(tickets::revisit_id.eq(revisit));
    }
    if let Some(assignee) = narrow.assignee {
        query = query.filter(tickets::assignee.eq(assignee));
    }
    if let Some(role) = narrow.escalated_to {
        query = query.filter(tickets::escalated_to.eq(role));
    }
    match narrow.breached {
        Some(true) => query = query.filter(tickets::breached_at.is_not_null()),
        Some(false) => query = query.filter(tickets::breached_at.is_null()),
        None => {}
    }
    query.load(conn).await
}

platform::handed!(Ticket, tickets; row: this, closed: ["closed", "cancelled"]);
