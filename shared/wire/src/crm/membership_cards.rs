//! Membership cards: made for an approved registration, mailed, received, activated (CRM-48).
use crate::{
    Action, Code, Evidence, Moment,
    crm::{AccountId, OnboardingApplicationId},
    event::event,
    id::id,
    resource::resource,
    words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

id!(
    /// A customer's card.
    MembershipCardId
);
words!(
    /// The life of a card (CRM-48).
    MembershipCardStatus {
        Requested => "requested" "待制卡" "Requested",
        Produced => "produced" "已制卡" "Produced",
        Mailed => "mailed" "已寄出" "Mailed",
        Received => "received" "已签收" "Received",
        Activated => "activated" "已激活" "Activated",
        Lost => "lost" "已挂失" "Lost",
    }
);
resource!(MembershipCard);

/// Another card in the place of one that was lost.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMembershipCard {
    /// Approved or completed, without a card that is not lost.
    pub onboarding_application_id: OnboardingApplicationId,
}

/// How it was mailed.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"carrier": "SF", "tracking_number": "SF1234567890"})))]
pub struct MailMembershipCard {
    pub carrier: Code,
    pub tracking_number: Code,
}

/// What shows that the customer has it (ruling 16).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReceiveMembershipCard {
    pub evidence: Evidence,
}

/// A card as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct MembershipCard {
    pub id: MembershipCardId,
    pub number: String,
    pub status: MembershipCardStatus,
    pub onboarding_application_id: OnboardingApplicationId,
    pub account_id: AccountId,
    /// Whose it is, as it is written on it.
    pub holder_name: String,
    pub carrier: Option<String>,
    pub tracking_number: Option<String>,
    pub evidence: Option<Evidence>,
    /// Why it was reported lost.
    pub reason: Option<String>,
    pub owner_id: Option<String>,
    pub created_at: Moment,
    pub produced_at: Option<Moment>,
    pub mailed_at: Option<Moment>,
    pub received_at: Option<Moment>,
    pub activated_at: Option<Moment>,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

/// A card is active (CRM-48).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CardActivated {
    pub membership_card_id: MembershipCardId,
    pub number: String,
    pub account_id: AccountId,
    pub onboarding_application_id: OnboardingApplicationId,
}
event!(CardActivated = "crm.card.activated.v1");
