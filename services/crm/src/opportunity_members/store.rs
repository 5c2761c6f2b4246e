//! The only SQL of teams.
use super::domain::OpportunityMember;
use crate::schema::opportunity_members;
use diesel::{dsl::exists, prelude::*};
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, page};
use wire::crm::{OpportunityId, OpportunityMemberQuery};

platform::store!(OpportunityMember, opportunity_members);

platform::handed!(OpportunityMember, opportunity_members; row: this, closed: ["released"]);

/// Has this person joined the team?
pub async fn has_joined(conn: &mut Conn, opportunity: OpportunityId, person: &str) -> QueryResult<bool> {
    let seat = opportunity_members::table
        .filter(opportunity_members::opportunity_id.eq(opportunity))
        .filter(opportunity_members::person.eq(person))
        .filter(opportunity_members::status.eq("joined"));
    diesel::select(exists(seat)).get_result(conn).await
}

/// Is this person in the team, or asked to join it?
pub async fn is_seated(conn: &mut Conn, opportunity: OpportunityId, person: &str) -> QueryResult<bool> {
    let seat = opportunity_members::table
        .filter(opportunity_members::opportunity_id.eq(opportunity))
        .filter(opportunity_members::person.eq(person))
        .filter(opportunity_members::status.ne("released"));
    diesel::select(exists(seat)).get_result(conn).await
}

/// A page, newest first: of opportunities within the row scope, or of the person's own seats.
pub async fn list(
    conn: &mut Conn,
    query: &OpportunityMemberQuery,
    person: Option<String>,
    sight: &Sight,
) -> QueryResult<Vec<OpportunityMember>> {
    let page = query.page();
    let sight = if person.is_some() { &Sight::All } else { sight };
    page!(OpportunityMember, opportunity_members, page, sight;
        case_id = page.case_id, status = page.status, opportunity_id = query.opportunity_id, person = person)
    .load(conn)
    .await
}
