//! The only SQL of assignments.
use super::domain::Assignment;
use crate::schema::assignments;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, page};
use uuid::Uuid;
use wire::crm::{AssignmentId, AssignmentQuery};

platform::store!(Assignment, assignments);

/// The one of a target that waits for an answer.
pub async fn unanswered(conn: &mut Conn, target: Uuid) -> QueryResult<Option<AssignmentId>> {
    let waiting = assignments::table.filter(assignments::target_id.eq(target).and(assignments::status.eq("assigned")));
    waiting.select(assignments::id).first(conn).await.optional()
}

/// A page, newest first.
pub async fn list(conn: &mut Conn, query: &AssignmentQuery, sight: &Sight) -> QueryResult<Vec<Assignment>> {
    let page = query.page();
    page!(Assignment, assignments, page, sight; case_id = page.case_id, status = page.status, target_id = query.target_id)
        .load(conn)
        .await
}
