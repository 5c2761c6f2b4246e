//! The only SQL of stock. Who needs several rows locks them with `lock_…`, in one order, so that nobody waits in a ring.
use super::domain::{Entry, NONCONFORMITY, Row, Stock};
use crate::schema::{stock, stock_entries};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, Steady, Store};
use rust_decimal::Decimal;
use uuid::Uuid;
use wire::{
    ExternalRef, PageQuery, Quantity,
    orders::{NonconformityId, ShipmentId},
    procurement::{ItemId, StockEntryKind, StockId},
};

impl Store for Stock {
    async fn lock(conn: &mut Conn, id: StockId) -> QueryResult<Option<Self>> {
        Ok(stock::table.find(id).select(Row::as_select()).for_update().first(conn).await.optional()?.map(whole))
    }
    async fn insert(&self, conn: &mut Conn) -> QueryResult<()> {
        diesel::insert_into(stock::table).values(&self.row).execute(conn).await?;
        diesel::insert_into(stock_entries::table).values(&self.entries).execute(conn).await.map(drop)
    }
    async fn update(&self, conn: &mut Conn) -> QueryResult<usize> {
        let stored = stock::table.filter(stock::id.eq(self.row.id)).filter(stock::version.eq(self.row.version - 1));
        let touched = Steady(diesel::update(stored).set(&self.row)).execute(conn).await?;
        if touched == 1 && !self.entries.is_empty() {
            diesel::insert_into(stock_entries::table).values(&self.entries).execute(conn).await?;
        }
        Ok(touched)
    }
}

fn whole(row: Row) -> Stock {
    Stock { row, entries: Vec::new() }
}

/// One balance.
pub async fn find(conn: &mut Conn, id: StockId) -> QueryResult<Option<Stock>> {
    Ok(stock::table.find(id).select(Row::as_select()).first(conn).await.optional()?.map(whole))
}

/// Everything of these items, locked in the order of sku and place.
pub async fn lock_items(conn: &mut Conn, items: &[ItemId]) -> QueryResult<Vec<Row>> {
    stock::table
        .filter(stock::item_id.eq_any(items))
        .order((stock::sku, stock::location))
        .select(Row::as_select())
        .for_update()
        .load(conn)
        .await
}

/// These balances, locked in the order of sku and place.
pub async fn lock_all(conn: &mut Conn, ids: &[StockId]) -> QueryResult<Vec<Row>> {
    stock::table
        .filter(stock::id.eq_any(ids))
        .order((stock::sku, stock::location))
        .select(Row::as_select())
        .for_update()
        .load(conn)
        .await
}

/// The balance of an item in a place, if there is one.
pub async fn at(conn: &mut Conn, item: ItemId, location: &str) -> QueryResult<Option<StockId>> {
    let place = stock::table.filter(stock::item_id.eq(item)).filter(stock::location.eq(location));
    place.select(stock::id).first(conn).await.optional()
}

/// What a list opened, as `(sku, location, quantity)`, in the order of sku and location.
pub async fn opened(conn: &mut Conn, from: &ExternalRef) -> QueryResult<Vec<(Row, Quantity)>> {
    stock_entries::table
        .inner_join(stock::table)
        .filter(stock_entries::reference_system.eq(from.system.as_str()))
        .filter(stock_entries::reference_id.eq(from.id.as_str()))
        .order((stock::sku, stock::location))
        .select((Row::as_select(), stock_entries::on_hand_after))
        .load(conn)
        .await
}

/// Has this shipment taken its goods already, or brought them back?
pub async fn is_booked(conn: &mut Conn, shipment: ShipmentId, kind: StockEntryKind) -> QueryResult<bool> {
    let entries = stock_entries::table.filter(stock_entries::shipment_id.eq(shipment));
    diesel::select(diesel::dsl::exists(entries.filter(stock_entries::kind.eq(kind)))).get_result(conn).await
}

/// What this shipment took, from where and of which line.
pub async fn issued(conn: &mut Conn, shipment: ShipmentId) -> QueryResult<Vec<(StockId, Uuid, Decimal)>> {
    let rows: Vec<(StockId, Uuid, Decimal)> = stock_entries::table
        .filter(stock_entries::shipment_id.eq(shipment))
        .filter(stock_entries::kind.eq(StockEntryKind::Issue))
        .order(stock_entries::id)
        .select((stock_entries::stock_id, stock_entries::line_id.assume_not_null(), stock_entries::change))
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|(stock, line, change)| (stock, line, -change)).collect())
}

/// Have these goods been written off already?
pub async fn is_scrapped(conn: &mut Conn, nonconformity: NonconformityId) -> QueryResult<bool> {
    let entries = stock_entries::table
        .filter(stock_entries::reference_system.eq(NONCONFORMITY))
        .filter(stock_entries::reference_id.eq(nonconformity.to_string()));
    diesel::select(diesel::dsl::exists(entries)).get_result(conn).await
}

/// A page, newest first.
pub async fn list(
    conn: &mut Conn,
    page: &PageQuery,
    sku: Option<&str>,
    location: Option<&str>,
) -> QueryResult<Vec<Stock>> {
    let mut query = stock::table.select(Row::as_select()).order(stock::id.desc()).limit(page.fetch()).into_boxed();
    if let Some(after) = page.after {
        query = query.filter(stock::id.lt(StockId(after)));
    }
    if let Some(sku) = sku {
        query = query.filter(stock::sku.eq(sku.to_owned()));
    }
    if let Some(location) = location {
        query = query.filter(stock::location.eq(location.to_owned()));
    }
    let rows: Vec<Row> = query.load(conn).await?;
    Ok(rows.into_iter().map(whole).collect())
}

/// All places of some items.
pub async fn of_items(conn: &mut Conn, items: &[ItemId]) -> QueryResult<Vec<Row>> {
    stock::table.filter(stock::item_id.eq_any(items)).select(Row::as_select()).load(conn).await
}

/// The ledger of one balance, newest first.
pub async fn entries(conn: &mut Conn, id: StockId, page: &PageQuery) -> QueryResult<Vec<Entry>> {
    let mut query = stock_entries::table
        .filter(stock_entries::stock_id.eq(id))
        .select(Entry::as_select())
        .order(stock_entries::id.desc())
        .limit(page.fetch())
        .into_boxed();
    if let Some(after) = page.after {
        query = query.filter(stock_entries::id.lt(after));
    }
    query.load::<Entry>(conn).await
}
