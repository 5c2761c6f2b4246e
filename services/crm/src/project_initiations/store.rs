//! The only SQL of project initiations.
use super::domain::ProjectInitiation;
use crate::{
    project_scoring,
    schema::{project_initiations, users},
};
use diesel::{dsl::exists, prelude::*};
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, page};
use wire::crm::{OpportunityId, OpportunityPageQuery};

platform::store!(ProjectInitiation, project_initiations);

/// Has the opportunity an application?
pub async fn is_applied_for(conn: &mut Conn, opportunity: OpportunityId) -> QueryResult<bool> {
    let known = project_initiations::table.filter(project_initiations::opportunity_id.eq(opportunity));
    diesel::select(exists(known)).get_result(conn).await
}

/// Those of these people who work here.
pub async fn active(conn: &mut Conn, people: &[&str]) -> QueryResult<Vec<String>> {
    let here = users::table.filter(users::reference.eq_any(people)).filter(users::status.eq("active"));
    here.select(users::reference).load(conn).await
}

/// A page, newest first.
pub async fn list(conn: &mut Conn, query: &OpportunityPageQuery, sight: &Sight) -> QueryResult<Vec<ProjectInitiation>> {
    let page = query.page();
    page!(ProjectInitiation, project_initiations, page, sight;
        case_id = page.case_id, status = page.status, opportunity_id = query.opportunity_id)
    .load(conn)
    .await
}

platform::handed!(ProjectInitiation, project_initiations; row: this, closed: ["numbered"], then: project_scoring::follow_owner);
