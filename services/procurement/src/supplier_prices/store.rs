//! The only SQL of suppliers' prices.
use super::domain::SupplierPrice;
use crate::schema::supplier_prices;
use diesel::{dsl::exists, prelude::*};
use diesel_async::RunQueryDsl;
use platform::{Conn, Steady, Store};
use wire::{
    PageQuery,
    procurement::{ItemId, SupplierId, SupplierPriceId, SupplierPriceStatus},
};

impl Store for SupplierPrice {
    async fn lock(conn: &mut Conn, id: SupplierPriceId) -> QueryResult<Option<Self>> {
        supplier_prices::table.find(id).select(Self::as_select()).for_update().first(conn).await.optional()
    }
    async fn insert(&self, conn: &mut Conn) -> QueryResult<()> {
        diesel::insert_into(supplier_prices::table).values(self).execute(conn).await.map(drop)
    }
    async fn update(&self, conn: &mut Conn) -> QueryResult<usize> {
        let stored = supplier_prices::table.filter(supplier_prices::id.eq(self.id));
        Steady(diesel::update(stored.filter(supplier_prices::version.eq(self.version - 1))).set(self))
            .execute(conn)
            .await
    }
}

/// One price.
pub async fn find(conn: &mut Conn, id: SupplierPriceId) -> QueryResult<Option<SupplierPrice>> {
    supplier_prices::table.find(id).select(SupplierPrice::as_select()).first(conn).await.optional()
}

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
