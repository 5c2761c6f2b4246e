//! Technical solutions: what we would deliver and how, held against what the customer needs (QUO-01, 02, 03, 12).
use crate::{
    Action, CaseId, Code, Label, Moment, Name, Note, Patched, Reference,
    crm::{AccountId, OpportunityId, RequirementSpecId, SpecField, SpecPriority},
    event::event,
    id::id,
    page::page_query,
    resource::resource,
    text::Text,
    words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

id!(
    /// A technical solution, one per revision.
    SolutionId
);
words!(
    /// The life of a solution (QUO-01).
    SolutionStatus {
        Draft => "draft" "草稿" "Draft",
        InReview => "in_review" "评审中" "In review",
        Approved => "approved" "评审通过" "Approved",
        Submitted => "submitted" "已提交客户" "Submitted to the customer",
        Accepted => "accepted" "客户已接受" "Accepted",
        Rejected => "rejected" "客户未接受" "Rejected",
        Superseded => "superseded" "已被新版本取代" "Superseded",
    }
);
words!(
    /// The parts that a solution must have (QUO-01).
    SolutionSectionKind {
        ProductSelection => "product_selection" "产品选型" "Product selection",
        TechnicalApproach => "technical_approach" "技术实现路径" "Technical approach",
        ServiceScope => "service_scope" "服务内容" "Scope of services",
        ImplementationPlan => "implementation_plan" "项目实施计划" "Implementation plan",
    }
);
words!(
    /// How an item of the specification is dealt with (QUO-03).
    CoverageStatus {
        Covered => "covered" "已覆盖" "Covered",
        Waived => "waived" "已豁免" "Waived",
        Uncovered => "uncovered" "未覆盖" "Not covered",
    }
);
resource!(Solution);

/// The text of a section.
pub type SectionText = Text<20_000>;

/// A part of a section that can be pointed at: a product, a module, a service, a milestone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SolutionElement {
    /// Unique within the solution.
    pub key: Code,
    pub title: Label,
}

/// One of the four parts of a solution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SolutionSection {
    pub kind: SolutionSectionKind,
    /// What the customer reads; Markdown.
    pub text: SectionText,
    #[serde(default)]
    #[schema(max_items = 100)]
    pub elements: Vec<SolutionElement>,
}

/// A solution as it is drafted, for a specification that the customer has confirmed.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"requirement_spec_id": "01932c5e-7b1a-7c3d-9e4f-0123456789ab", "title": "二期泵站方案", "account_segment": "市政水务",
    "sections": [{"kind": "product_selection", "text": "选用 PUMP-40 卧式泵 12 台。", "elements": [{"key": "PUMP-40", "title": "卧式泵 12 台"}]}]})))]
pub struct NewSolution {
    pub requirement_spec_id: RequirementSpecId,
    pub title: Name,
    /// The kind of customer that it is made for (QUO-12).
    #[serde(default)]
    pub account_segment: Option<Name>,
    /// Each kind once; those that are still missing may follow until it is submitted.
    #[serde(default)]
    #[schema(max_items = 4)]
    pub sections: Vec<SolutionSection>,
}

/// Changes a draft (RFC 7396): what is absent stays, `null` empties; sections are replaced as a whole.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SolutionPatch {
    /// A later revision of the specification, of the same deal. Items that are in both stay as they are dealt with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub requirement_spec_id: Option<RequirementSpecId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub title: Option<Name>,
    /// The kind of customer that it is made for (QUO-12).
    #[serde(default, skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<Name>)]
    pub account_segment: Patched<Name>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 4, nullable = false)]
    pub sections: Option<Vec<SolutionSection>>,
}

/// Which elements cover an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ItemCoverage {
    /// Of an item of the requirement specification.
    #[schema(value_type = String, format = Uuid)]
    pub item_id: Uuid,
    /// Keys of elements; none: the item is no longer covered.
    #[schema(max_items = 50)]
    pub elements: Vec<Code>,
}

/// Says which elements cover these items; items that are not named stay as they are.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CoverSolution {
    #[schema(min_items = 1, max_items = 200)]
    pub items: Vec<ItemCoverage>,
}

/// Says why an item need not be covered.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WaiveSolution {
    /// Of an item of the requirement specification.
    #[schema(value_type = String, format = Uuid)]
    pub item_id: Uuid,
    pub reason: Label,
}

/// A row of the matrix: an item of the specification and what covers it (QUO-03).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CoverageRow {
    /// Of an item of the requirement specification.
    #[schema(value_type = String, format = Uuid)]
    pub item_id: Uuid,
    pub field: SpecField,
    pub priority: SpecPriority,
    /// What the specification says of it.
    pub text: String,
    pub status: CoverageStatus,
    /// Keys of the elements that cover it.
    pub elements: Vec<String>,
    /// Why it need not be covered.
    pub waived_reason: Option<String>,
    /// Who said that it need not be covered: `user:ann`.
    pub waived_by: Option<String>,
}

