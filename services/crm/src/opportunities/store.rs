//! The only SQL of opportunities.
use super::domain::Opportunity;
use crate::{assignments, schema::opportunities};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, page};
use wire::crm::AccountPageQuery;

platform::store!(Opportunity, opportunities);

/// A page, newest first.
pub async fn list(conn: &mut Conn, query: &AccountPageQuery, sight: &Sight) -> QueryResult<Vec<Opportunity>> {
    let page = query.page();
    page!(Opportunity, opportunities, page, sight; case_id = page.case_id, status = page.status, account_id = query.account_id)
        .load(conn)
        .await
}

platform::handed!(Opportunity, opportunities; row: this, closed: ["won", "lost", "invalid"], then: assignments::keep_history);
