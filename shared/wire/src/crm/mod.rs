//! CRM: accounts, contacts, leads, opportunities, specifications, the directory of people.
mod accounts;
mod cases;
mod contacts;
mod imports;
mod lead_pool;
mod lead_sources;
mod leads;
mod opportunities;
mod pipelines;
mod requirement_specs;
mod scoring_models;
mod users;

pub use accounts::*;
pub use cases::*;
pub use contacts::*;
pub use imports::*;
pub use lead_pool::*;
pub use lead_sources::*;
pub use leads::*;
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
    EventInfo::of::<LeadIdleWarned>("A lead that nobody has worked on for long goes back to the pool soon."),
    EventInfo::of::<LeadMerged>("A lead was the same as another one, which took over what it had."),
    EventInfo::of::<CaseMerged>("Two deals turned out to be one."),
    EventInfo::of::<OpportunityRegistered>("A chance to sell was registered."),
    EventInfo::of::<OpportunityStageChanged>("A chance moved along the pipeline."),
    EventInfo::of::<OpportunityWon>("A chance was won."),
    EventInfo::of::<OpportunityLost>("A chance was lost."),
    EventInfo::of::<OpportunityInvalidated>("A chance never was one."),
    EventInfo::of::<OpportunityReopened>("A closed chance is open again."),
    EventInfo::of::<RequirementSpecSubmitted>("A specification was sent to the customer."),
    EventInfo::of::<RequirementSpecConfirmed>("The customer confirmed a specification."),
];
