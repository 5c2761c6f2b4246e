//! The only SQL of sales targets.
use super::domain::SalesTarget;
use crate::schema::sales_targets;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, page};
use wire::{PageQuery, crm::SubjectKind};

platform::store!(SalesTarget, sales_targets);

/// A page, newest first.
pub async fn list(conn: &mut Conn, query: &PageQuery, sight: &Sight) -> QueryResult<Vec<SalesTarget>> {
    page!(SalesTarget, sales_targets, query, sight; status = query.status).load(conn).await
}

/// All targets of somebody for a period that were approved.
pub async fn of_subject(
    conn: &mut Conn,
    (kind, subject): (SubjectKind, &str),
    period: &str,
) -> QueryResult<Vec<SalesTarget>> {
    let rows = sales_targets::table.filter(sales_targets::subject_kind.eq(kind));
    let rows = rows.filter(sales_targets::subject.eq(subject)).filter(sales_targets::period.eq(period));
    let rows = rows.filter(sales_targets::status.ne("draft")).order(sales_targets::id).limit(200);
    rows.select(SalesTarget::as_select()).load(conn).await
}
