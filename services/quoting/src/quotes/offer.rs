//! A quote as one of the variants of a proposal (QUO-07): it goes to the customer with it, and the proposal decides about it from
//! then on. Pure, like `domain`.
use super::domain::{Quote, QuoteRule};
use platform::{Change, Machine, Stamp};
use wire::quoting::{ProposalId, QuoteStatus as Status};

impl Quote {
    /// Goes to the customer as a part of this proposal; an approved one is issued by that.
    pub fn offer(mut self, proposal: ProposalId, by: &Stamp) -> platform::Result<Change<Self>> {
        if self.head.proposal_id.is_some_and(|other| other != proposal) {
            return Err(QuoteRule::Proposed.into());
        }
        self.head.proposal_id = Some(proposal);
        if self.head.status == Status::Approved {
            return Ok(self.issue(by)?);
        }
        let this = self.on(by.today());
        this.may("offer")?;
        Ok(Change::new("offer", this.next()))
    }
    /// Is it with the customer in this proposal?
    pub fn is_offered_in(&self, proposal: ProposalId) -> bool {
        let ended = [Status::Rejected, Status::Expired, Status::Withdrawn, Status::Superseded];
        self.head.proposal_id == Some(proposal) && !ended.contains(&self.head.status)
    }
    /// In the hands of its proposal, which accepts or rejects it.
    pub fn within(mut self, proposal: ProposalId) -> Result<Self, QuoteRule> {
        self.basis.in_hands_of = Some(proposal);
        if self.head.proposal_id == self.basis.in_hands_of { Ok(self) } else { Err(QuoteRule::NotProposed) }
    }
}
