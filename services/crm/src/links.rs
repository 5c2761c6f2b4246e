//! What a piece of daily work is about: a lead, customer or opportunity of crm, or a document of another service as the case
//! graph knows it. Whoever names one must be able to see it; what they cannot see is not there.
use crate::{
    accounts::{self, domain::Account},
    cases,
    leads::{self, domain::Lead},
    opportunities::{self, domain::Opportunity},
};
use platform::{ApiError, Caller, Entity, Result, Tx};
use uuid::Uuid;
use wire::{
    CaseId,
    crm::{AccountId, EntityLink},
};

/// What the named document passes on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Linked {
    pub case_id: Option<CaseId>,
    pub account_id: Option<AccountId>,
}

/// The document that a request names; 422 at `pointer` where there is none that the caller may see.
pub async fn named(tx: &mut Tx, caller: &Caller, kind: &str, id: Uuid, pointer: &str) -> Result<Linked> {
    let found = match kind {
        Lead::KIND => {
            let lead = leads::find(tx.conn(), id.into()).await?.filter(|lead| sees(caller, "crm.lead.read", lead));
            lead.map(|lead| Linked { case_id: Some(lead.case_id), account_id: lead.account_id })
        }
        Account::KIND => {
            let account = accounts::find(tx.conn(), id.into()).await?;
            let account = account.filter(|account| sees(caller, "crm.account.read", account));
            account.map(|account| Linked { case_id: None, account_id: Some(account.id) })
        }
        Opportunity::KIND => {
            let opportunity = opportunities::find(tx.conn(), id.into()).await?;
            let opportunity = opportunity.filter(|opportunity| sees(caller, "crm.opportunity.read", opportunity));
            opportunity.map(|found| Linked { case_id: Some(found.case_id), account_id: Some(found.account_id) })
        }
        _ => {
            let fact = cases::latest_of(tx.conn(), kind, id).await?.filter(|fact| fact.shown_to(caller));
            fact.map(|fact| Linked { case_id: Some(fact.case_id), account_id: fact.account_id() })
        }
    };
    found.ok_or_else(|| ApiError::absent(pointer, kind, id))
}

/// The same of an optional link, at `/link`.
pub async fn linked(tx: &mut Tx, caller: &Caller, link: Option<&EntityLink>) -> Result<Linked> {
    match link {
        Some(link) => named(tx, caller, link.kind.as_str(), link.id, "/link/id").await,
        None => Ok(Linked::default()),
    }
}

fn sees(caller: &Caller, permission: &str, entity: &impl Entity) -> bool {
    caller.sight(permission).is_some_and(|sight| sight.sees(entity.ownership().as_ref()))
}
