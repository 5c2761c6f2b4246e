//! The only SQL of products.
use super::domain::{Listed, Product};
use crate::schema::products;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, search};
use std::collections::HashMap;
use wire::quoting::{ProductId, ProductQuery};

platform::store!(Product, products);

/// One product by the name that the other services know.
pub async fn by_sku(conn: &mut Conn, sku: &str) -> QueryResult<Option<Product>> {
    products::table.filter(products::sku.eq(sku)).select(Product::as_select()).first(conn).await.optional()
}

/// Products on sale, by sku.
pub type Catalogue = HashMap<String, Listed>;

/// Of these skus those that are on sale: one query for a whole document.
pub async fn catalogue(conn: &mut Conn, skus: &[&str]) -> QueryResult<Catalogue> {
    let on_sale = products::table.filter(products::sku.eq_any(skus)).filter(products::status.eq("active"));
    let rows: Vec<(String, Listed)> = on_sale.select((products::sku, Listed::as_select())).load(conn).await?;
    Ok(rows.into_iter().collect())
}

/// What these skus are counted in, whether they are on sale still or not.
pub async fn units(conn: &mut Conn, skus: &[&str]) -> QueryResult<HashMap<String, String>> {
    let named = products::table.filter(products::sku.eq_any(skus)).select((products::sku, products::unit));
    Ok(named.load::<(String, String)>(conn).await?.into_iter().collect())
}

/// A page, newest first.
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
    if let Some(found) = search::found("products", asked.q.as_deref()) {
        query = query.filter(found);
    }
    query.load(conn).await
}
