//! Accounts, contacts, leads, opportunities, specifications, the directory, the case graph.
use platform::{Machine, Service};
use std::time::Duration;
use wire::crm as words;

pub mod accounts;
pub mod cases;
pub mod contacts;
pub mod departments;
pub mod imports;
pub mod lead_pool;
pub mod lead_sources;
pub mod leads;
mod names;
pub mod opportunities;
pub mod pipelines;
mod references;
pub mod requirement_specs;
mod schema;
pub mod scoring_models;
pub mod users;

const MIGRATIONS: diesel_migrations::EmbeddedMigrations = diesel_migrations::embed_migrations!("migrations");

/// The service's table of contents.
pub const SERVICE: Service = Service {
    name: "crm",
    about: "accounts, contacts, leads, opportunities, specifications, the directory, the case graph",
    migrations: || MIGRATIONS,
    routes: |config| {
        config
            .configure(users::routes)
            .configure(departments::routes)
            .configure(accounts::routes)
            .configure(contacts::routes)
            .configure(lead_sources::routes)
            .configure(scoring_models::routes)
            .configure(lead_pool::routes)
            .configure(leads::routes)
            .configure(imports::routes)
            .configure(pipelines::routes)
            .configure(opportunities::routes)
            .configure(requirement_specs::routes)
            .configure(cases::routes);
    },
    consumers: |on| {
        opportunities::consumers(on);
        cases::consumers(on);
    },
    approvals: |_| {},
    jobs: |on| {
        on.every(Duration::from_mins(1), "rescore-leads", leads::rescore);
        on.every(Duration::from_secs(1), "take-imports-in", imports::take_rows_in);
        on.every(Duration::from_secs(5), "spell-names", leads::spell_names);
        on.every(Duration::from_mins(1), "return-idle-leads", leads::return_idle);
    },
    events: wire::crm::EVENTS,
    machines: &[
        users::domain::User::MACHINE,
        accounts::domain::Account::MACHINE,
        contacts::domain::Contact::MACHINE,
        scoring_models::domain::ScoringModel::MACHINE,
        leads::domain::Lead::MACHINE,
        imports::domain::Import::MACHINE,
        opportunities::domain::Opportunity::MACHINE,
        requirement_specs::domain::RequirementSpec::MACHINE,
    ],
    words: &[
        ("account_tier", words::AccountTier::labels()),
        ("contact_role", words::ContactRole::labels()),
        ("lead_source_kind", words::LeadSourceKind::labels()),
        ("party_type", words::PartyType::labels()),
        ("lead_class", words::LeadClass::labels()),
        ("pool_reason", words::PoolReason::labels()),
        ("screening_result", words::ScreeningResult::labels()),
        ("contact_channel", words::ContactChannel::labels()),
        ("on_duplicate", words::OnDuplicate::labels()),
        ("import_kind", words::ImportKind::labels()),
        ("import_format", words::ImportFormat::labels()),
        ("import_row_status", words::ImportRowStatus::labels()),
        ("candidate_kind", words::CandidateKind::labels()),
        ("case_status", words::CaseStatus::labels()),
        ("link_reason", words::LinkReason::labels()),
        ("exit_criterion", words::ExitCriterion::labels()),
        ("spec_field", words::SpecField::labels()),
        ("spec_priority", words::SpecPriority::labels()),
    ],
    codes: &[
        users::domain::UserRule::CODES,
        accounts::domain::AccountRule::CODES,
        contacts::domain::ContactRule::CODES,
        lead_sources::domain::LeadSourceRule::CODES,
        scoring_models::domain::ScoringRule::CODES,
        leads::domain::LeadRule::CODES,
        leads::Duplicate::CODES,
        lead_pool::domain::LeadPoolRefused::CODES,
        imports::domain::ImportRule::CODES,
        pipelines::domain::PipelineRule::CODES,
        opportunities::domain::OpportunityRule::CODES,
        requirement_specs::domain::SpecRule::CODES,
    ],
};
