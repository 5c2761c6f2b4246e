//! The only SQL of proposals.
use super::domain::Proposal;
use crate::schema::proposals;
use diesel::{dsl::exists, prelude::*};
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, page};
use wire::crm::AccountPageQuery;

platform::store!(Proposal, proposals);

/// A page, newest first.
pub async fn list(conn: &mut Conn, query: &AccountPageQuery, sight: &Sight) -> QueryResult<Vec<Proposal>> {
    let page = query.page();
    page!(Proposal, proposals, page, sight; case_id = page.case_id, status = page.status, account_id = query.account_id)
        .load(conn)
        .await
}

/// Is its solution with the customer in another proposal?
pub async fn is_offered_elsewhere(conn: &mut Conn, proposal: &Proposal) -> QueryResult<bool> {
    let others = proposals::table
        .filter(proposals::solution_id.eq(proposal.solution_id))
        .filter(proposals::status.eq_any(["submitted", "under_clarification", "accepted"]))
        .filter(proposals::id.ne(proposal.id));
    diesel::select(exists(others)).get_result(conn).await
}

platform::handed!(Proposal, proposals; row: this, closed: ["accepted", "declined"]);
