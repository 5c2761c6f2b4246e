//! Contracts: templates, contracts, reviews, signatures, payment milestones, receipts of money.
mod clauses;
#[expect(clippy::module_inception, reason = "the service and its main resource have one name")]
mod contracts;
mod events;
mod payments;
mod requirements;
mod review_comments;
mod templates;

pub use clauses::*;
pub use contracts::*;
pub use events::*;
pub use payments::*;
pub use requirements::*;
pub use review_comments::*;
pub use templates::*;

use crate::EventInfo;

/// The facts contracts tells.
pub const EVENTS: &[EventInfo] = &[
    EventInfo::of::<ContractDrafted>("A contract was drafted, from a quote, an order or a template."),
    EventInfo::of::<ClausesAgreed>("The parties agree on clauses of a draft."),
    EventInfo::of::<VersionCreated>("What was submitted for review is frozen under its hash."),
    EventInfo::of::<ManagerPassed>("The manager passed a contract, with the four answers of the checklist."),
    EventInfo::of::<LegalPassed>("Legal passed a contract."),
    EventInfo::of::<ReviewCompleted>("All reviewers passed a contract; it can be signed."),
    EventInfo::of::<ContractSigned>("Both parties have signed."),
    EventInfo::of::<ContractEffective>("A contract binds: orders goes on from here."),
    EventInfo::of::<ContractWithdrawn>("A contract will never bind."),
    EventInfo::of::<SignatureMismatched>(
        "What a party signed is not the approved version; the signature was not taken.",
    ),
    EventInfo::of::<ContractRequired>("An order needs a contract, which was drafted for it."),
    EventInfo::of::<PaymentDue>("A payment milestone fell due."),
    EventInfo::of::<PaymentOverdue>("A payment milestone was not paid in time."),
    EventInfo::of::<PaymentWaived>("A payment milestone was waived; `settled` says that all is paid or waived."),
    EventInfo::of::<PaymentsSettled>("A contract that was settled before it had an order has learnt its order."),
    EventInfo::of::<ReceiptAllocated>("Money was allocated to milestones; `settled` says that all is paid or waived."),
    EventInfo::of::<ReceiptReversed>("Money that had been allocated was taken back."),
];
