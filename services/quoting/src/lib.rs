//! Quoting: from a confirmed need to the customer's yes.
use platform::Service;
use wire::handover::HandoverScope;
use wire::quoting::{
    CostKind, CoverageStatus, MarginStatus, PaymentTrigger, ProposalQuestionStatus, Route, SolutionSectionKind,
};
use wire::quoting::{CostKind, MarginStatus, PaymentTrigger, Route};

pub mod alternatives;
pub mod cost_sheets;
pub mod margins;
pub mod products;
pub mod proposal_links;
pub mod proposals;
pub mod quotes;
mod schema;
pub mod solutions;

const MIGRATIONS: diesel_migrations::EmbeddedMigrations = diesel_migrations::embed_migrations!("migrations");

/// The service's table of contents.
pub const SERVICE: Service = Service {
    name: "quoting",
    about: "products, cost sheets, solutions, quotes, proposals",
    migrations: || MIGRATIONS,
    routes: |config| {
        config
            .configure(products::routes)
            .configure(alternatives::routes)
            .configure(cost_sheets::routes)
            .configure(quotes::routes)
            .configure(margins::routes)
            .configure(solutions::routes)
            .configure(proposals::routes)
            .configure(proposal_links::routes);
    },
    consumers: |on| {
        quotes::consumers(on);
        proposal_links::consumers(on);
    },
    approvals: |on| {
        on.on("quote", quotes::approval_decided);
    },
    jobs: |on| {
        on.every(std::time::Duration::from_mins(5), "expire-quotes", quotes::expire_due);
    },
    handovers: |on| {
        on.of::<quotes::domain::Quote>(HandoverScope::Quotes)
            .of::<cost_sheets::domain::CostSheet>(HandoverScope::Quotes);
    },
    events: wire::quoting::EVENTS,
    machines: &[
        <products::domain::Product as platform::Machine>::MACHINE,
        <alternatives::domain::Alternative as platform::Machine>::MACHINE,
        <cost_sheets::domain::CostSheet as platform::Machine>::MACHINE,
        <quotes::domain::Quote as platform::Machine>::MACHINE,
        <solutions::domain::Solution as platform::Machine>::MACHINE,
        <proposals::domain::Proposal as platform::Machine>::MACHINE,
        <proposal_links::domain::ProposalLink as platform::Machine>::MACHINE,
    ],
    words: &[
        ("route", Route::labels()),
        ("payment_trigger", PaymentTrigger::labels()),
        ("cost_kind", CostKind::labels()),
        ("margin_status", MarginStatus::labels()),
        ("document_language", wire::quoting::DocumentLanguage::labels()),
        ("solution_section_kind", SolutionSectionKind::labels()),
        ("coverage_status", CoverageStatus::labels()),
        ("proposal_question_status", ProposalQuestionStatus::labels()),
    ],
    codes: &[
        products::domain::ProductRule::CODES,
        alternatives::domain::AlternativeRule::CODES,
        cost_sheets::domain::CostRule::CODES,
        quotes::domain::QuoteRule::CODES,
        solutions::domain::SolutionRule::CODES,
        proposals::domain::ProposalRule::CODES,
        proposal_links::domain::LinkRule::CODES,
    ],
};
