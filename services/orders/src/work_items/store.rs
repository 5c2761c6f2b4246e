//! The only SQL of work items and decomposition rules.
use super::domain::{Rule, WorkItem};
use crate::{
    schema::{decomposition_rules, work_items},
    store::part,
};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::Conn;
use wire::orders::{OrderId, WorkItemId, WorkKind};

part!(WorkItem, work_items, WorkItemId);

/// The rules, in the order in which they apply.
pub async fn rules(conn: &mut Conn) -> QueryResult<Vec<Rule>> {
    decomposition_rules::table.order(decomposition_rules::position).select(Rule::as_select()).load(conn).await
}

/// Work items of an order that are not done.
pub async fn open_of(conn: &mut Conn, order: OrderId) -> QueryResult<Vec<WorkItemId>> {
    work_items::table
        .filter(work_items::order_id.eq(order))
        .filter(work_items::status.ne_all(["done", "cancelled"]))
        .order(work_items::id)
        .select(work_items::id)
        .load(conn)
        .await
}

/// Work items that cannot begin before this one is done.
pub async fn waiting_for(conn: &mut Conn, done: WorkItemId) -> QueryResult<Vec<WorkItemId>> {
    work_items::table
        .filter(work_items::predecessor_id.eq(done))
        .filter(work_items::waiting)
        .order(work_items::id)
        .select(work_items::id)
        .load(conn)
        .await
}

/// The inspection of an order's goods, if its departments have one.
pub async fn inspection_of(conn: &mut Conn, order: OrderId) -> QueryResult<Option<WorkItemId>> {
    work_items::table
        .filter(work_items::order_id.eq(order))
        .filter(work_items::kind.eq(WorkKind::InspectGoods))
        .select(work_items::id)
        .first(conn)
        .await
        .optional()
}

platform::handed!(WorkItem, work_items; row: this, closed: ["done", "cancelled"]);
