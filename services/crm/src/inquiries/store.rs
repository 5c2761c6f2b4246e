//! The only SQL of inquiries.
use super::domain::Inquiry;
use crate::schema::inquiries;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, page};
use uuid::Uuid;
use wire::crm::{AccountId, InquiryId, InquiryQuery};

platform::store!(Inquiry, inquiries);
platform::handed!(Inquiry, inquiries; row: this, closed: ["converted", "closed"]);

/// All of these customers, and those that became one of `targets`: what an inquiry became often knows the customer when the inquiry
/// itself does not.
pub async fn of_accounts(conn: &mut Conn, accounts: &[AccountId], targets: &[Uuid]) -> QueryResult<Vec<InquiryId>> {
    let named = inquiries::account_id.eq_any(accounts);
    let theirs = inquiries::table.filter(named.or(inquiries::target_id.eq_any(targets)));
    theirs.order(inquiries::id).select(inquiries::id).load(conn).await
}

/// A page, newest first.
pub async fn list(conn: &mut Conn, query: &InquiryQuery, sight: &Sight) -> QueryResult<Vec<Inquiry>> {
    let page = query.page();
    page!(Inquiry, inquiries, page, sight; case_id = page.case_id, status = page.status, channel = query.channel,
        account_id = query.account_id)
    .load(conn)
    .await
}
