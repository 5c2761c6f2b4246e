//! What time and the end of a supplier do to qualifications. No SQL.
use super::{domain::SupplierQualification, store};
use platform::{Result, Tx};
use wire::{Moment, procurement::SupplierId};

/// Ends those whose last day is over, a hundred at a time.
pub async fn expire_due(tx: &mut Tx, _: Moment) -> Result<()> {
    let today = tx.stamp().today();
    for id in store::due(tx.conn(), today).await? {
        let qualification: SupplierQualification = tx.load(id).await?;
        tx.save(qualification.expire()?).await?;
    }
    Ok(())
}

/// Ends all that a supplier has or waits for, in the transaction that eliminates it.
pub(crate) async fn lapse_all(tx: &mut Tx, supplier: SupplierId, reason: &str) -> Result<()> {
    for id in store::alive(tx.conn(), supplier).await? {
        let qualification: SupplierQualification = tx.load(id).await?;
        tx.save(qualification.lapse(reason)?).await?;
    }
    Ok(())
}
