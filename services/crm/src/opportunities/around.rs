//! What surrounds an opportunity and is kept with it: rivals (CRM-04) and the news of its team (CRM-20). Pure, like `domain`.
use super::{
    domain::{Opportunity, OpportunityRule},
    rivals,
};
use crate::competitors::domain::Competitor;
use platform::{Change, Machine, Refused};
use wire::crm::{CompetitorId, NameCompetitor, OpportunityStatus as Status, OpportunityTeamChanged};

impl Opportunity {
    /// Something new can only be about an open one.
    pub fn takes_more(&self) -> Result<(), OpportunityRule> {
        if self.status == Status::Open { Ok(()) } else { Err(OpportunityRule::Closed) }
    }
    /// Who else is after the deal, or what else is known of them (CRM-04).
    pub fn name_competitor(self, competitor: &Competitor, said: NameCompetitor) -> platform::Result<Change<Self>> {
        self.may("name_competitor")?;
        let mut next = self.next();
        rivals::name(&mut next.competitors.0, competitor, said)?;
        Ok(Change::new("name_competitor", next))
    }
    /// They are not after it.
    pub fn drop_competitor(self, id: CompetitorId) -> platform::Result<Change<Self>> {
        self.may("drop_competitor")?;
        let mut next = self.next();
        let known = next.competitors.0.len();
        next.competitors.0.retain(|rival| rival.competitor_id != id);
        if next.competitors.0.len() == known {
            return Err(OpportunityRule::Rival { id }.into());
        }
        Ok(Change::new("drop_competitor", next))
    }
    /// Somebody was asked for, came or went (CRM-20).
    pub fn change_team(self, event: &OpportunityTeamChanged) -> Result<Change<Self>, Refused> {
        self.may("change_team")?;
        Ok(Change::new("change_team", self.next()).emit(event))
    }
}
