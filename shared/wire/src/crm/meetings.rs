//! Meetings: the department's weekly one and the projects', their reports and minutes (CRM-59, 60).
use crate::{
    Action, CaseId, Code, Day, Label, Moment, Name, Note, Reference, crm::EntityLink, event::event, id::id,
    page::page_query, resource::resource, words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

id!(
    /// A meeting.
    MeetingId
);
words!(
    /// What a meeting is for.
    MeetingKind {
        Department => "department" "部门例会" "Department meeting",
        Project => "project" "项目会议" "Project meeting",
    }
);
words!(
    /// The life of a meeting (CRM-59).
    MeetingStatus {
        Scheduled => "scheduled" "已安排" "Scheduled",
        Held => "held" "已召开" "Held",
        Minuted => "minuted" "已纪要" "Minuted",
        Closed => "closed" "已关闭" "Closed",
        Cancelled => "cancelled" "已取消" "Cancelled",
    }
);
resource!(Meeting);

/// A meeting, or the first one of a series.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"kind": "department", "title": "销售部周例会", "department": "sales", "chair": "zhang",
    "agenda": ["上周工作", "存在问题", "本周计划"], "starts_at": "2099-03-02T01:00:00Z", "recurrence": "FREQ=WEEKLY;BYDAY=MO"})))]
pub struct NewMeeting {
    pub kind: MeetingKind,
    pub title: Name,
    /// Of a department meeting: everybody who works there is called.
    #[serde(default)]
    pub department: Option<Code>,
    /// References of the directory: who leads it.
    pub chair: Reference,
    /// Of a project meeting: who is called besides the chair.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub members: Vec<Reference>,
    /// What is to be talked about, in order.
    #[schema(min_items = 1, max_items = 50)]
    pub agenda: Vec<Label>,
    /// What a project meeting is to reach.
    #[serde(default)]
    pub goal: Option<Note>,
    /// What a project meeting is about.
    #[serde(default)]
    pub link: Option<EntityLink>,
    pub starts_at: Moment,
    /// Makes it a series, by the same rules as follow-up plans; days off are left out.
    #[serde(default)]
    pub recurrence: Option<Label>,
}

/// What a member reports (CRM-59).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportMeeting {
    /// 上周工作.
    pub last_week: Note,
    /// 存在问题.
    #[serde(default)]
    pub problems: Option<Note>,
    /// 本周计划.
    pub this_week: Note,
}

/// It took place.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HoldMeeting {
    /// Members who did not come.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub absent: Vec<Reference>,
}

/// What was said and decided.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MinuteMeeting {
    /// What was said.
    pub minutes: Note,
    /// What was decided, one by one.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub decisions: Vec<Label>,
}

/// It will not take place.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelMeeting {
    pub reason: Label,
    /// Nor will those that would follow in its series.
    #[serde(default)]
    pub end_series: bool,
}

/// Someone who is called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MeetingMember {
    /// As the directory names them.
    pub reference: String,
    pub name: String,
    /// Code of their department.
    pub department: Option<String>,
    /// Absent until it was held.
    pub attended: Option<bool>,
}

/// A member's report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MeetingReport {
    /// Whose report it is: a reference of the directory.
    pub member: String,
    /// 上周工作.
    pub last_week: String,
    /// 存在问题.
    pub problems: Option<String>,
    /// 本周计划.
    pub this_week: String,
    pub at: Moment,
}

/// A meeting as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Meeting {
    pub id: MeetingId,
    pub number: String,
    pub status: MeetingStatus,
    pub kind: MeetingKind,
    pub title: String,
    /// Who leads it: a reference of the directory.
    pub chair: String,
    pub members: Vec<MeetingMember>,
    /// What is to be talked about, in order.
    pub agenda: Vec<Label>,
    /// What a project meeting is to reach.
    pub goal: Option<String>,
    pub link: Option<EntityLink>,
    pub case_id: Option<CaseId>,
    pub starts_at: Moment,
    /// The first meeting of its series; itself, if it is that one.
    pub series_id: Option<MeetingId>,
    /// An iCalendar rule (RFC 5545): `FREQ=WEEKLY;BYDAY=MO`.
    pub recurrence: Option<String>,
    pub series_starts_on: Option<Day>,
    /// When the next of its series begins; absent once that one is there, or there will be none.
    pub next_starts_at: Option<Moment>,
    pub reports: Vec<MeetingReport>,
    /// What was said.
    pub minutes: Option<String>,
    /// What was decided, one by one.
    pub decisions: Vec<Label>,
    /// Why it was cancelled.
    pub reason: Option<String>,
    pub held_at: Option<Moment>,
    pub minuted_at: Option<Moment>,
    pub ended_at: Option<Moment>,
    pub owner_id: Option<String>,
    /// The department whose meeting it is, or the chair's.
    pub department_id: Option<String>,
    pub created_at: Moment,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

page_query!(
    /// Which meetings.
    MeetingQuery {
        /// Only of this kind.
        #[param(max_length = 64)]
        kind: String,
        /// Only of this series.
        #[param(value_type = Option<String>, format = Uuid)]
        series_id: uuid::Uuid,
    }
);

/// What a meeting said and decided is written down (CRM-59).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct MeetingMinuted {
    pub meeting_id: MeetingId,
    pub number: String,
    pub kind: MeetingKind,
    /// Who led it: a reference of the directory.
    pub chair: String,
    /// References of those who came.
    pub attended: Vec<String>,
    /// What was decided, one by one.
    pub decisions: Vec<Label>,
}
event!(MeetingMinuted = "crm.meeting.minuted.v1");
