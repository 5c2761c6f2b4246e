//! What reviewers want changed (CON-07): opened by a reviewer, resolved by the drafter, verified by a reviewer.
use super::{ClauseKind, ContractId};
use crate::{Action, CaseId, Moment, Note, id::id, page::list_query, resource::resource, words::words};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

id!(
    /// A reviewer's comment.
    ReviewCommentId
);
words!(
    /// The life of a comment.
    ReviewCommentStatus {
        Open => "open" "待处理" "Open",
        Resolved => "resolved" "已修改" "Resolved",
        Verified => "verified" "已核实" "Verified",
    }
);
resource!(ReviewComment);

/// A comment as it is made, on a contract in review.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"contract_id": "01932c5e-7b1a-7c3d-9e4f-0123456789ab", "clause": "breach", "text": "违约金上限应为合同总额的 5%。"})))]
pub struct NewReviewComment {
    pub contract_id: ContractId,
    /// The clause it is about, if it is about one.
    #[serde(default)]
    pub clause: Option<ClauseKind>,
    pub text: Note,
}

/// What was done about it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResolveComment {
    pub resolution: Note,
}

/// A comment as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ReviewComment {
    pub id: ReviewCommentId,
    pub contract_id: ContractId,
    /// The revision it was made on.
    pub revision: i32,
    pub case_id: CaseId,
    pub clause: Option<ClauseKind>,
    pub status: ReviewCommentStatus,
    pub text: String,
    pub author: String,
    pub resolution: Option<String>,
    pub resolved_by: Option<String>,
    pub verified_by: Option<String>,
    pub created_at: Moment,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

list_query!(
    /// Filters of the list.
    ReviewCommentQuery {
        /// Only of one contract.
        #[param(value_type = Option<String>, format = Uuid)]
        pub contract_id: Option<Uuid>,
    }
);
