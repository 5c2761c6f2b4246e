//! The only SQL of price books.
use super::domain::{Entry, Head, PriceBook};
use crate::schema::{price_book_entries, price_books};
use diesel::{
    prelude::*,
    sql_types::{Array, Date, Integer, Nullable, Numeric, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::{Conn, Steady, Store, rows};
use uuid::Uuid;
use wire::{
    Amount, Currency, Day, PageQuery, Quantity,
    crm::{AccountId, AccountTier},
    quoting::{PriceBookEntryId, PriceBookEntryQuery, PriceBookId},
};

impl Store for PriceBook {
    async fn lock(conn: &mut Conn, id: PriceBookId) -> QueryResult<Option<Self>> {
        let head = price_books::table.find(id).select(Head::as_select()).for_update().first(conn).await.optional()?;
        Ok(head.map(|head| Self { head, entries: None }))
    }
    async fn insert(&self, conn: &mut Conn) -> QueryResult<()> {
        diesel::insert_into(price_books::table).values(&self.head).execute(conn).await?;
        rows::insert(conn, "price_book_entries", self.entries.as_deref().unwrap_or_default()).await
    }
    async fn update(&self, conn: &mut Conn) -> QueryResult<usize> {
        let (id, version) = (self.head.id, self.head.version - 1);
        let stored = price_books::table.filter(price_books::id.eq(id)).filter(price_books::version.eq(version));
        let touched = Steady(diesel::update(stored).set(&self.head)).execute(conn).await?;
        if let (1, Some(entries)) = (touched, &self.entries) {
            let old = price_book_entries::table.filter(price_book_entries::price_book_id.eq(id));
            diesel::delete(old).execute(conn).await?;
            rows::insert(conn, "price_book_entries", entries).await?;
        }
        Ok(touched)
    }
}

/// One price book.
pub async fn find(conn: &mut Conn, id: PriceBookId) -> QueryResult<Option<PriceBook>> {
    let head: Option<Head> = price_books::table.find(id).select(Head::as_select()).first(conn).await.optional()?;
    Ok(head.map(|head| PriceBook { head, entries: None }))
}

/// A page, newest first.
pub async fn list(conn: &mut Conn, page: &PageQuery) -> QueryResult<Vec<PriceBook>> {
    let mut query =
        price_books::table.select(Head::as_select()).order(price_books::id.desc()).limit(page.fetch()).into_boxed();
    if let Some(after) = page.after {
        query = query.filter(price_books::id.lt(PriceBookId(after)));
    }
    if let Some(status) = page.status.clone() {
        query = query.filter(price_books::status.eq(status));
    }
    let heads: Vec<Head> = query.load(conn).await?;
    Ok(heads.into_iter().map(|head| PriceBook { head, entries: None }).collect())
}

/// A page of a book's prices, the one put down last first.
pub async fn entries(
    conn: &mut Conn,
    book: PriceBookId,
    asked: &PriceBookEntryQuery,
    fetch: i64,
) -> QueryResult<Vec<Entry>> {
    let mut query = price_book_entries::table
        .filter(price_book_entries::price_book_id.eq(book))
        .select(Entry::as_select())
        .order(price_book_entries::id.desc())
        .limit(fetch)
        .into_boxed();
    if let Some(after) = asked.after {
        query = query.filter(price_book_entries::id.lt(PriceBookEntryId(after)));
    }
    if let Some(sku) = asked.sku.clone() {
        query = query.filter(price_book_entries::sku.eq(sku));
    }
    query.load(conn).await
}

/// A price with what is to be known of its book.
#[derive(Debug, Clone, QueryableByName)]
pub struct BookPrice {
    #[diesel(sql_type = SqlUuid)]
    pub book_id: PriceBookId,
    #[diesel(sql_type = Text)]
    pub number: String,
    #[diesel(sql_type = Integer)]
    pub version: i32,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub account_id: Option<AccountId>,
    #[diesel(sql_type = Nullable<Text>)]
    pub tier: Option<AccountTier>,
    #[diesel(sql_type = Nullable<Text>)]
    pub region: Option<String>,
    #[diesel(sql_type = Date)]
    pub first_day: Day,
    #[diesel(sql_type = Text)]
    pub sku: String,
    #[diesel(sql_type = Numeric)]
    pub from_quantity: Quantity,
    #[diesel(sql_type = Numeric)]
    pub unit_price: Amount,
}

/// Whom prices are asked for: the customer, its grade and region.
pub type Whom<'a> = (AccountId, Option<AccountTier>, Option<&'a str>);

/// The prices of these skus in the published books that are for this customer on this day.
pub async fn holding(
    mut conn: &Conn,
    (account, tier, region): Whom<'_>,
    currency: Currency,
    day: Day,
    skus: &[&str],
) -> QueryResult<Vec<BookPrice>> {
    const QUERY: &str = "WITH books AS ( \
            SELECT * FROM price_books WHERE status = 'published' AND account_id = $1 AND currency = $4 \
            UNION ALL SELECT * FROM price_books WHERE status = 'published' AND account_id IS NULL AND currency = $4) \
        SELECT b.id AS book_id, b.number, b.version, b.account_id, b.tier, b.region, b.first_day, e.sku, e.from_quantity, e.unit_price \
        FROM books b CROSS JOIN LATERAL (SELECT * FROM price_book_entries WHERE price_book_id = b.id AND sku = ANY ($6) OFFSET 0) e \
        WHERE (b.tier IS NULL OR b.tier = $2) AND (b.region IS NULL OR b.region = $3) \
          AND b.first_day <= $5 AND (b.last_day IS NULL OR b.last_day >= $5)";
    let query = diesel::sql_query(QUERY)
        .bind::<SqlUuid, _>(Uuid::from(account))
        .bind::<Nullable<Text>, _>(tier.map(AccountTier::as_str))
        .bind::<Nullable<Text>, _>(region)
        .bind::<Text, _>(currency.code())
        .bind::<Date, _>(day)
        .bind::<Array<Text>, _>(skus);
    Steady(query).load(&mut conn).await
}
