//! The only SQL of specifications.
use super::{domain::RequirementSpec, traces::Trace};
use crate::schema::{requirement_specs, requirement_traces};
use diesel::{dsl::exists, prelude::*};
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, page};
use uuid::Uuid;
use wire::crm::{AccountId, AccountPageQuery, OpportunityId, RequirementSpecId, TraceKind};

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
/// What a specification is covered by, in the order in which it was told.
pub async fn traces(conn: &mut Conn, spec: RequirementSpecId) -> QueryResult<Vec<Trace>> {
    requirement_traces::table
        .filter(requirement_traces::requirement_spec_id.eq(spec))
        .filter(requirement_traces::status.ne("removed"))
        .order(requirement_traces::id)
        .select(Trace::as_select())
        .load(conn)
        .await
}

/// All rows of one subject, also those that were taken back.
pub async fn traces_of(
    conn: &mut Conn,
    spec: RequirementSpecId,
    kind: TraceKind,
    subject: Uuid,
) -> QueryResult<Vec<Trace>> {
    requirement_traces::table
        .filter(requirement_traces::requirement_spec_id.eq(spec))
        .filter(requirement_traces::kind.eq(kind))
        .filter(requirement_traces::subject_id.eq(subject))
        .select(Trace::as_select())
        .load(conn)
        .await
}

/// The rows of traces, beside those of specifications: a trace is read with its specification only.
mod trace {
    use super::{Trace, requirement_traces};
    use diesel::prelude::*;

    platform::store!(Trace, requirement_traces);
}
