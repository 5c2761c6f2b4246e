//! What reviewers want changed (CON-07): opened by a reviewer, resolved by the drafter, verified by a reviewer.
use super::{ClauseKind, ContractId};
use crate::{Action, CaseId, Moment, Note, id::id, page::page_query, resource::resource, words::words};
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
    /// What is to be changed.
    pub text: Note,
}

/// What was done about it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResolveComment {
    /// What was done about it.
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
    /// What is to be changed.
    pub text: String,
    /// Who commented: `user:ann`.
    pub author: String,
    /// What was done about it.
    pub resolution: Option<String>,
    /// Who says that it is done: `user:ann`.
    pub resolved_by: Option<String>,
    /// Who saw that it is: `user:bob`, never the one who resolved it.
    pub verified_by: Option<String>,
    pub created_at: Moment,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

page_query!(
    /// Filters of the list.
    ReviewCommentQuery {
        /// Only of one contract.
        #[param(value_type = Option<String>, format = Uuid)]
        contract_id: Uuid,
    }
);
