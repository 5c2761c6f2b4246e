//! The only SQL of reviewers' comments.
use super::domain::ReviewComment;
use crate::schema::review_comments;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, scoped};
use uuid::Uuid;
use wire::{PageQuery, contracts::ReviewCommentId};

platform::store!(ReviewComment, review_comments);

/// A page, newest first.
pub async fn list(
    conn: &mut Conn,
    page: &PageQuery,
    contract: Option<Uuid>,
    sight: &Sight,
) -> QueryResult<Vec<ReviewComment>> {
    let newest = review_comments::table.select(ReviewComment::as_select()).order(review_comments::id.desc());
    let mut query = newest.limit(page.fetch()).into_boxed();
    query = scoped!(query, review_comments, sight);
    if let Some(after) = page.after {
        query = query.filter(review_comments::id.lt(ReviewCommentId(after)));
    }
    if let Some(case) = page.case_id {
        query = query.filter(review_comments::case_id.eq(case));
    }
    if let Some(status) = &page.status {
        query = query.filter(review_comments::status.eq(status.clone()));
    }
    if let Some(contract) = contract {
        query = query.filter(review_comments::contract_id.eq(contract));
    }
    query.load(conn).await
}

platform::handed!(ReviewComment, review_comments; row: this, closed: ["verified"]);
