//! Contracts: templates, contracts, reviews, signatures, payment milestones, receipts of money.
use platform::{Machine, Service};
use std::time::Duration;
use wire::handover::HandoverScope;
use wire::{
    contracts::{AcceptanceMethod, ClauseKind, ContractKind, Party, ReceiptChannel, SignatureMethod},
    quoting::PaymentTrigger,
};

pub mod contracts;
pub mod exchange_rates;
pub mod ledger;
pub mod payment_milestones;
pub mod receipts;
pub mod requirements;
pub mod review_comments;
mod schema;
pub mod templates;

const MIGRATIONS: diesel_migrations::EmbeddedMigrations = diesel_migrations::embed_migrations!("migrations");

/// The service's table of contents.
pub const SERVICE: Service = Service {
    name: "contracts",
    about: "templates, contracts, reviews, signatures, payment milestones, receipts of money",
    migrations: || MIGRATIONS,
    routes: |config| {
        config.configure(templates::routes);
        config.configure(contracts::routes);
        config.configure(review_comments::routes);
        config.configure(payment_milestones::routes);
        config.configure(receipts::routes);
        config.configure(ledger::routes);
        config.configure(exchange_rates::routes);
        config.configure(requirements::routes);
    },
    consumers: |on| {
        contracts::consumers(on);
        payment_milestones::consumers(on);
    },
    approvals: |on| {
        on.on("contract", contracts::approval_decided).on_step("contract", contracts::step_passed);
    },
    jobs: |on| {
        on.every(Duration::from_mins(5), "mark-payments-overdue", payment_milestones::mark_overdue);
    },
    handovers: |on| {
        on.of::<contracts::domain::Contract>(HandoverScope::Contracts)
            .of::<review_comments::domain::ReviewComment>(HandoverScope::Contracts)
            .of::<payment_milestones::domain::PaymentMilestone>(HandoverScope::Contracts);
    },
    events: wire::contracts::EVENTS,
    machines: &[
        templates::domain::Template::MACHINE,
        contracts::domain::Contract::MACHINE,
        contracts::clauses::MACHINE,
        review_comments::domain::ReviewComment::MACHINE,
        payment_milestones::domain::PaymentMilestone::MACHINE,
        receipts::domain::Receipt::MACHINE,
    ],
    words: &[
        ("contract_kind", ContractKind::labels()),
        ("clause_kind", ClauseKind::labels()),
        ("acceptance_method", AcceptanceMethod::labels()),
        ("party", Party::labels()),
        ("signature_method", SignatureMethod::labels()),
        ("payment_trigger", PaymentTrigger::labels()),
        ("receipt_channel", ReceiptChannel::labels()),
    ],
    codes: &[
        templates::domain::TemplateRule::CODES,
        contracts::domain::ContractRule::CODES,
        contracts::clauses::ClauseRule::CODES,
        contracts::clauses::Incomplete::CODES,
        review_comments::domain::ReviewCommentRule::CODES,
        payment_milestones::domain::PaymentRule::CODES,
        receipts::domain::ReceiptRule::CODES,
        exchange_rates::ExchangeRateRule::CODES,
        requirements::RequirementRule::CODES,
    ],
};
