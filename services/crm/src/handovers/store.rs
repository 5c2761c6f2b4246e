//! The only SQL of handovers.
use super::domain::Handover;
use crate::schema::handovers;
use diesel::{
    dsl::sql,
    prelude::*,
    sql_types::{Bool, Uuid as SqlUuid},
};
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

/// A page, newest first: those in sight, and those whose deputy is `user`. Asked apart, each along its own index.
pub async fn list(conn: &mut Conn, query: &HandoverQuery, sight: &Sight, user: &str) -> QueryResult<Vec<Handover>> {
    let page = query.page();
    let seen =
        page!(Handover, handovers, page, sight; status = page.status, from_user = query.from, to_user = query.to);
    let mut rows: Vec<Handover> = seen.load(conn).await?;
    if *sight != Sight::All && query.to.as_deref().is_none_or(|to| to == user) {
        let to = Some(user);
        let theirs = page!(Handover, handovers, page, all; status = page.status, from_user = query.from, to_user = to);
        rows.extend(theirs.load::<Handover>(conn).await?);
        rows.sort_by_key(|row| std::cmp::Reverse(row.id.0));
        rows.dedup_by_key(|row| row.id);
    }
    Ok(rows)
}

/// Has crm passed its part of the work on? The row is the platform's, which has it from when crm heard of its own handover.
pub async fn has_passed_on(conn: &mut Conn, handover: HandoverId) -> QueryResult<bool> {
    let query = sql::<Bool>("EXISTS (SELECT FROM handover_tasks WHERE status <> 'moving' AND id = ");
    diesel::select(query.bind::<SqlUuid, _>(handover).sql(")")).get_result(conn).await
}
