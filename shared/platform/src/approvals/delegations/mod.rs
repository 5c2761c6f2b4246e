//! Delegations (PLT-29): an absent person lends their seats in this service's approvals for some days; each vote says for
//! whom it was cast. Refuses chains: what was lent is not lent on.
mod domain;
mod http;
mod store;

pub(super) use domain::{Delegation, DelegationRule};
pub(super) use http::routes;
pub(super) use store::to;

use crate::{Result, Tx, calendar::Calendar};
use wire::Moment;

/// Marks those whose window has opened or closed, a hundred at a time. What a delegate may do hangs on the days alone.
pub(super) async fn turn(tx: &mut Tx, now: Moment) -> Result<()> {
    let (service, today) = (tx.service(), Calendar::china().day(now));
    for id in store::turning(tx.conn(), today).await? {
        let delegation: Delegation = tx.load(id).await?;
        tx.save(delegation.turn(service, now)?).await?;
    }
    Ok(())
}
