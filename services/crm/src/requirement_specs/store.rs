//! The only SQL of specifications.
use super::domain::RequirementSpec;
use crate::schema::requirement_specs;
use diesel::{dsl::exists, prelude::*};
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, page};
use wire::crm::{AccountId, AccountPageQuery, OpportunityId, RequirementSpecId};

platform::store!(RequirementSpec, requirement_specs);

/// Has the customer confirmed one for this opportunity?
pub async fn confirmed(conn: &mut Conn, opportunity: OpportunityId) -> QueryResult<bool> {
    let confirmed = requirement_specs::table
        .filter(requirement_specs::opportunity_id.eq(opportunity))
        .filter(requirement_specs::status.eq("confirmed"));
    diesel::select(exists(confirmed)).get_result(conn).await
}

/// Is a revision of this number being worked on?
pub async fn in_work(conn: &mut Conn, number: &str) -> QueryResult<bool> {
    let open = requirement_specs::table
        .filter(requirement_specs::number.eq(number))
        .filter(requirement_specs::status.eq_any(["draft", "submitted", "clarifying"]));
    diesel::select(exists(open)).get_result(conn).await
}

/// All of a customer.
pub async fn of_account(conn: &mut Conn, account: AccountId) -> QueryResult<Vec<RequirementSpecId>> {
    let of_account = requirement_specs::table.filter(requirement_specs::account_id.eq(account));
    of_account.order(requirement_specs::id).select(requirement_specs::id).load(conn).await
}

/// A page, newest first.
pub async fn list(conn: &mut Conn, query: &AccountPageQuery, sight: &Sight) -> QueryResult<Vec<RequirementSpec>> {
    let page = query.page();
    page!(RequirementSpec, requirement_specs, page, sight; case_id = page.case_id, status = page.status, account_id = query.account_id)
        .load(conn)
        .await
}

/// The ids of all revisions of an opportunity's specifications.
pub async fn of_opportunity(conn: &mut Conn, opportunity: OpportunityId) -> QueryResult<Vec<RequirementSpecId>> {
    let specs = requirement_specs::table.filter(requirement_specs::opportunity_id.eq(opportunity));
    specs.order(requirement_specs::id).select(requirement_specs::id).load(conn).await
}

platform::handed!(RequirementSpec, requirement_specs; row: this, closed: ["superseded"]);
