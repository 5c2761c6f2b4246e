//! The only SQL of meetings.
use super::domain::Meeting;
use crate::schema::meetings;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Caller, Conn, Entity, Sight, page};
use wire::{
    Moment,
    crm::{MeetingId, MeetingQuery},
};

/// What a job takes at once.
const BATCH: i64 = 100;

platform::store!(Meeting, meetings);

/// One that the caller may see.
pub async fn seen(conn: &mut Conn, id: MeetingId, caller: &Caller) -> QueryResult<Option<Meeting>> {
    let sight = caller.sight("crm.meeting.read");
    let seen = |meeting: &Meeting| sight.is_some_and(|sight| sight.sees(meeting.ownership().as_ref()));
    Ok(find(conn, id).await?.filter(seen))
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
