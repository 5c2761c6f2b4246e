//! CRM: accounts, contacts, leads, opportunities, specifications, the directory of people.
mod accounts;
mod cases;
mod competitors;
mod contacts;
mod imports;
mod lead_sources;
mod leads;
mod negotiation_rounds;
mod opportunities;
mod opportunity_members;
mod pipelines;
mod project_initiations;
mod questions;
mod requirement_items;
mod requirement_specs;
mod requirement_surveys;
mod requirement_traces;
mod scoring_models;
mod users;

pub use accounts::*;
pub use cases::*;
pub use competitors::*;
pub use contacts::*;
pub use imports::*;
pub use lead_sources::*;
pub use leads::*;
pub use negotiation_rounds::*;
pub use opportunities::*;
pub use opportunity_members::*;
pub use pipelines::*;
pub use project_initiations::*;
pub use questions::*;
pub use requirement_items::*;
pub use requirement_specs::*;
pub use requirement_surveys::*;
pub use requirement_traces::*;
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
    EventInfo::of::<CustomerQuestionAnswered>("A customer was told what they had asked."),
    EventInfo::of::<NegotiationRoundClosed>("A round of negotiation was agreed, or failed."),
    EventInfo::of::<OpportunityIntentAgreed>("Both sides mean the deal."),
    EventInfo::of::<RequirementSurveyRecorded>("What a survey of requirements found is written down."),
    EventInfo::of::<RequirementItemChanged>("A need, pain or expectation was noted, changed, addressed or dropped."),
    EventInfo::of::<CompetitorUpdated>("A competitor became known, changed, or is none any more."),
    EventInfo::of::<OpportunityTeamChanged>("Somebody was asked into the team of a chance, joined it or left it."),
    EventInfo::of::<ProjectInitiationScored>("An application for a project was scored by every side."),
    EventInfo::of::<ProjectInitiationApproved>("An application for a project was approved."),
    EventInfo::of::<ProjectNumbered>("A project has its number and its core team."),
    EventInfo::of::<CollaboratorAdded>("A colleague of customer service helps with a chance."),
];
