//! The only SQL of nonconformities.
use super::domain::Nonconformity;
use crate::{schema::nonconformities, store::part};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::Conn;
use wire::orders::{NonconformityId, OrderId};

part!(Nonconformity, nonconformities, NonconformityId);

/// Those of an order that are neither closed nor scrapped.
pub async fn open_of(conn: &mut Conn, order: OrderId) -> QueryResult<Vec<NonconformityId>> {
    nonconformities::table
        .filter(nonconformities::order_id.eq(order))
        .filter(nonconformities::status.eq_any(["open", "rework", "reinspection"]))
        .order(nonconformities::id)
        .select(nonconformities::id)
        .load(conn)
        .await
}

platform::handed!(Nonconformity, nonconformities; row: this, closed: ["closed", "scrapped", "cancelled"]);
