//! Approvals (PLT-01): the domain decides whether to ask, the policy says whom, the answer changes the document in the same
//! transaction. Policies are versioned rows, frozen into the approval when it is asked for.
mod http;
mod rules;
mod store;
mod tiers;

pub use http::routes;
pub use rules::{ApprovalRule, Step};
pub use store::Approval;

use crate::{Change, Result, Tx, inbox::Handle, machine::MachineInfo};
use futures_util::future::BoxFuture;
use rules::Outcome;
use tiers::Chain;
use uuid::Uuid;
use wire::{
    CaseId, Ownership,
    approval::{ApprovalId, ApprovalStatus, Verdict},
    json::Kept,
};

/// A question put by a `Change`.
#[derive(Debug, Clone)]
pub struct Ask {
    /// The policy, e.g. `contracts.contract.full`.
    pub policy: &'static str,
    /// The number people know the document by.
    pub number: String,
    /// What the tiers of the policy look at, tax included (D-15); nothing where the policy has one tier for all.
    pub amount: Option<rust_decimal::Decimal>,
}

/// What was decided about a document.
#[derive(Debug, Clone)]
pub struct Decided {
    pub subject: Uuid,
    pub verdict: Verdict,
    pub comment: Option<String>,
    /// The last voter.
    pub by: String,
}

type Hook = Box<dyn for<'a> Fn(&'a mut Tx, Decided) -> BoxFuture<'a, Result<()>> + Send + Sync>;

/// Which documents of a service can be approved, and what then happens to them.
#[derive(Default)]
pub struct Approvals(Vec<(&'static str, Hook)>);

impl Approvals {
    /// `f` loads the document and saves its `approve` or `reject`; it commits together with the vote.
    pub fn on(
        &mut self,
        entity: &'static str,
        f: impl for<'a> Handle<'a, Decided> + Send + Sync + 'static,
    ) -> &mut Self {
        self.0.push((entity, Box::new(move |tx, decided| Box::pin(f(tx, decided)))));
        self
    }
    async fn decided(&self, tx: &mut Tx, entity: &str, decided: Decided) -> Result<()> {
        for (kind, hook) in &self.0 {
            if *kind == entity {
                hook(tx, decided.clone()).await?;
            }
        }
        Ok(())
    }
}

crate::entity!(Approval, "approval", ApprovalId; row: this, case: option, owned);

impl crate::Machine for Approval {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "approval",
        transitions: &[
            crate::Transition::new("approve", &["pending"], &["pending", "approved"]),
            crate::Transition::new("reject", &["pending"], &["rejected"]),
        ],
        labels: ApprovalStatus::labels(),
    };
}

/// The document in question.
pub(crate) struct Subject {
    pub service: &'static str,
    pub entity: &'static str,
    pub id: Uuid,
    pub case: Option<CaseId>,
    /// The approval is seen by whoever sees the document.
    pub ownership: Option<Ownership>,
}
impl Subject {
    /// Nobody's document is within the reach of scope `all` only.
    fn ownership(&self) -> Ownership {
        self.ownership.clone().unwrap_or_default()
    }
}

/// A question and the one about the same document before it: id and round (PLT-03).
struct Lineage {
    id: ApprovalId,
    previous: Option<(ApprovalId, i32)>,
}

impl Approval {
    /// The question as it is first put; `policy` = version and the chain frozen from it.
    fn ask(
        about: Subject,
        ask: &Ask,
        policy: (i32, Chain),
        lineage: Lineage,
        by: (String, wire::Moment),
    ) -> Change<Self> {
        let (policy_version, Chain { tier, steps }) = policy;
        let Ownership { owner_id, team_id, department_id } = about.ownership();
        let (maker, at) = by;
        let Lineage { id, previous } = lineage;
        let approval = Self {
            id,
            entity: about.entity.to_owned(),
            subject_id: about.id,
            subject_number: ask.number.clone(),
            policy_key: ask.policy.to_owned(),
            policy_version,
            open_roles: rules::open(&steps, 0, &[]),
            steps: Kept(steps),
            votes: Kept(Vec::new()),
            current_step: 0,
            maker,
            status: ApprovalStatus::Pending,
            asked_at: at,
            decided_at: None,
            case_id: about.case,
            owner_id,
            team_id,
            department_id,
            version: 1,
            amount: ask.amount.map(Into::into),
            tier: i32::try_from(tier).unwrap_or(0),
            previous_id: previous.map(|(id, _)| id),
            round: previous.map_or(1, |(_, round)| round + 1),
        };
        Change::new("ask", approval)
    }
    fn decide(
        mut self,
        approver: (&str, &[crate::auth::Role]),
        verdict: Verdict,
        comment: Option<String>,
        at: wire::Moment,
    ) -> Result<(Change<Self>, Outcome)> {
        crate::Machine::may(&self, if verdict == Verdict::Approved { "approve" } else { "reject" })?;
        let current = usize::try_from(self.current_step).unwrap_or(0);
        let ballot = rules::Ballot { steps: &self.steps.0, votes: &self.votes.0, current, maker: &self.maker };
        let (votes, outcome) = rules::cast(&ballot, approver, verdict, comment.clone(), at)?;
        self.votes = Kept(votes);
        self.version += 1;
        self.open_roles.clear();
        match outcome {
            Outcome::Pending(step) => {
                self.current_step = i32::try_from(step).unwrap_or(0);
                self.open_roles = rules::open(&self.steps.0, step, &self.votes.0);
            }
            Outcome::Approved => (self.status, self.decided_at) = (ApprovalStatus::Approved, Some(at)),
            Outcome::Rejected => (self.status, self.decided_at) = (ApprovalStatus::Rejected, Some(at)),
        }
        let action = if verdict == Verdict::Approved { "approve" } else { "reject" };
        let change = Change::new(action, self);
        Ok((
            match comment {
                Some(comment) => change.because(comment),
                None => change,
            },
            outcome,
        ))
    }
}

/// Freezes the policy and opens the approval; refused when nobody could decide.
pub(crate) async fn ask(tx: &mut Tx, about: Subject, ask: Ask) -> Result<()> {
    let stamp = tx.stamp();
    let policy = store::policy_in_force(tx.conn(), ask.policy, stamp.at)
        .await?
        .ok_or(ApprovalRule::NoPolicy { key: ask.policy.to_owned() })?;
    let permission = format!("{}.approval.approve", about.service);
    let people = store::people(tx.conn(), about.service, &permission, &about.ownership()).await?;
    let maker =
        stamp.actor.strip_prefix("user:").map(str::to_owned).or(stamp.ownership.owner_id).unwrap_or(stamp.actor);
    let chain = policy.1.resolve(ask.amount, &people, &maker)?;
    let previous = store::last_of(tx.conn(), about.entity, about.id).await?;
    let lineage = Lineage { id: tx.id(), previous };
    let change = Approval::ask(about, &ask, (policy.0, chain), lineage, (maker, stamp.at));
    tx.create(change).await?;
    Ok(())
}
