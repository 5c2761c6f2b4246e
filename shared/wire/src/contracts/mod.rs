//! Contracts: templates, contracts, reviews, signatures, payment milestones, receipts of money.
mod events;

pub use events::*;

use crate::EventInfo;

/// The facts contracts tells.
pub const EVENTS: &[EventInfo] = &[
    EventInfo::of::<ContractDrafted>("A contract was drafted, from a quote, an order or a template."),
    EventInfo::of::<ReviewCompleted>("All reviewers passed a contract; it can be signed."),
    EventInfo::of::<ContractSigned>("Both parties have signed."),
    EventInfo::of::<ContractEffective>("A contract binds: orders goes on from here."),
    EventInfo::of::<PaymentDue>("A payment milestone fell due."),
    EventInfo::of::<ReceiptAllocated>("Money was allocated to milestones; `settled` says that all is paid."),
];
