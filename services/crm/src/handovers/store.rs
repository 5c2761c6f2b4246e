//! The only SQL of handovers.
use super::domain::Handover;
use crate::schema::handovers;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, page};
use wire::{Moment, crm::HandoverQuery, handover::HandoverId};

/// What a job takes at once.
const BATCH: i64 = 100;

platform::store!(Handover, handovers);

/// Someone's that are planned or active.
pub async fn open_of(conn: &mut Conn, from: &str) -> QueryResult<Vec<Handover>> {
    let theirs = handovers::table.filter(handovers::from_user.eq(from));
    let open = theirs.filter(handovers::status.eq_any(["planned", "active"]));
    open.order(handovers::id).select(Handover::as_select()).load(conn).await
}

/// Planned, and their time has come.
pub async fn beginning(conn: &mut Conn, now: Moment) -> QueryResult<Vec<HandoverId>> {
    let due = handovers::table.filter(handovers::status.eq("planned").and(handovers::starts_at.le(now)));
    due.order(handovers::starts_at).limit(BATCH).select(handovers::id).load(conn).await
}

/// Active, and their window is over.
pub async fn ending(conn: &mut Conn, now: Moment) -> QueryResult<Vec<HandoverId>> {
    let over = handovers::table.filter(handovers::status.eq("active").and(handovers::ends_at.le(now)));
    over.order(handovers::ends_at).limit(BATCH).select(handovers::id).load(conn).await
}

/// A page, newest first.
pub async fn list(conn: &mut Conn, query: &HandoverQuery, sight: &Sight) -> QueryResult<Vec<Handover>> {
    let page = query.page();
    page!(Handover, handovers, page, sight; status = page.status, from_user = query.from, to_user = query.to)
        .load(conn)
        .await
}
