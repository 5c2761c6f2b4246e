//! Contract templates (CON-03): versioned wording, approved by management.
use super::{ContractKind, TemplateClause};
use crate::{Action, Code, Moment, Name, id::id, resource::resource, words::words};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

id!(
    /// A template at one revision.
    TemplateId
);
words!(
    /// The life of a template.
    TemplateStatus {
        Draft => "draft" "草稿" "Draft",
        Approved => "approved" "已批准" "Approved",
        Retired => "retired" "已停用" "Retired",
    }
);
resource!(Template);

/// A template as it is asked for; the same kind and code as an older one makes its next revision.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"kind": "sale", "code": "standard", "title": "销售合同（标准）", "clauses": [{"kind": "product", "text": "甲方向乙方供应附件所列产品。"}]})))]
pub struct NewTemplate {
    pub kind: ContractKind,
    /// `standard` is taken where nobody names a template.
    pub code: Code,
    pub title: Name,
    #[schema(min_items = 1, max_items = 11)]
    pub clauses: Vec<TemplateClause>,
}

/// Changes a draft (RFC 7396); clauses are replaced as a whole.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TemplatePatch {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub title: Option<Name>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 1, max_items = 11, nullable = false)]
    pub clauses: Option<Vec<TemplateClause>>,
}

/// A template as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Template {
    pub id: TemplateId,
    pub kind: ContractKind,
    /// `standard` is taken where nobody names a template.
    pub code: String,
    /// 1, 2, 3 … of its kind and code; at most one of them is approved.
    pub revision: i32,
    pub title: String,
    pub status: TemplateStatus,
    pub clauses: Vec<TemplateClause>,
    pub created_by: String,
    pub created_at: Moment,
    pub approved_by: Option<String>,
    pub approved_at: Option<Moment>,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

/// Filters of the list.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct TemplateQuery {
    /// Rows a page, 1 to 200; 50 if not said.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `next` of the page before.
    #[param(value_type = Option<String>, format = Uuid)]
    pub after: Option<Uuid>,
    /// Only in this state.
    #[param(max_length = 64)]
    pub status: Option<String>,
    /// Only of this kind.
    #[param(max_length = 64)]
    pub kind: Option<String>,
}
