//! The only SQL of finance reviews.
use super::domain::FinanceReview;
use crate::{schema::finance_reviews, store::part};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::Conn;
use wire::{
    Moment,
    orders::{FinanceReviewId, OrderId},
};

part!(FinanceReview, finance_reviews, FinanceReviewId);

/// The review of an order.
pub async fn of_order(conn: &mut Conn, order: OrderId) -> QueryResult<Option<FinanceReviewId>> {
    let found = finance_reviews::table.filter(finance_reviews::order_id.eq(order));
    found.select(finance_reviews::id).first(conn).await.optional()
}

/// Pending reviews whose time is over and not marked yet.
pub async fn late(conn: &mut Conn, now: Moment) -> QueryResult<Vec<FinanceReviewId>> {
    finance_reviews::table
        .filter(finance_reviews::status.eq("pending"))
        .filter(finance_reviews::overdue_at.is_null())
        .filter(finance_reviews::due_at.lt(now))
        .order(finance_reviews::due_at)
        .limit(100)
        .select(finance_reviews::id)
        .load(conn)
        .await
}

platform::handed!(FinanceReview, finance_reviews; row: this, closed: ["approved_to_invoice", "cancelled"]);
