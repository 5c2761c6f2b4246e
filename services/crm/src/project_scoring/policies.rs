//! The only SQL of the versions of weights.
use super::domain::ScoringPolicy;
use crate::schema::project_scoring_policies;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::Conn;

platform::store!(ScoringPolicy, project_scoring_policies);

/// The version that holds: the last, since each holds from the moment in which it is published.
pub async fn in_force(conn: &mut Conn) -> QueryResult<ScoringPolicy> {
    let newest = project_scoring_policies::table.order(project_scoring_policies::revision.desc());
    newest.select(ScoringPolicy::as_select()).first(conn).await
}

/// All versions, newest first: there are few.
pub async fn list(conn: &mut Conn) -> QueryResult<Vec<ScoringPolicy>> {
    let newest = project_scoring_policies::table.order(project_scoring_policies::revision.desc());
    newest.select(ScoringPolicy::as_select()).load(conn).await
}
