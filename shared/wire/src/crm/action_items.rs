//! Action items: what somebody has to do by when, out of a meeting or about any document (CRM-60).
use crate::{
    Action, CaseId, Day, Label, Moment, Note, Reference,
    crm::{EntityLink, MeetingId},
    event::event,
    id::id,
    page::page_query,
    resource::resource,
    words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

id!(
    /// An action item.
    ActionItemId
);
words!(
    /// The life of an action item (CRM-60).
    ActionItemStatus {
        Open => "open" "待办" "Open",
        Overdue => "overdue" "已逾期" "Overdue",
        Escalated => "escalated" "已升级" "Escalated",
        Done => "done" "已完成" "Done",
        Cancelled => "cancelled" "已取消" "Cancelled",
    }
);
resource!(ActionItem);

/// An action item as it is given.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"title": "向客户确认交货期", "owner": "wang", "due_on": "2026-03-06"})))]
pub struct NewActionItem {
    pub title: Label,
    /// Who has to do it: a reference of the directory.
    pub owner: Reference,
    /// Due by closing time of this day in China, or of the next working day; today or later.
    pub due_on: Day,
    /// The meeting that it comes from.
    #[serde(default)]
    pub meeting_id: Option<MeetingId>,
    /// What it is about.
    #[serde(default)]
    pub link: Option<EntityLink>,
}

/// It was done.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompleteActionItem {
    pub result: Note,
}

/// An action item as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ActionItem {
    pub id: ActionItemId,
    pub status: ActionItemStatus,
    pub title: String,
    pub meeting_id: Option<MeetingId>,
    pub link: Option<EntityLink>,
    pub case_id: Option<CaseId>,
    pub due_on: Day,
    pub due_at: Moment,
    pub calendar_id: String,
    /// The rung it has reached: 0 to 2.
    pub level: i32,
    pub next_level_at: Option<Moment>,
    /// Who heard of it last.
    pub told_to: Option<String>,
    pub result: Option<String>,
    /// Why it was cancelled.
    pub reason: Option<String>,
    pub done_by: Option<String>,
    pub ended_at: Option<Moment>,
    pub created_by: String,
    pub owner_id: Option<String>,
    pub created_at: Moment,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

page_query!(
    /// Which action items.
    ActionItemQuery {
        /// Only of this meeting.
        #[param(value_type = Option<String>, format = Uuid)]
        meeting_id: uuid::Uuid,
        /// Only about this document.
        #[param(value_type = Option<String>, format = Uuid)]
        link_id: uuid::Uuid,
        /// Only those that this person heard of last.
        #[param(max_length = 128)]
        told_to: String,
    }
);

/// An action item was not done in time, and someone hears of it: its owner, then the manager (CRM-60).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ActionItemOverdue {
    pub action_item_id: ActionItemId,
    pub meeting_id: Option<MeetingId>,
    pub link: Option<EntityLink>,
    pub due_at: Moment,
    /// 1 owner, 2 manager.
    pub level: i32,
    /// Who hears of it: a reference of the directory.
    pub told_to: Option<String>,
}
event!(ActionItemOverdue = "crm.action_item.overdue.v1");
