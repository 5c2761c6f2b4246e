//! CRM: accounts, contacts, leads, opportunities, specifications, the directory of people.
mod account_plans;
mod account_profiles;
mod accounts;
mod action_items;
mod activities;
mod archive_files;
mod assignments;
mod campaigns;
mod cases;
mod competitors;
mod contacts;
mod data_quality;
mod escalations;
mod follow_ups;
mod handovers;
mod imports;
mod inquiries;
mod lead_matches;
mod lead_pool;
mod lead_reports;
mod lead_sources;
mod leads;
mod links;
mod loyalty;
mod market_feedback;
mod market_reports;
mod market_share_points;
mod meetings;
mod membership_cards;
mod negotiation_rounds;
mod onboarding_applications;
mod opportunities;
mod opportunity_members;
mod pipelines;
mod project_initiations;
mod questions;
mod ratings;
mod reports;
mod requirement_items;
mod requirement_specs;
mod requirement_surveys;
mod requirement_traces;
mod sales_plans;
mod sales_targets;
mod scoring_models;
mod segments;
mod target_lists;
mod tasks;
mod users;

pub use account_plans::*;
pub use account_profiles::*;
pub use accounts::*;
pub use action_items::*;
pub use activities::*;
pub use archive_files::*;
pub use assignments::*;
pub use campaigns::*;
pub use cases::*;
pub use competitors::*;
pub use contacts::*;
pub use data_quality::*;
pub use escalations::*;
pub use follow_ups::*;
pub use handovers::*;
pub use imports::*;
pub use inquiries::*;
pub use lead_matches::*;
pub use lead_pool::*;
pub use lead_reports::*;
pub use lead_sources::*;
pub use leads::*;
pub use links::*;
pub use loyalty::*;
pub use market_feedback::*;
pub use market_reports::*;
pub use market_share_points::*;
pub use meetings::*;
pub use membership_cards::*;
pub use negotiation_rounds::*;
pub use onboarding_applications::*;
pub use opportunities::*;
pub use opportunity_members::*;
pub use pipelines::*;
pub use project_initiations::*;
pub use questions::*;
pub use ratings::*;
pub use reports::*;
pub use requirement_items::*;
pub use requirement_specs::*;
pub use requirement_surveys::*;
pub use requirement_traces::*;
pub use sales_plans::*;
pub use sales_targets::*;
pub use scoring_models::*;
pub use segments::*;
pub use target_lists::*;
pub use tasks::*;
pub use users::*;

pub use crate::quoting::Reason;

use crate::EventInfo;

