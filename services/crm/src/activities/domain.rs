//! The rules of activities (CRM-12, 21, 27). Pure: no async, no clock, no SQL.
use crate::{links::Linked, schema::activities};
use diesel::prelude::*;
use platform::{Change, Closed, Machine, MachineInfo, Refused, Stamp, Transition};
use serde::Serialize;
use uuid::Uuid;
use wire::{
    CaseId, Moment,
    crm::{
        AccountId, ActivityCompleted, ActivityId, ActivityKind as Kind, ActivityPatch, ActivityStatus as Status,
        CompleteActivity, DemoCompleted, DemoFeedback, NewActivity, ProgressReportSent, SendActivity, WorkSubject,
    },
    json::Kept,
};

/// Features shown and comparisons made of one demonstration at most.
const MOST_LINES: usize = 50;

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = activities, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Activity {
    pub id: ActivityId,
    pub status: Status,
    pub kind: Kind,
    pub subject_kind: WorkSubject,
    pub subject_id: Uuid,
    pub case_id: Option<CaseId>,
    pub account_id: Option<AccountId>,
    pub title: String,
    pub planned_at: Moment,
    pub note: Option<String>,
    pub outcome: Option<String>,
    pub demo_feedback: Option<Kept<DemoFeedback>>,
    pub recipient: Option<String>,
    pub reason: Option<String>,
    pub done_at: Option<Moment>,
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub created_at: Moment,
    pub version: i32,
}
platform::entity!(Activity, "activity", ActivityId; row: this, case: option, owned);

platform::rules!(
    /// Why an activity is refused.
    ActivityRule {
        Future => "activity.done_at", Invalid, "it cannot have taken place in the future", "完成时间不能晚于当前时间", at "/done_at";
        Feedback => "activity.demo_feedback", Invalid, "a demonstration is done with its feedback", "产品演示必须填写演示反馈", at "/demo_feedback";
        NoDemo => "activity.no_demo", Invalid, "only a demonstration has demo feedback", "只有产品演示才有演示反馈", at "/demo_feedback";
        Features { count: usize } => "activity.features", Invalid, "a demonstration shows 1 to 50 features, not {count}", "演示内容应有 1 至 50 项，实际为 {count} 项", at "/demo_feedback/features";
        Comparisons { count: usize } => "activity.comparisons", Invalid, "a demonstration compares with rivals 1 to 50 times, not {count}", "与竞争对手的比较应有 1 至 50 项，实际为 {count} 项", at "/demo_feedback/comparisons";
    }
);

impl Machine for Activity {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "activity",
        transitions: &[
            Transition::new("update", &["planned"], &["planned"]),
            Transition::new("complete", &["planned"], &["done"]),
            Transition::new("send", &["planned"], &["sent"]),
            Transition::new("cancel", &["planned"], &["cancelled"]),
            Transition::new("miss", &["planned"], &["no_show"]),
        ],
        labels: Status::labels(),
    };
    /// A progress report is sent, everything else takes place.
    fn gates(&self, action: &str) -> Vec<Closed> {
        let report = self.kind == Kind::ProgressReport;
        match action {
            "complete" | "miss" if report => {
                vec![Closed::new("activity_kind", "a progress report is sent", "项目进展汇报请使用“发送”")]
            }
            "send" if !report => {
                vec![Closed::new("activity_kind", "only a progress report is sent", "只有项目进展汇报可以发送")]
            }
            _ => Vec::new(),
        }
    }
}

