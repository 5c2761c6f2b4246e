//! The only SQL of items.
use super::domain::Item;
use crate::schema::items;
use diesel::{
    prelude::*,
    sql_types::{Nullable, Text},
};
use diesel_async::RunQueryDsl;
use platform::Conn;
use wire::{
    PageQuery,
    procurement::{ItemId, SupplierId},
};

platform::store!(Item, items);

/// Several items, in the order of skus.
pub async fn find_all(conn: &mut Conn, ids: &[ItemId]) -> QueryResult<Vec<Item>> {
    items::table.filter(items::id.eq_any(ids)).order(items::sku).select(Item::as_select()).load(conn).await
}

/// Items by their own skus.
pub async fn by_skus(conn: &mut Conn, skus: &[&str]) -> QueryResult<Vec<Item>> {
    items::table.filter(items::sku.eq_any(skus)).select(Item::as_select()).load(conn).await
}

diesel::define_sql_function! { fn coalesce(first: Nullable<Text>, second: Text) -> Text; }

/// Items by what orders call them: the product's sku, or their own where they are linked to no product.
pub async fn sold_as(conn: &mut Conn, skus: &[&str]) -> QueryResult<Vec<Item>> {
    let called = coalesce(items::product_sku, items::sku);
    items::table.filter(called.eq_any(skus)).order(items::sku).select(Item::as_select()).load(conn).await
}

/// The items of these skus in the order of skus, locked until the transaction ends: nobody else opens places of them.
pub async fn lock_by_skus(conn: &mut Conn, skus: &[&str]) -> QueryResult<Vec<(String, ItemId)>> {
    items::table
        .filter(items::sku.eq_any(skus))
        .order(items::sku)
        .select((items::sku, items::id))
        .for_no_key_update()
        .load(conn)
        .await
}

/// Does an item have this sku?
pub async fn has_sku(conn: &mut Conn, sku: &str) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(items::table.filter(items::sku.eq(sku)))).get_result(conn).await
}

/// A page, newest first.
pub async fn list(
    conn: &mut Conn,
    page: &PageQuery,
    sku: Option<&str>,
    supplier: Option<SupplierId>,
) -> QueryResult<Vec<Item>> {
    let mut query = items::table.select(Item::as_select()).order(items::id.desc()).limit(page.fetch()).into_boxed();
    if let Some(after) = page.after {
        query = query.filter(items::id.lt(ItemId(after)));
    }
    if let Some(status) = &page.status {
        query = query.filter(items::status.eq(status.clone()));
    }
    if let Some(sku) = sku {
        query = query.filter(items::sku.eq(sku.to_owned()));
    }
    if let Some(supplier) = supplier {
        query = query.filter(items::preferred_supplier_id.eq(supplier));
    }
    query.load(conn).await
}
