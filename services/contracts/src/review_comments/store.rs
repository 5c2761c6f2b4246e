//! The only SQL of reviewers' comments.
use super::domain::ReviewComment;
use crate::schema::review_comments;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, Steady, Store, scoped};
use uuid::Uuid;
use wire::{PageQuery, contracts::ReviewCommentId};

impl Store for ReviewComment {
    async fn lock(conn: &mut Conn, id: ReviewCommentId) -> QueryResult<Option<Self>> {
        review_comments::table.find(id).select(Self::as_select()).for_update().first(conn).await.optional()
    }
    async fn insert(&self, conn: &mut Conn) -> QueryResult<()> {
        diesel::insert_into(review_comments::table).values(self).execute(conn).await.map(drop)
    }
    async fn update(&self, conn: &mut Conn) -> QueryResult<usize> {
        let stored = review_comments::table.filter(review_comments::id.eq(self.id));
        let stored = stored.filter(review_comments::version.eq(self.version - 1));
        Steady(diesel::update(stored).set(self)).execute(conn).await
    }
}

/// One comment.
pub async fn find(conn: &mut Conn, id: ReviewCommentId) -> QueryResult<Option<ReviewComment>> {
    review_comments::table.find(id).select(ReviewComment::as_select()).first(conn).await.optional()
}

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
