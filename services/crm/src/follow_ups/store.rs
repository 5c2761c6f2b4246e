//! The only SQL of follow-ups.
use super::domain::FollowUp;
use crate::schema::follow_ups;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, page};
use wire::{
    Moment,
    crm::{FollowUpId, FollowUpPlanId, FollowUpQuery},
};

/// What a job takes at once.
const BATCH: i64 = 100;

platform::store!(FollowUp, follow_ups);

/// One that climbs a rung, as it is found: it may be done by the time it is locked.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = follow_ups)]
pub struct Climbing {
    pub id: FollowUpId,
    pub plan_id: FollowUpPlanId,
    pub level: i32,
}

/// Those that climb a rung now, the longest ago first; in the order in which they are locked.
pub async fn climbing(conn: &mut Conn, now: Moment) -> QueryResult<Vec<Climbing>> {
    let due = follow_ups::table.filter(follow_ups::next_level_at.lt(now)).order(follow_ups::next_level_at);
    let mut found: Vec<Climbing> = due.limit(BATCH).select(Climbing::as_select()).load(conn).await?;
    found.sort_by_key(|one| one.id.0);
    Ok(found)
}

/// A plan's open ones.
pub async fn open_of(conn: &mut Conn, plan: FollowUpPlanId) -> QueryResult<Vec<FollowUpId>> {
    follow_ups::table
        .filter(follow_ups::plan_id.eq(plan))
        .filter(follow_ups::status.eq_any(["due", "overdue", "escalated"]))
        .order(follow_ups::id)
        .select(follow_ups::id)
        .load(conn)
        .await
}

/// A page, newest first.
pub async fn list(conn: &mut Conn, query: &FollowUpQuery, sight: &Sight) -> QueryResult<Vec<FollowUp>> {
    let page = query.page();
    page!(FollowUp, follow_ups, page, sight; case_id = page.case_id, status = page.status, plan_id = query.plan_id,
        account_id = query.account_id, told_to = query.told_to)
    .load(conn)
    .await
}

platform::handed!(FollowUp, follow_ups; row: this, closed: ["done", "cancelled"]);