/// The facts crm tells.
pub const EVENTS: &[EventInfo] = &[
    EventInfo::of::<UserChanged>("Someone joined, moved, took another role or left."),
    EventInfo::of::<AccountCreated>("A customer was opened."),
    EventInfo::of::<AccountUpdated>("A customer's name, status or grade changed."),
    EventInfo::of::<ContactCreated>("A person at a customer became known."),
    EventInfo::of::<ContactUpdated>("A contact changed, became primary or left."),
    EventInfo::of::<LeadSourceChanged>("A channel was added or changed."),
    EventInfo::of::<LeadCreated>("Someone may need something."),
    EventInfo::of::<LeadDuplicateDetected>("A lead that looks like one that is known was taken in knowingly."),
    EventInfo::of::<LeadScreened>("A lead was screened."),
    EventInfo::of::<LeadScored>("A lead was rated by the active model."),
    EventInfo::of::<LeadContacted>("A lead was spoken to."),
    EventInfo::of::<LeadQualified>("A lead's need is clear and meant."),
    EventInfo::of::<LeadConverted>("A lead became customer, contact and opportunity."),
    EventInfo::of::<LeadDisqualified>("Nothing will come of a lead."),
    EventInfo::of::<LeadPooled>("A lead went to the pool."),
    EventInfo::of::<LeadClaimed>("Someone took a lead out of the pool."),
    EventInfo::of::<LeadIdleWarned>("A lead that nobody has worked on for long goes back to the pool soon."),
    EventInfo::of::<LeadMerged>("A lead was the same as another one, which took over what it had."),
    EventInfo::of::<CaseMerged>("Two deals turned out to be one."),
    EventInfo::of::<OpportunityRegistered>("A chance to sell was registered."),
    EventInfo::of::<OpportunityStageChanged>("A chance moved along the pipeline."),
    EventInfo::of::<OpportunityWon>("A chance was won."),
    EventInfo::of::<OpportunityLost>("A chance was lost."),
    EventInfo::of::<OpportunityInvalidated>("A chance never was one."),
    EventInfo::of::<OpportunityReopened>("A closed chance is open again."),
    EventInfo::of::<RequirementSpecSubmitted>("A specification was sent to the customer."),
    EventInfo::of::<RequirementSpecConfirmed>("The customer confirmed a specification."),
    EventInfo::of::<LeadUpdated>("What is known of a lead changed."),
    EventInfo::of::<PipelineSnapshotTaken>("A day's picture of the pipeline was kept."),
    EventInfo::of::<TargetApproved>("Somebody has a sales target."),
    EventInfo::of::<SalesPlanApproved>("A sales plan may be carried out."),
    EventInfo::of::<CampaignClosed>("A campaign is over."),
    EventInfo::of::<CampaignLeadAttributed>("A lead came by a campaign."),
    EventInfo::of::<MarketReportPublished>("A market analysis report was published."),
    EventInfo::of::<MarketFeedbackCreated>("Something was heard of the market."),
    EventInfo::of::<MarketShareRecorded>("Our share of a market in a period was recorded."),
    EventInfo::of::<SegmentMembershipChanged>("Somebody came into a segment or left it."),
    EventInfo::of::<TargetListApproved>("A list of customers to be developed is settled."),
    EventInfo::of::<AccountPlanActivated>("A plan for a customer is being carried out."),
    EventInfo::of::<LoyaltySnapshotTaken>("A quarter's picture of loyalty is complete."),
    EventInfo::of::<ActivityCompleted>("Something planned with a customer took place."),
    EventInfo::of::<DemoCompleted>("A product was shown to a customer and compared with others."),
    EventInfo::of::<ProgressReportSent>("A customer was told how far their project is."),
    EventInfo::of::<AssignmentChanged>(
        "A lead, an opportunity or a customer has another owner, or the new one has answered.",
    ),
    EventInfo::of::<HandoverActivated>("From now on someone's open work is a deputy's."),
    EventInfo::of::<HandoverReverted>("Someone is back: the deputy's work is theirs again."),
    EventInfo::of::<InquiryReceived>("Someone asks."),
    EventInfo::of::<InquiryClarified>("Someone who asks has answered a supplementary question."),
    EventInfo::of::<MeetingMinuted>("What a meeting said and decided is written down."),
    EventInfo::of::<ActionItemOverdue>("An action item was not done in time; its owner or the manager hears of it."),
    EventInfo::of::<TaskAccepted>("A task was done well."),
    EventInfo::of::<FollowUpOverdue>("A follow-up was missed; its owner, the manager or a colleague hears of it."),
    EventInfo::of::<OnboardingSubmitted>("A customer's registration with its papers came in."),
    EventInfo::of::<OnboardingEntered>("A registration was entered."),
    EventInfo::of::<OnboardingAutoChecked>("The system has checked a registration: passed, or returned."),
    EventInfo::of::<OnboardingCrossChecked>("Another department agrees with a registration."),
    EventInfo::of::<OnboardingDocumentsVerified>("The originals of a registration's papers were seen."),
    EventInfo::of::<OnboardingApproved>("A registration was approved."),
    EventInfo::of::<OnboardingRejected>("A registration was rejected, with the reason."),
    EventInfo::of::<OnboardingCompleted>("A registration is complete: the customer is active."),
    EventInfo::of::<OnboardingWithdrawn>("A registration was withdrawn before it was approved."),
    EventInfo::of::<AccountMerged>("Two customers are one: the survivor has people, opportunities and references."),
    EventInfo::of::<AccountTierChanged>("A customer was made a key account, or a standard one again."),
    EventInfo::of::<AccountProfileCompleted>("Everything that a customer's profile asks is known."),
    EventInfo::of::<AccountVerified>("What is known of a customer was seen to be right."),
    EventInfo::of::<AccountPurged>("What was known of a customer was removed; its number remains."),
    EventInfo::of::<OpportunityMoved>("A chance is another customer's: two were found to be one."),
    EventInfo::of::<RequirementSpecMoved>("A specification is another customer's: two were found to be one."),
    EventInfo::of::<ArchiveFiled>("A document was filed in a customer's archive."),
    EventInfo::of::<CardActivated>("A membership card is active."),
    EventInfo::of::<CustomerQuestionAnswered>("A customer was told what they had asked."),
    EventInfo::of::<NegotiationRoundClosed>("A round of negotiation was agreed, or failed."),
    EventInfo::of::<OpportunityIntentAgreed>("Both sides mean the deal."),
    EventInfo::of::<RequirementSurveyRecorded>("What a survey of requirements found is written down."),
    EventInfo::of::<RequirementItemChanged>("A need, pain or expectation was noted, changed, addressed or dropped."),
    EventInfo::of::<CompetitorUpdated>("A competitor became known, changed, or is none any more."),
    EventInfo::of::<OpportunityTeamChanged>("Somebody was asked into the team of a chance, joined it or left it."),
    EventInfo::of::<ProjectInitiationScored>("An application for a project was scored by every side."),
    EventInfo::of::<ProjectInitiationApproved>("An application for a project was approved."),
    EventInfo::of::<ProjectNumbered>("A project has its number and its core team."),
    EventInfo::of::<CollaboratorAdded>("A colleague of customer service helps with a chance."),
];
