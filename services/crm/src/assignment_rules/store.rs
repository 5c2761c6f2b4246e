//! The only SQL of assignment rules.
use super::domain::AssignmentRule;
use crate::schema::assignment_rules;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, page};
use wire::PageQuery;

platform::store!(AssignmentRule, assignment_rules);

/// Those in use, in the order in which they are asked; a territory before what fits everything of the same priority.
pub async fn active(conn: &mut Conn) -> QueryResult<Vec<AssignmentRule>> {
    let active = assignment_rules::table.filter(assignment_rules::status.eq("active"));
    let order = (assignment_rules::priority, assignment_rules::kind.desc(), assignment_rules::id);
    active.order(order).select(AssignmentRule::as_select()).load(conn).await
}

/// A page, newest first.
pub async fn list(conn: &mut Conn, query: &PageQuery) -> QueryResult<Vec<AssignmentRule>> {
    page!(AssignmentRule, assignment_rules, query, all; status = query.status).load(conn).await
}
