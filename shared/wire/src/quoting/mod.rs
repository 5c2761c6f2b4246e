//! Quoting: products, cost sheets, quotes.
mod cost_sheets;
mod margins;
mod products;
mod quotes;

pub use cost_sheets::*;
pub use margins::*;
pub use products::*;
pub use quotes::*;

use crate::EventInfo;

/// The facts quoting tells.
pub const EVENTS: &[EventInfo] = &[
    EventInfo::of::<ProductPublished>("A product can be sold, or changed while it can."),
    EventInfo::of::<ProductRetired>("A product is no longer sold."),
    EventInfo::of::<AlternativesChanged>("A product got a substitute, or lost or re-ranked one."),
    EventInfo::of::<CostSheetLocked>("Finance verified and locked what a deal costs us."),
    EventInfo::of::<QuoteMarginBreached>("A quote was submitted below the margin's floor."),
    EventInfo::of::<QuoteIssued>("A quote was sent to the customer."),
    EventInfo::of::<QuoteRevised>("A new revision replaces the quote that the customer has."),
    EventInfo::of::<QuoteAccepted>("The customer accepted a quote; `route` says who goes on."),
    EventInfo::of::<QuoteClosed>("A quote ended without a yes: rejected, expired or withdrawn."),
];
