//! How documents are numbered, and the register of what was (PLT-05), the same in every service.
use crate::{CaseId, Day, Label, Moment, id::id, resource::resource, words::words};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

id!(
    /// The numbering of one kind of document.
    NumberingId,
    /// An entry of the register.
    RegisterEntryId
);
words!(
    /// When counting starts anew.
    NumberingReset {
        Yearly => "yearly" "每年" "Every year",
        Monthly => "monthly" "每月" "Every month",
        Never => "never" "不重置" "Never",
    }
);
words!(
    /// The date that a number shows.
    NumberingDate {
        None => "none" "无" "None",
        Year => "year" "年（YYYY）" "Year (YYYY)",
        Month => "month" "年月（YYYYMM）" "Year and month (YYYYMM)",
    }
);
words!(
    /// What happened to a numbered document.
    RegisterStatus {
        Registered => "registered" "已登记" "Registered",
        Archived => "archived" "已归档" "Archived",
    }
);
resource!(Numbering);

/// The numbering of one kind of document: `{prefix}-{date}-{number}`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Numbering {
    pub id: NumberingId,
    /// `quote`, `contract` …
    pub kind: String,
    /// Which of `versions` numbers are given by today.
    pub in_force: i32,
    /// The first number by the latest rule.
    #[schema(examples("CT-2026-000001"))]
    pub example: String,
    /// Every rule that there was, is or will be. A later one takes the place of an earlier one from its day on.
    pub versions: Vec<NumberingVersion>,
    /// The latest rule's.
    pub version: i32,
}

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NumberingVersion {
    /// 1, 2, 3 … of its kind.
    pub version: i32,
    /// Capital letters that every number begins with.
    pub prefix: String,
    /// Are numbers given without a gap, one document waiting for the other?
    pub gapless: bool,
    /// Digits, filled up with zeros.
    pub width: i32,
    pub reset: NumberingReset,
    pub date_part: NumberingDate,
    /// The day in China; absent: since ever.
    pub effective_from: Option<Day>,
    /// Who made the rule: `user:ann`.
    pub changed_by: String,
    pub changed_at: Moment,
    /// Why; absent of the rule that came with the program.
    pub reason: Option<String>,
}

/// Changes a rule: what is absent stays.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"prefix": "HT", "reset": "monthly", "date_part": "month", "reason": "档案室要求按月编号"})))]
pub struct NumberingPatch {
    /// Capital letters; no other kind's, now or ever before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 8, pattern = "^[A-Z]{1,8}$", nullable = false)]
    pub prefix: Option<String>,
    /// Digits, filled up with zeros.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 12, nullable = false)]
    pub width: Option<u8>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reset: Option<NumberingReset>,
    /// At least as fine as `reset`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub date_part: Option<NumberingDate>,
    /// Kinds that came gapless stay so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub gapless: Option<bool>,
    /// The day in China from which it holds; today if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub effective_from: Option<Day>,
    pub reason: Label,
}

/// An entry of the register: a document got its number, or was archived. Entries are added, never changed.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RegisterEntry {
    pub id: RegisterEntryId,
    /// `quote`, `contract` …
    pub kind: String,
    pub number: String,
    pub status: RegisterStatus,
    #[schema(value_type = String, format = Uuid)]
    pub entity_id: Uuid,
    pub case_id: Option<CaseId>,
    pub registered_at: Moment,
    /// Who did it: `user:ann`; `event:…` or `job:…` where the system did.
    pub registered_by: String,
}

/// Filters.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct RegisterQuery {
    /// Rows a page, 1 to 200; 50 if not said.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `next` of the page before.
    #[param(value_type = Option<String>, format = Uuid)]
    pub after: Option<Uuid>,
    /// Only of one deal.
    #[param(value_type = Option<String>, format = Uuid)]
    pub case_id: Option<Uuid>,
    /// Only of one document.
    #[param(value_type = Option<String>, format = Uuid)]
    pub entity_id: Option<Uuid>,
    /// Only of one kind.
    #[param(max_length = 64)]
    pub kind: Option<String>,
    /// Only this number.
    #[param(max_length = 64)]
    pub number: Option<String>,
    /// Only entries of this kind: it got its number, or was archived.
    pub status: Option<RegisterStatus>,
}
