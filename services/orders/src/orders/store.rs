//! The only SQL of orders, their lines and holds.
use super::domain::{Head, HoldRow, LineRow, Order};
use crate::schema::{order_holds, order_lines, orders};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use futures_util::future::try_join;
use platform::{Conn, Sight, Steady, Store, rows, scoped};
use std::collections::HashMap;
use wire::{PageQuery, contracts::ContractId, orders::OrderId, quoting::QuoteId};

impl Store for Order {
    async fn lock(conn: &mut Conn, id: OrderId) -> QueryResult<Option<Self>> {
        // In one breath: what is sent after the lock is read after the lock is there.
        try_join(rows::lock(conn, "orders", id.into()), one(conn, id)).await.map(|((), order)| order)
    }
    async fn insert(&self, conn: &mut Conn) -> QueryResult<()> {
        let mut conn = &*conn;
        let head = diesel::insert_into(orders::table).values(&self.head);
        try_join(head.execute(&mut conn), self.write_parts(conn)).await.map(drop)
    }
    async fn update(&self, conn: &mut Conn) -> QueryResult<usize> {
        let stored =
            orders::table.filter(orders::id.eq(self.head.id)).filter(orders::version.eq(self.head.version - 1));
        let touched = Steady(diesel::update(stored).set(&self.head)).execute(conn).await?;
        if touched == 1 && self.parts_changed {
            let mut conn = &*conn;
            let ids: Vec<uuid::Uuid> = self.lines.iter().map(|line| line.id).collect();
            let gone =
                order_lines::table.filter(order_lines::order_id.eq(self.head.id)).filter(order_lines::id.ne_all(ids));
            try_join(diesel::delete(gone).execute(&mut conn), self.write_parts(conn)).await?;
        }
        Ok(touched)
    }
}

impl Order {
    /// Rows keep their ids: shipments and holds of goods refer to lines.
    async fn write_parts(&self, conn: &Conn) -> QueryResult<()> {
        let lines = rows::upsert(conn, "order_lines", &self.lines);
        try_join(lines, rows::upsert(conn, "order_holds", &self.holds)).await.map(drop)
    }
}

/// Lines and holds of some orders.
struct Parts {
    lines: Vec<LineRow>,
    holds: Vec<HoldRow>,
}
impl Parts {
    /// One round trip however many orders there are.
    async fn of(conn: &Conn, ids: &[OrderId]) -> QueryResult<Self> {
        let (mut first, mut second) = (conn, conn);
        let lines = order_lines::table
            .filter(order_lines::order_id.eq_any(ids))
            .order((order_lines::order_id, order_lines::line_number))
            .select(LineRow::as_select())
            .load::<LineRow>(&mut first);
        let holds = order_holds::table
            .filter(order_holds::order_id.eq_any(ids))
            .order((order_holds::placed_at, order_holds::id))
            .select(HoldRow::as_select())
            .load::<HoldRow>(&mut second);
        let (lines, holds) = try_join(lines, holds).await?;
        Ok(Self { lines, holds })
    }
    /// To each its own.
    fn join(self, heads: Vec<Head>) -> Vec<Order> {
        let (mut lines_of, mut holds_of) = (HashMap::<_, Vec<_>>::new(), HashMap::<_, Vec<_>>::new());
        for line in self.lines {
            lines_of.entry(line.order_id).or_default().push(line);
        }
        for hold in self.holds {
            holds_of.entry(hold.order_id).or_default().push(hold);
        }
        let whole = |head: Head| Order {
            lines: lines_of.remove(&head.id).unwrap_or_default(),
            holds: holds_of.remove(&head.id).unwrap_or_default(),
            head,
            parts_changed: false,
        };
        heads.into_iter().map(whole).collect()
    }
}

/// Head and parts, one round trip.
async fn one(mut conn: &Conn, id: OrderId) -> QueryResult<Option<Order>> {
    let heads = orders::table.find(id).select(Head::as_select());
    let (heads, parts) = try_join(heads.load(&mut conn), Parts::of(conn, &[id])).await?;
    Ok(parts.join(heads).pop())
}

/// One order.
pub async fn find(conn: &mut Conn, id: OrderId) -> QueryResult<Option<Order>> {
    one(conn, id).await
}

/// A page, newest first.
pub async fn list(conn: &mut Conn, page: &PageQuery, sight: &Sight) -> QueryResult<Vec<Order>> {
    let mut query = orders::table.select(Head::as_select()).order(orders::id.desc()).limit(page.fetch()).into_boxed();
    query = scoped!(query, orders, sight);
    if let Some(after) = page.after {
        query = query.filter(orders::id.lt(OrderId(after)));
    }
    if let Some(case) = page.case_id {
        query = query.filter(orders::case_id.eq(case));
    }
    if let Some(status) = &page.status {
        query = query.filter(orders::status.eq(status.clone()));
    }
    let heads: Vec<Head> = query.load(conn).await?;
    let ids: Vec<OrderId> = heads.iter().map(|head| head.id).collect();
    Ok(Parts::of(conn, &ids).await?.join(heads))
}

/// The order that a contract made or covers.
pub async fn of_contract(conn: &mut Conn, contract: ContractId) -> QueryResult<Option<OrderId>> {
    orders::table.filter(orders::contract_id.eq(contract)).select(orders::id).first(conn).await.optional()
}

/// The order that a quote became.
pub async fn of_quote(conn: &mut Conn, quote: QuoteId) -> QueryResult<Option<OrderId>> {
    orders::table.filter(orders::quote_id.eq(quote)).select(orders::id).first(conn).await.optional()
}

platform::handed!(Order, orders; row: head, closed: ["completed", "cancelled"]);
