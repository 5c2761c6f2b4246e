//! Accounts, contacts, leads, opportunities, specifications, the directory, the case graph.
use platform::{Machine, Service};
use std::time::Duration;
use wire::crm as words;

pub mod account_profiles;
pub mod accounts;
pub mod archive_files;
pub mod cases;
pub mod contacts;
pub mod data_quality;
pub mod departments;
mod identity;
pub mod imports;
pub mod lead_sources;
pub mod leads;
pub mod membership_cards;
mod names;
pub mod onboarding_applications;
pub mod opportunities;
pub mod pipelines;
mod references;
pub mod requirement_specs;
mod schema;
pub mod scoring_models;
mod search;
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
            .configure(leads::routes)
            .configure(imports::routes)
            .configure(pipelines::routes)
            .configure(opportunities::routes)
            .configure(requirement_specs::routes)
            .configure(onboarding_applications::routes)
            .configure(membership_cards::routes)
            .configure(account_profiles::routes)
            .configure(archive_files::routes)
            .configure(data_quality::routes)
            .configure(cases::routes);
    },
    consumers: |on| {
        opportunities::consumers(on);
        cases::consumers(on);
    },
    approvals: |on| {
        on.on("onboarding_application", onboarding_applications::approval_decided);
    },
    jobs: |on| {
        on.every(Duration::from_mins(1), "rescore-leads", leads::rescore);
        on.every(Duration::from_secs(1), "take-imports-in", imports::take_rows_in);
        on.every(Duration::from_mins(10), "spell-names", search::spell_names);
        on.every(Duration::from_hours(1), "open-data-quality-tasks", data_quality::open_tasks);
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
        onboarding_applications::domain::OnboardingApplication::MACHINE,
        membership_cards::domain::MembershipCard::MACHINE,
        archive_files::domain::ArchiveFile::MACHINE,
        data_quality::domain::DataQualityRule::MACHINE,
        data_quality::domain::DataQualityTask::MACHINE,
    ],
    words: &[
        ("account_tier", words::AccountTier::labels()),
        ("contact_role", words::ContactRole::labels()),
        ("lead_source_kind", words::LeadSourceKind::labels()),
        ("party_type", words::PartyType::labels()),
        ("lead_class", words::LeadClass::labels()),
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
        ("onboarding_paper", words::OnboardingPaper::labels()),
        ("onboarding_fault", words::OnboardingFault::labels()),
        ("decision_role", words::DecisionRole::labels()),
        ("decision_influence", words::DecisionInfluence::labels()),
        ("decision_attitude", words::DecisionAttitude::labels()),
    ],
    codes: &[
        users::domain::UserRule::CODES,
        accounts::domain::AccountRule::CODES,
        contacts::domain::ContactRule::CODES,
        lead_sources::domain::LeadSourceRule::CODES,
        scoring_models::domain::ScoringRule::CODES,
        leads::domain::LeadRule::CODES,
        leads::Duplicate::CODES,
        imports::domain::ImportRule::CODES,
        pipelines::domain::PipelineRule::CODES,
        opportunities::domain::OpportunityRule::CODES,
        requirement_specs::domain::SpecRule::CODES,
        onboarding_applications::domain::OnboardingRule::CODES,
        membership_cards::domain::CardRule::CODES,
        archive_files::domain::ArchiveRule::CODES,
        data_quality::domain::DataQualityProblem::CODES,
    ],
};
