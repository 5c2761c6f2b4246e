//! The only SQL of receipts.
use super::domain::{AllocationRow, Head, Receipt};
use crate::schema::{payment_milestones, receipt_allocations, receipts};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, Steady, Store};
use std::collections::HashMap;
use wire::{PageQuery, contracts::ReceiptId};

impl Store for Receipt {
    async fn lock(conn: &mut Conn, id: ReceiptId) -> QueryResult<Option<Self>> {
        let head = receipts::table.find(id).select(Head::as_select()).for_update().first(conn).await.optional()?;
        Ok(whole(conn, head.into_iter().collect()).await?.pop())
    }
    async fn insert(&self, conn: &mut Conn) -> QueryResult<()> {
        diesel::insert_into(receipts::table).values(&self.head).execute(conn).await.map(drop)
    }
    async fn update(&self, conn: &mut Conn) -> QueryResult<usize> {
        let stored = receipts::table.filter(receipts::id.eq(self.head.id));
        let stored = stored.filter(receipts::version.eq(self.head.version - 1));
        let touched = Steady(diesel::update(stored).set(&self.head)).execute(conn).await?;
        let fresh = &self.allocations[self.stored..];
        if touched == 1 && !fresh.is_empty() {
            diesel::insert_into(receipt_allocations::table).values(fresh).execute(conn).await?;
        }
        Ok(touched)
    }
}

async fn whole(conn: &mut Conn, heads: Vec<Head>) -> QueryResult<Vec<Receipt>> {
    let ids: Vec<ReceiptId> = heads.iter().map(|head| head.id).collect();
    let mut allocations: HashMap<ReceiptId, Vec<AllocationRow>> = HashMap::new();
    let rows = receipt_allocations::table.filter(receipt_allocations::receipt_id.eq_any(ids));
    for row in rows.order(receipt_allocations::id).select(AllocationRow::as_select()).load(conn).await? {
        allocations.entry(row.receipt_id).or_default().push(row);
    }
    let one = |head: Head| {
        let allocations = allocations.remove(&head.id).unwrap_or_default();
        Receipt { head, stored: allocations.len(), allocations }
    };
    Ok(heads.into_iter().map(one).collect())
}

/// One receipt.
pub async fn find(conn: &mut Conn, id: ReceiptId) -> QueryResult<Option<Receipt>> {
    let head = receipts::table.find(id).select(Head::as_select()).first(conn).await.optional()?;
    Ok(whole(conn, head.into_iter().collect()).await?.pop())
}

/// A page, newest first; of one deal: the receipts that paid something of it.
pub async fn list(conn: &mut Conn, page: &PageQuery) -> QueryResult<Vec<Receipt>> {
    let mut query =
        receipts::table.select(Head::as_select()).order(receipts::id.desc()).limit(page.fetch()).into_boxed();
    if let Some(after) = page.after {
        query = query.filter(receipts::id.lt(ReceiptId(after)));
    }
    if let Some(status) = &page.status {
        query = query.filter(receipts::status.eq(status.clone()));
    }
    if let Some(case) = page.case_id {
        let of_case =
            payment_milestones::table.filter(payment_milestones::case_id.eq(case)).select(payment_milestones::id);
        let paying = receipt_allocations::table.filter(receipt_allocations::payment_milestone_id.eq_any(of_case));
        query = query.filter(receipts::id.eq_any(paying.select(receipt_allocations::receipt_id)));
    }
    let heads = query.load(conn).await?;
    whole(conn, heads).await
}
