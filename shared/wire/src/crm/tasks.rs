//! Tasks: received, understood, planned, done, judged and filed (CRM-61).
use crate::{
    Action, CaseId, Day, Label, Moment, Name, Note, Reference, crm::EntityLink, event::event, id::id, page::page_query,
    resource::resource, words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

id!(
    /// A task.
    TaskId
);
words!(
    /// How a task came (CRM-61).
    TaskSource {
        Email => "email" "邮件" "E-mail",
        Phone => "phone" "电话" "Phone",
        Meeting => "meeting" "会议" "Meeting",
    }
);
words!(
    /// The life of a task (CRM-61).
    TaskStatus {
        Received => "received" "已接收" "Received",
        Understood => "understood" "已理解" "Understood",
        Planned => "planned" "已计划" "Planned",
        InProgress => "in_progress" "执行中" "In progress",
        Evaluated => "evaluated" "已评估" "Evaluated",
        Submitted => "submitted" "已提交" "Submitted",
        Accepted => "accepted" "已验收" "Accepted",
        Returned => "returned" "已退回" "Returned",
        Archived => "archived" "已归档" "Archived",
    }
);
resource!(Task);

/// A task as it is given.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"title": "整理华东客户清单", "source": "meeting", "description": "按行业分类", "deadline": "2099-03-06T10:00:00Z"})))]
pub struct NewTask {
    pub title: Name,
    pub source: TaskSource,
    /// What is to be done.
    pub description: Note,
    /// Who does it: a reference of the directory; whoever asks, if absent.
    #[serde(default)]
    pub assignee: Option<Reference>,
    pub deadline: Moment,
    #[serde(default)]
    pub link: Option<EntityLink>,
}

/// How it is understood.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnderstandTask {
    /// What whoever does it takes it to mean.
    pub understanding: Note,
}

/// A step of the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TaskStep {
    /// What is done.
    pub text: Label,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
}

/// How it will be done.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanTask {
    #[schema(min_items = 1, max_items = 50)]
    pub steps: Vec<TaskStep>,
}

/// How it goes, and what is done otherwise from now on.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EvaluateTask {
    /// How it goes.
    pub evaluation: Note,
    /// What is done otherwise from now on.
    #[serde(default)]
    pub adjustment: Option<Note>,
}

/// What came of it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubmitTask {
    pub result: Note,
}

/// The word of whoever judges it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewTask {
    /// What the judge makes of it.
    pub review: Note,
}

/// What is to be learned from it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ArchiveTask {
    /// What is to be learned from it.
    pub summary: Note,
}

/// A task as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Task {
    pub id: TaskId,
    pub number: String,
    pub status: TaskStatus,
    pub title: String,
    pub source: TaskSource,
    /// What is to be done.
    pub description: String,
    pub deadline: Moment,
    pub link: Option<EntityLink>,
    pub case_id: Option<CaseId>,
    /// What whoever does it takes it to mean.
    pub understanding: Option<String>,
    pub steps: Vec<TaskStep>,
    /// How it goes.
    pub evaluation: Option<String>,
    /// What is done otherwise from now on.
    pub adjustment: Option<String>,
    pub result: Option<String>,
    /// Why it was accepted or returned.
    pub review: Option<String>,
    pub reviewed_by: Option<String>,
    /// How often it was returned.
    pub return_count: i32,
    /// What is to be learned from it.
    pub summary: Option<String>,
    pub assigned_by: String,
    pub submitted_at: Option<Moment>,
    /// Was it submitted after the deadline? Absent until then.
    pub late: Option<bool>,
    pub archived_at: Option<Moment>,
    pub owner_id: Option<String>,
    pub created_at: Moment,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

page_query!(
    /// Which tasks.
    TaskQuery {
        /// Only those that came this way.
        #[param(max_length = 64)]
        source: String,
        /// Only about this document.
        #[param(value_type = Option<String>, format = Uuid)]
        link_id: uuid::Uuid,
    }
);

/// A task was done well (CRM-61).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct TaskAccepted {
    pub task_id: TaskId,
    pub number: String,
    pub by: String,
    /// It was submitted after the deadline.
    pub late: bool,
    /// How often it was returned.
    pub return_count: i32,
}
event!(TaskAccepted = "crm.task.accepted.v1");
