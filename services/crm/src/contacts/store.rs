//! The only SQL of contacts.
use super::domain::Contact;
use crate::schema::contacts;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, Steady, Store, scoped};
use wire::crm::{AccountId, AccountPageQuery, ContactId};

impl Store for Contact {
    async fn lock(conn: &mut Conn, id: ContactId) -> QueryResult<Option<Self>> {
        contacts::table.find(id).select(Self::as_select()).for_update().first(conn).await.optional()
    }
    async fn insert(&self, conn: &mut Conn) -> QueryResult<()> {
        diesel::insert_into(contacts::table).values(self).execute(conn).await.map(drop)
    }
    async fn update(&self, conn: &mut Conn) -> QueryResult<usize> {
        let stored = contacts::table.filter(contacts::id.eq(self.id)).filter(contacts::version.eq(self.version - 1));
        Steady(diesel::update(stored).set(self)).execute(conn).await
    }
}

/// One contact.
pub async fn find(conn: &mut Conn, id: ContactId) -> QueryResult<Option<Contact>> {
    contacts::table.find(id).select(Contact::as_select()).first(conn).await.optional()
}

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
    let mut rows =
        contacts::table.select(Contact::as_select()).order(contacts::id.desc()).limit(page.fetch()).into_boxed();
    rows = scoped!(rows, contacts, sight);
    if let Some(after) = page.after {
        rows = rows.filter(contacts::id.lt(ContactId(after)));
    }
    if let Some(status) = page.status {
        rows = rows.filter(contacts::status.eq(status));
    }
    if let Some(account) = query.account_id {
        rows = rows.filter(contacts::account_id.eq(account));
    }
    rows.load(conn).await
}
