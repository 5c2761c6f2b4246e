//! What cases hear: everything that anyone tells. No SQL.
use super::{
    domain::{Fact, standing},
    store,
};
use platform::{Result, Subscriptions, Tx};
use wire::CloudEvent;

/// Every fact of the suite.
pub fn consumers(on: &mut Subscriptions) {
    let events = wire::events();
    on.on_every("case-graph", events.iter().flat_map(|(_, list)| list.iter().map(|info| info.kind)), note);
}

/// Keeps a fact with its case.
async fn note(tx: &mut Tx, event: CloudEvent) -> Result<()> {
    let Some(fact) = Fact::of(event) else { return Ok(()) };
    let stood = store::add(tx.conn(), &fact).await?;
    if fact.tells_standing() {
        let facts = store::standing_facts(tx.conn(), fact.case_id).await?;
        let stands = standing(&facts);
        if stands != stood {
            store::stand(tx.conn(), fact.case_id, stands).await?;
        }
    }
    Ok(())
}
