//! The only SQL of plans.
use super::domain::FollowUpPlan;
use crate::schema::follow_up_plans;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, page};
use wire::{
    Day,
    crm::{FollowUpPlanId, FollowUpPlanQuery},
};

/// What a job takes at once.
pub const BATCH: usize = 100;

platform::store!(FollowUpPlan, follow_up_plans);

/// Those whose next day has come, the longest ago first.
pub async fn due(conn: &mut Conn, today: Day) -> QueryResult<Vec<FollowUpPlanId>> {
    follow_up_plans::table
        .filter(follow_up_plans::next_on.le(today))
        .order(follow_up_plans::next_on)
        .limit(BATCH.try_into().unwrap_or(i64::MAX))
        .select(follow_up_plans::id)
        .load(conn)
        .await
}

/// A page, newest first.
pub async fn list(conn: &mut Conn, query: &FollowUpPlanQuery, sight: &Sight) -> QueryResult<Vec<FollowUpPlan>> {
    let page = query.page();
    page!(FollowUpPlan, follow_up_plans, page, sight; case_id = page.case_id, status = page.status,
        subject_id = query.subject_id)
    .load(conn)
    .await
}

platform::handed!(FollowUpPlan, follow_up_plans; row: this, closed: ["ended"]);
