//! `/api/quoting/v1/price-books`: parse, ask, answer.
use super::{
    domain::{Entry, PriceBook, PriceBookRule},
    store,
};
use crate::products;
use actix_web::{
    get,
    http::StatusCode,
    patch, post,
    web::{Path, Query},
};
use platform::{Caller, Cx, Json, Machine, Reply, Result, Tx};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Page, PageQuery,
    crm::AccountSnapshot,
    quoting::{self as dto, PriceBookEntryQuery, PriceBookId},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_price_book)
        .service(list_price_books)
        .service(get_price_book)
        .service(list_price_book_entries)
        .service(update_price_book)
        .service(publish_price_book)
        .service(retire_price_book);
}

/// Draft a price book.
#[utoipa::path(tag = "price_book", responses((status = 201, description = "The draft", body = dto::PriceBook)))]
#[post("/price-books")]
async fn create_price_book(cx: Cx, body: Json<dto::NewPriceBook>) -> Reply<dto::PriceBook> {
    cx.command(StatusCode::CREATED, async |tx| {
        let new = body.0.clone();
        if let Some(account) = new.account_id {
            tx.named_replica::<AccountSnapshot>("/account_id", account.into()).await?;
        }
        on_sale(tx, &new.entries).await?;
        let number = tx.next_number("price_book").await?;
        let change = PriceBook::draft(tx.id(), number, new, || tx.id(), &tx.stamp())?;
        Ok(show(tx.create(change).await?, cx.caller()))
    })
    .await
}

/// Price books, newest first.
#[utoipa::path(tag = "price_book", params(PageQuery), responses((status = 200, description = "A page", body = Page<dto::PriceBook>)))]
#[get("/price-books")]
async fn list_price_books(cx: Cx, page: Query<PageQuery>) -> Reply<Page<dto::PriceBook>> {
    cx.read(async |conn| {
        let rows = store::list(conn, &page).await?;
        Ok(page.page(rows, |book| book.head.id.into(), |book| show(book, cx.caller())))
    })
    .await
}

/// One price book.
#[utoipa::path(tag = "price_book", responses((status = 200, description = "The price book", body = dto::PriceBook)))]
#[get("/price-books/{id}")]
async fn get_price_book(cx: Cx, id: Path<PriceBookId>) -> Reply<dto::PriceBook> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// Its prices, the one put down last first.
#[utoipa::path(tag = "price_book", params(PriceBookEntryQuery), responses((status = 200, description = "A page", body = Page<dto::PriceBookEntry>)))]
#[get("/price-books/{id}/entries")]
async fn list_price_book_entries(
    cx: Cx,
    id: Path<PriceBookId>,
    asked: Query<PriceBookEntryQuery>,
) -> Reply<Page<dto::PriceBookEntry>> {
    let page = PageQuery { limit: asked.limit, after: asked.after, ..PageQuery::default() };
    cx.read(async |conn| {
        cx.visible(*id, store::find(conn, *id).await?)?;
        let rows = store::entries(conn, *id, &asked, page.fetch()).await?;
        let shown = |Entry { id, price_book_id: _, sku, from_quantity, unit_price }| dto::PriceBookEntry {
            id,
            sku,
            from_quantity,
            unit_price,
        };
        Ok(page.page(rows, |entry| entry.id.into(), shown))
    })
    .await
}

/// Change a draft; its prices are replaced as a whole.
#[utoipa::path(tag = "price_book", responses((status = 200, description = "The draft", body = dto::PriceBook)))]
#[patch("/price-books/{id}")]
async fn update_price_book(cx: Cx, id: Path<PriceBookId>, body: Json<dto::PriceBookPatch>) -> Reply<dto::PriceBook> {
    cx.command(StatusCode::OK, async |tx| {
        let book: PriceBook = tx.open(*id).await?;
        let patch = body.0.clone();
        on_sale(tx, patch.entries.as_deref().unwrap_or_default()).await?;
        let change = book.update(patch, || tx.id(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Publish it: its prices hold from its first day on, and nobody edits them any more. Not for those who made it.
#[utoipa::path(tag = "price_book", responses((status = 200, description = "Published", body = dto::PriceBook)))]
#[post("/price-books/{id}/publish")]
async fn publish_price_book(cx: Cx, id: Path<PriceBookId>) -> Reply<dto::PriceBook> {
    cx.command(StatusCode::OK, async |tx| {
        let book: PriceBook = tx.open(*id).await?;
        let change = book.publish(&tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Its prices hold no more; say why.
#[utoipa::path(tag = "price_book", responses((status = 200, description = "Retired", body = dto::PriceBook)))]
#[post("/price-books/{id}/retire")]
async fn retire_price_book(cx: Cx, id: Path<PriceBookId>, body: Json<dto::Reason>) -> Reply<dto::PriceBook> {
    cx.command(StatusCode::OK, async |tx| {
        let book: PriceBook = tx.open(*id).await?;
        let change = book.retire(body.0.reason.to_string(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Only what is on sale has a price.
async fn on_sale(tx: &mut Tx, entries: &[dto::NewPriceBookEntry]) -> Result<()> {
    let skus: Vec<&str> = entries.iter().map(|entry| entry.sku.as_str()).collect();
    let catalogue = products::catalogue(tx.conn(), &skus).await?;
    match entries.iter().zip(0..).find(|(entry, _)| !catalogue.contains_key(entry.sku.as_str())) {
        Some((entry, line)) => Err(PriceBookRule::Sku { line, sku: entry.sku.to_string() }.into()),
        None => Ok(()),
    }
}

fn show(book: PriceBook, caller: &Caller) -> dto::PriceBook {
    let available_actions = book.available_actions(caller);
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let super::domain::Head {
        id,
        number,
        name,
        status,
        currency,
        tier,
        region,
        account_id,
        first_day,
        last_day,
        entry_count,
        makers,
        published_by,
        reason,
        created_at,
        published_at,
        retired_at,
        version,
    } = book.head;
    dto::PriceBook {
        id,
        number,
        name,
        status,
        currency,
        tier,
        region,
        account_id,
        first_day,
        last_day,
        entry_count,
        created_by: makers.0.into_iter().next().unwrap_or_default(),
        published_by,
        reason,
        created_at,
        published_at,
        retired_at,
        version,
        available_actions,
    }
}
