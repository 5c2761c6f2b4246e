//! The team of an opportunity: technical support when it is needed, and colleagues of customer service (CRM-20, 50).
use crate::{
    Action, CaseId, Day, Label, Moment, Reference, crm::OpportunityId, event::event, id::id, page::page_query,
    resource::resource, words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

id!(
    /// A seat in the team of an opportunity.
    OpportunityMemberId,
);
words!(
    /// The life of a seat (CRM-20).
    OpportunityMemberStatus {
        Requested => "requested" "已申请" "Asked for",
        Joined => "joined" "已加入" "Joined",
        Released => "released" "已退出" "Released",
    }
);
words!(
    /// What somebody does in the team (CRM-20, 50).
    TeamRole {
        TechnicalSupport => "technical_support" "技术支持" "Technical support",
        SalesSupport => "sales_support" "销售协助" "Sales support",
        Negotiator => "negotiator" "商务谈判" "Negotiator",
        Finance => "finance" "财务支持" "Finance",
        Legal => "legal" "法务支持" "Legal",
        CustomerService => "customer_service" "客服协助" "Collaborator from customer service",
    }
);
resource!(OpportunityMember);

/// Asks for somebody, or for anybody of a role; a collaborator from customer service is named and there at once (CRM-50).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"opportunity_id": "01932c5e-7b1a-7c3d-9e4f-0123456789ab", "role": "technical_support", "note": "选型与现场勘查"})))]
pub struct NewOpportunityMember {
    pub opportunity_id: OpportunityId,
    pub role: TeamRole,
    /// Their name in the directory; must be said for `customer_service`.
    #[serde(default)]
    pub person: Option<Reference>,
    /// What for.
    #[serde(default)]
    pub note: Option<Label>,
    #[serde(default)]
    pub from: Option<Day>,
    #[serde(default)]
    pub until: Option<Day>,
}

page_query!(
    /// Filters of seats.
    OpportunityMemberQuery {
        /// Only rows of one opportunity.
        #[param(value_type = Option<String>, format = Uuid)]
        opportunity_id: Uuid,
        /// `true`: only the caller's own seats, of whosever opportunities.
        mine: bool,
    }
);

/// A seat as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct OpportunityMember {
    pub id: OpportunityMemberId,
    pub status: OpportunityMemberStatus,
    pub case_id: CaseId,
    pub opportunity_id: OpportunityId,
    pub role: TeamRole,
    /// Their name in the directory; absent while anybody of the role will do.
    pub person: Option<String>,
    pub note: Option<String>,
    pub from: Option<Day>,
    pub until: Option<Day>,
    /// Who asked for them: `user:ann`.
    pub requested_by: String,
    pub joined_at: Option<Moment>,
    pub released_at: Option<Moment>,
    /// Why they were released.
    pub reason: Option<String>,
    pub owner_id: Option<String>,
    pub created_at: Moment,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

/// A colleague of customer service helps with an opportunity (CRM-50).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CollaboratorAdded {
    pub opportunity_member_id: OpportunityMemberId,
    pub opportunity_id: OpportunityId,
    /// Their name in the directory.
    pub person: Option<String>,
}
event!(CollaboratorAdded = "crm.collaborator.added.v1");
