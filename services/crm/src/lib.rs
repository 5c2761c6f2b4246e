//! Accounts, contacts, leads, opportunities, specifications, the directory, the case graph.
use platform::{Machine, Service};
use std::time::Duration;
use wire::crm as words;

pub mod accounts;
pub mod cases;
pub mod competitors;
pub mod contacts;
pub mod departments;
pub mod imports;
pub mod lead_sources;
pub mod leads;
mod names;
pub mod negotiation_rounds;
pub mod opportunities;
pub mod opportunity_members;
pub mod pipelines;
pub mod project_initiations;
pub mod project_scoring;
pub mod questions;
mod references;
pub mod requirement_items;
pub mod requirement_specs;
pub mod requirement_surveys;
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
            .configure(leads::routes)
            .configure(imports::routes)
            .configure(pipelines::routes)
            .configure(opportunities::routes)
            .configure(requirement_specs::routes)
            .configure(questions::routes)
            .configure(negotiation_rounds::routes)
            .configure(requirement_surveys::routes)
            .configure(requirement_items::routes)
            .configure(competitors::routes)
            .configure(opportunity_members::routes)
            .configure(project_initiations::routes)
            .configure(project_scoring::routes)
            .configure(cases::routes);
    },
    consumers: |on| {
        opportunities::consumers(on);
        cases::consumers(on);
    },
    approvals: |on| {
        on.on("project_initiation", project_initiations::approval_decided);
    },
    jobs: |on| {
        on.every(Duration::from_mins(1), "rescore-leads", leads::rescore);
        on.every(Duration::from_secs(1), "take-imports-in", imports::take_rows_in);
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
        questions::domain::Question::MACHINE,
        negotiation_rounds::domain::NegotiationRound::MACHINE,
        requirement_surveys::domain::RequirementSurvey::MACHINE,
        requirement_items::domain::RequirementItem::MACHINE,
        competitors::domain::Competitor::MACHINE,
        opportunity_members::domain::OpportunityMember::MACHINE,
        project_initiations::domain::ProjectInitiation::MACHINE,
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
        ("negotiation_term", words::NegotiationTerm::labels()),
        ("survey_method", words::SurveyMethod::labels()),
        ("survey_side", words::SurveySide::labels()),
        ("requirement_item_kind", words::RequirementItemKind::labels()),
        ("trace_kind", words::TraceKind::labels()),
        ("trace_status", words::TraceStatus::labels()),
        ("close_reason", words::CloseReason::labels()),
        ("competitor_outcome", words::CompetitorOutcome::labels()),
        ("team_role", words::TeamRole::labels()),
        ("review_side", words::ReviewSide::labels()),
        ("project_criterion", words::ProjectCriterion::labels()),
        ("risk_level", words::RiskLevel::labels()),
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
        questions::domain::QuestionRule::CODES,
        negotiation_rounds::domain::NegotiationRule::CODES,
        requirement_surveys::domain::SurveyRule::CODES,
        requirement_items::domain::RequirementItemRule::CODES,
        competitors::domain::CompetitorRule::CODES,
        opportunity_members::domain::TeamRule::CODES,
        project_initiations::domain::InitiationRule::CODES,
        project_initiations::Incomplete::CODES,
        project_scoring::domain::ScoringPolicyRule::CODES,
    ],
};
