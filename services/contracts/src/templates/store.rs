//! The only SQL of templates.
use super::domain::{STANDARD, Template};
use crate::schema::templates;
use diesel::{dsl::max, prelude::*};
use diesel_async::RunQueryDsl;
use platform::Conn;
use wire::{
    PageQuery,
    contracts::{ContractKind, TemplateId},
};

platform::store!(Template, templates);

/// The approved standard of a kind.
pub async fn standard(conn: &mut Conn, kind: ContractKind) -> QueryResult<Option<Template>> {
    match approved(conn, kind, STANDARD).await? {
        Some(id) => find(conn, id).await,
        None => Ok(None),
    }
}

/// The approved revision of a kind and code.
pub async fn approved(conn: &mut Conn, kind: ContractKind, code: &str) -> QueryResult<Option<TemplateId>> {
    let same = templates::table.filter(templates::kind.eq(kind)).filter(templates::code.eq(code));
    same.filter(templates::status.eq("approved")).select(templates::id).first(conn).await.optional()
}

/// The next revision of a kind and code.
pub async fn next_revision(conn: &mut Conn, kind: ContractKind, code: &str) -> QueryResult<i32> {
    let same = templates::table.filter(templates::kind.eq(kind)).filter(templates::code.eq(code));
    let last: Option<i32> = same.select(max(templates::revision)).first(conn).await?;
    Ok(last.unwrap_or(0) + 1)
}

/// A page, newest first.
pub async fn list(conn: &mut Conn, page: &PageQuery, kind: Option<&str>) -> QueryResult<Vec<Template>> {
    let newest = templates::table.select(Template::as_select()).order(templates::id.desc());
    let mut query = newest.limit(page.fetch()).into_boxed();
    if let Some(after) = page.after {
        query = query.filter(templates::id.lt(TemplateId(after)));
    }
    if let Some(status) = &page.status {
        query = query.filter(templates::status.eq(status.clone()));
    }
    if let Some(kind) = kind {
        query = query.filter(templates::kind.eq(kind.to_owned()));
    }
    query.load(conn).await
}