/// The whole matrix.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SolutionCoverage {
    pub solution_id: SolutionId,
    pub requirement_spec_id: RequirementSpecId,
    /// Items that must be covered.
    pub must: usize,
    /// Those of them that neither are covered nor waived.
    pub must_open: usize,
    pub rows: Vec<CoverageRow>,
}
impl crate::Shown for SolutionCoverage {}

page_query!(
    /// What the list of solutions takes.
    SolutionQuery {
        /// Only solutions for one customer.
        #[param(value_type = Option<String>, format = Uuid)]
        account_id: AccountId,
        /// Only solutions of one opportunity.
        #[param(value_type = Option<String>, format = Uuid)]
        opportunity_id: OpportunityId,
        /// Only solutions for one specification.
        #[param(value_type = Option<String>, format = Uuid)]
        requirement_spec_id: RequirementSpecId,
    }
);

/// Asks for review by these people, each of whom must pass it (QUO-02).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubmitSolution {
    /// Their references in the directory; none of them has had a hand in it.
    #[schema(min_items = 1, max_items = 10)]
    pub reviewers: Vec<Reference>,
}

/// What a reviewer says: 1 (bad) to 5 (excellent).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewSolution {
    /// 可行性: can we do it?
    #[schema(minimum = 1, maximum = 5)]
    pub feasibility: i16,
    /// 先进性: is it up to date?
    #[schema(minimum = 1, maximum = 5)]
    pub advancement: i16,
    /// Why these scores.
    pub comment: Note,
}

/// A review as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SolutionReview {
    /// 1, 2, 3 …: each time it is submitted for review.
    pub round: i32,
    /// Who reviewed: a reference of the directory.
    pub reviewer: String,
    /// 可行性: can we do it? 1 to 5.
    pub feasibility: i16,
    /// 先进性: is it up to date? 1 to 5.
    pub advancement: i16,
    /// Both scores are at the pass mark or above.
    pub passed: bool,
    /// Why these scores.
    pub comment: String,
    pub at: Moment,
}

/// A solution as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Solution {
    pub id: SolutionId,
    pub number: String,
    /// 1, 2, 3 …: revisions keep the number.
    pub revision: i32,
    pub status: SolutionStatus,
    pub case_id: CaseId,
    pub account_id: AccountId,
    pub opportunity_id: OpportunityId,
    pub requirement_spec_id: RequirementSpecId,
    pub title: String,
    /// The kind of customer that it is made for (QUO-12).
    pub account_segment: Option<String>,
    pub sections: Vec<SolutionSection>,
    pub coverage: Vec<CoverageRow>,
    /// Who must pass it in this round.
    pub reviewers: Vec<String>,
    /// Of all rounds, in order.
    pub reviews: Vec<SolutionReview>,
    /// How often it was submitted for review.
    pub round: i32,
    /// The least score that passes, frozen when it was submitted for review.
    pub pass_mark: Option<i16>,
    /// Why it was returned or rejected.
    pub reason: Option<String>,
    /// The revision that it takes the place of.
    pub supersedes_id: Option<SolutionId>,
    pub owner_id: Option<String>,
    pub created_at: Moment,
    /// When it was last submitted for review.
    pub submitted_at: Option<Moment>,
    pub approved_at: Option<Moment>,
    /// When the customer decided.
    pub decided_at: Option<Moment>,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

/// Every required reviewer passed it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SolutionApproved {
    pub solution_id: SolutionId,
    pub number: String,
    pub revision: i32,
    pub account_id: AccountId,
    pub opportunity_id: OpportunityId,
    pub requirement_spec_id: RequirementSpecId,
}
event!(SolutionApproved = "quoting.solution.approved.v1");

/// A reviewer has said what they think of it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SolutionReviewed {
    pub solution_id: SolutionId,
    pub number: String,
    pub revision: i32,
    /// Who reviewed: a reference of the directory.
    pub reviewer: String,
    /// 可行性: can we do it? 1 to 5.
    pub feasibility: i16,
    /// 先进性: is it up to date? 1 to 5.
    pub advancement: i16,
    /// Both scores are at the pass mark or above.
    pub passed: bool,
}
event!(SolutionReviewed = "quoting.solution.reviewed.v1");

/// What of the specification it covers, and what need not be: the whole of both, in the order of the specification. Of a
/// superseded solution: nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SolutionCoverageChanged {
    pub requirement_spec_id: RequirementSpecId,
    pub solution_id: SolutionId,
    pub number: String,
    /// Ids of items of the specification.
    pub covered: Vec<Uuid>,
    /// Ids of items that need not be covered.
    pub waived: Vec<Uuid>,
}
event!(SolutionCoverageChanged = "quoting.solution.coverage_changed.v1");
