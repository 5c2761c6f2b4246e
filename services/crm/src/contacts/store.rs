//! The only SQL of contacts.
use super::domain::Contact;
use crate::schema::contacts;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, page};
use wire::crm::{AccountId, AccountPageQuery, ContactId};

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

/// A page, newest first.
pub async fn list(conn: &mut Conn, query: &AccountPageQuery, sight: &Sight) -> QueryResult<Vec<Contact>> {
    let page = query.page();
    page!(Contact, contacts, page, sight; status = page.status, account_id = query.account_id).load(conn).await
}

/// The ids of a customer's people, those who left too.
pub async fn of_account(conn: &mut Conn, account: AccountId) -> QueryResult<Vec<ContactId>> {
    let people = contacts::table.filter(contacts::account_id.eq(account));
    people.order(contacts::id).select(contacts::id).load(conn).await
}

platform::handed!(Contact, contacts; row: this, closed: ["left"]);
