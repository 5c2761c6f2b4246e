//! Lead sources: by which channel customers come (CRM-06). Reference data, effective-dated.
use crate::{Code, Day, Name, Patched, event::event, id::id, resource::resource, words::words};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

id!(
    /// A channel.
    LeadSourceId
);
words!(
    /// The channels of the business process; the two referral kinds want to know who referred.
    LeadSourceKind {
        Exhibition => "exhibition" "展会" "Exhibition",
        Online => "online" "网络平台" "Online platform",
        Report => "report" "行业报告" "Industry report",
        CustomerReferral => "customer_referral" "客户推荐" "Customer referral",
        PartnerReferral => "partner_referral" "合作伙伴推荐" "Partner referral",
        Other => "other" "其他" "Other",
    }
);
resource!(LeadSource);

/// A channel as it is added.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"code": "canton_fair", "kind": "exhibition", "name_zh": "广交会", "name_en": "Canton Fair", "effective_from": "2026-01-01"})))]
pub struct NewLeadSource {
    /// What leads name it by; never changes.
    pub code: Code,
    pub kind: LeadSourceKind,
    pub name_zh: Name,
    pub name_en: Name,
    /// First day on which leads may name it, in Asia/Shanghai.
    pub effective_from: Day,
    /// Last day.
    #[serde(default)]
    pub effective_until: Option<Day>,
}

/// Changes a channel (RFC 7396): what is absent stays, `null` empties.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LeadSourcePatch {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub name_zh: Option<Name>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub name_en: Option<Name>,
    #[serde(default, skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<Day>)]
    pub effective_until: Patched<Day>,
}

/// A channel.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct LeadSource {
    pub id: LeadSourceId,
    /// What leads name it by; never changes.
    pub code: String,
    pub kind: LeadSourceKind,
    pub name_zh: String,
    pub name_en: String,
    /// Must leads of it name who referred them?
    pub referral: bool,
    pub effective_from: Day,
    pub effective_until: Option<Day>,
    pub version: i32,
}

/// A channel was added or changed.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct LeadSourceChanged {
    pub id: LeadSourceId,
    /// What leads name it by.
    pub code: String,
    pub kind: LeadSourceKind,
    pub effective_from: Day,
    pub effective_until: Option<Day>,
    pub version: i32,
}
event!(LeadSourceChanged = "crm.lead_source.changed.v1");
