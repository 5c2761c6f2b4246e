//! A supplier: `prospective → qualified ⇄ probation, suspended`, from each of them `→ eliminated` (PRO-10, PRO-13), from where
//! only a new qualification leads back. Whether we may buy there in a category says [`must_be_qualified`] (PRO-15).
mod consume;
pub mod domain;
mod http;
pub(crate) mod store;

pub use consume::remind;
pub(crate) use http::eliminate;
pub use http::routes;

use platform::{Result, Tx};
use wire::procurement::SupplierId;

/// Refuses a supplier we may not buy from today (PRO-15), at the body field `pointer`; see [`store::qualified`].
pub(crate) async fn must_be_qualified(
    tx: &mut Tx,
    id: SupplierId,
    category: Option<&str>,
    pointer: &'static str,
) -> Result<()> {
    let today = wire::Day(domain::today(&tx.stamp()));
    if store::qualified(tx.conn(), id, category, today).await? {
        return Ok(());
    }
    let supplier = store::find(tx.conn(), id).await?.map_or_else(|| id.to_string(), |supplier| supplier.name);
    let category = category.unwrap_or("-").to_owned();
    Err(domain::SupplierRule::NotQualified { pointer, supplier, category }.into())
}
