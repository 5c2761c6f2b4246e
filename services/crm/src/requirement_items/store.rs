//! The only SQL of requirement items.
use super::domain::RequirementItem;
use crate::schema::requirement_items;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, page};
use wire::crm::OpportunityPageQuery;

platform::store!(RequirementItem, requirement_items);

/// A page, newest first.
pub async fn list(conn: &mut Conn, query: &OpportunityPageQuery, sight: &Sight) -> QueryResult<Vec<RequirementItem>> {
    let page = query.page();
    page!(RequirementItem, requirement_items, page, sight;
        case_id = page.case_id, status = page.status, opportunity_id = query.opportunity_id)
    .load(conn)
    .await
}

platform::handed!(RequirementItem, requirement_items; row: this, closed: ["addressed", "dropped"]);
