//! The only SQL of opportunities.
use super::domain::Opportunity;
use crate::schema::opportunities;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, page};
use wire::crm::OpportunityQuery;

platform::store!(Opportunity, opportunities);

/// A page, newest first.
pub async fn list(conn: &mut Conn, query: &OpportunityQuery, sight: &Sight) -> QueryResult<Vec<Opportunity>> {
    let page = query.page();
    page!(Opportunity, opportunities, page, sight;
        case_id = page.case_id, status = page.status, account_id = query.account_id, competitor_id = query.competitor_id)
    .load(conn)
    .await
}
