//! Opportunities and specifications, as other services know them.
use crate::{
    CaseId, Snapshot,
    crm::{AccountId, OpportunityId, RequirementSpecId},
    snapshot::snapshots,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A chance to sell, at one version.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct OpportunitySnapshot {
    pub id: OpportunityId,
    pub number: String,
    pub case_id: CaseId,
    pub account_id: AccountId,
    pub name: String,
    pub stage: String,
    pub status: String,
    pub version: i32,
}
impl Snapshot for OpportunitySnapshot {
    const KIND: &'static str = "opportunity";
    fn id(&self) -> Uuid {
        self.id.into()
    }
    fn version(&self) -> i32 {
        self.version
    }
}
snapshots!(OpportunitySnapshot =>
    /// A chance to sell was registered (CRM-14).
    OpportunityRegistered = "crm.opportunity.registered.v1",
    /// It moved along the pipeline (CRM-15).
    OpportunityStageChanged = "crm.opportunity.stage_changed.v1",
    /// It was won.
    OpportunityWon = "crm.opportunity.won.v1",
    /// It was lost.
    OpportunityLost = "crm.opportunity.lost.v1",
);

/// What the customer needs, at one version.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RequirementSpecSnapshot {
    pub id: RequirementSpecId,
    pub number: String,
    pub case_id: CaseId,
    pub opportunity_id: OpportunityId,
    pub account_id: AccountId,
    pub status: String,
    pub version: i32,
}
impl Snapshot for RequirementSpecSnapshot {
    const KIND: &'static str = "requirement_spec";
    fn id(&self) -> Uuid {
        self.id.into()
    }
    fn version(&self) -> i32 {
        self.version
    }
}
snapshots!(RequirementSpecSnapshot =>
    /// Sent to the customer (CRM-18).
    RequirementSpecSubmitted = "crm.requirement_spec.submitted.v1",
    /// The customer confirmed it (CRM-19): quotes that name it may be issued.
    RequirementSpecConfirmed = "crm.requirement_spec.confirmed.v1",
);
