//! Campaigns: advertising, promotion and public relations with a budget (CRM-36), and whom they reached (CRM-37).
use crate::{
    Action, Amount, CaseId, Code, Day, Label, Moment, Money, Name, Note, Patched,
    crm::LeadId,
    event::event,
    id::id,
    resource::{listed, resource},
    words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

id!(
    /// A campaign.
    CampaignId,
    /// Somebody reached by a campaign.
    TouchpointId,
);
words!(
    /// The life of a campaign (CRM-36).
    CampaignStatus {
        Draft => "draft" "草稿" "Draft",
        Approved => "approved" "已批准" "Approved",
        Running => "running" "进行中" "Running",
        Closed => "closed" "已结束" "Closed",
    }
);
words!(
    /// What it is (CRM-37).
    CampaignKind {
        Advertising => "advertising" "广告" "Advertising",
        Promotion => "promotion" "促销" "Sales promotion",
        PublicRelations => "public_relations" "公关" "Public relations",
    }
);
resource!(Campaign);
listed!(Touchpoint);

/// A campaign as it is drafted.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"name": "秋季泵阀展", "kind": "promotion", "channel": "exhibition", "starts_on": "2026-09-01", "ends_on": "2026-09-30",
    "budget": {"amount": "50000.00", "currency": "CNY"}, "resources": "展位 36 平方米，两名技术人员"})))]
pub struct NewCampaign {
    pub name: Name,
    pub kind: CampaignKind,
    /// Code of a lead source.
    pub channel: Code,
    /// First day.
    pub starts_on: Day,
    /// Last day.
    pub ends_on: Day,
    /// Not negative.
    pub budget: Money,
    /// People and things that it needs.
    #[serde(default)]
    pub resources: Option<Note>,
}

/// Changes a draft (RFC 7396): what is absent stays, `null` empties.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CampaignPatch {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub name: Option<Name>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub ends_on: Option<Day>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub budget: Option<Money>,
    /// People and things that it needs.
    #[serde(default, skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<Note>)]
    pub resources: Patched<Note>,
}

/// Money that was spent on it, in the budget's currency; a negative amount takes some back.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SpendOnCampaign {
    pub amount: Amount,
    /// What the money went for.
    pub what: Label,
}

/// Money that was spent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CampaignExpense {
    pub amount: Amount,
    /// What the money went for.
    pub what: String,
    pub by: String,
    pub at: Moment,
}

/// A campaign as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Campaign {
    pub id: CampaignId,
    pub number: String,
    pub status: CampaignStatus,
    pub name: String,
    pub kind: CampaignKind,
    /// Code of a lead source.
    pub channel: String,
    pub starts_on: Day,
    pub ends_on: Day,
    pub budget: Money,
    pub spent: Money,
    /// More was spent than there is: a warning, not a refusal.
    pub over_budget: bool,
    /// People and things that it needs.
    pub resources: Option<String>,
    pub expenses: Vec<CampaignExpense>,
    pub result: Option<String>,
    pub created_by: String,
    pub approved_by: Option<String>,
    pub owner_id: Option<String>,
    pub created_at: Moment,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

/// What came of it, in words.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseCampaign {
    pub result: Note,
}

/// Somebody was reached. The first one that names a lead says by which campaign that lead came.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"what": "在展台索取样本", "at": "2026-09-03T02:00:00Z", "lead_id": "01932c5e-7b1a-7c3d-9e4f-0123456789ab"})))]
pub struct NewTouchpoint {
    /// How they were reached: a visit to the stand, a call, a letter.
    pub what: Label,
    /// Not in the future.
    pub at: Moment,
    #[serde(default)]
    pub lead_id: Option<LeadId>,
}

/// Somebody who was reached.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Touchpoint {
    pub id: TouchpointId,
    pub campaign_id: CampaignId,
    /// How they were reached: a visit to the stand, a call, a letter.
    pub what: String,
    pub at: Moment,
    pub lead_id: Option<LeadId>,
    /// Did the lead come by this campaign?
    pub attributed: bool,
    pub created_by: String,
    pub version: i32,
}

/// What came of it, in figures, by the leads that are attributed to it; counted over all of them, whosever they are.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CampaignResults {
    pub campaign_id: CampaignId,
    /// How many were reached.
    pub touchpoints: i64,
    /// Leads that came by it.
    pub leads: i64,
    /// Leads of it that became opportunities.
    pub converted: i64,
    /// Opportunities of those leads that were won.
    pub won: i64,
    /// Amounts of the won ones, one for each currency.
    pub revenue: Vec<Money>,
    /// Spent by lead, rounded; absent without leads.
    pub cost_per_lead: Option<Money>,
}
impl crate::Shown for CampaignResults {}

/// A campaign is over (CRM-36).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CampaignClosed {
    pub campaign_id: CampaignId,
    pub number: String,
    pub budget: Money,
    pub spent: Money,
}
event!(CampaignClosed = "crm.campaign.closed.v1");

/// A lead came by a campaign (CRM-37).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CampaignLeadAttributed {
    pub touchpoint_id: TouchpointId,
    pub campaign_id: CampaignId,
    pub lead_id: LeadId,
    pub case_id: CaseId,
}
event!(CampaignLeadAttributed = "crm.campaign.lead_attributed.v1");
