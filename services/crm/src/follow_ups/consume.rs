//! What time does to follow-ups, and the end of their plan. No SQL.
use super::{
    domain::{Concerned, FollowUp, REASSIGNED},
    store,
};
use crate::{
    escalations,
    follow_up_plans::domain::FollowUpPlan,
    users::{
        self,
        domain::User,
        people::{manager_of, successor_of},
    },
};
use platform::{Result, Tx};
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
    for id in climbing {
        let follow_up: FollowUp = tx.load(id).await?;
        let before = follow_up.owner_id.clone();
        let whom = concerned(tx, &follow_up).await?;
        // Someone may have done it while this waited for the lock.
        let Ok(change) = follow_up.escalate(whom, &ladder, &stamp) else { continue };
        let follow_up = tx.save(change).await?;
        if follow_up.level == REASSIGNED && follow_up.owner_id != before {
            pass_plan_on(tx, &follow_up, before).await?;
        }
    }
    tx.again();
    Ok(())
}

async fn concerned(tx: &mut Tx, follow_up: &FollowUp) -> Result<Concerned> {
    let Some(owner) = follow_up.owner_id.as_deref() else { return Ok(Concerned::default()) };
    let team = users::of_team(tx.conn(), follow_up.team_id.as_deref()).await?;
    let department = users::of_department(tx.conn(), follow_up.department_id.as_deref()).await?;
    let manager = manager_of(&team, &department, owner).map(|person| person.reference.clone());
    let successor = successor_of(&team, owner).map(User::ownership);
    Ok(Concerned { manager, successor })
}

/// The colleague has the plan too, unless someone else has it already.
async fn pass_plan_on(tx: &mut Tx, follow_up: &FollowUp, before: Option<String>) -> Result<()> {
    let plan: FollowUpPlan = tx.load(follow_up.plan_id).await?;
    if plan.owner_id != before {
        return Ok(());
    }
    let FollowUp { owner_id, team_id, department_id, .. } = follow_up.clone();
    // An ended plan stays whose it was.
    if let Ok(change) = plan.reassign(Ownership { owner_id, team_id, department_id }) {
        tx.save(change).await?;
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
