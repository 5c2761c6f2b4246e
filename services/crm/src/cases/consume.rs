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
    let (stood, mut joined) = store::add(tx.conn(), &fact).await?;
    let merged_into = fact.merged_into();
    if let Some(into) = merged_into {
        store::merge(tx.conn(), fact.case_id, into, fact.at).await?;
        joined = true;
    }
    if fact.tells_standing() || merged_into.is_some() {
        let names = if joined { store::names(tx.conn(), fact.case_id).await? } else { vec![fact.case_id] };
        let stands = standing(&store::standing_facts(tx.conn(), &names).await?);
        // All names of a deal stand as the deal does.
        if joined || stands != stood {
            store::stand(tx.conn(), &names, stands).await?;
        }
    }
    Ok(())
}
