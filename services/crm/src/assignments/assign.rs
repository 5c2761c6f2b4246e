//! How a lead, an opportunity or a customer gets another owner, and what goes with it: contacts with their customer, all that hangs
//! on an opportunity with it. Whoever changes an owner locks the lead, opportunity or customer first, then its assignments. No SQL.
use super::{
    domain::{AssignRule, Assignment, Choice, Target},
    hanging, store,
};
use crate::{
    accounts::domain::Account,
    assignment_rules,
    contacts::{self, domain::Contact},
    leads::{self, domain::Lead},
    opportunities::domain::Opportunity,
    references::ownership_at,
    users,
};
use platform::{
    ApiError, Entity, Result, Sight, Tx,
    handover::{self, Handed},
};
use uuid::Uuid;
use wire::{
    Ownership, Word,
    crm::{AssignmentBasis as Basis, AssignmentId, AssignmentTarget as Kind, NewAssignment},
};

/// One of the three.
pub enum Held {
    Lead(Lead),
    Opportunity(Opportunity),
    Account(Account),
}

impl Held {
    /// The row, locked, if there is one that `sight` shows.
    pub async fn load(tx: &mut Tx, kind: Kind, id: Uuid, sight: &Sight) -> Result<Self> {
        let found = match kind {
            Kind::Lead => tx.try_load::<Lead>(id.into()).await?.map(Self::Lead),
            Kind::Opportunity => tx.try_load::<Opportunity>(id.into()).await?.map(Self::Opportunity),
            Kind::Account => tx.try_load::<Account>(id.into()).await?.map(Self::Account),
        };
        let seen = found.filter(|held| sight.sees(Some(&held.target().before)));
        seen.ok_or_else(|| ApiError::absent("/target_id", kind.as_str(), id))
    }
    /// What an assignment says of it.
    pub fn target(&self) -> Target {
        match self {
            Self::Lead(lead) => lead.target(lead.ownership().unwrap_or_default()),
            Self::Opportunity(chance) => chance.target(chance.ownership().unwrap_or_default()),
            Self::Account(account) => account.target(account.ownership().unwrap_or_default()),
        }
    }
    /// Does anybody work on it? The label of its state if not.
    fn closed(&self) -> Option<(&'static str, &'static str)> {
        let (status, label, open): (_, _, &[&str]) = match self {
            Self::Lead(Lead { status, .. }) => {
                (status.as_str(), status.label(), &["new", "screened", "contacted", "qualified"])
            }
            Self::Opportunity(Opportunity { status, .. }) => (status.as_str(), status.label(), &["open"]),
            Self::Account(Account { status, .. }) => {
                (status.as_str(), status.label(), &["prospect", "active", "dormant"])
            }
        };
        (!open.contains(&status)).then_some(label)
    }
    /// Where it is, for territories: a customer's region, otherwise city.
    async fn region(&self, tx: &mut Tx) -> Result<Option<String>> {
        let account = match self {
            Self::Lead(lead) => return Ok(lead.region.clone()),
            Self::Opportunity(chance) => crate::accounts::find(tx.conn(), chance.account_id).await?,
            Self::Account(account) => Some(account.clone()),
        };
        let address = account.map(|account| account.address.0);
        Ok(address.and_then(|address| address.region.or(address.city)).map(wire::Name::into_string))
    }
    async fn give(self, tx: &mut Tx, to: Ownership, why: &str) -> Result<()> {
        match self {
            Self::Lead(lead) => {
                let before = lead.ownership().unwrap_or_default();
                let lead = handover::give(tx, lead, to, "assign", why).await?;
                leads::pass_on(tx, &lead, &before, why).await
            }
            Self::Opportunity(chance) => {
                hanging::give_all(tx, &chance, &to, why).await?;
                give(tx, chance, to, why).await
            }
            Self::Account(account) => {
                for id in contacts::of_account(tx.conn(), account.id).await? {
                    let contact: Contact = tx.load(id).await?;
                    give(tx, contact, to.clone(), why).await?;
                }
                give(tx, account, to, why).await
            }
        }
    }
}

/// Without the history that a handover keeps: whoever assigns keeps it.
async fn give<T: Handed>(tx: &mut Tx, row: T, to: Ownership, why: &str) -> Result<()> {
    handover::give(tx, row, to, "assign", why).await.map(drop)
}

/// Assigns it to the named colleague, or to the one whom a rule chooses.
pub async fn assign(tx: &mut Tx, new: NewAssignment, sight: &Sight) -> Result<Assignment> {
    let held = Held::load(tx, new.target, new.target_id, sight).await?;
    if let Some(status) = held.closed() {
        return Err(AssignRule::Closed { status }.into());
    }
    let choice = choose(tx, &held, &new).await?;
    if choice.to.owner_id == held.target().before.owner_id {
        return Err(AssignRule::Same.into());
    }
    supersede(tx, new.target_id).await?;
    change(tx, held, choice).await
}

