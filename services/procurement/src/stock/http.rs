//! `/api/procurement/v1/stock` and `/availability`: parse, ask, answer.
use super::{
    domain::{Entry, MAIN, MOST_ENTRIES, Row, Stock, StockRule},
    store,
};
use crate::items;
use actix_web::{
    get,
    http::StatusCode,
    post,
    web::{Path, Query},
};
use platform::{Caller, Cx, Json, Machine, Reply, Result, Tx};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, HashMap};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Code, Page, PageQuery, Quantity,
    procurement::{self as dto, ItemId, StockId},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(open_stock)
        .service(list_stock)
        .service(get_stock)
        .service(list_stock_entries)
        .service(adjust_stock)
        .service(get_availability);
}

/// Enter opening balances, once per reference.
#[utoipa::path(tag = "stock", responses((status = 201, description = "The stock that the list opened", body = dto::StockOpened)))]
#[post("/stock/open")]
async fn open_stock(cx: Cx, body: Json<dto::OpenStock>) -> Reply<dto::StockOpened> {
    cx.command(StatusCode::CREATED, async |tx| {
        let stock = open(tx, &body.0).await?.into_iter().map(|stock| show(stock, cx.caller())).collect();
        Ok(dto::StockOpened { reference: body.0.reference.clone(), stock })
    })
    .await
}

/// Stock, newest first.
#[utoipa::path(tag = "stock", params(dto::StockQuery), responses((status = 200, description = "A page", body = Page<dto::Stock>)))]
#[get("/stock")]
async fn list_stock(cx: Cx, query: Query<dto::StockQuery>) -> Reply<Page<dto::Stock>> {
    let dto::StockQuery { limit, after, sku, location } = query.into_inner();
    let page = PageQuery { limit, after, case_id: None, status: None };
    cx.read(async |conn| {
        let rows = store::list(conn, &page, sku.as_deref(), location.as_deref()).await?;
        Ok(page.page(rows, |stock| stock.row.id.into(), |stock| show(stock, cx.caller())))
    })
    .await
}

/// One item in one place.
#[utoipa::path(tag = "stock", responses((status = 200, description = "The balance", body = dto::Stock)))]
#[get("/stock/{id}")]
async fn get_stock(cx: Cx, id: Path<StockId>) -> Reply<dto::Stock> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// Its movements, newest first.
#[utoipa::path(tag = "stock", params(PageQuery), responses((status = 200, description = "A page", body = Page<dto::StockEntry>)))]
#[get("/stock/{id}/entries")]
async fn list_stock_entries(cx: Cx, id: Path<StockId>, page: Query<PageQuery>) -> Reply<Page<dto::StockEntry>> {
    cx.read(async |conn| {
        cx.visible(*id, store::find(conn, *id).await?)?;
        let rows = store::entries(conn, *id, &page).await?;
        Ok(page.page(rows, |entry| entry.id, show_entry))
    })
    .await
}

