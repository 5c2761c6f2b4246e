//! Opportunities: confirmed chances to sell (CRM-02, 14, 15), here and as other services know them.
use crate::{
    Action, CaseId, Code, Day, Evidence, ExternalRef, Label, Moment, Money, Name, Note, Patched, Rate, Snapshot,
    crm::{
        AccountId, CompetitorId, ContactId, LeadId, OpportunityId, OpportunityMemberId, OpportunityMemberStatus,
        PipelineId, TeamRole,
    },
    event::event,
    page::page_query,
    quoting::QuoteId,
    resource::resource,
    snapshot::snapshots,
    words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

words!(
    /// The life of an opportunity (CRM-02).
    OpportunityStatus {
        Open => "open" "进行中" "Open",
        Won => "won" "赢单" "Won",
        Lost => "lost" "输单" "Lost",
        Invalid => "invalid" "无效" "Invalid",
    }
);
words!(
    /// Why deals are won and lost (CRM-04).
    CloseReason {
        Price => "price" "价格" "Price",
        Product => "product" "产品" "Product",
        Service => "service" "服务" "Service",
        Timing => "timing" "时机" "Timing",
        Relationship => "relationship" "客户关系" "Relationship",
        NoBudget => "no_budget" "没有预算" "No budget",
        Other => "other" "其他" "Other",
    }
);
words!(
    /// Did a competitor get the deal? (CRM-04)
    CompetitorOutcome {
        Won => "won" "中标" "Got the deal",
        Lost => "lost" "落选" "Did not get it",
    }
);
resource!(Opportunity);

/// An opportunity as it is registered: customer, need and source must be there (CRM-14).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"account_id": "01932c5e-7b1a-7c3d-9e4f-0123456789ab", "name": "二期泵站", "need": "12 台卧式泵，三月内交货",
    "source": "exhibition", "amount": {"amount": "15000.00", "currency": "CNY"}, "expected_close": "2026-12-31"})))]
pub struct NewOpportunity {
    pub account_id: AccountId,
    #[serde(default)]
    pub contact_id: Option<ContactId>,
    pub name: Name,
    /// What the customer needs, in short.
    pub need: Note,
    /// Code of a lead source.
    pub source: Code,
    /// What it may be worth.
    #[serde(default)]
    pub amount: Option<Money>,
    #[serde(default)]
    pub expected_close: Option<Day>,
    /// The default pipeline if absent.
    #[serde(default)]
    pub pipeline_id: Option<PipelineId>,
    #[serde(default)]
    #[schema(max_items = 20)]
    pub external_refs: Vec<ExternalRef>,
    /// Business of a kind or in a market that we did not do before (CRM-52).
    #[serde(default)]
    pub is_new_business: bool,
}

/// Changes an open opportunity (RFC 7396): what is absent stays, `null` empties.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpportunityPatch {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub name: Option<Name>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub need: Option<Note>,
    #[serde(default, skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<ContactId>)]
    pub contact_id: Patched<ContactId>,
    #[serde(default, skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<Money>)]
    pub amount: Patched<Money>,
    #[serde(default, skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<Day>)]
    pub expected_close: Patched<Day>,
    /// Of a kind or in a market that we did not do before (CRM-52).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub is_new_business: Option<bool>,
}

/// Where to along the pipeline; the next stage if absent. Exit criteria of every stage that is left must be met.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AdvanceOpportunity {
    /// Key of a stage of its pipeline.
    #[serde(default)]
    pub to: Option<Code>,
}

/// Both sides mean it (CRM-24): what shows that, a letter of intent as its attachment for instance.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MarkIntent {
    pub evidence: Evidence,
}

/// Why a deal is won or lost.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"reason": "客户选择了更低的报价", "reason_code": "price"})))]
pub struct CloseOpportunity {
    pub reason: Label,
    #[serde(default)]
    pub reason_code: Option<CloseReason>,
    /// Lost: who got the deal. Won: whom it was won against.
    #[serde(default)]
    pub competitor_id: Option<CompetitorId>,
}

/// A competitor in a deal, and what is known of them in it; said anew, it takes the place of what was said before.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NameCompetitor {
    pub competitor_id: CompetitorId,
    /// What they ask for.
    #[serde(default)]
    pub price: Option<Money>,
    #[serde(default)]
    pub note: Option<Note>,
}

/// A competitor who is not after the deal.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DropCompetitor {
    pub competitor_id: CompetitorId,
}

/// A competitor in a deal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OpportunityCompetitor {
    pub competitor_id: CompetitorId,
    pub name: String,
    pub price: Option<Money>,
    pub note: Option<String>,
    /// Known when the deal is won, or lost to somebody who is named.
    pub outcome: Option<CompetitorOutcome>,
}

