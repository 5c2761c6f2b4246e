//! CRM: accounts, contacts, leads, opportunities, specifications, the directory of people.
mod accounts;
mod opportunities;
mod users;

pub use accounts::*;
pub use opportunities::*;
pub use users::*;

use crate::EventInfo;

/// The facts crm tells.
pub const EVENTS: &[EventInfo] = &[
    EventInfo::of::<UserChanged>("Someone joined, moved, took another role or left."),
    EventInfo::of::<AccountCreated>("A customer was opened."),
    EventInfo::of::<AccountUpdated>("A customer's name, status or grade changed."),
    EventInfo::of::<OpportunityRegistered>("A chance to sell was registered."),
    EventInfo::of::<OpportunityStageChanged>("A chance moved along the pipeline."),
    EventInfo::of::<OpportunityWon>("A chance was won."),
    EventInfo::of::<OpportunityLost>("A chance was lost."),
    EventInfo::of::<RequirementSpecSubmitted>("A specification was sent to the customer."),
    EventInfo::of::<RequirementSpecConfirmed>("The customer confirmed a specification."),
];
