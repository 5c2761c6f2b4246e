//! Quoting: products, prices, cost sheets, solutions, quotes, proposals.
mod cost_sheets;
mod margins;
mod market_prices;
mod price_books;
mod pricing;
mod pricing_policies;
mod products;
mod proposal_links;
mod proposals;
mod quote_versions;
mod quotes;
mod rate_cards;
mod solutions;

pub use cost_sheets::*;
pub use margins::*;
pub use market_prices::*;
pub use price_books::*;
pub use pricing::*;
pub use pricing_policies::*;
pub use products::*;
pub use proposal_links::*;
pub use proposals::*;
pub use quote_versions::*;
pub use quotes::*;
pub use rate_cards::*;
pub use solutions::*;

use crate::EventInfo;

/// The facts quoting tells.
pub const EVENTS: &[EventInfo] = &[
    EventInfo::of::<ProductPublished>("A product can be sold, or changed while it can."),
    EventInfo::of::<ProductRetired>("A product is no longer sold."),
    EventInfo::of::<AlternativesChanged>("A product got a substitute, or lost or re-ranked one."),
    EventInfo::of::<PricePolicyPublished>(
        "Quotes of its first day and later are priced by another version of the policy.",
    ),
    EventInfo::of::<CostSheetLocked>("Finance verified and locked what a deal costs us."),
    EventInfo::of::<ProposalSubmitted>("A solution and its quotes were submitted to the customer together."),
    EventInfo::of::<ProposalQuestionAnswered>("A question of the customer's about a proposal was answered."),
    EventInfo::of::<ProposalAccepted>(
        "The customer accepted a solution and one of the quotes that were offered with it.",
    ),
    EventInfo::of::<SolutionReviewed>("A reviewer has said what they think of a solution."),
    EventInfo::of::<SolutionApproved>("Every required reviewer passed a solution."),
    EventInfo::of::<SolutionCoverageChanged>("A solution covers other items of the specification than before."),
    EventInfo::of::<QuoteMarginBreached>("A quote was submitted below the margin's floor."),
    EventInfo::of::<QuoteIssued>("A quote was sent to the customer."),
    EventInfo::of::<QuoteRevised>("A new revision replaces the quote that the customer has."),
    EventInfo::of::<QuoteAccepted>("The customer accepted a quote; `route` says who goes on."),
    EventInfo::of::<QuoteClosed>("A quote ended without a yes: rejected, expired or withdrawn."),
];
