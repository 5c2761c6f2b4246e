//! The only SQL of purchase orders.
use super::{
    domain::{Head, PurchaseOrder},
    lines::LineRow,
};
use crate::schema::{purchase_order_lines, purchase_orders, requisition_lines, requisition_orders, requisitions};
use diesel::{
    dsl::{exists, not},
    prelude::*,
};
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, Steady, Store, rows, scoped};
use rust_decimal::Decimal;
use std::collections::HashMap;
use uuid::Uuid;
use wire::{
    Amount, PageQuery, Quantity,
    procurement::{PurchaseOrderId, RequisitionId, RfqId, SourcingWaiverId, SupplierId},
};

impl Store for PurchaseOrder {
    async fn lock(conn: &mut Conn, id: PurchaseOrderId) -> QueryResult<Option<Self>> {
        let head =
            purchase_orders::table.find(id).select(Head::as_select()).for_update().first(conn).await.optional()?;
        Ok(whole(conn, head.into_iter().collect()).await?.pop())
    }
    async fn insert(&self, conn: &mut Conn) -> QueryResult<()> {
        diesel::insert_into(purchase_orders::table).values(&self.head).execute(conn).await?;
        rows::insert(conn, "purchase_order_lines", &self.lines).await
    }
    async fn update(&self, conn: &mut Conn) -> QueryResult<usize> {
        let stored = purchase_orders::table.filter(purchase_orders::id.eq(self.head.id));
        let stored = stored.filter(purchase_orders::version.eq(self.head.version - 1));
        let touched = Steady(diesel::update(stored).set(&self.head)).execute(conn).await?;
        if touched == 1 {
            if self.lines_replaced {
                let old = purchase_order_lines::purchase_order_id.eq(self.head.id);
                diesel::delete(purchase_order_lines::table.filter(old)).execute(conn).await?;
            }
            rows::upsert(conn, "purchase_order_lines", &self.lines).await?;
        }
        Ok(touched)
    }
}

/// Lines of some orders: one query however many there are.
async fn whole(conn: &mut Conn, heads: Vec<Head>) -> QueryResult<Vec<PurchaseOrder>> {
    let ids: Vec<PurchaseOrderId> = heads.iter().map(|head| head.id).collect();
    let rows: Vec<LineRow> = purchase_order_lines::table
        .filter(purchase_order_lines::purchase_order_id.eq_any(ids))
        .order((purchase_order_lines::purchase_order_id, purchase_order_lines::line_number))
        .select(LineRow::as_select())
        .load(conn)
        .await?;
    let mut lines: HashMap<PurchaseOrderId, Vec<LineRow>> = HashMap::new();
    for row in rows {
        lines.entry(row.purchase_order_id).or_default().push(row);
    }
    let join =
        |head: Head| PurchaseOrder { lines: lines.remove(&head.id).unwrap_or_default(), head, lines_replaced: false };
    Ok(heads.into_iter().map(join).collect())
}

/// One order.
pub async fn find(conn: &mut Conn, id: PurchaseOrderId) -> QueryResult<Option<PurchaseOrder>> {
    let head = purchase_orders::table.find(id).select(Head::as_select()).first(conn).await.optional()?;
    Ok(whole(conn, head.into_iter().collect()).await?.pop())
}

/// A page, newest first.
pub async fn list(
    conn: &mut Conn,
    page: &PageQuery,
    supplier: Option<SupplierId>,
    sight: &Sight,
) -> QueryResult<Vec<PurchaseOrder>> {
    let mut query = purchase_orders::table
        .select(Head::as_select())
        .order(purchase_orders::id.desc())
        .limit(page.fetch())
        .into_boxed();
    query = scoped!(query, purchase_orders, sight);
    if let Some(after) = page.after {
        query = query.filter(purchase_orders::id.lt(PurchaseOrderId(after)));
    }
    if let Some(case) = page.case_id {
        query = query.filter(purchase_orders::case_id.eq(case));
    }
    if let Some(status) = &page.status {
        query = query.filter(purchase_orders::status.eq(status.clone()));
    }
    if let Some(supplier) = supplier {
        query = query.filter(purchase_orders::supplier_id.eq(supplier));
    }
    let heads = query.load(conn).await?;
    whole(conn, heads).await
}

/// Has what this supplier won been ordered?
pub async fn is_ordered(conn: &mut Conn, rfq: RfqId, supplier: SupplierId) -> QueryResult<bool> {
    let live = purchase_orders::table
        .filter(purchase_orders::rfq_id.eq(rfq))
        .filter(purchase_orders::supplier_id.eq(supplier))
        .filter(purchase_orders::status.ne("cancelled"));
    diesel::select(diesel::dsl::exists(live)).get_result(conn).await
}

/// What is on order of these lines of requisitions in living orders that the requisition has not heard of yet (what it
/// has heard of it counts itself); but for this order.
pub async fn ordered(
    conn: &mut Conn,
    lines: &[Uuid],
    but: Option<PurchaseOrderId>,
) -> QueryResult<HashMap<Uuid, Decimal>> {
    let heard = requisition_orders::table
        .filter(requisition_orders::purchase_order_id.eq(purchase_orders::id))
        .filter(requisition_orders::requisition_line_id.nullable().eq(purchase_order_lines::requisition_line_id));
    let mut query = purchase_order_lines::table
        .inner_join(purchase_orders::table)
        .filter(purchase_orders::status.ne("cancelled"))
        .filter(purchase_order_lines::requisition_line_id.eq_any(lines))
        .filter(not(exists(heard)))
        .select((purchase_order_lines::requisition_line_id.assume_not_null(), purchase_order_lines::quantity))
        .into_boxed();
    if let Some(id) = but {
        query = query.filter(purchase_orders::id.ne(id));
    }
    let mut sums: HashMap<Uuid, Decimal> = HashMap::new();
    for (line, quantity) in query.load::<(Uuid, Quantity)>(conn).await? {
        *sums.entry(line).or_default() += quantity.get();
    }
    Ok(sums)
}

/// What living orders under a waiver come to, tax included; but for this one.
pub async fn spent(conn: &mut Conn, waiver: SourcingWaiverId, but: PurchaseOrderId) -> QueryResult<Decimal> {
    let others: Vec<Amount> = purchase_orders::table
        .filter(purchase_orders::waiver_id.eq(waiver))
        .filter(purchase_orders::status.ne("cancelled"))
        .filter(purchase_orders::id.ne(but))
        .select(purchase_orders::gross)
        .load(conn)
        .await?;
    Ok(others.into_iter().map(Amount::get).sum())
}

/// The requisition and its category, by line.
pub async fn requisitions_of(conn: &mut Conn, lines: &[Uuid]) -> QueryResult<HashMap<Uuid, (RequisitionId, String)>> {
    let rows: Vec<(Uuid, RequisitionId, String)> = requisition_lines::table
        .inner_join(requisitions::table)
        .filter(requisition_lines::id.eq_any(lines))
        .select((requisition_lines::id, requisitions::id, requisitions::category))
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|(line, requisition, category)| (line, (requisition, category))).collect())
}

platform::handed!(PurchaseOrder, purchase_orders; row: head, closed: ["closed", "cancelled"]);
