//! The only SQL of acceptances.
use super::domain::Acceptance;
use crate::{schema::acceptances, store::part};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::Conn;
use wire::{
    Moment,
    orders::{AcceptanceId, OrderId},
};

part!(Acceptance, acceptances, AcceptanceId);

/// The number of an invitation of this order that still stands.
pub async fn open_of(conn: &mut Conn, order: OrderId) -> QueryResult<Option<String>> {
    acceptances::table
        .filter(acceptances::order_id.eq(order))
        .filter(acceptances::status.eq_any(["invited", "testing"]))
        .select(acceptances::number)
        .first(conn)
        .await
        .optional()
}

/// Invitations without an answer whose next step has come, with their orders.
pub async fn to_chase(conn: &mut Conn, now: Moment) -> QueryResult<Vec<(AcceptanceId, OrderId)>> {
    acceptances::table
        .filter(acceptances::next_step_at.lt(now))
        .order(acceptances::next_step_at)
        .limit(100)
        .select((acceptances::id, acceptances::order_id))
        .load(conn)
        .await
}

platform::handed!(Acceptance, acceptances; row: this, closed: ["accepted", "rejected"]);
