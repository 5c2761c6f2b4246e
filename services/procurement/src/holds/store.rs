//! The only SQL of holds.
use super::domain::{Head, Hold, Line, Place};
use crate::schema::{hold_lines, hold_places, holds};
use diesel::{
    prelude::*,
    sql_types::{Array, Nullable, Numeric, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, Steady, Store, rows, scoped};
use rust_decimal::Decimal;
use std::collections::HashMap;
use uuid::Uuid;
use wire::{
    PageQuery,
    orders::OrderId,
    procurement::{HoldId, PurchaseOrderId},
};

impl Store for Hold {
    async fn lock(conn: &mut Conn, id: HoldId) -> QueryResult<Option<Self>> {
        let head = holds::table.find(id).select(Head::as_select()).for_update().first(conn).await.optional()?;
        Ok(whole(conn, head.into_iter().collect()).await?.pop())
    }
    async fn insert(&self, conn: &mut Conn) -> QueryResult<()> {
        diesel::insert_into(holds::table).values(&self.head).execute(conn).await?;
        insert_parts(self, conn).await
    }
    async fn update(&self, conn: &mut Conn) -> QueryResult<usize> {
        let stored = holds::table.filter(holds::id.eq(self.head.id)).filter(holds::version.eq(self.head.version - 1));
        let touched = Steady(diesel::update(stored).set(&self.head)).execute(conn).await?;
        if touched == 1 {
            diesel::delete(hold_places::table.filter(hold_places::hold_id.eq(self.head.id))).execute(conn).await?;
            diesel::delete(hold_lines::table.filter(hold_lines::hold_id.eq(self.head.id))).execute(conn).await?;
            insert_parts(self, conn).await?;
        }
        Ok(touched)
    }
}

async fn insert_parts(hold: &Hold, conn: &mut Conn) -> QueryResult<()> {
    rows::insert(conn, "hold_lines", &hold.lines).await?;
    rows::insert(conn, "hold_places", &hold.places).await
}

/// Lines and places of some holds: two queries however many there are.
async fn whole(conn: &mut Conn, heads: Vec<Head>) -> QueryResult<Vec<Hold>> {
    let ids: Vec<HoldId> = heads.iter().map(|head| head.id).collect();
    let lines: Vec<Line> = hold_lines::table
        .filter(hold_lines::hold_id.eq_any(&ids))
        .order((hold_lines::hold_id, hold_lines::line_number))
        .select(Line::as_select())
        .load(conn)
        .await?;
    let places: Vec<Place> = hold_places::table
        .filter(hold_places::hold_id.eq_any(&ids))
        .order((hold_places::hold_id, hold_places::line_id, hold_places::stock_id))
        .select(Place::as_select())
        .load(conn)
        .await?;
    let mut parts: HashMap<HoldId, (Vec<Line>, Vec<Place>)> = HashMap::new();
    for line in lines {
        parts.entry(line.hold_id).or_default().0.push(line);
    }
    for place in places {
        parts.entry(place.hold_id).or_default().1.push(place);
    }
    let join = |head: Head| {
        let (lines, places) = parts.remove(&head.id).unwrap_or_default();
        Hold { head, lines, places }
    };
    Ok(heads.into_iter().map(join).collect())
}

/// One hold.
pub async fn find(conn: &mut Conn, id: HoldId) -> QueryResult<Option<Hold>> {
    let head = holds::table.find(id).select(Head::as_select()).first(conn).await.optional()?;
    Ok(whole(conn, head.into_iter().collect()).await?.pop())
}

/// The hold of an order.
pub async fn of_order(conn: &mut Conn, order: OrderId) -> QueryResult<Option<HoldId>> {
    holds::table.filter(holds::order_id.eq(order)).select(holds::id).first(conn).await.optional()
}

/// Holds that are short of this sku: those of the orders that the purchase was made for, if it is one, then the oldest; as many as what
/// is available now could serve.
pub async fn short_of(conn: &mut Conn, sku: &str, purchase: Option<PurchaseOrderId>) -> QueryResult<Vec<HoldId>> {
    let query = "WITH lacking AS ( \
            SELECT h.id, h.created_at, sum(l.requested - coalesce((SELECT sum(p.held + p.issued) FROM hold_places p \
                WHERE p.hold_id = l.hold_id AND p.line_id = l.line_id), 0)) AS short, \
                NOT EXISTS (SELECT FROM purchase_order_lines o JOIN requisitions r ON r.id = o.requisition_id \
                    WHERE o.purchase_order_id = $2 AND r.order_id = h.order_id) AS other \
            FROM holds h JOIN hold_lines l ON l.hold_id = h.id WHERE h.status = 'short' AND l.sku = $1 \
            GROUP BY h.id, h.created_at, h.order_id), \
        ahead AS (SELECT id, other, created_at, sum(short) OVER (ORDER BY other, created_at, id) - short AS taken \
            FROM lacking WHERE short > 0) \
        SELECT id FROM ahead WHERE taken < (SELECT coalesce(sum(s.on_hand - s.held), 0) FROM stock s JOIN items i ON i.id = s.item_id \
            WHERE coalesce(i.product_sku, i.sku) = $1) ORDER BY other, created_at, id";
    let purchase = purchase.map(Uuid::from);
    let query = diesel::sql_query(query).bind::<Text, _>(sku).bind::<Nullable<SqlUuid>, _>(purchase);
    let rows: Vec<Waiting> = query.load(conn).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// What other orders have been waiting for longer, by sku: goods that came in are theirs, even before they were told.
pub async fn owed(conn: &mut Conn, skus: &[&str], order: OrderId) -> QueryResult<HashMap<String, Decimal>> {
    let query = "SELECT l.sku, sum(l.requested - coalesce((SELECT sum(p.held + p.issued) FROM hold_places p \
            WHERE p.hold_id = l.hold_id AND p.line_id = l.line_id), 0)) AS short \
        FROM holds h JOIN hold_lines l ON l.hold_id = h.id WHERE h.status = 'short' AND l.sku = ANY ($1) AND h.order_id <> $2 \
            AND h.created_at < coalesce((SELECT created_at FROM holds WHERE order_id = $2), 'infinity') GROUP BY l.sku";
    let query = diesel::sql_query(query).bind::<Array<Text>, _>(skus).bind::<SqlUuid, _>(Uuid::from(order));
    let rows: Vec<Owed> = query.load(conn).await?;
    Ok(rows.into_iter().map(|row| (row.sku, row.short)).collect())
}

#[derive(QueryableByName)]
struct Owed {
    #[diesel(sql_type = Text)]
    sku: String,
    #[diesel(sql_type = Numeric)]
    short: Decimal,
}

#[derive(QueryableByName)]
struct Waiting {
    #[diesel(sql_type = SqlUuid)]
    id: HoldId,
}

/// A page, newest first.
pub async fn list(conn: &mut Conn, page: &PageQuery, order: Option<OrderId>, sight: &Sight) -> QueryResult<Vec<Hold>> {
    let mut query = holds::table.select(Head::as_select()).order(holds::id.desc()).limit(page.fetch()).into_boxed();
    query = scoped!(query, holds, sight);
    if let Some(after) = page.after {
        query = query.filter(holds::id.lt(HoldId(after)));
    }
    if let Some(case) = page.case_id {
        query = query.filter(holds::case_id.eq(case));
    }
    if let Some(status) = &page.status {
        query = query.filter(holds::status.eq(status.clone()));
    }
    if let Some(order) = order {
        query = query.filter(holds::order_id.eq(order));
    }
    let heads = query.load(conn).await?;
    whole(conn, heads).await
}

platform::handed!(Hold, holds; row: head, closed: ["shipped", "released"]);
