//! The only SQL of products.
use super::domain::Product;
use crate::schema::products;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::Conn;
use std::collections::HashMap;
use wire::quoting::{ProductId, ProductQuery};

platform::store!(Product, products);

/// One product by the name that the other services know.
pub async fn by_sku(conn: &mut Conn, sku: &str) -> QueryResult<Option<Product>> {
    products::table.filter(products::sku.eq(sku)).select(Product::as_select()).first(conn).await.optional()
}

/// Of these skus those that are on sale, with the products' names: one query for a whole document.
pub async fn catalogue(conn: &mut Conn, skus: &[&str]) -> QueryResult<HashMap<String, String>> {
    let on_sale = products::table.filter(products::sku.eq_any(skus)).filter(products::status.eq("active"));
    let rows: Vec<(String, String)> = on_sale.select((products::sku, products::name)).load(conn).await?;
    Ok(rows.into_iter().collect())
}

/// What these skus are counted in, whether they are on sale still or not.
pub async fn units(conn: &mut Conn, skus: &[&str]) -> QueryResult<HashMap<String, String>> {
    let named = products::table.filter(products::sku.eq_any(skus)).select((products::sku, products::unit));
    Ok(named.load::<(String, String)>(conn).await?.into_iter().collect())
}

/// A page, newest first. `q` reads the table: a catalogue has thousands of rows, not millions.
pub async fn list(conn: &mut Conn, asked: &ProductQuery, fetch: i64) -> QueryResult<Vec<Product>> {
    let mut query = products::table.select(Product::as_select()).order(products::id.desc()).limit(fetch).into_boxed();
    if let Some(after) = asked.after {
        query = query.filter(products::id.lt(ProductId(after)));
    }
    if let Some(status) = &asked.status {
        query = query.filter(products::status.eq(status.clone()));
    }
    if let Some(sku) = &asked.sku {
        query = query.filter(products::sku.eq(sku.clone()));
    }
    if let Some(words) = asked.q.as_deref().map(str::trim).filter(|words| !words.is_empty()) {
        let like = format!("%{}%", words.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
        let named = products::name.ilike(like.clone()).or(products::name_en.ilike(like.clone()).assume_not_null());
        query = query.filter(products::sku.ilike(like).or(named));
    }
    query.load(conn).await
}
