//! Approvals, the same in every service (PLT-01).
use crate::{
    Action, Amount, CaseId, Labelled, Moment, Note, Reference, id::id, page::page_query, resource::resource,
    words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

id!(
    /// An approval.
    ApprovalId
);
words!(
    /// How far a question is.
    ApprovalStatus {
        Pending => "pending" "审批中" "Pending",
        Approved => "approved" "已批准" "Approved",
        Rejected => "rejected" "已驳回" "Rejected",
        Withdrawn => "withdrawn" "已撤回" "Withdrawn",
    }
);
words!(
    /// What one person says.
    Verdict {
        Approved => "approved" "同意" "Approved",
        Rejected => "rejected" "驳回" "Rejected",
    }
);
words!(
    /// Who of a step's roles must say yes.
    StepMode {
        All => "all" "全部同意" "All",
        Any => "any" "任一同意" "Any",
    }
);
words!(
    /// Whose tray of approvals is shown: there is no looking into another's.
    Assignee {
        Me => "me" "我" "Me",
    }
);
resource!(Approval);

/// One question about one document; its policy was frozen when it was asked.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Approval {
    pub id: ApprovalId,
    /// What is to be approved: `contract`, `quote` …
    pub entity: String,
    /// The document that is to be approved.
    #[schema(value_type = String, format = Uuid)]
    pub subject_id: Uuid,
    /// Number of that document.
    pub subject_number: String,
    /// What the document asks by: `procurement.requisition`.
    pub policy_key: String,
    /// The version that was in force when it was asked.
    pub policy_version: i32,
    /// Index of the policy's tier that decides, from the lowest (PLT-02).
    pub tier: i32,
    /// What the tiers looked at, tax included, in the base currency. Absent where there is none or it is in another currency:
    /// then the highest tier decides.
    pub amount: Option<Amount>,
    pub steps: Vec<ApprovalStep>,
    pub votes: Vec<ApprovalVote>,
    /// Index into `steps`.
    pub current_step: i32,
    /// Who asked; never an approver.
    pub maker: String,
    /// The role in which the caller may decide now, if any.
    pub my_seat: Option<String>,
    /// In whose stead the caller would sit there: a person who is absent (PLT-29).
    pub my_seat_for: Option<String>,
    /// The question about the same document before this one (PLT-03).
    #[schema(value_type = Option<String>, format = Uuid)]
    pub previous_id: Option<ApprovalId>,
    /// 1 for the first question about a document, one more for each after it.
    pub round: i32,
    pub status: ApprovalStatus,
    pub asked_at: Moment,
    pub decided_at: Option<Moment>,
    pub case_id: Option<CaseId>,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

/// Heard one after the other; within a step all or any of the roles.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ApprovalStep {
    pub name: String,
    pub mode: StepMode,
    /// Words of the roles, as tokens say them.
    pub roles: Vec<String>,
}

/// A step that would be asked, as policies stand now; who is there to decide it is seen when it is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ForeseenStep {
    pub name: String,
    pub mode: StepMode,
    /// Whose word it needs, as people call them.
    pub roles: Vec<Labelled>,
}

/// One person's word.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ApprovalVote {
    /// Index into the approval's `steps`.
    pub step: i32,
    /// In which role.
    pub role: String,
    /// Who decided: a `reference` of the directory.
    pub approver: String,
    /// The absent person whose seat it was (PLT-29).
    #[serde(default)]
    pub on_behalf_of: Option<String>,
    pub verdict: Verdict,
    /// In the approver's words; of a rejection, what is to be corrected.
    pub comment: Option<String>,
    pub at: Moment,
}

/// A vote.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// Required when rejecting: what is to be corrected.
    #[serde(default)]
    pub comment: Option<Note>,
    /// Whose delegate speaks; left out, one's own seat comes first and then any that was delegated.
    #[serde(default)]
    pub on_behalf_of: Option<Reference>,
}

page_query!(
    /// Filters of the list.
    ApprovalQuery {
        /// What the caller may decide now.
        #[param(inline)]
        assignee: Assignee,
        /// Only about one document.
        #[param(value_type = Option<String>, format = Uuid)]
        subject_id: Uuid,
    }
);
