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

/// Those that climb a rung now, the longest ago first.
pub async fn climbing(conn: &mut Conn, now: Moment) -> QueryResult<Vec<FollowUpId>> {
    follow_ups::table
        .filter(follow_ups::next_level_at.lt(now))
        .order(follow_ups::next_level_at)
        .limit(BATCH)
        .select(follow_ups::id)
        .load(conn)
        .await
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
