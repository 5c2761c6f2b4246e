//! The only SQL of suppliers' prices.
use super::domain::SupplierPrice;
use crate::schema::supplier_prices;
use diesel::{dsl::exists, prelude::*};
use diesel_async::RunQueryDsl;
use platform::Conn;
use wire::{
    PageQuery,
    procurement::{ItemId, SupplierId, SupplierPriceId, SupplierPriceStatus},
};

platform::store!(SupplierPrice, supplier_prices);

/// Does the supplier ask a price for it already?
pub async fn is_stated(conn: &mut Conn, supplier: SupplierId, item: ItemId) -> QueryResult<bool> {
    let active = supplier_prices::table
        .filter(supplier_prices::supplier_id.eq(supplier))
        .filter(supplier_prices::item_id.eq(item))
        .filter(supplier_prices::status.eq(SupplierPriceStatus::Active));
    diesel::select(exists(active)).get_result(conn).await
}

/// A page, newest first.
pub async fn list(
    conn: &mut Conn,
    page: &PageQuery,
    sku: Option<&str>,
    supplier: Option<SupplierId>,
) -> QueryResult<Vec<SupplierPrice>> {
    let all = supplier_prices::table.select(SupplierPrice::as_select());
    let mut query = all.order(supplier_prices::id.desc()).limit(page.fetch()).into_boxed();
    if let Some(after) = page.after {
        query = query.filter(supplier_prices::id.lt(SupplierPriceId(after)));
    }
    if let Some(status) = &page.status {
        query = query.filter(supplier_prices::status.eq(status.clone()));
    }
    if let Some(sku) = sku {
        query = query.filter(supplier_prices::sku.eq(sku.to_owned()));
    }
    if let Some(supplier) = supplier {
        query = query.filter(supplier_prices::supplier_id.eq(supplier));
    }
    query.load(conn).await
}
