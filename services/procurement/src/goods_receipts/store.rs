//! The only SQL of goods receipts.
use super::{
    domain::{GoodsReceipt, Head},
    lines::LineRow,
};
use crate::schema::{goods_receipt_lines, goods_receipts};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, Steady, Store, rows, scoped};
use std::collections::HashMap;
use wire::{
    Moment, PageQuery,
    procurement::{GoodsReceiptId, PurchaseOrderId},
};

impl Store for GoodsReceipt {
    async fn lock(conn: &mut Conn, id: GoodsReceiptId) -> QueryResult<Option<Self>> {
        let head =
            goods_receipts::table.find(id).select(Head::as_select()).for_update().first(conn).await.optional()?;
        Ok(whole(conn, head.into_iter().collect()).await?.pop())
    }
    async fn insert(&self, conn: &mut Conn) -> QueryResult<()> {
        diesel::insert_into(goods_receipts::table).values(&self.head).execute(conn).await?;
        rows::insert(conn, "goods_receipt_lines", &self.lines).await
    }
    async fn update(&self, conn: &mut Conn) -> QueryResult<usize> {
        let stored = goods_receipts::table.filter(goods_receipts::id.eq(self.head.id));
        let stored = stored.filter(goods_receipts::version.eq(self.head.version - 1));
        let touched = Steady(diesel::update(stored).set(&self.head)).execute(conn).await?;
        if touched == 1 {
            rows::upsert(conn, "goods_receipt_lines", &self.lines).await?;
        }
        Ok(touched)
    }
}

/// Lines of some receipts: one query however many there are.
async fn whole(conn: &mut Conn, heads: Vec<Head>) -> QueryResult<Vec<GoodsReceipt>> {
    let ids: Vec<GoodsReceiptId> = heads.iter().map(|head| head.id).collect();
    let rows: Vec<LineRow> = goods_receipt_lines::table
        .filter(goods_receipt_lines::goods_receipt_id.eq_any(ids))
        .order((goods_receipt_lines::goods_receipt_id, goods_receipt_lines::line_number))
        .select(LineRow::as_select())
        .load(conn)
        .await?;
    let mut lines: HashMap<GoodsReceiptId, Vec<LineRow>> = HashMap::new();
    for row in rows {
        lines.entry(row.goods_receipt_id).or_default().push(row);
    }
    let join = |head: Head| GoodsReceipt { lines: lines.remove(&head.id).unwrap_or_default(), head };
    Ok(heads.into_iter().map(join).collect())
}

/// One receipt.
pub async fn find(conn: &mut Conn, id: GoodsReceiptId) -> QueryResult<Option<GoodsReceipt>> {
    let head = goods_receipts::table.find(id).select(Head::as_select()).first(conn).await.optional()?;
    Ok(whole(conn, head.into_iter().collect()).await?.pop())
}

/// The filters of the list beside those of every page.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter {
    pub order: Option<PurchaseOrderId>,
    pub overdue: Option<bool>,
}

/// A page, newest first.
pub async fn list(conn: &mut Conn, page: &PageQuery, filter: Filter, sight: &Sight) -> QueryResult<Vec<GoodsReceipt>> {
    let mut query = goods_receipts::table
        .select(Head::as_select())
        .order(goods_receipts::id.desc())
        .limit(page.fetch())
        .into_boxed();
    query = scoped!(query, goods_receipts, sight);
    if let Some(after) = page.after {
        query = query.filter(goods_receipts::id.lt(GoodsReceiptId(after)));
    }
    if let Some(case) = page.case_id {
        query = query.filter(goods_receipts::case_id.eq(case));
    }
    if let Some(status) = &page.status {
        query = query.filter(goods_receipts::status.eq(status.clone()));
    }
    if let Some(order) = filter.order {
        query = query.filter(goods_receipts::purchase_order_id.eq(order));
    }
    match filter.overdue {
        Some(true) => query = query.filter(goods_receipts::overdue_at.is_not_null()),
        Some(false) => query = query.filter(goods_receipts::overdue_at.is_null()),
        None => {}
    }
    let heads = query.load(conn).await?;
    whole(conn, heads).await
}

/// Was this delivery note of the order recorded already?
pub async fn is_noted(conn: &mut Conn, order: PurchaseOrderId, delivery_note: &str) -> QueryResult<bool> {
    let same = goods_receipts::table
        .filter(goods_receipts::purchase_order_id.eq(order))
        .filter(goods_receipts::delivery_note_number.eq(delivery_note));
    diesel::select(diesel::dsl::exists(same)).get_result(conn).await
}

/// Receipts whose inspection should be over, longest overdue first.
pub async fn late(conn: &mut Conn, now: Moment) -> QueryResult<Vec<GoodsReceiptId>> {
    goods_receipts::table
        .filter(goods_receipts::inspected_at.is_null())
        .filter(goods_receipts::overdue_at.is_null())
        .filter(goods_receipts::inspect_by_at.lt(now))
        .order(goods_receipts::inspect_by_at)
        .limit(100)
        .select(goods_receipts::id)
        .load(conn)
        .await
}

platform::handed!(GoodsReceipt, goods_receipts; row: head, closed: ["accepted"]);
