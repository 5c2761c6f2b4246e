//! Approvals (PLT-01): the domain decides whether to ask, the policy says whom, the answer changes the document in the same
//! transaction. Policies are versioned rows, frozen into the approval when it is asked for.
mod approval;
mod delegations;
mod hooks;
mod http;
mod policies;
mod rules;
mod stands;
mod store;
mod tiers;

pub use approval::Approval;
pub use hooks::{Approvals, Decided, Passed};
pub use policies::PolicyRule;
pub use rules::{ApprovalRule, Step};
pub use stands::person_of;
pub use tiers::{Tier, Tiers};

use crate::{
    Conn, Jobs, MachineInfo, Result, Tx,
    auth::Role,
    machine::Machine,
    service::{Codes, Words},
};
use approval::Lineage;
use std::time::Duration;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use wire::{Amount, CaseId, Currency, Moment, Money, Ownership, approval as dto};

/// A question put by a `Change`.
#[derive(Debug, Clone)]
pub struct Ask {
    /// The policy, e.g. `contracts.contract.full`.
    pub policy: &'static str,
    /// The number people know the document by.
    pub number: String,
    /// What the tiers of the policy look at, tax included (D-15); nothing where the policy has one tier for all.
    pub amount: Option<Money>,
}
impl Ask {
    /// What the tiers can look at: their bounds are in the base currency, so an amount in another one is as good as unknown
    /// and the highest tier decides.
    fn comparable(&self) -> Option<Amount> {
        self.amount.filter(|money| money.currency == Currency::CNY).map(|money| money.amount)
    }
}

/// What a `Change` does about approval.
#[derive(Debug, Clone)]
pub(crate) enum Question {
    /// With the usual policy, where its chain is needed besides.
    Put(Ask, Option<&'static str>),
    /// The document is taken back: nobody has to answer any more.
    Withdrawn,
}

/// Refusals of approvals, policies and delegations, the same in every service.
pub const CODES: &[Codes] = &[ApprovalRule::CODES, PolicyRule::CODES, delegations::DelegationRule::CODES];
/// Machines that every service has.
pub const MACHINES: &[MachineInfo] = &[Approval::MACHINE, delegations::Delegation::MACHINE];
/// Words that every service has.
pub(crate) const WORDS: &[Words] = &[("verdict", dto::Verdict::labels()), ("step_mode", dto::StepMode::labels())];

/// Mounted by the platform in every service.
pub fn routes(config: &mut ServiceConfig) {
    config.configure(http::routes).configure(policies::routes).configure(delegations::routes);
}

/// Run by the platform in every service.
pub(crate) fn jobs(jobs: &mut Jobs) {
    jobs.every(Duration::from_mins(1), "turn-delegations", delegations::turn);
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

/// Does what a change asks for, in its transaction.
pub(crate) async fn follow(tx: &mut Tx, about: Subject, question: Question) -> Result<()> {
    match question {
        Question::Put(question, usual) => ask(tx, about, question, usual).await,
        Question::Withdrawn => withdraw(tx, &about).await,
    }
}

/// Freezes policy and tier and opens the approval; refused when nobody could decide.
async fn ask(tx: &mut Tx, about: Subject, ask: Ask, usual: Option<&'static str>) -> Result<()> {
    let stamp = tx.stamp();
    let (version, tiers) = asked_of(tx.conn(), &ask, usual, stamp.at).await?;
    let directory = store::directory(tx.conn(), about.service).await?;
    let people = store::reaching(&directory, &permission(about.service), &about.ownership());
    let maker =
        stamp.actor.strip_prefix("user:").map(str::to_owned).or(stamp.ownership.owner_id).unwrap_or(stamp.actor);
    let chain = tiers.resolve(ask.comparable().map(Amount::get), &people, &maker)?;
    let previous = store::last_of(tx.conn(), about.entity, about.id).await?;
    let lineage = Lineage { id: tx.id(), previous };
    let change = Approval::ask(about, &ask, (version, chain), lineage, (maker, stamp.at));
    tx.create(change).await?;
    Ok(())
}

/// The steps that this would be asked of as policies stand at an instant. Refuses to look who is there to decide them: that is
/// seen when it is asked.
pub async fn foreseen(
    conn: &mut Conn,
    ask: &Ask,
    usual: Option<&'static str>,
    at: Moment,
) -> Result<Vec<dto::ForeseenStep>> {
    let (_, tiers) = asked_of(conn, ask, usual, at).await?;
    let chain = tiers.chain(tiers.select(ask.comparable().map(Amount::get)));
    let shown = |Step { name, mode, roles }: Step| dto::ForeseenStep {
        name,
        mode,
        roles: roles.into_iter().map(Role::labelled).collect(),
    };
    Ok(chain.into_iter().map(shown).collect())
}

/// The version of its policy that holds, and the tiers that decide: those of the usual policy, too, where it is asked besides.
async fn asked_of(conn: &mut Conn, ask: &Ask, usual: Option<&'static str>, at: Moment) -> Result<(i32, Tiers)> {
    let (version, tiers) = in_force(conn, ask.policy, at).await?;
    let Some(usual) = usual else { return Ok((version, tiers)) };
    let own = tiers.chain(tiers.select(ask.comparable().map(Amount::get)));
    Ok((version, in_force(conn, usual, at).await?.1.and(&own)))
}

/// The version of a policy that holds at an instant.
async fn in_force(conn: &mut Conn, key: &'static str, at: Moment) -> Result<(i32, Tiers)> {
    let found = store::policy_in_force(conn, key, at).await?;
    found.ok_or_else(|| ApprovalRule::NoPolicy { key: key.to_owned() }.into())
}

/// Nobody has to decide any more, if anybody had to.
async fn withdraw(tx: &mut Tx, about: &Subject) -> Result<()> {
    let Some(id) = store::pending_of(tx.conn(), about.entity, about.id).await? else { return Ok(()) };
    let approval: Approval = tx.load(id).await?;
    let change = approval.withdraw(about.service, tx.stamp().at)?;
    tx.save(change).await?;
    Ok(())
}

/// What an approver needs.
fn permission(service: &str) -> String {
    format!("{service}.approval.approve")
}
