//! What hangs on an opportunity and goes with it to another owner, as it does by a handover. No SQL.
use super::store;
use crate::{
    action_items::domain::ActionItem,
    negotiation_rounds::domain::NegotiationRound,
    opportunities::domain::Opportunity,
    opportunity_members::domain::OpportunityMember,
    project_initiations::domain::ProjectInitiation,
    questions::domain::Question,
    requirement_items::domain::RequirementItem,
    requirement_specs::{self, domain::RequirementSpec},
    requirement_surveys::domain::RequirementSurvey,
};
use platform::{
    Entity, Result, Tx,
    handover::{self, Handed},
};
use uuid::Uuid;
use wire::Ownership;

/// Gives all of it to someone. Specifications go whole, since the next revision begins with the last; of the rest what is not done,
/// and of the actions about it those of its owner.
pub async fn give_all(tx: &mut Tx, chance: &Opportunity, to: &Ownership, why: &str) -> Result<()> {
    let on = chance.id;
    for id in requirement_specs::of_opportunity(tx.conn(), on).await? {
        let spec: RequirementSpec = tx.load(id).await?;
        handover::give(tx, spec, to.clone(), "assign", why).await?;
    }
    for (kind, id) in store::hanging(tx.conn(), on, chance.owner_id.as_deref()).await? {
        match kind.as_str() {
            Question::KIND => one::<Question>(tx, id, to, why).await?,
            NegotiationRound::KIND => one::<NegotiationRound>(tx, id, to, why).await?,
            RequirementSurvey::KIND => one::<RequirementSurvey>(tx, id, to, why).await?,
            RequirementItem::KIND => one::<RequirementItem>(tx, id, to, why).await?,
            OpportunityMember::KIND => one::<OpportunityMember>(tx, id, to, why).await?,
            ProjectInitiation::KIND => one::<ProjectInitiation>(tx, id, to, why).await?,
            _ => one::<ActionItem>(tx, id, to, why).await?,
        }
    }
    Ok(())
}

async fn one<T: Handed>(tx: &mut Tx, id: Uuid, to: &Ownership, why: &str) -> Result<()> {
    let row: T = tx.load(id.into()).await?;
    // Somebody may have done it while this waited for the lock.
    if T::CLOSED.contains(&row.status()) {
        return Ok(());
    }
    let before = row.ownership().unwrap_or_default();
    let row = handover::give(tx, row, to.clone(), "assign", why).await?;
    T::handed(tx, &row, before, why).await
}
