//! The only SQL of proposals.
use super::domain::Proposal;
use crate::schema::proposals;
use diesel::{
    dsl::{exists, sql},
    prelude::*,
    sql_types::{Bool, Text},
};
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, page};
use wire::quoting::{ProposalId, ProposalQuery, SolutionId};

platform::store!(Proposal, proposals);

/// A page, newest first.
pub async fn list(conn: &mut Conn, query: &ProposalQuery, sight: &Sight) -> QueryResult<Vec<Proposal>> {
    let page = query.page();
    page!(Proposal, proposals, page, sight; case_id = page.case_id, status = page.status, account_id = query.account_id,
        solution_id = query.solution_id)
    .load(conn)
    .await
}

/// Is this solution with the customer in another proposal? Said as the index `proposals_solution_offered` says it.
pub async fn is_offered_elsewhere(conn: &mut Conn, solution: SolutionId, proposal: ProposalId) -> QueryResult<bool> {
    let offered =
        sql::<Bool>("status IN ('submitted', 'under_clarification', 'accepted') AND offered ->> 'solution_id' = ")
            .bind::<Text, _>(solution.to_string());
    let others = proposals::table.filter(offered).filter(proposals::id.ne(proposal));
    diesel::select(exists(others)).get_result(conn).await
}

platform::handed!(Proposal, proposals; row: this, closed: ["accepted", "declined"]);
