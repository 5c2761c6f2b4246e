//! The only SQL of negotiation.
use super::domain::NegotiationRound;
use crate::schema::negotiation_rounds;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, page};
use wire::crm::{OpportunityId, OpportunityPageQuery};

platform::store!(NegotiationRound, negotiation_rounds);

/// The last round about an opportunity.
pub async fn last(conn: &mut Conn, opportunity: OpportunityId) -> QueryResult<Option<NegotiationRound>> {
    negotiation_rounds::table
        .filter(negotiation_rounds::opportunity_id.eq(opportunity))
        .order(negotiation_rounds::round.desc())
        .select(NegotiationRound::as_select())
        .first(conn)
        .await
        .optional()
}

/// A page, newest first.
pub async fn list(conn: &mut Conn, query: &OpportunityPageQuery, sight: &Sight) -> QueryResult<Vec<NegotiationRound>> {
    let page = query.page();
    page!(NegotiationRound, negotiation_rounds, page, sight;
        case_id = page.case_id, status = page.status, opportunity_id = query.opportunity_id)
    .load(conn)
    .await
}

platform::handed!(NegotiationRound, negotiation_rounds; row: this, closed: ["agreed", "failed"]);