/// Enter what a count found, and why it differs.
#[utoipa::path(tag = "stock", responses((status = 200, description = "The balance", body = dto::Stock)))]
#[post("/stock/{id}/adjust")]
async fn adjust_stock(cx: Cx, id: Path<StockId>, body: Json<dto::AdjustStock>) -> Reply<dto::Stock> {
    cx.command(StatusCode::OK, async |tx| {
        let stock: Stock = tx.open(*id).await?;
        let change = stock.adjust(body.0.counted, body.0.reason.to_string(), tx.id(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// How much of an item can be promised now. Only a hold promises it.
#[utoipa::path(tag = "availability", params(dto::AvailabilityQuery), responses((status = 200, description = "All places together", body = dto::Availability)))]
#[get("/availability")]
async fn get_availability(cx: Cx, query: Query<dto::AvailabilityQuery>) -> Reply<dto::Availability> {
    let sku = query.into_inner().sku;
    cx.read(async |conn| {
        let items = items::store::sold_as(conn, &[&sku]).await?;
        let ids: Vec<ItemId> = items.iter().map(|item| item.id).collect();
        let rows = store::of_items(conn, &ids).await?;
        let sum = |part: fn(&Row) -> Quantity| rows.iter().map(|row| part(row).get()).sum::<Decimal>();
        let (on_hand, held) = (sum(|row| row.on_hand), sum(|row| row.held));
        let (item_id, unit) = items.into_iter().next().map(|item| (item.id, item.unit)).unzip();
        let [on_hand, held, available] = [on_hand, held, on_hand - held].map(Quantity::new);
        Ok(dto::Availability { sku: sku.clone(), item_id, unit, on_hand, held, available })
    })
    .await
}

/// Opens every place of the list or none; a list that was opened before is only answered again.
async fn open(tx: &mut Tx, list: &dto::OpenStock) -> Result<Vec<Stock>> {
    if list.entries.is_empty() || list.entries.len() > MOST_ENTRIES {
        return Err(StockRule::Entries { count: list.entries.len() }.into());
    }
    let wanted = places(list)?;
    // One opener of a list at a time.
    tx.one_at_a_time(&format!("opening {} {}", list.reference.system, list.reference.id)).await?;
    let before = store::opened(tx.conn(), &list.reference).await?;
    if !before.is_empty() {
        return repeated(list, &wanted, before);
    }
    let skus: Vec<&str> = wanted.keys().map(|(sku, _)| sku.as_str()).collect();
    let items: HashMap<String, ItemId> = items::store::lock_by_skus(tx.conn(), &skus).await?.into_iter().collect();
    let ids: Vec<ItemId> = items.values().copied().collect();
    let taken = store::of_items(tx.conn(), &ids).await?;
    let mut opened = Vec::with_capacity(wanted.len());
    for ((sku, location), (index, quantity)) in wanted {
        let Some(item) = items.get(&sku) else { return Err(StockRule::UnknownItem { index, sku }.into()) };
        if taken.iter().any(|row| row.sku == sku && row.location == location) {
            return Err(StockRule::AlreadyOpened { index, sku, location }.into());
        }
        let change = Stock::open(tx.id(), (sku, *item), location, quantity, &list.reference, tx.id(), &tx.stamp());
        opened.push(tx.create(change).await?);
    }
    Ok(opened)
}

/// A list by sku and location, with each entry's index in the request.
type Places = BTreeMap<(String, String), (usize, Quantity)>;

fn places(list: &dto::OpenStock) -> Result<Places, StockRule> {
    let mut places = BTreeMap::new();
    for (index, entry) in list.entries.iter().enumerate() {
        let location = entry.location.as_ref().map_or(MAIN, Code::as_str).to_owned();
        let sku = entry.sku.to_string();
        if places.insert((sku.clone(), location), (index, entry.quantity)).is_some() {
            return Err(StockRule::Twice { index, sku });
        }
    }
    Ok(places)
}

fn repeated(list: &dto::OpenStock, wanted: &Places, before: Vec<(Row, Quantity)>) -> Result<Vec<Stock>> {
    let same = wanted.len() == before.len()
        && before.iter().all(|(row, opening)| {
            wanted.get(&(row.sku.clone(), row.location.clone())).is_some_and(|(_, quantity)| quantity == opening)
        });
    if !same {
        let reference = format!("{} {}", list.reference.system, list.reference.id);
        return Err(StockRule::OpeningDiffers { reference }.into());
    }
    Ok(before.into_iter().map(|(row, _)| Stock { row, entries: Vec::new() }).collect())
}

fn show(stock: Stock, caller: &Caller) -> dto::Stock {
    let (available, status) = (Quantity::new(stock.available()), stock.state());
    let available_actions = stock.available_actions(caller);
    let Row { id, item_id, sku, location, on_hand, held, created_at: _, version } = stock.row;
    dto::Stock { id, item_id, sku, location, status, on_hand, held, available, version, available_actions }
}

fn show_entry(entry: Entry) -> dto::StockEntry {
    let Entry {
        id,
        stock_id,
        kind,
        change,
        on_hand_after,
        reason,
        order_id,
        shipment_id,
        line_id: _,
        reference_system: _,
        reference_id: _,
        at,
        actor,
        cause_event_id: _,
        purchase_order_line_id,
        goods_receipt_id,
        discrepancy_id: _,
    } = entry;
    let (order_id, shipment_id) = (order_id.map(Into::into), shipment_id.map(Into::into));
    dto::StockEntry {
        id,
        stock_id,
        kind,
        change: change.normalize(),
        on_hand_after,
        reason,
        order_id,
        shipment_id,
        goods_receipt_id,
        purchase_order_line_id,
        at,
        actor,
    }
}
