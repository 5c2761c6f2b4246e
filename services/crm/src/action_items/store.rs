//! The only SQL of action items.
use super::domain::ActionItem;
use crate::schema::action_items;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, page};
use wire::{
    Moment,
    crm::{ActionItemId, ActionItemQuery, MeetingId},
};

/// What a job takes at once.
const BATCH: i64 = 100;

platform::store!(ActionItem, action_items);
platform::handed!(ActionItem, action_items; row: this, closed: ["done", "cancelled"]);

/// Those that climb a rung now, the longest ago first; in the order in which they are locked.
pub async fn climbing(conn: &mut Conn, now: Moment) -> QueryResult<Vec<ActionItemId>> {
    let due = action_items::table.filter(action_items::next_level_at.lt(now)).order(action_items::next_level_at);
    let mut found: Vec<ActionItemId> = due.limit(BATCH).select(action_items::id).load(conn).await?;
    found.sort_by_key(|id| id.0);
    Ok(found)
}

/// Those of a meeting that nobody has done yet.
pub async fn open_of_meeting(conn: &mut Conn, meeting: MeetingId) -> QueryResult<Vec<ActionItemId>> {
    action_items::table
        .filter(action_items::meeting_id.eq(meeting))
        .filter(action_items::status.eq_any(["open", "overdue", "escalated"]))
        .order(action_items::id)
        .select(action_items::id)
        .load(conn)
        .await
}

/// A page, newest first.
pub async fn list(conn: &mut Conn, query: &ActionItemQuery, sight: &Sight) -> QueryResult<Vec<ActionItem>> {
    let page = query.page();
    page!(ActionItem, action_items, page, sight; case_id = page.case_id, status = page.status,
        meeting_id = query.meeting_id, link_id = query.link_id, told_to = query.told_to)
    .load(conn)
    .await
}
