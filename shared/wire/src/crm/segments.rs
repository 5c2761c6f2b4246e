//! Segments: target groups described by a rule over leads or customers (CRM-05); who belongs to one follows from the rule.
use crate::{
    Action, Label, Moment, Name, Note, Patched, Score, event::event, id::id, resource::resource, words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

id!(
    /// A segment.
    SegmentId,
    /// Somebody in a segment.
    SegmentMemberId,
);
words!(
    /// The life of a segment (CRM-05).
    SegmentStatus {
        Draft => "draft" "草稿" "Draft",
        Active => "active" "启用" "Active",
        Retired => "retired" "停用" "Retired",
    }
);
words!(
    /// Of whom it consists.
    SegmentSubject {
        Lead => "lead" "线索" "Leads",
        Account => "account" "客户" "Customers",
    }
);
words!(
    /// What a condition looks at: region of both; industry and tier of customers; source, class and score of leads.
    SegmentField {
        Region => "region" "区域" "Region",
        Industry => "industry" "行业" "Industry",
        Tier => "tier" "客户等级" "Tier",
        Source => "source" "来源" "Source",
        Class => "class" "线索分类" "Class",
        Score => "score" "评分" "Score",
    }
);
words!(
    /// Is somebody in a segment?
    SegmentMemberStatus {
        Member => "member" "成员" "Member",
        Left => "left" "已离开" "Left",
    }
);
resource!(Segment);

/// A condition: one of these texts (case and outer blanks do not count), or, of the score, a range.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SegmentCondition {
    pub field: SegmentField,
    /// Of texts: any of these; nothing of the score.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 50)]
    pub one_of: Vec<Label>,
    /// Of the score: at least so many points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<Score>,
    /// Of the score: at most so many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<Score>,
}

/// Who belongs: those whom all conditions fit. What is not known fits none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SegmentRule {
    pub subject: SegmentSubject,
    #[schema(min_items = 1, max_items = 20)]
    pub conditions: Vec<SegmentCondition>,
}

/// A segment as it is drafted.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"name": "华东重点水务线索", "description": "规模大、意向强", "rule": {"subject": "lead", "conditions": [
    {"field": "region", "one_of": ["上海", "江苏"]}, {"field": "score", "at_least": "75"}]}})))]
pub struct NewSegment {
    pub name: Name,
    /// Why this group: the market's opportunity.
    #[serde(default)]
    pub description: Option<Note>,
    pub rule: SegmentRule,
}

/// Changes a segment (RFC 7396); the rule of a draft only, as a whole.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SegmentPatch {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub name: Option<Name>,
    /// Why this group: the market's opportunity.
    #[serde(default, skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<Note>)]
    pub description: Patched<Note>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub rule: Option<SegmentRule>,
}

/// A segment as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Segment {
    pub id: SegmentId,
    pub status: SegmentStatus,
    pub name: String,
    /// Why this group: the market's opportunity.
    pub description: Option<String>,
    pub rule: SegmentRule,
    /// When everybody was last looked at; absent until the first look has ended.
    pub computed_at: Option<Moment>,
    pub created_by: String,
    pub created_at: Moment,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

/// A page of members.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct SegmentMemberQuery {
    /// Rows a page, 1 to 200; 50 if not said.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `next` of the page before.
    #[param(value_type = Option<String>, format = Uuid)]
    pub after: Option<Uuid>,
}

/// Somebody in a segment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SegmentMember {
    pub id: SegmentMemberId,
    pub subject: SegmentSubject,
    /// The lead's or the customer's id.
    #[schema(value_type = String, format = Uuid)]
    pub subject_id: Uuid,
    pub name: String,
    pub since: Moment,
}

/// Somebody came into a segment or left it (CRM-05).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SegmentMembershipChanged {
    pub segment_id: SegmentId,
    pub subject: SegmentSubject,
    /// The lead's or the customer's id, as `subject` says.
    #[schema(value_type = String, format = Uuid)]
    pub subject_id: Uuid,
    /// Do they belong now?
    pub member: bool,
}
event!(SegmentMembershipChanged = "crm.segment.membership_changed.v1");
