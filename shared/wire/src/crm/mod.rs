//! CRM: accounts, contacts, leads, opportunities, specifications, the directory of people.
mod account_profiles;
mod accounts;
mod archive_files;
mod cases;
mod contacts;
mod data_quality;
mod imports;
mod lead_sources;
mod leads;
mod membership_cards;
mod onboarding_applications;
mod opportunities;
mod pipelines;
mod requirement_specs;
mod scoring_models;
mod users;

pub use account_profiles::*;
pub use accounts::*;
pub use archive_files::*;
pub use cases::*;
pub use contacts::*;
pub use data_quality::*;
pub use imports::*;
pub use lead_sources::*;
pub use leads::*;
pub use membership_cards::*;
pub use onboarding_applications::*;
pub use opportunities::*;
pub use pipelines::*;
pub use requirement_specs::*;
pub use scoring_models::*;
pub use users::*;

pub use crate::quoting::Reason;

use crate::EventInfo;

/// The facts crm tells.
pub const EVENTS: &[EventInfo] = &[
    EventInfo::of::<UserChanged>("Someone joined, moved, took another role or left."),
    EventInfo::of::<AccountCreated>("A customer was opened."),
    EventInfo::of::<AccountUpdated>("A customer's name, status or grade changed."),
    EventInfo::of::<ContactCreated>("A person at a customer became known."),
    EventInfo::of::<ContactUpdated>("A contact changed, became primary or left."),
    EventInfo::of::<LeadSourceChanged>("A channel was added or changed."),
    EventInfo::of::<LeadCreated>("Someone may need something."),
    EventInfo::of::<LeadDuplicateDetected>("A lead that looks like one that is known was taken in knowingly."),
    EventInfo::of::<LeadScreened>("A lead was screened."),
    EventInfo::of::<LeadScored>("A lead was rated by the active model."),
    EventInfo::of::<LeadContacted>("A lead was spoken to."),
    EventInfo::of::<LeadQualified>("A lead's need is clear and meant."),
    EventInfo::of::<LeadConverted>("A lead became customer, contact and opportunity."),
    EventInfo::of::<LeadDisqualified>("Nothing will come of a lead."),
    EventInfo::of::<LeadPooled>("A lead went to the pool."),
    EventInfo::of::<LeadClaimed>("Someone took a lead out of the pool."),
    EventInfo::of::<OpportunityRegistered>("A chance to sell was registered."),
    EventInfo::of::<OpportunityStageChanged>("A chance moved along the pipeline."),
    EventInfo::of::<OpportunityWon>("A chance was won."),
    EventInfo::of::<OpportunityLost>("A chance was lost."),
    EventInfo::of::<OpportunityInvalidated>("A chance never was one."),
    EventInfo::of::<OpportunityReopened>("A closed chance is open again."),
    EventInfo::of::<RequirementSpecSubmitted>("A specification was sent to the customer."),
    EventInfo::of::<RequirementSpecConfirmed>("The customer confirmed a specification."),
    EventInfo::of::<OnboardingSubmitted>("A customer's registration with its papers came in."),
    EventInfo::of::<OnboardingEntered>("A registration was entered."),
    EventInfo::of::<OnboardingAutoChecked>("The system has checked a registration: passed, or returned."),
    EventInfo::of::<OnboardingCrossChecked>("Another department agrees with a registration."),
    EventInfo::of::<OnboardingDocumentsVerified>("The originals of a registration's papers were seen."),
    EventInfo::of::<OnboardingApproved>("A registration was approved."),
    EventInfo::of::<OnboardingRejected>("A registration was rejected, with the reason."),
    EventInfo::of::<OnboardingCompleted>("A registration is complete: the customer is active."),
    EventInfo::of::<AccountMerged>("Two customers are one: the survivor has people, opportunities and references."),
    EventInfo::of::<AccountTierChanged>("A customer was made a key account, or a standard one again."),
    EventInfo::of::<AccountProfileCompleted>("Everything that a customer's profile asks is known."),
    EventInfo::of::<AccountVerified>("What is known of a customer was seen to be right."),
    EventInfo::of::<AccountPurged>("What was known of a customer was removed; its number remains."),
    EventInfo::of::<OpportunityMoved>("A chance is another customer's: two were found to be one."),
    EventInfo::of::<RequirementSpecMoved>("A specification is another customer's: two were found to be one."),
    EventInfo::of::<ArchiveFiled>("A document was filed in a customer's archive."),
    EventInfo::of::<CardActivated>("A membership card is active."),
];
