//! The only SQL of contacts.
use super::domain::Contact;
use crate::schema::contacts;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, page, search::found};
use wire::crm::{AccountId, ContactId, ContactQuery};

platform::store!(Contact, contacts);

/// The customer's primary contact.
pub async fn primary(conn: &mut Conn, account: AccountId) -> QueryResult<Option<ContactId>> {
    let primary = contacts::table.filter(contacts::account_id.eq(account)).filter(contacts::is_primary);
    primary.select(contacts::id).first(conn).await.optional()
}

/// Someone of this name who works there.
pub async fn named(conn: &mut Conn, account: AccountId, name: &str) -> QueryResult<Option<ContactId>> {
    let there = contacts::table.filter(contacts::account_id.eq(account)).filter(contacts::status.eq("active"));
    there.filter(contacts::name.eq(name)).order(contacts::id).select(contacts::id).first(conn).await.optional()
}

/// All of a customer, whether they are still there or not.
pub async fn of_account(conn: &mut Conn, account: AccountId) -> QueryResult<Vec<ContactId>> {
    let there = contacts::table.filter(contacts::account_id.eq(account));
    there.order(contacts::id).select(contacts::id).load(conn).await
}

/// Those of these people who work there.
pub async fn working(conn: &mut Conn, account: AccountId, people: &[ContactId]) -> QueryResult<Vec<ContactId>> {
    let named = contacts::table.filter(contacts::id.eq_any(people)).filter(contacts::account_id.eq(account));
    named.filter(contacts::status.eq("active")).select(contacts::id).load(conn).await
}

/// A page, newest first.
pub async fn list(conn: &mut Conn, query: &ContactQuery, sight: &Sight) -> QueryResult<Vec<Contact>> {
    let page = query.page();
    let rows = page!(Contact, contacts, page, sight; status = page.status, account_id = query.account_id);
    match found("contacts", query.q.as_deref()) {
        Some(found) => rows.filter(found).load(conn).await,
        None => rows.load(conn).await,
    }
}

platform::handed!(Contact, contacts; row: this, closed: ["left"]);
