//! What was said of a lead when it was reported once more (CRM-07). Refuses to be a lead: the one that was known stands for both.
use crate::{
    Moment,
    crm::{AccountId, LeadId, PartyType},
    id::id,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

id!(
    /// A further report of a lead.
    LeadReportId
);

/// What a further report of the same lead said, as it was said (CRM-07).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LeadReport {
    pub id: LeadReportId,
    /// The lead that it was merged into.
    pub lead_id: LeadId,
    pub party_type: PartyType,
    pub name: String,
    pub contact_name: Option<String>,
    pub contact_phone: Option<String>,
    pub contact_email: Option<String>,
    /// Where they are, as it was said.
    pub region: Option<String>,
    /// Code of the lead source that this report came by.
    pub source: String,
    pub referrer_account_id: Option<AccountId>,
    pub need: Option<String>,
    /// Who took it in.
    pub taken_by: String,
    pub taken_at: Moment,
}
