//! A draft of a policy tried on the questions that were really asked: who would be asked under it, with today's
//! directory (PLT-02). Pure; changes nothing.
use crate::{
    Caller, Entity, Rule,
    approvals::{Approval, permission, store, tiers::Tiers},
};
use wire::policy::{PolicySimulation, SimulatedApproval};

/// Questions looked at, at most.
pub const MOST: i64 = 1000;

/// Question by question, newest first.
pub fn run(key: String, draft: &Tiers, past: Vec<Approval>, directory: &[Caller], service: &str) -> PolicySimulation {
    let permission = permission(service);
    let approvals: Vec<SimulatedApproval> =
        past.into_iter().map(|approval| again(draft, approval, directory, &permission)).collect();
    PolicySimulation {
        key,
        asked: approvals.len(),
        changed: approvals.iter().filter(|one| one.changed).count(),
        refused: approvals.iter().filter(|one| one.refused.is_some()).count(),
        without_amount: approvals.iter().filter(|one| one.amount.is_none()).count(),
        approvals,
    }
}

fn again(draft: &Tiers, approval: Approval, directory: &[Caller], permission: &str) -> SimulatedApproval {
    let document = approval.ownership().unwrap_or_default();
    let people = store::reaching(directory, permission, &document);
    let chain = draft.resolve(approval.amount.map(wire::Amount::get), &people, &approval.maker);
    let (tier_now, steps_now, refused) = match chain {
        Ok(chain) => (i32::try_from(chain.tier).ok(), chain.steps, None),
        Err(refusal) => (None, Vec::new(), Some(refusal.code().to_owned())),
    };
    let asked = |steps: &[crate::approvals::Step]| -> Vec<_> {
        steps.iter().map(|step| (step.mode.as_str(), step.roles.clone())).collect()
    };
    SimulatedApproval {
        approval_id: approval.id,
        subject_id: approval.subject_id,
        subject_number: approval.subject_number,
        amount: approval.amount,
        asked_at: approval.asked_at,
        tier_then: approval.tier,
        changed: refused.is_some() || asked(&approval.steps.0) != asked(&steps_now),
        steps_then: approval.steps.0.iter().map(Into::into).collect(),
        tier_now,
        steps_now: steps_now.iter().map(Into::into).collect(),
        refused,
    }
}
