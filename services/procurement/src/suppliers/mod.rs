//! A supplier: `prospective → qualified ⇄ probation, suspended`, from each of them `→ eliminated` (PRO-10, PRO-13), from where
//! only a new qualification leads back. Whether we may buy there in a category says `store::qualified` (PRO-15).
mod consume;
pub mod domain;
mod http;
pub(crate) mod store;

pub use consume::remind;
pub(crate) use http::eliminate;
pub use http::routes;

use platform::{ApiError, Result, Tx};
use wire::procurement::SupplierId;

/// The name of a supplier that we may buy from today; any other is refused at the body field `pointer` (PRO-13, PRO-15).
/// Without a category: qualified as such.
pub(crate) async fn must_be_qualified(
    tx: &mut Tx,
    id: SupplierId,
    category: Option<&str>,
    pointer: &'static str,
) -> Result<String> {
    let found = store::find(tx.conn(), id).await?;
    let supplier = found.ok_or_else(|| ApiError::absent(pointer, "supplier", id))?.name;
    let today = tx.stamp().today();
    if store::qualified(tx.conn(), id, category, today).await? {
        return Ok(supplier);
    }
    let category = category.unwrap_or("-").to_owned();
    Err(domain::SupplierRule::NotQualified { pointer, supplier, category }.into())
}
