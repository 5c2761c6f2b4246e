//! The only SQL of opportunities.
use super::domain::Opportunity;
use crate::{assignments, schema::opportunities};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, page, sorted};
use wire::{
    PageQuery,
    crm::{AccountId, OpportunityId, OpportunityQuery, OpportunitySort as Sort},
};

platform::store!(Opportunity, opportunities);

/// All of a customer.
pub async fn of_account(conn: &mut Conn, account: AccountId) -> QueryResult<Vec<OpportunityId>> {
    let of_account = opportunities::table.filter(opportunities::account_id.eq(account));
    of_account.order(opportunities::id).select(opportunities::id).load(conn).await
}

/// The number of an open one of a customer.
pub async fn open_of(conn: &mut Conn, account: AccountId) -> QueryResult<Option<String>> {
    let of_account = opportunities::table.filter(opportunities::account_id.eq(account));
    let open = of_account.filter(opportunities::status.eq("open")).order(opportunities::id);
    open.select(opportunities::number).first(conn).await.optional()
}

/// A page.
pub async fn list(conn: &mut Conn, query: &OpportunityQuery, sight: &Sight) -> QueryResult<Vec<Opportunity>> {
    let page = query.page();
    let rows = |page: PageQuery| {
        page!(Opportunity, opportunities, page, sight;
            case_id = page.case_id, status = page.status, account_id = query.account_id, competitor_id = query.competitor_id,
            stage = query.stage, owner_id = query.owner_id)
    };
    match query.sort.unwrap_or(Sort::Newest) {
        Sort::Newest => rows(page),
        Sort::Oldest => sorted!(rows(page.from_start()), opportunities, page, "opportunities.id", asc),
        Sort::Amount => {
            sorted!(rows(page.from_start()), opportunities, page, "coalesce(opportunities.amount, 0)", desc)
        }
        Sort::ExpectedClose => sorted!(
            rows(page.from_start()),
            opportunities,
            page,
            "coalesce(opportunities.expected_close, DATE 'infinity')",
            asc
        ),
    }
    .load(conn)
    .await
}

platform::handed!(Opportunity, opportunities; row: this, closed: ["won", "lost", "invalid"], then: assignments::keep_history);
