//! Follow-ups: the regular talks that a customer is owed, and who hears of it when one is missed (CRM-26).
use crate::{
    Action, CaseId, Day, Label, Moment, Name, Note,
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
    /// A plan of follow-ups.
    FollowUpPlanId,
    /// One of them.
    FollowUpId,
);
words!(
    /// Does a plan still make follow-ups?
    FollowUpPlanStatus {
        Active => "active" "执行中" "Active",
        Ended => "ended" "已结束" "Ended",
    }
);
words!(
    /// The life of a follow-up (CRM-26).
    FollowUpStatus {
        Due => "due" "待跟进" "Due",
        Overdue => "overdue" "已逾期" "Overdue",
        Escalated => "escalated" "已升级" "Escalated",
        Done => "done" "已完成" "Done",
        Cancelled => "cancelled" "已取消" "Cancelled",
    }
);
resource!(FollowUpPlan, FollowUp);

/// A plan as it is made. Its follow-ups are the maker's.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"subject_kind": "opportunity", "subject_id": "01932c5e-7b1a-7c3d-9e4f-0123456789ab", "title": "每周沟通决策进展",
    "recurrence": "FREQ=WEEKLY;BYDAY=MO", "starts_on": "2026-03-02"})))]
pub struct NewFollowUpPlan {
    pub subject_kind: WorkSubject,
    /// Of the lead, customer, opportunity or ticket that `subject_kind` says.
    #[schema(value_type = String, format = Uuid)]
    pub subject_id: Uuid,
    pub title: Name,
    /// RFC 5545 RRULE of `FREQ=DAILY|WEEKLY|MONTHLY`, `INTERVAL`, `BYDAY` (weekly), and `COUNT` or `UNTIL`.
    pub recurrence: Label,
    /// The first day that may be one, in China; today or later.
    pub starts_on: Day,
}

/// A plan as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct FollowUpPlan {
    pub id: FollowUpPlanId,
    pub status: FollowUpPlanStatus,
    pub subject_kind: WorkSubject,
    /// Of the lead, customer, opportunity or ticket that `subject_kind` says.
    #[schema(value_type = String, format = Uuid)]
    pub subject_id: Uuid,
    pub case_id: Option<CaseId>,
    pub account_id: Option<AccountId>,
    pub title: String,
    /// An iCalendar rule (RFC 5545): `FREQ=WEEKLY;BYDAY=MO`.
    pub recurrence: String,
    pub starts_on: Day,
    /// The day of the next follow-up; absent once there will be none.
    pub next_on: Option<Day>,
    /// Why it ended.
    pub reason: Option<String>,
    pub owner_id: Option<String>,
    pub created_at: Moment,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

/// It was done: what came of it, and how far the customer is with the decision.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompleteFollowUp {
    pub outcome: Note,
    /// How far the customer is with the decision.
    pub decision_progress: Label,
}

/// A follow-up as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct FollowUp {
    pub id: FollowUpId,
    pub plan_id: FollowUpPlanId,
    pub status: FollowUpStatus,
    pub subject_kind: WorkSubject,
    /// Of the lead, customer, opportunity or ticket that `subject_kind` says.
    #[schema(value_type = String, format = Uuid)]
    pub subject_id: Uuid,
    pub case_id: Option<CaseId>,
    pub account_id: Option<AccountId>,
    pub title: String,
    /// The day by the plan, in China.
    pub due_on: Day,
    /// Closing time of that day, or of the next working day.
    pub due_at: Moment,
    pub calendar_id: String,
    /// The rung it has reached: 0 to 3.
    pub level: i32,
    /// When it climbs next, unless it is done.
    pub next_level_at: Option<Moment>,
    /// Who heard of it last.
    pub told_to: Option<String>,
    pub outcome: Option<String>,
    /// How far the customer is with the decision.
    pub decision_progress: Option<String>,
    pub done_by: Option<String>,
    pub done_at: Option<Moment>,
    pub owner_id: Option<String>,
    pub created_at: Moment,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

page_query!(
    /// Which plans.
    FollowUpPlanQuery {
        /// Only about this lead, customer, opportunity or ticket.
        #[param(value_type = Option<String>, format = Uuid)]
        subject_id: Uuid,
    }
);
page_query!(
    /// Which follow-ups.
    FollowUpQuery {
        /// Only of this plan.
        #[param(value_type = Option<String>, format = Uuid)]
        plan_id: Uuid,
        /// Only with this customer.
        #[param(value_type = Option<String>, format = Uuid)]
        account_id: Uuid,
        /// Only those that this person heard of last.
        #[param(max_length = 128)]
        told_to: String,
    }
);

/// A follow-up was missed, and someone hears of it: its owner, the manager, or the colleague who has it from now on (CRM-26).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct FollowUpOverdue {
    pub follow_up_id: FollowUpId,
    pub plan_id: FollowUpPlanId,
    pub subject_kind: WorkSubject,
    /// Of the lead, customer, opportunity or ticket that `subject_kind` says.
    #[schema(value_type = String, format = Uuid)]
    pub subject_id: Uuid,
    pub account_id: Option<AccountId>,
    pub due_at: Moment,
    /// 1 owner, 2 manager, 3 given to a colleague.
    pub level: i32,
    /// Who hears of it: a reference of the directory.
    pub told_to: Option<String>,
}
event!(FollowUpOverdue = "crm.follow_up.overdue.v1");
