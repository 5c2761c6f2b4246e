//! The only SQL of market feedback.
use super::domain::MarketFeedback;
use crate::schema::market_feedback;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, page};
use wire::crm::AccountPageQuery;

platform::store!(MarketFeedback, market_feedback);
platform::handed!(MarketFeedback, market_feedback; row: this, closed: ["used", "closed"]);

/// A page, newest first.
pub async fn list(conn: &mut Conn, query: &AccountPageQuery, sight: &Sight) -> QueryResult<Vec<MarketFeedback>> {
    let page = query.page();
    page!(MarketFeedback, market_feedback, page, sight; status = page.status, account_id = query.account_id)
        .load(conn)
        .await
}
