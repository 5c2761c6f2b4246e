//! Accounts, contacts, leads, opportunities, specifications, the directory, the case graph.
use platform::{Machine, Service};
use std::time::Duration;
use wire::{crm as words, handover::HandoverScope};

pub mod account_profiles;
pub mod accounts;
mod actions;
pub mod archive_files;
pub mod cases;
pub mod competitors;
pub mod contacts;
pub mod data_quality;
pub mod departments;
mod identity;
pub mod imports;
pub mod lead_pool;
pub mod lead_sources;
pub mod leads;
pub mod membership_cards;
mod names;
pub mod negotiation_rounds;
pub mod onboarding_applications;
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
mod search;
pub mod users;

pub mod account_plans;
pub mod campaigns;
mod figures;
pub mod kpis;
pub mod loyalty;
pub mod market_feedback;
pub mod market_reports;
pub mod market_share_points;
mod periods;
pub mod ratings;
pub mod reports;
pub mod sales_plans;
pub mod sales_targets;
mod scope;
pub mod segments;
mod spellings;
pub mod target_lists;
// People's daily work around customers.
pub mod action_items;
pub mod activities;
pub mod assignment_rules;
pub mod assignments;
pub mod escalations;
pub mod follow_up_plans;
pub mod follow_ups;
pub mod handovers;
pub mod inquiries;
mod links;
pub mod meetings;
mod recurrence;
pub mod tasks;

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
            .configure(cases::routes)
            .configure(reports::routes)
            .configure(sales_targets::routes)
            .configure(sales_plans::routes)
            .configure(campaigns::routes)
            .configure(market_reports::routes)
            .configure(market_feedback::routes)
            .configure(market_share_points::routes)
            .configure(segments::routes)
            .configure(target_lists::routes)
            .configure(account_plans::routes)
            .configure(loyalty::routes)
            .configure(ratings::routes)
            .configure(kpis::routes);
        config
            .configure(activities::routes)
            .configure(escalations::routes)
            .configure(follow_up_plans::routes)
            .configure(follow_ups::routes)
            .configure(assignment_rules::routes)
            .configure(assignments::routes)
            .configure(handovers::routes)
            .configure(inquiries::routes)
            .configure(meetings::routes)
            .configure(action_items::routes)
            .configure(tasks::routes);
        config
            .configure(onboarding_applications::routes)
            .configure(membership_cards::routes)
            .configure(account_profiles::routes)
            .configure(archive_files::routes)
            .configure(data_quality::routes);
        config
            .configure(questions::routes)
            .configure(negotiation_rounds::routes)
            .configure(requirement_surveys::routes)
            .configure(requirement_items::routes)
            .configure(competitors::routes)
            .configure(opportunity_members::routes)
            .configure(project_initiations::routes)
            .configure(project_scoring::routes);
    },
    consumers: |on| {
        opportunities::consumers(on);
        requirement_specs::consumers(on);
        cases::consumers(on);
        segments::consumers(on);
    },
    approvals: |on| {
        on.on("onboarding_application", onboarding_applications::approval_decided);
        on.on("project_initiation", project_initiations::approval_decided);
    },
    jobs: |on| {
        on.every(Duration::from_mins(1), "rescore-leads", leads::rescore);
        on.every(Duration::from_secs(1), "take-imports-in", imports::take_rows_in);
        on.every(Duration::from_mins(5), "take-pipeline-snapshot", reports::take_snapshot);
        on.every(Duration::from_mins(1), "sweep-segments", segments::sweep);
        on.every(Duration::from_mins(10), "take-loyalty-snapshot", loyalty::take_snapshot);
        on.every(Duration::from_mins(1), "make-follow-ups", follow_up_plans::make_follow_ups);
        on.every(Duration::from_mins(1), "escalate-follow-ups", follow_ups::escalate);
        on.every(Duration::from_mins(1), "call-meetings", meetings::call_next);
        on.every(Duration::from_mins(1), "escalate-action-items", action_items::escalate);
        on.every(Duration::from_secs(30), "keep-handover-windows", handovers::keep_windows);
        on.every(Duration::from_hours(1), "open-data-quality-tasks", data_quality::open_tasks);
        on.every(Duration::from_secs(5), "spell-names", spellings::spell_names);
        on.every(Duration::from_mins(1), "return-idle-leads", leads::return_idle);
    },
    handovers: |on| {
        on.of::<leads::domain::Lead>(HandoverScope::Leads)
            .of::<opportunities::domain::Opportunity>(HandoverScope::Opportunities)
            .of::<requirement_specs::domain::RequirementSpec>(HandoverScope::Opportunities)
            .of::<questions::domain::Question>(HandoverScope::Opportunities)
            .of::<negotiation_rounds::domain::NegotiationRound>(HandoverScope::Opportunities)
            .of::<requirement_surveys::domain::RequirementSurvey>(HandoverScope::Opportunities)
            .of::<requirement_items::domain::RequirementItem>(HandoverScope::Opportunities)
            .of::<project_initiations::domain::ProjectInitiation>(HandoverScope::Opportunities)
            .of::<opportunity_members::domain::OpportunityMember>(HandoverScope::Opportunities)
            .of::<account_plans::domain::AccountPlan>(HandoverScope::Accounts)
            .of::<accounts::domain::Account>(HandoverScope::Accounts)
            .of::<contacts::domain::Contact>(HandoverScope::Accounts)
            .of::<onboarding_applications::domain::OnboardingApplication>(HandoverScope::Accounts)
            .of::<archive_files::domain::ArchiveFile>(HandoverScope::Accounts)
            .of::<data_quality::domain::DataQualityTask>(HandoverScope::Accounts)
            .of::<activities::domain::Activity>(HandoverScope::Activities)
            .of::<follow_up_plans::domain::FollowUpPlan>(HandoverScope::Activities)
            .of::<follow_ups::domain::FollowUp>(HandoverScope::Activities)
            .of::<inquiries::domain::Inquiry>(HandoverScope::Activities)
            .of::<action_items::domain::ActionItem>(HandoverScope::Activities)
            .of::<tasks::domain::Task>(HandoverScope::Activities)
            .of::<campaigns::domain::Campaign>(HandoverScope::Activities)
            .of::<sales_plans::domain::SalesPlan>(HandoverScope::Activities)
            .of::<target_lists::domain::TargetList>(HandoverScope::Activities)
            .of::<market_feedback::domain::MarketFeedback>(HandoverScope::Activities);
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
        sales_targets::domain::SalesTarget::MACHINE,
        sales_plans::domain::SalesPlan::MACHINE,
        campaigns::domain::Campaign::MACHINE,
        market_reports::domain::MarketReport::MACHINE,
        market_feedback::domain::MarketFeedback::MACHINE,
        segments::domain::Segment::MACHINE,
        target_lists::domain::TargetList::MACHINE,
        account_plans::domain::AccountPlan::MACHINE,
        activities::domain::Activity::MACHINE,
        follow_up_plans::domain::FollowUpPlan::MACHINE,
        follow_ups::domain::FollowUp::MACHINE,
        assignment_rules::domain::AssignmentRule::MACHINE,
        assignments::domain::Assignment::MACHINE,
        handovers::domain::Handover::MACHINE,
        inquiries::domain::Inquiry::MACHINE,
        meetings::domain::Meeting::MACHINE,
        action_items::domain::ActionItem::MACHINE,
        tasks::domain::Task::MACHINE,
        onboarding_applications::domain::OnboardingApplication::MACHINE,
        membership_cards::domain::MembershipCard::MACHINE,
        archive_files::domain::ArchiveFile::MACHINE,
        data_quality::domain::DataQualityRule::MACHINE,
        data_quality::domain::DataQualityTask::MACHINE,
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
        ("opportunity_outcome", words::OpportunityOutcome::labels()),
        ("sales_metric", words::SalesMetric::labels()),
        ("subject_kind", words::SubjectKind::labels()),
        ("campaign_kind", words::CampaignKind::labels()),
        ("market_section_kind", words::MarketSectionKind::labels()),
        ("market_feedback_kind", words::MarketFeedbackKind::labels()),
        ("segment_subject", words::SegmentSubject::labels()),
        ("segment_field", words::SegmentField::labels()),
        ("rating_aspect", words::RatingAspect::labels()),
        ("work_subject", words::WorkSubject::labels()),
        ("activity_kind", words::ActivityKind::labels()),
        ("demo_verdict", words::DemoVerdict::labels()),
        ("ladder_kind", words::LadderKind::labels()),
        ("assignment_target", words::AssignmentTarget::labels()),
        ("assignment_basis", words::AssignmentBasis::labels()),
        ("inquiry_channel", words::InquiryChannel::labels()),
        ("inquiry_target", words::InquiryTarget::labels()),
        ("meeting_kind", words::MeetingKind::labels()),
        ("task_source", words::TaskSource::labels()),
        ("assignment_rule_kind", words::AssignmentRuleKind::labels()),
        ("onboarding_paper", words::OnboardingPaper::labels()),
        ("onboarding_fault", words::OnboardingFault::labels()),
        ("decision_role", words::DecisionRole::labels()),
        ("decision_influence", words::DecisionInfluence::labels()),
        ("decision_attitude", words::DecisionAttitude::labels()),
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
        lead_pool::domain::LeadPoolRefused::CODES,
        imports::domain::ImportRule::CODES,
        pipelines::domain::PipelineRule::CODES,
        opportunities::domain::OpportunityRule::CODES,
        requirement_specs::domain::SpecRule::CODES,
        reports::domain::ReportRule::CODES,
        sales_targets::domain::SalesTargetRule::CODES,
        sales_plans::domain::SalesPlanRule::CODES,
        campaigns::domain::CampaignRule::CODES,
        market_reports::domain::MarketReportRule::CODES,
        market_share_points::domain::MarketShareRule::CODES,
        segments::domain::SegmentRuleRefused::CODES,
        target_lists::domain::TargetListRule::CODES,
        account_plans::domain::AccountPlanRule::CODES,
        ratings::domain::RatingRule::CODES,
        kpis::domain::KpiRule::CODES,
        activities::domain::ActivityRule::CODES,
        escalations::domain::LadderRule::CODES,
        recurrence::RecurrenceRule::CODES,
        follow_up_plans::domain::FollowUpPlanRule::CODES,
        assignment_rules::domain::ChoosingRule::CODES,
        assignments::domain::AssignRule::CODES,
        handovers::domain::HandoverRule::CODES,
        inquiries::domain::InquiryRule::CODES,
        meetings::domain::MeetingRule::CODES,
        action_items::domain::ActionItemRule::CODES,
        tasks::domain::TaskRule::CODES,
        onboarding_applications::domain::OnboardingRule::CODES,
        membership_cards::domain::CardRule::CODES,
        archive_files::domain::ArchiveRule::CODES,
        data_quality::domain::DataQualityProblem::CODES,
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
