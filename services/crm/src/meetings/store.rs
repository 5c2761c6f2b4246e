//! The only SQL of meetings.
use super::domain::Meeting;
use crate::schema::meetings;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Caller, Conn, Entity, Result, Sight, Tx, page};
use wire::{
    Moment,
    crm::{MeetingId, MeetingQuery},
};

/// What a job takes at once.
const BATCH: i64 = 100;

platform::store!(Meeting, meetings);

/// One that the caller may see, locked: it is not closed while it gives somebody something to do.
pub async fn seen(tx: &mut Tx, id: MeetingId, caller: &Caller) -> Result<Option<Meeting>> {
    let sight = caller.sight("crm.meeting.read");
    let seen = |meeting: &Meeting| sight.is_some_and(|sight| sight.sees(meeting.ownership().as_ref()));
    Ok(tx.try_load::<Meeting>(id).await?.filter(seen))
}

/// Those of its series that begin after it and are still to come or to be followed, the next first.
pub async fn later_of(conn: &mut Conn, series: MeetingId, starts_at: Moment) -> QueryResult<Vec<MeetingId>> {
    let later = meetings::table.filter(meetings::series_id.eq(series)).filter(meetings::starts_at.gt(starts_at));
    let open = later.filter(meetings::status.eq("scheduled").or(meetings::next_starts_at.is_not_null()));
    open.order(meetings::starts_at).select(meetings::id).load(conn).await
}

/// Those that have begun and whose next one is not there yet.
pub async fn to_follow(conn: &mut Conn, now: Moment) -> QueryResult<Vec<MeetingId>> {
    meetings::table
        .filter(meetings::starts_at.le(now).and(meetings::next_starts_at.is_not_null()))
        .order(meetings::starts_at)
        .limit(BATCH)
        .select(meetings::id)
        .load(conn)
        .await
}

/// A page, newest first.
pub async fn list(conn: &mut Conn, query: &MeetingQuery, sight: &Sight) -> QueryResult<Vec<Meeting>> {
    let page = query.page();
    page!(Meeting, meetings, page, sight; case_id = page.case_id, status = page.status, kind = query.kind,
        series_id = query.series_id)
    .load(conn)
    .await
}
