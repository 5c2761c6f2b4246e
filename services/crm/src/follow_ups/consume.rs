//! What time does to follow-ups, and the end of their plan. No SQL.
use super::{
    domain::{Concerned, FollowUp, REASSIGNED},
    store::{self, Climbing},
};
use crate::{escalations, follow_up_plans::domain::FollowUpPlan, users::Around};
use platform::{Entity, Result, Tx};
use std::collections::{BTreeSet, HashMap};
use wire::{
    Moment, Ownership,
    crm::{FollowUpPlanId, LadderKind},
};

/// Lets climb what has reached its next rung, a hundred at a time (CRM-26).
pub async fn escalate(tx: &mut Tx, now: Moment) -> Result<()> {
    let climbing = store::climbing(tx.conn(), now).await?;
    if climbing.is_empty() {
        return Ok(());
    }
    let (ladder, stamp) = (escalations::of_kind(tx.conn(), LadderKind::FollowUp).await?, tx.stamp());
    let (mut plans, mut around) = (plans_of(tx, &climbing).await?, Around::default());
    for Climbing { id, .. } in climbing {
        let follow_up: FollowUp = tx.load(id).await?;
        let before = follow_up.owner_id.clone();
        let whom = concerned(tx, &mut around, &follow_up).await?;
        // Someone may have done it while this waited for the lock.
        let Ok(change) = follow_up.escalate(whom, &ladder, &stamp) else { continue };
        let follow_up = tx.save(change).await?;
        if follow_up.level == REASSIGNED && follow_up.owner_id != before {
            pass_plan_on(tx, &mut plans, &follow_up, before).await?;
        }
    }
    tx.again();
    Ok(())
}

/// The plans of those that a colleague will have, locked: whoever ends a plan locks it before its follow-ups, and so does this.
async fn plans_of(tx: &mut Tx, climbing: &[Climbing]) -> Result<HashMap<FollowUpPlanId, FollowUpPlan>> {
    let passing = climbing.iter().filter(|one| one.level + 1 == REASSIGNED);
    let ids: BTreeSet<FollowUpPlanId> = passing.map(|one| one.plan_id).collect();
    let mut plans = HashMap::with_capacity(ids.len());
    for id in ids {
        let plan: FollowUpPlan = tx.load(id).await?;
        plans.insert(plan.id, plan);
    }
    Ok(plans)
}

/// The first rung is the owner's own: nobody is looked up for it.
async fn concerned(tx: &mut Tx, around: &mut Around, follow_up: &FollowUp) -> Result<Concerned> {
    let (of, mut whom) = (follow_up.ownership().unwrap_or_default(), Concerned::default());
    match follow_up.level + 1 {
        1 => {}
        REASSIGNED => whom.successor = around.successor(tx.conn(), &of).await?,
        _ => whom.manager = around.manager(tx.conn(), &of).await?,
    }
    Ok(whom)
}

/// The colleague has the plan too, unless someone else has it already.
async fn pass_plan_on(
    tx: &mut Tx,
    plans: &mut HashMap<FollowUpPlanId, FollowUpPlan>,
    follow_up: &FollowUp,
    before: Option<String>,
) -> Result<()> {
    let Some(plan) = plans.get(&follow_up.plan_id).filter(|plan| plan.owner_id == before).cloned() else {
        return Ok(());
    };
    let FollowUp { owner_id, team_id, department_id, .. } = follow_up.clone();
    // An ended plan stays whose it was.
    if let Ok(change) = plan.reassign(Ownership { owner_id, team_id, department_id }) {
        let plan = tx.save(change).await?;
        plans.insert(plan.id, plan);
    }
    Ok(())
}

/// Cancels the open follow-ups of a plan that has ended.
pub async fn cancel_open(tx: &mut Tx, plan: FollowUpPlanId) -> Result<()> {
    for id in store::open_of(tx.conn(), plan).await? {
        let follow_up: FollowUp = tx.load(id).await?;
        if let Ok(change) = follow_up.cancel() {
            tx.save(change).await?;
        }
    }
    Ok(())
}
