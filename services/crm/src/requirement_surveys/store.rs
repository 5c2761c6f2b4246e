//! The only SQL of requirement surveys.
use super::domain::RequirementSurvey;
use crate::schema::requirement_surveys;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, page};
use wire::crm::OpportunityPageQuery;

platform::store!(RequirementSurvey, requirement_surveys);

/// A page, newest first.
pub async fn list(conn: &mut Conn, query: &OpportunityPageQuery, sight: &Sight) -> QueryResult<Vec<RequirementSurvey>> {
    let page = query.page();
    page!(RequirementSurvey, requirement_surveys, page, sight;
        case_id = page.case_id, status = page.status, opportunity_id = query.opportunity_id)
    .load(conn)
    .await
}

platform::handed!(RequirementSurvey, requirement_surveys; row: this, closed: ["recorded"]);
