//! The rules of links to proposals. Pure: no async, no clock, no SQL; a token is minted elsewhere and never seen here.
use crate::{proposals::domain::Proposal, schema::proposal_links};
use diesel::prelude::*;
use jiff::SignedDuration;
use platform::{Change, Machine, MachineInfo, Refused, Stamp, Transition};
use serde::Serialize;
use wire::{
    CaseId, Moment,
    crm::{ContactId, ContactSnapshot},
    quoting::{ProposalId, ProposalLinkId, ProposalLinkStatus as Status},
};

/// Days that a link is good for, if nothing else is said, and at most.
const USUAL_DAYS: u8 = 14;
const MOST_DAYS: u8 = 90;

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = proposal_links, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct ProposalLink {
    pub id: ProposalLinkId,
    pub status: Status,
    pub case_id: CaseId,
    pub proposal_id: ProposalId,
    pub contact_id: ContactId,
    pub contact_name: String,
    /// Not for the audit log either.
    #[serde(skip)]
    pub token_digest: String,
    pub expires_at: Moment,
    pub first_viewed_at: Option<Moment>,
    pub last_viewed_at: Option<Moment>,
    pub views: i32,
    pub created_by: String,
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub created_at: Moment,
    pub revoked_at: Option<Moment>,
    pub version: i32,
}
platform::entity!(ProposalLink, "proposal_link", ProposalLinkId; row: this, case: some, owned);

platform::rules!(
    /// Why a proposal is not shared.
    LinkRule {
        Contact => "proposal_link.contact", Invalid, "this is no contact of the proposal's customer, or not any more", "该联系人不属于建议书的客户，或已离职", at "/contact_id";
        Days => "proposal_link.valid_days", Invalid, "a link is valid for 1 to 90 days", "链接有效期应为 1 至 90 天", at "/valid_days";
    }
);

impl Machine for ProposalLink {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "proposal_link",
        transitions: &[Transition::new("revoke", &["open"], &["revoked"])],
        labels: Status::labels(),
    };
}

impl ProposalLink {
    /// A link to a proposal that is with the customer, for one of the customer's people.
    pub fn share(
        id: ProposalLinkId,
        token_digest: String,
        proposal: &Proposal,
        contact: &ContactSnapshot,
        valid_days: Option<u8>,
        by: &Stamp,
    ) -> platform::Result<Change<Self>> {
        proposal.may("share")?;
        if contact.account_id != proposal.account_id || !is_there(contact) {
            return Err(LinkRule::Contact.into());
        }
        let days = valid_days.unwrap_or(USUAL_DAYS);
        if !(1..=MOST_DAYS).contains(&days) {
            return Err(LinkRule::Days.into());
        }
        let link = Self {
            id,
            status: Status::Open,
            case_id: proposal.case_id,
            proposal_id: proposal.id,
            contact_id: contact.id,
            contact_name: contact.name.clone(),
            token_digest,
            expires_at: Moment::new(by.at.timestamp() + SignedDuration::from_hours(24 * i64::from(days))),
            first_viewed_at: None,
            last_viewed_at: None,
            views: 0,
            created_by: by.actor.clone(),
            owner_id: proposal.owner_id.clone(),
            team_id: proposal.team_id.clone(),
            department_id: proposal.department_id.clone(),
            created_at: by.at,
            revoked_at: None,
            version: 1,
        };
        Ok(Change::new("share", link))
    }
    /// It opens nothing any more; somebody may have said why.
    pub fn revoke(self, reason: Option<String>, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("revoke")?;
        let version = self.version + 1;
        let next = Self { status: Status::Revoked, revoked_at: Some(by.at), version, ..self };
        Ok(Change::new("revoke", next).because_said(reason))
    }
    /// Does it still open the proposal? For as long as the contact works there.
    pub fn opens(&self, contact: Option<&ContactSnapshot>, now: Moment) -> bool {
        self.status == Status::Open && now < self.expires_at && contact.is_some_and(is_there)
    }
    /// In whose name its holder acts.
    pub fn actor(&self) -> String {
        format!("customer:{}", self.contact_id)
    }
}

fn is_there(contact: &ContactSnapshot) -> bool {
    contact.status == "active"
}

#[cfg(test)]
#[path = "domain_tests.rs"]
mod tests;
