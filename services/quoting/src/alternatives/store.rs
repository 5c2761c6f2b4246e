//! The only SQL of alternatives.
use super::domain::{Alternative, MOST_ALTERNATIVES};
use crate::schema::{alternatives, products};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::Conn;
use wire::quoting::{AlternativeId, ProductId};

platform::store!(Alternative, alternatives);

/// One alternative of one product.
pub async fn of_product(conn: &mut Conn, product: ProductId, id: AlternativeId) -> QueryResult<Option<Alternative>> {
    let named = alternatives::table.find(id).filter(alternatives::product_id.eq(product));
    named.select(Alternative::as_select()).first(conn).await.optional()
}

/// What stands in this product's place already.
pub async fn others(conn: &mut Conn, product: ProductId) -> QueryResult<Vec<ProductId>> {
    let in_force = alternatives::table.filter(alternatives::product_id.eq(product)).filter(in_force());
    in_force.select(alternatives::alternative_id).load(conn).await
}

/// What can be offered in this product's place today, the best first.
pub async fn offers(conn: &mut Conn, product: ProductId) -> QueryResult<Vec<Alternative>> {
    alternatives::table
        .inner_join(products::table.on(products::id.eq(alternatives::alternative_id)))
        .filter(alternatives::product_id.eq(product))
        .filter(in_force())
        .filter(products::status.eq("active"))
        .order((alternatives::rank, alternatives::id))
        .limit(MOST_ALTERNATIVES)
        .select(Alternative::as_select())
        .load(conn)
        .await
}

fn in_force() -> diesel::dsl::Eq<alternatives::status, &'static str> {
    alternatives::status.eq("active")
}
