//! Activities: what somebody plans to do with a customer and what came of it (CRM-12, 21, 27).
use crate::{
    Action, CaseId, Label, Moment, Name, Note, Patched,
    crm::{AccountId, WorkSubject},
    event::event,
    id::id,
    page::page_query,
    resource::resource,
    words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

id!(
    /// An activity.
    ActivityId
);
words!(
    /// What is done with the customer (CRM-12).
    ActivityKind {
        Call => "call" "电话" "Call",
        Email => "email" "邮件" "E-mail",
        Visit => "visit" "拜访" "Visit",
        Meeting => "meeting" "会议" "Meeting",
        Demo => "demo" "产品演示" "Demonstration",
        ProgressReport => "progress_report" "项目进展汇报" "Progress report",
        Wechat => "wechat" "微信沟通" "Chat",
    }
);
words!(
    /// The life of an activity (CRM-12, 27).
    ActivityStatus {
        Planned => "planned" "已计划" "Planned",
        Done => "done" "已完成" "Done",
        Sent => "sent" "已发送" "Sent",
        Cancelled => "cancelled" "已取消" "Cancelled",
        NoShow => "no_show" "未到场" "No show",
    }
);
words!(
    /// How we stand beside a competitor in the customer's eyes (CRM-21).
    DemoVerdict {
        Better => "better" "优于对手" "Better",
        Equal => "equal" "持平" "Equal",
        Worse => "worse" "不如对手" "Worse",
    }
);
resource!(Activity);

/// An activity as it is planned.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"kind": "visit", "subject_kind": "lead", "subject_id": "01932c5e-7b1a-7c3d-9e4f-0123456789ab",
    "title": "介绍公司并表达合作意愿", "planned_at": "2026-03-02T01:30:00Z"})))]
pub struct NewActivity {
    pub kind: ActivityKind,
    pub subject_kind: WorkSubject,
    /// Of the lead, customer, opportunity or ticket that `subject_kind` says.
    #[schema(value_type = String, format = Uuid)]
    pub subject_id: Uuid,
    pub title: Name,
    pub planned_at: Moment,
    #[serde(default)]
    pub note: Option<Note>,
}

/// Changes a planned activity (RFC 7396): what is absent stays, `null` empties.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActivityPatch {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub title: Option<Name>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub planned_at: Option<Moment>,
    #[serde(default, skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<Note>)]
    pub note: Patched<Note>,
}

/// How we compare with one competitor in one respect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DemoComparison {
    /// Who we are compared with.
    pub competitor: Name,
    /// Function, price, service …
    pub aspect: Label,
    pub verdict: DemoVerdict,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Label>,
}

/// What the customer saw and thought of it (CRM-21).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DemoFeedback {
    /// What was shown.
    #[schema(min_items = 1, max_items = 50)]
    pub features: Vec<Label>,
    /// How the customer took it.
    pub reaction: Note,
    #[schema(min_items = 1, max_items = 50)]
    pub comparisons: Vec<DemoComparison>,
}

/// It took place; what came of it is mandatory, and of a demonstration its feedback too.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"outcome": "客户要求报价"})))]
pub struct CompleteActivity {
    pub outcome: Note,
    /// When it took place; now, if absent.
    #[serde(default)]
    pub done_at: Option<Moment>,
    #[serde(default)]
    pub demo_feedback: Option<DemoFeedback>,
}

/// A progress report goes to the customer (CRM-27).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SendActivity {
    /// What is reported.
    pub report: Note,
    /// Who of the customer's people gets it.
    pub recipient: Name,
}

/// An activity as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Activity {
    pub id: ActivityId,
    pub status: ActivityStatus,
    pub kind: ActivityKind,
    pub subject_kind: WorkSubject,
    /// Of the lead, customer, opportunity or ticket that `subject_kind` says.
    #[schema(value_type = String, format = Uuid)]
    pub subject_id: Uuid,
    pub case_id: Option<CaseId>,
    pub account_id: Option<AccountId>,
    pub title: String,
    pub planned_at: Moment,
    pub note: Option<String>,
    /// What came of it, or what was reported.
    pub outcome: Option<String>,
    pub demo_feedback: Option<DemoFeedback>,
    /// Who of the customer's people got the report.
    pub recipient: Option<String>,
    /// Why it was cancelled or nobody came.
    pub reason: Option<String>,
    pub done_at: Option<Moment>,
    pub owner_id: Option<String>,
    pub created_at: Moment,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

page_query!(
    /// Which activities.
    ActivityQuery {
        /// Only of this kind.
        #[param(max_length = 64)]
        kind: String,
        /// Only about this lead, customer, opportunity or ticket.
        #[param(value_type = Option<String>, format = Uuid)]
        subject_id: Uuid,
        /// Only with this customer.
        #[param(value_type = Option<String>, format = Uuid)]
        account_id: Uuid,
    }
);

/// An activity took place (CRM-12).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ActivityCompleted {
    pub activity_id: ActivityId,
    pub kind: ActivityKind,
    pub subject_kind: WorkSubject,
    /// Of the lead, customer, opportunity or ticket that `subject_kind` says.
    #[schema(value_type = String, format = Uuid)]
    pub subject_id: Uuid,
    pub account_id: Option<AccountId>,
    pub done_at: Moment,
    pub outcome: String,
}
event!(ActivityCompleted = "crm.activity.completed.v1");

/// A product was shown to a customer (CRM-21).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct DemoCompleted {
    pub activity_id: ActivityId,
    pub subject_kind: WorkSubject,
    /// Of the lead, customer, opportunity or ticket that `subject_kind` says.
    #[schema(value_type = String, format = Uuid)]
    pub subject_id: Uuid,
    pub account_id: Option<AccountId>,
    pub done_at: Moment,
    pub feedback: DemoFeedback,
}
event!(DemoCompleted = "crm.demo.completed.v1");

/// The customer was told how far their project is (CRM-27).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ProgressReportSent {
    pub activity_id: ActivityId,
    pub subject_kind: WorkSubject,
    /// Of the lead, customer, opportunity or ticket that `subject_kind` says.
    #[schema(value_type = String, format = Uuid)]
    pub subject_id: Uuid,
    pub account_id: Option<AccountId>,
    /// Who of the customer's people got it.
    pub recipient: String,
    pub sent_at: Moment,
}
event!(ProgressReportSent = "crm.progress_report.sent.v1");
