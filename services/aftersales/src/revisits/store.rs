//! The only SQL of revisits.
use super::domain::Revisit;
use crate::schema::revisits;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, scoped};
use wire::{
    Moment, PageQuery,
    aftersales::RevisitId,
    orders::{OrderId, ShipmentId},
};

platform::store!(Revisit, revisits);

/// What a list may be narrowed to besides the page's own filters.
#[derive(Debug, Default)]
pub struct Narrow {
    pub order: Option<OrderId>,
    pub assignee: Option<String>,
    pub overdue: Option<bool>,
}

/// Has this shipment its revisit?
pub async fn is_planned(conn: &mut Conn, shipment: ShipmentId) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(revisits::table.filter(revisits::shipment_id.eq(shipment))))
        .get_result(conn)
        .await
}

/// Due before `now`, nobody reached, not marked yet.
pub async fn overdue(conn: &mut Conn, now: Moment) -> QueryResult<Vec<RevisitId>> {
    revisits::table
        .filter(revisits::status.eq("scheduled"))
        .filter(revisits::overdue_at.is_null())
        .filter(revisits::due_at.lt(now))
        .order(revisits::due_at)
        .limit(100)
        .select(revisits::id)
        .load(conn)
        .await
}

/// A page, newest first.
pub async fn list(conn: &mut Conn, page: &PageQuery, narrow: Narrow, sight: &Sight) -> QueryResult<Vec<Revisit>> {
    let mut query =
        revisits::table.select(Revisit::as_select()).order(revisits::id.desc()).limit(page.fetch()).into_boxed();
    query = scoped!(query, revisits, sight);
    if let Some(after) = page.after {
        query = query.filter(revisits::id.lt(RevisitId(after)));
    }
    if let Some(case) = page.case_id {
        query = query.filter(revisits::case_id.eq(case));
    }
    if let Some(status) = &page.status {
        query = query.filter(revisits::status.eq(status.clone()));
    }
    if let Some(order) = narrow.order {
        query = query.filter(revisits::order_id.eq(order));
    }
    if let Some(assignee) = narrow.assignee {
        query = query.filter(revisits::assignee.eq(assignee));
    }
    match narrow.overdue {
        Some(true) => query = query.filter(revisits::overdue_at.is_not_null()),
        Some(false) => query = query.filter(revisits::overdue_at.is_null()),
        None => {}
    }
    query.load(conn).await
}

platform::handed!(Revisit, revisits; row: this, closed: ["closed"]);
