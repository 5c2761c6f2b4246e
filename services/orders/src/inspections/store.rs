//! The only SQL of inspections.
use super::domain::Inspection;
use crate::{schema::inspections, store::part};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::Conn;
use wire::orders::{InspectionId, OrderId};

part!(Inspection, inspections, InspectionId);

/// Final inspections of an order that are still to be made.
pub async fn count_open(conn: &mut Conn, order: OrderId) -> QueryResult<i64> {
    let planned = inspections::table.filter(inspections::order_id.eq(order)).filter(inspections::status.eq("planned"));
    planned.filter(inspections::stage.eq("final")).count().get_result(conn).await
}

/// All of an order that are still to be made.
pub async fn planned_of(conn: &mut Conn, order: OrderId) -> QueryResult<Vec<InspectionId>> {
    let planned = inspections::table.filter(inspections::order_id.eq(order)).filter(inspections::status.eq("planned"));
    planned.order(inspections::id).select(inspections::id).load(conn).await
}

platform::handed!(Inspection, inspections; row: this, closed: ["done", "cancelled"]);