async fn choose(tx: &mut Tx, held: &Held, new: &NewAssignment) -> Result<Choice> {
    let reason = new.reason.to_string();
    if let Some(to) = &new.to {
        let to = ownership_at(tx.conn(), "/to", to.as_str()).await?;
        return Ok(Choice { to, basis: Basis::Named, rule_id: None, reason });
    }
    let region = held.region(tx).await?;
    // Turns are taken one after the other.
    tx.one_at_a_time("assignment_rules").await?;
    for rule in assignment_rules::active(tx.conn()).await? {
        if !rule.fits(region.as_deref()) {
            continue;
        }
        let references: Vec<&str> = rule.members.0.iter().map(String::as_str).collect();
        let here = users::named(tx.conn(), &references).await?;
        let names: Vec<String> = here.iter().map(|person| person.reference.clone()).collect();
        let Some(turn) = rule.turn(&names, held.target().before.owner_id.as_deref()) else { continue };
        let Some(person) = here.into_iter().find(|person| person.reference == turn) else { continue };
        let (to, basis, rule_id) = (person.ownership(), rule.basis(), Some(rule.id));
        let rule: assignment_rules::domain::AssignmentRule = tx.load(rule.id).await?;
        tx.save(rule.chosen(turn)?).await?;
        return Ok(Choice { to, basis, rule_id, reason });
    }
    Err(AssignRule::NoRule.into())
}

/// Whoever was asked before and has not answered need not any more.
async fn supersede(tx: &mut Tx, target: Uuid) -> Result<()> {
    if let Some(id) = store::unanswered(tx.conn(), target).await? {
        let before: Assignment = tx.load(id).await?;
        let change = before.supersede(&tx.stamp())?;
        tx.save(change).await?;
    }
    Ok(())
}

async fn change(tx: &mut Tx, held: Held, choice: Choice) -> Result<Assignment> {
    let assignment = Assignment::of(tx.id(), held.target(), choice.clone(), &tx.stamp());
    held.give(tx, choice.to, &choice.reason).await?;
    tx.create(assignment).await
}

/// The assignment that the URL names, behind what it is about: in this order whoever assigns that anew locks the two.
pub async fn open(tx: &mut Tx, id: AssignmentId) -> Result<(Held, Assignment)> {
    let unknown = || ApiError::NotFound { entity: Assignment::KIND, id: id.to_string() };
    let named = store::find(tx.conn(), id).await?.ok_or_else(unknown)?;
    let held = Held::load(tx, named.target, named.target_id, &Sight::All).await?;
    Ok((held, tx.open(id).await?))
}

/// It was declined: back to whose it was, if it is still theirs who declined.
pub async fn take_back(tx: &mut Tx, held: Held, declined: &Assignment) -> Result<()> {
    if held.target().before.owner_id != declined.owner_id {
        return Ok(());
    }
    let reason = declined.answer.clone().unwrap_or_default();
    let choice = Choice { to: declined.before(), basis: Basis::Declined, rule_id: None, reason };
    Box::pin(change(tx, held, choice)).await.map(drop)
}

/// A handover has passed it on or given it back: the history knows.
pub async fn keep_history<T: Assigned>(tx: &mut Tx, row: &T, before: Ownership, why: &str) -> Result<()> {
    let target = row.target(before);
    supersede(tx, target.id).await?;
    let to = row.ownership().unwrap_or_default();
    let choice = Choice { to, basis: Basis::Handover, rule_id: None, reason: why.to_owned() };
    let change = Assignment::of(tx.id(), target, choice, &tx.stamp());
    tx.create(change).await.map(drop)
}

/// What has a history of owners.
pub trait Assigned: Entity {
    /// What an assignment says of it; `before`: whose it was.
    fn target(&self, before: Ownership) -> Target;
}
impl Assigned for Lead {
    fn target(&self, before: Ownership) -> Target {
        let (id, number, case_id) = (self.id.into(), self.number.clone(), Some(self.case_id));
        Target { kind: Kind::Lead, id, number, case_id, before }
    }
}
impl Assigned for Opportunity {
    fn target(&self, before: Ownership) -> Target {
        let (id, number, case_id) = (self.id.into(), self.number.clone(), Some(self.case_id));
        Target { kind: Kind::Opportunity, id, number, case_id, before }
    }
}
impl Assigned for Account {
    fn target(&self, before: Ownership) -> Target {
        Target { kind: Kind::Account, id: self.id.into(), number: self.number.clone(), case_id: None, before }
    }
}