impl Activity {
    /// Plans one, of the case and customer of what it is about; it is the planner's.
    pub fn plan(id: ActivityId, new: NewActivity, linked: Linked, by: &Stamp) -> Change<Self> {
        let NewActivity { kind, subject_kind, subject_id, title, planned_at, note } = new;
        let activity = Self {
            id,
            status: Status::Planned,
            kind,
            subject_kind,
            subject_id,
            case_id: linked.case_id,
            account_id: linked.account_id,
            title: title.into_string(),
            planned_at,
            note: note.map(wire::Note::into_string),
            outcome: None,
            demo_feedback: None,
            recipient: None,
            reason: None,
            done_at: None,
            owner_id: by.ownership.owner_id.clone(),
            team_id: by.ownership.team_id.clone(),
            department_id: by.ownership.department_id.clone(),
            created_at: by.at,
            version: 1,
        };
        Change::new("create", activity)
    }
    /// Changes what the patch names.
    pub fn update(self, patch: ActivityPatch) -> Result<Change<Self>, Refused> {
        self.may("update")?;
        let ActivityPatch { title, planned_at, note } = patch;
        let mut next = self.next();
        next.title = title.map_or(next.title, wire::Name::into_string);
        next.planned_at = planned_at.unwrap_or(next.planned_at);
        next.note = note.over(next.note, wire::Note::into_string);
        Ok(Change::new("update", next))
    }
    /// It took place. A demonstration also says what was shown, how it was taken and how rivals compare (CRM-21).
    pub fn complete(self, said: CompleteActivity, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("complete")?;
        let CompleteActivity { outcome, done_at, demo_feedback } = said;
        let done_at = done_at.unwrap_or(by.at);
        if by.at.is_well_before(done_at) {
            return Err(ActivityRule::Future.into());
        }
        match (&demo_feedback, self.kind) {
            (None, Kind::Demo) => return Err(ActivityRule::Feedback.into()),
            (Some(_), kind) if kind != Kind::Demo => return Err(ActivityRule::NoDemo.into()),
            (Some(feedback), _) => check(feedback)?,
            _ => {}
        }
        let mut next = self.next();
        (next.status, next.done_at) = (Status::Done, Some(done_at));
        (next.outcome, next.demo_feedback) = (Some(outcome.to_string()), demo_feedback.clone().map(Kept));
        let Self { id, kind, subject_kind, subject_id, account_id, .. } = next;
        let outcome = outcome.into_string();
        let done = ActivityCompleted { activity_id: id, kind, subject_kind, subject_id, account_id, done_at, outcome };
        let shown =
            |feedback| DemoCompleted { activity_id: id, subject_kind, subject_id, account_id, done_at, feedback };
        let change = Change::new("complete", next).emit(&done);
        Ok(match demo_feedback.map(shown) {
            Some(demo) => change.emit(&demo),
            None => change,
        })
    }
    /// A progress report goes to the customer (CRM-27).
    pub fn send(self, said: SendActivity, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("send")?;
        let recipient = said.recipient.into_string();
        let mut next = self.next();
        (next.status, next.done_at) = (Status::Sent, Some(by.at));
        (next.outcome, next.recipient) = (Some(said.report.into_string()), Some(recipient.clone()));
        let event = ProgressReportSent {
            activity_id: next.id,
            subject_kind: next.subject_kind,
            subject_id: next.subject_id,
            account_id: next.account_id,
            recipient,
            sent_at: by.at,
        };
        Ok(Change::new("send", next).emit(&event))
    }
    /// It will not take place.
    pub fn cancel(self, reason: String) -> Result<Change<Self>, Refused> {
        self.may("cancel")?;
        Ok(self.ended("cancel", Status::Cancelled, reason))
    }
    /// The customer did not come.
    pub fn miss(self, reason: String) -> Result<Change<Self>, Refused> {
        self.may("miss")?;
        Ok(self.ended("miss", Status::NoShow, reason))
    }

    fn ended(self, action: &'static str, status: Status, reason: String) -> Change<Self> {
        let next = Self { status, reason: Some(reason.clone()), ..self.next() };
        Change::new(action, next).because(reason)
    }
    fn next(mut self) -> Self {
        self.version += 1;
        self
    }
}

fn check(feedback: &DemoFeedback) -> Result<(), ActivityRule> {
    let fits = |count: usize| (1..=MOST_LINES).contains(&count);
    let (features, comparisons) = (feedback.features.len(), feedback.comparisons.len());
    if !fits(features) {
        return Err(ActivityRule::Features { count: features });
    }
    if fits(comparisons) { Ok(()) } else { Err(ActivityRule::Comparisons { count: comparisons }) }
}

#[cfg(test)]
#[path = "domain_tests.rs"]
mod tests;
