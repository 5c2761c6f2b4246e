//! Quoting: from a confirmed need to the customer's yes.
use platform::Service;
use wire::{
    handover::HandoverScope,
    kpi::KpiUnit,
    quoting::{
        CostKind, CoverageStatus, DocumentLanguage, LineChangeKind, LineKind, MarginStatus, MarketBasis,
        MarketPriceKind, PaymentTrigger, PriceConcern, PriceRounding, PriceStepKind, PricingRuleKind,
        ProposalQuestionStatus, Route, SolutionSectionKind,
    },
};

pub mod alternatives;
pub mod cost_sheets;
pub mod customers;
pub mod kpis;
pub mod margins;
pub mod market_prices;
pub mod price_books;
pub mod pricing;
pub mod pricing_policies;
pub mod products;
pub mod proposal_links;
pub mod proposals;
pub mod quotes;
pub mod rate_cards;
mod schema;
pub mod solutions;
pub mod versions;

const MIGRATIONS: diesel_migrations::EmbeddedMigrations = diesel_migrations::embed_migrations!("migrations");

/// The service's table of contents.
pub const SERVICE: Service = Service {
    name: "quoting",
    about: "products, prices, cost sheets, solutions, quotes, proposals",
    migrations: || MIGRATIONS,
    routes: |config| {
        config
            .configure(products::routes)
            .configure(alternatives::routes)
            .configure(cost_sheets::routes)
            .configure(price_books::routes)
            .configure(pricing_policies::routes)
            .configure(market_prices::routes)
            .configure(rate_cards::routes)
            .configure(pricing::routes)
            .configure(versions::routes)
            .configure(kpis::routes)
            .configure(quotes::routes)
            .configure(margins::routes)
            .configure(solutions::routes)
            .configure(proposals::routes)
            .configure(proposal_links::routes);
    },
    consumers: |on| {
        customers::consumers(on);
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
            .of::<cost_sheets::domain::CostSheet>(HandoverScope::Quotes)
            .of::<solutions::domain::Solution>(HandoverScope::Quotes)
            .of::<proposals::domain::Proposal>(HandoverScope::Quotes)
            .of::<proposal_links::domain::ProposalLink>(HandoverScope::Quotes);
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
        <price_books::domain::PriceBook as platform::Machine>::MACHINE,
        <market_prices::domain::MarketPrice as platform::Machine>::MACHINE,
        <rate_cards::domain::RateCard as platform::Machine>::MACHINE,
    ],
    words: &[
        ("route", Route::labels()),
        ("payment_trigger", PaymentTrigger::labels()),
        ("cost_kind", CostKind::labels()),
        ("margin_status", MarginStatus::labels()),
        ("document_language", DocumentLanguage::labels()),
        ("solution_section_kind", SolutionSectionKind::labels()),
        ("coverage_status", CoverageStatus::labels()),
        ("proposal_question_status", ProposalQuestionStatus::labels()),
        ("pricing_rule_kind", PricingRuleKind::labels()),
        ("market_basis", MarketBasis::labels()),
        ("price_rounding", PriceRounding::labels()),
        ("market_price_kind", MarketPriceKind::labels()),
        ("price_step_kind", PriceStepKind::labels()),
        ("price_concern", PriceConcern::labels()),
        ("line_kind", LineKind::labels()),
        ("line_change_kind", LineChangeKind::labels()),
        ("kpi_unit", KpiUnit::labels()),
    ],
    codes: &[
        products::domain::ProductRule::CODES,
        alternatives::domain::AlternativeRule::CODES,
        cost_sheets::domain::CostRule::CODES,
        customers::CustomerRule::CODES,
        quotes::domain::QuoteRule::CODES,
        solutions::domain::SolutionRule::CODES,
        proposals::domain::ProposalRule::CODES,
        proposal_links::domain::LinkRule::CODES,
        price_books::domain::PriceBookRule::CODES,
        pricing_policies::domain::PricingPolicyRule::CODES,
        market_prices::domain::MarketPriceRule::CODES,
        rate_cards::domain::RateCardRule::CODES,
        pricing::PricingRule::CODES,
    ],
};