words!(
    /// Orders in which opportunities are listed.
    OpportunitySort {
        Newest => "newest" "最新优先" "Newest first",
        Oldest => "oldest" "最早优先" "Oldest first",
        Amount => "amount" "金额从高到低" "Largest amount first",
        ExpectedClose => "expected_close" "预计成交日从早到晚" "First to be closed first",
    }
);
page_query!(
    /// Filters of opportunities.
    OpportunityQuery {
        /// The order; `newest` if absent. All pages of a list are asked for with the same one. Amounts are compared as they stand, whatever their currency; what has none, or no day, comes last.
        #[param(inline)]
        sort: OpportunitySort,
        /// Only rows of one customer.
        #[param(value_type = Option<String>, format = Uuid)]
        account_id: Uuid,
        /// Only those that were lost to one competitor, or won against it.
        #[param(value_type = Option<String>, format = Uuid)]
        competitor_id: Uuid,
        /// Only those in this stage: its key in the pipeline.
        #[param(max_length = 64)]
        stage: String,
        /// Only those of this person: a reference of the directory.
        #[param(max_length = 128)]
        owner_id: String,
    }
);

page_query!(
    /// Filters of what belongs to opportunities.
    OpportunityPageQuery {
        /// Only rows of one opportunity.
        #[param(value_type = Option<String>, format = Uuid)]
        opportunity_id: Uuid,
    }
);

/// A stage that was entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StageEntry {
    pub stage: String,
    pub entered_at: Moment,
    pub by: String,
}

/// An opportunity as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Opportunity {
    pub id: OpportunityId,
    pub number: String,
    pub status: OpportunityStatus,
    pub case_id: CaseId,
    pub account_id: AccountId,
    pub account_name: String,
    pub contact_id: Option<ContactId>,
    pub lead_id: Option<LeadId>,
    pub name: String,
    pub need: String,
    /// Code of the lead source that it came by.
    pub source: String,
    pub amount: Option<Money>,
    pub expected_close: Option<Day>,
    pub pipeline_id: PipelineId,
    pub stage: String,
    /// Likelihood of the stage, 0 to 1; 1 when won, 0 when lost or invalid.
    pub probability: Rate,
    pub stage_history: Vec<StageEntry>,
    /// Why it was won, lost, invalidated or reopened.
    pub reason: Option<String>,
    /// The quote that won it.
    pub quote_id: Option<QuoteId>,
    pub external_refs: Vec<ExternalRef>,
    pub owner_id: Option<String>,
    pub created_at: Moment,
    pub closed_at: Option<Moment>,
    /// When both sides meant it.
    pub intent_at: Option<Moment>,
    /// What shows that.
    pub intent_evidence: Option<Evidence>,
    /// Who else is after the deal.
    pub competitors: Vec<OpportunityCompetitor>,
    /// Why it was won or lost, in a word.
    pub reason_code: Option<CloseReason>,
    /// Lost: who got the deal. Won: whom it was won against.
    pub competitor_id: Option<CompetitorId>,
    pub version: i32,
    /// Of a kind or in a market that we did not do before (CRM-52).
    pub is_new_business: bool,
    pub available_actions: Vec<Action>,
}

/// A chance to sell, at one version.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct OpportunitySnapshot {
    pub id: OpportunityId,
    pub number: String,
    pub case_id: CaseId,
    pub account_id: AccountId,
    pub name: String,
    pub stage: String,
    /// Its state then, a word of its state machine.
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
    /// It never was one.
    OpportunityInvalidated = "crm.opportunity.invalidated.v1",
    /// A closed one is open again (CRM-02).
    OpportunityReopened = "crm.opportunity.reopened.v1",
    /// It is another customer's: two were found to be one (CRM-28).
    OpportunityMoved = "crm.opportunity.moved.v1",
);

/// Both sides mean it (CRM-24).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct OpportunityIntentAgreed {
    pub opportunity_id: OpportunityId,
    pub number: String,
    pub account_id: AccountId,
    pub stage: String,
}
event!(OpportunityIntentAgreed = "crm.opportunity.intent_agreed.v1");

/// Somebody was asked for, came or went (CRM-20).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct OpportunityTeamChanged {
    pub opportunity_id: OpportunityId,
    pub number: String,
    pub opportunity_member_id: OpportunityMemberId,
    pub role: TeamRole,
    /// Their name in the directory; nobody yet where anybody of the role will do.
    pub person: Option<String>,
    pub status: OpportunityMemberStatus,
}
event!(OpportunityTeamChanged = "crm.opportunity.team_changed.v1");
