//! The rules of cards (CRM-48). Pure: no async, no clock, no SQL.
use crate::{onboarding_applications::domain::OnboardingApplication, schema::membership_cards};
use diesel::prelude::*;
use platform::{Change, Machine, MachineInfo, Refused, Stamp, Transition, evidence::not_to_come};
use serde::Serialize;
use wire::{
    Evidence, Moment,
    crm::{
        AccountId, CardActivated, MailMembershipCard, MembershipCardId, MembershipCardStatus as Status,
        OnboardingApplicationId, OnboardingStatus,
    },
    json::Kept,
};

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = membership_cards, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct MembershipCard {
    pub id: MembershipCardId,
    pub number: String,
    pub status: Status,
    pub onboarding_application_id: OnboardingApplicationId,
    pub account_id: AccountId,
    pub holder_name: String,
    pub carrier: Option<String>,
    pub tracking_number: Option<String>,
    pub evidence: Option<Kept<Evidence>>,
    pub reason: Option<String>,
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub created_at: Moment,
    pub produced_at: Option<Moment>,
    pub mailed_at: Option<Moment>,
    pub received_at: Option<Moment>,
    pub activated_at: Option<Moment>,
    pub version: i32,
}
platform::entity!(MembershipCard, "membership_card", MembershipCardId; row: this, case: none, owned);

platform::rules!(
    /// Why a card is refused.
    CardRule {
        Application => "membership_card.application", Conflict, "cards are made for approved registrations only", "仅为已批准的注册申请制卡", at "/onboarding_application_id";
        Living { number: String } => "membership_card.living", Conflict, "card {number} is not lost", "会员卡 {number} 未挂失", at "/onboarding_application_id";
    }
);

impl Machine for MembershipCard {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "membership_card",
        transitions: &[
            Transition::new("produce", &["requested"], &["produced"]),
            Transition::new("mail", &["produced"], &["mailed"]),
            Transition::new("receive", &["mailed"], &["received"]),
            Transition::new("activate", &["received"], &["activated"]),
            Transition::new("lose", &["produced", "mailed", "received", "activated"], &["lost"]),
        ],
        labels: Status::labels(),
    };
}

impl MembershipCard {
    /// A card for a registration; `living` = the number of one that is not lost.
    pub fn request(
        id: MembershipCardId,
        number: String,
        of: &OnboardingApplication,
        living: Option<String>,
        by: &Stamp,
    ) -> Result<Change<Self>, CardRule> {
        if !matches!(of.status, OnboardingStatus::Approved | OnboardingStatus::Completed) {
            return Err(CardRule::Application);
        }
        if let Some(number) = living {
            return Err(CardRule::Living { number });
        }
        let card = Self {
            id,
            number,
            status: Status::Requested,
            onboarding_application_id: of.id,
            account_id: of.account_id,
            holder_name: of.entry.as_ref().map_or_else(|| of.applicant_name.clone(), |entry| entry.0.name.to_string()),
            carrier: None,
            tracking_number: None,
            evidence: None,
            reason: None,
            owner_id: of.owner_id.clone(),
            team_id: of.team_id.clone(),
            department_id: of.department_id.clone(),
            created_at: by.at,
            produced_at: None,
            mailed_at: None,
            received_at: None,
            activated_at: None,
            version: 1,
        };
        Ok(Change::new("create", card))
    }
    /// It is made.
    pub fn produce(self, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("produce")?;
        let mut next = self.to(Status::Produced);
        next.produced_at = Some(by.at);
        Ok(Change::new("produce", next))
    }
    /// It is on its way.
    pub fn mail(self, how: MailMembershipCard, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("mail")?;
        let mut next = self.to(Status::Mailed);
        next.mailed_at = Some(by.at);
        (next.carrier, next.tracking_number) =
            (Some(how.carrier.into_string()), Some(how.tracking_number.into_string()));
        Ok(Change::new("mail", next))
    }
    /// The customer has it.
    pub fn receive(self, evidence: Evidence, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("receive")?;
        not_to_come("evidence", &evidence, by)?;
        let mut next = self.to(Status::Received);
        (next.received_at, next.evidence) = (Some(by.at), Some(Kept(evidence)));
        Ok(Change::new("receive", next))
    }
    /// It can be used.
    pub fn activate(self, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("activate")?;
        let mut next = self.to(Status::Activated);
        next.activated_at = Some(by.at);
        let event = CardActivated {
            membership_card_id: next.id,
            number: next.number.clone(),
            account_id: next.account_id,
            onboarding_application_id: next.onboarding_application_id,
        };
        Ok(Change::new("activate", next).emit(&event))
    }
    /// Nobody knows where it is.
    pub fn lose(self, reason: String) -> Result<Change<Self>, Refused> {
        self.may("lose")?;
        let mut next = self.to(Status::Lost);
        next.reason = Some(reason.clone());
        Ok(Change::new("lose", next).because(reason))
    }

    /// Nothing is known of the customer any more (CRM-31).
    pub fn scrub(self) -> Change<Self> {
        let (holder_name, version) = (self.number.clone(), self.version + 1);
        Change::new("purge", Self { holder_name, evidence: None, version, ..self })
    }

    fn to(mut self, status: Status) -> Self {
        self.version += 1;
        Self { status, ..self }
    }
}
