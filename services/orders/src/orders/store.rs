//! The only SQL of orders, their lines and holds.
use super::domain::{Head, HoldRow, LineRow, Order};
use crate::schema::{order_holds, order_lines, orders};
use diesel::{prelude::*, upsert::excluded};
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, Store, scoped};
use std::collections::HashMap;
use wire::{PageQuery, contracts::ContractId, orders::OrderId, quoting::QuoteId};

impl Store for Order {
    async fn lock(conn: &mut Conn, id: OrderId) -> QueryResult<Option<Self>> {
        let head = orders::table.find(id).select(Head::as_select()).for_update().first(conn).await.optional()?;
        match head {
            Some(head) => Ok(whole(conn, vec![head]).await?.pop()),
            None => Ok(None),
        }
    }
    async fn insert(&self, conn: &mut Conn) -> QueryResult<()> {
        diesel::insert_into(orders::table).values(&self.head).execute(conn).await?;
        self.write_parts(conn).await
    }
    async fn update(&self, conn: &mut Conn) -> QueryResult<usize> {
        let stored =
            orders::table.filter(orders::id.eq(self.head.id)).filter(orders::version.eq(self.head.version - 1));
        let touched = diesel::update(stored).set(&self.head).execute(conn).await?;
        if touched == 1 && self.parts_changed {
            let ids: Vec<uuid::Uuid> = self.lines.iter().map(|line| line.id).collect();
            let gone =
                order_lines::table.filter(order_lines::order_id.eq(self.head.id)).filter(order_lines::id.ne_all(ids));
            diesel::delete(gone).execute(conn).await?;
            self.write_parts(conn).await?;
        }
        Ok(touched)
    }
}

impl Order {
    /// Rows keep their ids: shipments and holds of goods refer to lines.
    async fn write_parts(&self, conn: &mut Conn) -> QueryResult<()> {
        diesel::insert_into(order_lines::table)
            .values(&self.lines)
            .on_conflict(order_lines::id)
            .do_update()
            .set((
                order_lines::description.eq(excluded(order_lines::description)),
                order_lines::unit_price.eq(excluded(order_lines::unit_price)),
                order_lines::discount_rate.eq(excluded(order_lines::discount_rate)),
                order_lines::tax_rate.eq(excluded(order_lines::tax_rate)),
                order_lines::net.eq(excluded(order_lines::net)),
                order_lines::tax.eq(excluded(order_lines::tax)),
                order_lines::held.eq(excluded(order_lines::held)),
                order_lines::short.eq(excluded(order_lines::short)),
                order_lines::scrapped.eq(excluded(order_lines::scrapped)),
                order_lines::substituted_for.eq(excluded(order_lines::substituted_for)),
                order_lines::planned.eq(excluded(order_lines::planned)),
                order_lines::shipped.eq(excluded(order_lines::shipped)),
                order_lines::delivered.eq(excluded(order_lines::delivered)),
            ))
            .execute(conn)
            .await?;
        if self.holds.is_empty() {
            return Ok(());
        }
        diesel::insert_into(order_holds::table)
            .values(&self.holds)
            .on_conflict(order_holds::id)
            .do_update()
            .set((
                order_holds::reason.eq(excluded(order_holds::reason)),
                order_holds::released_by.eq(excluded(order_holds::released_by)),
                order_holds::released_at.eq(excluded(order_holds::released_at)),
            ))
            .execute(conn)
            .await
            .map(drop)
    }
}

/// Adds lines and holds: two queries however many orders there are.
async fn whole(conn: &mut Conn, heads: Vec<Head>) -> QueryResult<Vec<Order>> {
    let ids: Vec<OrderId> = heads.iter().map(|head| head.id).collect();
    let lines: Vec<LineRow> = order_lines::table
        .filter(order_lines::order_id.eq_any(&ids))
        .order((order_lines::order_id, order_lines::line_number))
        .select(LineRow::as_select())
        .load(conn)
        .await?;
    let holds: Vec<HoldRow> = order_holds::table
        .filter(order_holds::order_id.eq_any(&ids))
        .order((order_holds::placed_at, order_holds::id))
        .select(HoldRow::as_select())
        .load(conn)
        .await?;
    let (mut lines_of, mut holds_of) = (HashMap::<_, Vec<_>>::new(), HashMap::<_, Vec<_>>::new());
    for line in lines {
        lines_of.entry(line.order_id).or_default().push(line);
    }
    for hold in holds {
        holds_of.entry(hold.order_id).or_default().push(hold);
    }
    let join = |head: Head| Order {
        lines: lines_of.remove(&head.id).unwrap_or_default(),
        holds: holds_of.remove(&head.id).unwrap_or_default(),
        head,
        parts_changed: false,
    };
    Ok(heads.into_iter().map(join).collect())
}

/// One order.
pub async fn find(conn: &mut Conn, id: OrderId) -> QueryResult<Option<Order>> {
    let heads = orders::table.find(id).select(Head::as_select()).load(conn).await?;
    Ok(whole(conn, heads).await?.pop())
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
    let heads = query.load(conn).await?;
    whole(conn, heads).await
}

/// The order that a contract made or covers.
pub async fn of_contract(conn: &mut Conn, contract: ContractId) -> QueryResult<Option<OrderId>> {
    orders::table.filter(orders::contract_id.eq(contract)).select(orders::id).first(conn).await.optional()
}

/// The order that a quote became.
pub async fn of_quote(conn: &mut Conn, quote: QuoteId) -> QueryResult<Option<OrderId>> {
    orders::table.filter(orders::quote_id.eq(quote)).select(orders::id).first(conn).await.optional()
}
